"""The tables of this room. Unlike the catalogue's they follow from nothing else: back them up, never rebuild them.
Times are timestamptz, UTC. Who it is about: alerts.peopletables."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alerts import peopletables

metadata = MetaData()
_TIME = DateTime(timezone=True)

people, teams, members, sessions, channels = peopletables.tables(metadata)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    *peopletables.owner(),
    Column("rhythm", Text, nullable=False),
    Column("hour", SmallInteger, nullable=False),
    Column("quiet_from", SmallInteger),
    Column("quiet_to", SmallInteger),
    Column("timezone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("feed_hash", Text, unique=True),
    Column("active", Boolean, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("changed_at", _TIME, nullable=False),
    Index("subscriptions_changed", "changed_at"),
)

# Which channels a subscription tells by.
routes = Table(
    "routes",
    metadata,
    Column("subscription", Text, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Index("routes_channel", "channel"),
)

# What was held against the subscriptions, and the message of it where one of them matched. `matter` is the same for
# all that is one matter: the reprints of one article.
told = Table(
    "told",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("at", _TIME, nullable=False),
    Column("site", Text),
    Column("urlkey", Text),
    Column("type", Text),
    Column("change_at", _TIME),
    Column("matter", Text),
    Column("payload", JSONB),
    Index("told_page", "site", "urlkey", "type"),
)

# Which subscriptions matched it; `notes` is what it says of the documents that one follows.
matches = Table(
    "matches",
    metadata,
    Column("subscription", Text, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("change_id", Text, primary_key=True),
    Column("at", _TIME, nullable=False),
    Column("notes", ARRAY(Text), nullable=False),
    Index("matches_newest", "subscription", "at"),
    Index("matches_change", "change_id"),
)

# One change for one channel: once, however many of its subscriptions matched. `delivery` is the message it went into.
notices = Table(
    "notices",
    metadata,
    Column("channel", Text, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("change_id", Text, primary_key=True),
    Column("matter", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("due_at", _TIME, nullable=False),
    Column("subscriptions", ARRAY(Text), nullable=False),
    Column("delivery", Text),
    Index("notices_waiting", "channel", "due_at", postgresql_where=text("delivery IS NULL")),
    Index("notices_matter", "channel", "matter"),
    Index("notices_delivery", "delivery"),
)

# One message to one channel. `pages` are those it is about, `site urlkey` each. From `thinned_at` on the payload is
# its headings alone (alerts.thinning).
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("pages", ARRAY(Text), nullable=False),
    Column("changes", Integer, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("language", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("next_try_at", _TIME, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("tried_at", _TIME),
    Column("last_error", Text),
    Column("delivered_at", _TIME),
    Column("thinned_at", _TIME),
    Index("deliveries_newest", "at", "id"),
    Index("deliveries_channel", "channel", "made_at"),
    Index("deliveries_tried", "channel", "tried_at"),
    Index("deliveries_waiting", "channel", "at", "id", postgresql_where=text("state = 'waiting'")),
    Index(
        "deliveries_whole",
        "delivered_at",
        "id",
        postgresql_where=text("state = 'delivered' AND thinned_at IS NULL"),
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
