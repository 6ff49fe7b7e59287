"""How often a call was shared, and a stamp that tells when its folder must be read again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both columns; an empty stamp fits no folder, so every call is read again."""
    op.add_column("calls", sa.Column("shared", sa.Integer, nullable=False, server_default="0"))
    op.add_column("calls", sa.Column("stamp", sa.String, nullable=False, server_default=""))
    op.create_index("calls_began", "calls", ["began_utc"])
