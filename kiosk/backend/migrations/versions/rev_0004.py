"""Attachments: what submissions name, what came of it in parts, and until when a submission waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("pending", sa.Column("due_at", sa.BigInteger, nullable=False, server_default="0"))
    op.drop_index("pending_in_order", "pending")
    op.create_index("pending_by_due", "pending", ["due_at", "received_at", "kiosk", "sequence"])
    op.create_table(
        "attachments",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["kiosk", "submission"], ["submissions.kiosk", "submissions.id"]),
    )
    op.create_index("attachments_by_submission", "attachments", ["kiosk", "submission"])
    for state in ("awaited", "here"):
        here = sa.text(f"state = '{state}'")
        op.create_index(f"attachments_{state}", "attachments", ["kiosk"], postgresql_where=here, sqlite_where=here)
    op.create_table(
        "uploads",
        sa.Column("kiosk", sa.String(32), sa.ForeignKey("devices.kiosk"), primary_key=True),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("claimed", sa.Boolean, nullable=False),
        sa.Column("moved_at", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "uploads_open",
        "uploads",
        ["kiosk", "moved_at"],
        postgresql_where=sa.text("NOT claimed"),
        sqlite_where=sa.text("claimed = 0"),
    )
    op.create_table(
        "upload_parts",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("upload", sa.String(36), primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["kiosk", "upload"], ["uploads.kiosk", "uploads.id"]),
    )
