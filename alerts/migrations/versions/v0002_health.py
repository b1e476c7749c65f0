"""How each site stood when it was last looked at, and what was last told of it."""

from alembic import op
from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "site_health",
        Column("site", Text, primary_key=True),
        Column("standing", JSONB),
        Column("checked", DateTime(timezone=True)),
        Column("told", Text),
    )


def downgrade() -> None:
    """Takes with it what was told, so that it would be told again."""
    op.drop_table("site_health")
