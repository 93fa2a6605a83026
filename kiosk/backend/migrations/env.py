"""What Alembic runs for every command: the revisions, on the connection that migrate.py gives, in its transaction."""

from __future__ import annotations

from alembic import context

from kiosk.backend import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
context.run_migrations()
