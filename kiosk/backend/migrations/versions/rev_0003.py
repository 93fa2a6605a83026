"""Which boot of a device spoke last, whether it was stopped, and the keys it had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in (
        sa.Column("boot", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("boot_id", sa.String(32), nullable=False, server_default=""),
        sa.Column("boot_since", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("strikes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("stopped_at", sa.BigInteger, nullable=False, server_default="0"),
    ):
        op.add_column("devices", column)
    op.create_table(
        "former_keys",
        sa.Column("kiosk", sa.String(32), sa.ForeignKey("devices.kiosk"), primary_key=True),
        sa.Column("public_key", sa.LargeBinary, primary_key=True),
        sa.Column("replaced_at", sa.BigInteger, nullable=False),
    )
