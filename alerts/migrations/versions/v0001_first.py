"""The first tables: subscriptions, told, deliveries."""

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    _subscriptions()
    op.create_table("told", Column("change_id", Text, primary_key=True), _time("at"))
    _deliveries()


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _time(name: str, *, null: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=null)


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        Column("id", Text, primary_key=True),
        *(_text(name) for name in ("name", "channel", "address")),
        *(Column(name, ARRAY(Text), nullable=False) for name in ("words", "types", "sites")),
        _time("created_at"),
        Column("active", Boolean, nullable=False),
        _text("secret", null=True),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("id", Text, primary_key=True),
        Column("subscription", Text, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
        *(_text(name) for name in ("change_id", "site", "urlkey")),
        _time("at"),
        Column("payload", JSONB, nullable=False),
        _text("state"),
        Column("attempts", Integer, nullable=False),
        _time("next_try_at"),
        _text("last_error", null=True),
        _time("delivered_at", null=True),
    )
    op.create_index("deliveries_subscription", "deliveries", ["subscription", "at", "id"])
    waiting = text("state = 'waiting'")
    page = ["subscription", "site", "urlkey", "at", "id"]
    op.create_index("deliveries_waiting", "deliveries", page, postgresql_where=waiting)


def downgrade() -> None:
    """Takes everything with it: who subscribed, and what was told."""
    for table in ("deliveries", "told", "subscriptions"):
        op.drop_table(table)
