"""What belongs to a kiosk is keyed by the kiosk first, so that tables can be spread; feed entries get a time.

Four tables are made anew and filled from the old ones, which works the same on both databases.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("pending_in_order", "pending")
    op.drop_index("submissions_by_kiosk", "submissions")
    for name in ("submissions", "pending", "quarantine", "registrations"):
        op.rename_table(name, f"old_{name}")
    op.create_table(
        "submissions",
        sa.Column("kiosk", sa.String(32), sa.ForeignKey("devices.kiosk"), primary_key=True),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("boot", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("confirmation", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "submissions_with_envelope",
        "submissions",
        ["received_at"],
        postgresql_where=sa.text("length(envelope) > 0"),
        sqlite_where=sa.text("length(envelope) > 0"),
    )
    op.create_table(
        "pending",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("submission", sa.String(36), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
    )
    op.create_index("pending_in_order", "pending", ["received_at", "kiosk", "sequence"])
    op.create_table(
        "quarantine",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("stranger", sa.Boolean, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_table(
        "registrations",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("submission", sa.String(36), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", sa.String(32)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
    )
    op.create_index("registrations_by_number", "registrations", ["number"], unique=True)
    op.create_index(
        "registrations_with_payload",
        "registrations",
        ["registered_at"],
        postgresql_where=sa.text("length(payload) > 0"),
        sqlite_where=sa.text("length(payload) > 0"),
    )
    for target, columns, source in (
        ("submissions", "kiosk, id, sequence, boot, digest, envelope, confirmation, received_at", "old_submissions"),
        ("pending", "kiosk, submission, sequence, received_at", "old_pending"),
        (
            "quarantine",
            "kiosk, digest, submission, problem, envelope, length, stranger, first_at, last_at, times",
            "old_quarantine",
        ),
        (
            "registrations",
            "kiosk, submission, state, number, reason, service, payload, registered_at",
            "old_registrations JOIN old_submissions ON id = submission",
        ),
    ):
        op.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {source}")
    for name in ("old_registrations", "old_quarantine", "old_pending", "old_submissions", "schema_version"):
        op.drop_table(name)
    op.add_column("feed", sa.Column("added_at", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("feed_by_time", "feed", ["added_at"])
