"""The backend's tables, in SQL that SQLite and PostgreSQL both speak.

Rules. `submissions` (kiosk, id) is the permanent dedupe key: the row, its envelope and the confirmation that was
answered are written in one transaction and never changed. What belongs to a kiosk is keyed by the kiosk first, so that
the rows of one kiosk can live together on one of many machines (docs/operations.md). What is still to do stands in
`pending`: the row comes with the submission and goes with its registration, so looking for work costs the same however
much was registered; with attachments that are still to come it rests until they are here or `due_at`. `attachments` are
what received submissions name, `uploads` what came, in parts whose bytes lie in another place (upload_place.py); an
upload is `claimed` once it is whole and a received submission names it. Times are UNIX seconds. `feed.position` counts
for each kiosk and is taken under the lock of its `devices` row, so positions follow the order of commits on any
database.

A change of these tables raises REVISION and comes with a file in migrations/versions (migrations/__init__.py). How
long rows are kept is retention.py's.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
)

REVISION = "0005"

metadata = MetaData()

devices = Table(
    "devices",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("centre", String(64), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("last_boot", BigInteger, nullable=False, default=0),
    Column("last_sequence", BigInteger, nullable=False, default=0),
    Column("feed_position", BigInteger, nullable=False, default=0),
    Column("boot", BigInteger, nullable=False, server_default="0"),
    Column("boot_id", String(32), nullable=False, server_default=""),
    Column("boot_since", BigInteger, nullable=False, server_default="0"),
    Column("strikes", Integer, nullable=False, server_default="0"),
    Column("stopped_at", BigInteger, nullable=False, server_default="0"),
)

former_keys = Table(
    "former_keys",
    metadata,
    Column("kiosk", String(32), ForeignKey("devices.kiosk"), primary_key=True),
    Column("public_key", LargeBinary, primary_key=True),
    Column("replaced_at", BigInteger, nullable=False),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("kiosk", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("centre", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("used_by", LargeBinary),
)

submissions = Table(
    "submissions",
    metadata,
    Column("kiosk", String(32), ForeignKey("devices.kiosk"), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("boot", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("confirmation", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)
_sealed = func.length(submissions.c.envelope) > 0
Index("submissions_with_envelope", submissions.c.received_at, postgresql_where=_sealed, sqlite_where=_sealed)

pending = Table(
    "pending",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("submission", String(36), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
)
Index("pending_by_due", pending.c.due_at, pending.c.received_at, pending.c.kiosk, pending.c.sequence)

attachments = Table(
    "attachments",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("submission", String(36), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("until", BigInteger, nullable=False),
    ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
)
Index("attachments_by_submission", attachments.c.kiosk, attachments.c.submission)
_awaited, _here = attachments.c.state == "awaited", attachments.c.state == "here"
Index("attachments_awaited", attachments.c.kiosk, postgresql_where=_awaited, sqlite_where=_awaited)
Index("attachments_here", attachments.c.kiosk, postgresql_where=_here, sqlite_where=_here)

uploads = Table(
    "uploads",
    metadata,
    Column("kiosk", String(32), ForeignKey("devices.kiosk"), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("submission", String(36), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("mark", String(32), nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("claimed", Boolean, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
)
_open = ~uploads.c.claimed
Index("uploads_open", uploads.c.kiosk, uploads.c.moved_at, postgresql_where=_open, sqlite_where=_open)

upload_parts = Table(
    "upload_parts",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("upload", String(36), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("length", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    ForeignKeyConstraint(["kiosk", "upload"], ["uploads.kiosk", "uploads.id"]),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("submission", String(36), nullable=False),
    Column("problem", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("length", Integer, nullable=False),
    Column("stranger", Boolean, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
)

registrations = Table(
    "registrations",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("submission", String(36), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("number", String(32)),
    Column("reason", Text, nullable=False),
    Column("service", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
)
Index("registrations_by_number", registrations.c.number, unique=True)
_opened = func.length(registrations.c.payload) > 0
Index("registrations_with_payload", registrations.c.registered_at, postgresql_where=_opened, sqlite_where=_opened)

numbers = Table(
    "numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("kiosk", String(32), ForeignKey("devices.kiosk"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", LargeBinary, nullable=False),
    Column("confirmation", LargeBinary, nullable=False),
    Column("added_at", BigInteger, nullable=False, server_default="0"),
)
Index("feed_by_time", feed.c.added_at)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kiosk", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
)
Index("drafts_by_kiosk", drafts.c.kiosk)
Index("drafts_by_time", drafts.c.saved_at)

form_versions = Table(
    "form_versions",
    metadata,
    Column("form", String(96), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", LargeBinary, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
