"""The history of the backend's tables, as Alembic revisions that both SQLite and PostgreSQL understand.

Rules. A revision is never changed once it was released: it spells its tables out and imports nothing of tables.py. A
change of tables.py comes with a new revision and a new `tables.REVISION`; tests hold both against each other. The first
half of a change adds (old processes go on working), the second, a release later, takes away.
"""
