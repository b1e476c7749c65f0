"""The tables of this room. Unlike the catalogue's they follow from nothing else: back them up, never rebuild them.
Times are timestamptz, UTC."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()
_TIME = DateTime(timezone=True)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("words", ARRAY(Text), nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    Column("sites", ARRAY(Text), nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("secret", Text),
)

told = Table(
    "told",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("at", _TIME, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subscription", Text, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("change_id", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("urlkey", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", _TIME, nullable=False),
    Column("last_error", Text),
    Column("delivered_at", _TIME),
    Index("deliveries_subscription", "subscription", "at", "id"),
    Index(
        "deliveries_waiting",
        "subscription",
        "site",
        "urlkey",
        "at",
        "id",
        postgresql_where=text("state = 'waiting'"),
    ),
)

# How each site stood when it was last looked at, and what was last told of it (`broken`, `mended`).
site_health = Table(
    "site_health",
    metadata,
    Column("site", Text, primary_key=True),
    Column("standing", JSONB),
    Column("checked", _TIME),
    Column("told", Text),
)
