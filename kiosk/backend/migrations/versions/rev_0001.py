"""The tables of release 0.1.0. A database of that release has no revision yet and is taken to be here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "devices",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("centre", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("enrolled_at", sa.BigInteger, nullable=False),
        sa.Column("last_boot", sa.BigInteger, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("feed_position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("centre", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.Column("used_by", sa.LargeBinary),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kiosk", sa.String(32), sa.ForeignKey("devices.kiosk"), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("boot", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("confirmation", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index("submissions_by_kiosk", "submissions", ["kiosk", "sequence"])
    op.create_table(
        "pending",
        sa.Column("submission", sa.String(36), sa.ForeignKey("submissions.id"), primary_key=True),
        sa.Column("kiosk", sa.String(32), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index("pending_in_order", "pending", ["received_at", "kiosk", "sequence"])
    op.create_table(
        "quarantine",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(32), nullable=False),
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
        sa.Column("submission", sa.String(36), sa.ForeignKey("submissions.id"), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", sa.String(32), unique=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("kiosk", sa.String(32), sa.ForeignKey("devices.kiosk"), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tag", sa.LargeBinary, nullable=False),
        sa.Column("confirmation", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "form_versions",
        sa.Column("form", sa.String(96), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("definition", sa.LargeBinary, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
