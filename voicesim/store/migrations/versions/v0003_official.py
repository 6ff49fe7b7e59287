"""Whether a call was an official run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; an emptied stamp fits no folder, so every call is read again."""
    op.add_column("calls", sa.Column("official", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE calls SET stamp = ''")
