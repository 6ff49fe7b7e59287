"""The table of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "calls",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("began_utc", sa.String, nullable=False),
        sa.Column("script_id", sa.String, nullable=False),
        sa.Column("script_title", sa.String, nullable=False),
        sa.Column("script_version", sa.Integer),
        sa.Column("length", sa.Integer),
        sa.Column("ending", sa.String),
        sa.Column("total", sa.Integer),
        sa.Column("sound", sa.Boolean, nullable=False),
    )
