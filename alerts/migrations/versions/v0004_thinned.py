"""Which messages were thinned, and when."""

from alembic import op
from sqlalchemy import Column, DateTime, text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("deliveries", Column("thinned_at", DateTime(timezone=True)))
    whole = text("state = 'delivered' AND thinned_at IS NULL")
    op.create_index("deliveries_whole", "deliveries", ["delivered_at", "id"], postgresql_where=whole)


def downgrade() -> None:
    """What was thinned stays so."""
    op.drop_index("deliveries_whole", "deliveries")
    op.drop_column("deliveries", "thinned_at")
