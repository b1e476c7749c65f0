"""The tables. Everything in DERIVED follows from the bucket alone: no column holds when or in what order a row was
written, so a rebuild gives the same rows. The other two say which reading of the past is shown, and what only
re-reading brought to light. Times are timestamptz, UTC."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from catalogue import citationtable, clustertables, runtables

metadata = MetaData()
_NONE = "'{0,0,0,0,0,0}'"
SHOWN = ("site", "status", "outcome", "reason", "payload_digest")
APART = "role = 'part' OR role = 'file' OR (role = 'page' AND outcome IS NULL)"

# What was asked for twice in a run, and what cannot exist: few of many.
AGAIN = "flags @> '[\"again\"]'"
PROBED = "role = 'probe'"
MOVED = "outcome = 'moved'"


def _text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null)


def _key(name: str) -> Column[Any]:
    return Column(name, Text, primary_key=True)


def _number(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def _time(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=null)


def _json(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, JSONB(none_as_null=True), nullable=null)


captures = Table(
    "captures",
    metadata,
    _key("id"),
    _text("site"),
    _text("run"),
    _text("url"),
    _text("urlkey"),
    _time("at"),
    _text("role"),
    _number("status"),
    _text("content_type", null=True),
    _text("payload_digest"),
    _number("payload_length"),
    _text("etag", null=True),
    _text("last_modified", null=True),
    _text("location", null=True),
    _json("refers_to", null=True),
    _json("flags"),
    _text("segment"),
    _number("offset"),
    _number("length"),
    _number("seq"),
    _text("kind", null=True),
    _text("article_digest", null=True),
    _text("outcome", null=True),
    _text("reason"),
    _text("reader", null=True),
    # A page's history is read from this index alone.
    Index("captures_address", "urlkey", "at", "id", postgresql_include=SHOWN),
    Index("captures_ledger", "site", "seq"),
    # What has no row in `pages`: further pages, files of articles, and what redirects led elsewhere to.
    Index("captures_apart", "site", "urlkey", postgresql_where=text(APART)),
    Index("captures_again", "site", "at", postgresql_where=text(AGAIN)),
    Index("captures_moved", "site", postgresql_where=text(MOVED)),
    Index("captures_probed", "site", "at", postgresql_where=text(PROBED)),
)

articles = Table(
    "articles",
    metadata,
    _key("site"),
    _key("digest"),
    _text("title", null=True),
    _time("published_at", null=True),
    _text("published_precision"),
    _text("source", null=True),
    _text("text"),
    _json("body"),
    _text("capture"),
    _text("reader"),
    _text("folded"),
    Column("grams", ARRAY(Integer), nullable=False),
    Index("articles_grams", "grams", postgresql_using="gin"),
)

pages = Table(
    "pages",
    metadata,
    _key("site"),
    _key("urlkey"),
    _text("url"),
    _text("status"),
    _time("first_seen"),
    _time("last_seen", null=True),
    _time("last_checked"),
    _time("changed_at", null=True),
    _json("validators"),
    _number("versions"),
    _text("title", null=True),
    _text("article_digest", null=True),
    _time("published_at", null=True),
    _text("published_precision", null=True),
    Column("numbered", Boolean, nullable=False, server_default=false()),
    # How often it was checked, and what came of it in each band of age (domain.tempo), in seconds at the pace it was
    # compared at; `next_check` is when the recheck plan has to look at it at the earliest, `phase` its place among
    # 1,000, by which pages found together are spread.
    Column("checks", Integer, nullable=False, server_default=text("0")),
    Column("changes", Integer, nullable=False, server_default=text("0")),
    Column("watched", ARRAY(BigInteger), nullable=False, server_default=text(_NONE)),
    Column("found", ARRAY(Integer), nullable=False, server_default=text(_NONE)),
    Column("phase", Integer, nullable=False, server_default=text("0")),
    _time("next_check", null=True),
    Index("pages_address", "urlkey"),
    Index("pages_status", "site", "status"),
    Index("pages_next", "site", "next_check"),
    Index("pages_seen", "site", "first_seen"),
    Index("pages_changed", text("changed_at DESC NULLS LAST"), "site", "urlkey"),
    Index("pages_site_changed", "site", text("changed_at DESC NULLS LAST"), "urlkey"),
    Index("pages_shown", text("coalesce(published_at, first_seen) DESC"), "site", "urlkey"),
    Index("pages_site_shown", "site", text("coalesce(published_at, first_seen) DESC"), "urlkey"),
)

versions = Table(
    "versions",
    metadata,
    _key("site"),
    _key("urlkey"),
    Column("number", Integer, primary_key=True),
    _text("article_digest"),
    _time("first_seen"),
    _time("last_seen"),
    _text("capture"),
    _number("captures"),
    Column("reverts_to", Integer),
    Column("files", JSONB, nullable=False, server_default=text("'{}'")),
    Index("versions_article", "site", "article_digest"),
)

changes = Table(
    "changes",
    metadata,
    _key("id"),
    _text("site"),
    _text("url"),
    _text("urlkey"),
    _text("type"),
    _time("at"),
    _number("version"),
    Column("previous", Integer),
    _number("severity"),
    Column("cosmetic", Boolean, nullable=False),
    _text("reprint_of", null=True),
    Column("reverts_to", Integer),
    _text("reason"),
    _json("evidence"),
    _json("fields"),
    Column("classes", JSONB, nullable=False, server_default=text("'[]'")),
    Column("reread", Boolean, nullable=False, server_default=false()),
    Index("changes_time", "at", "id"),
    Index("changes_site", "site", "at"),
    Index("changes_type", "type", "at"),
    Index("changes_page", "site", "urlkey", "at"),
)

# What was learned to move by itself (domain.mask.MaskRule); `urlkey` is '' where a rule holds for the whole site.
masks = Table(
    "masks",
    metadata,
    _key("site"),
    _key("kind"),
    _key("value"),
    _key("urlkey"),
    _json("samples"),
    _json("evidence"),
    _time("learned"),
)

# What befell a site as a whole in a run: an `outage`, or a `redesign` that moved `fields` of articles everywhere.
# `pages` are numbers: how many of how many.
upheavals = Table(
    "upheavals",
    metadata,
    _key("site"),
    _key("run"),
    _key("kind"),
    _json("fields"),
    _json("pages"),
    _time("at"),
)

fingerprints, crowds, reprints, unsettled = clustertables.tables(metadata)

citations = citationtable.table(metadata)

runs, tallies, progress = runtables.tables(metadata)

# Which reading of a site's past stands where: `live` is what everybody sees, `next` is being made, `kept` is what
# was live before. `number` counts the switches; it tells a comparison that it was overtaken by one.
generations = Table(
    "generations",
    metadata,
    _key("site"),
    _key("place"),
    _number("number"),
    _text("reader"),
    _time("started"),
)

# Changes that no capture brought but a newer reader: nobody is told of them. Kept over a rebuild.
rereadings = Table(
    "rereadings",
    metadata,
    _key("change_id"),
    _text("site"),
    _text("reader"),
    _time("at"),
    Index("rereadings_site", "site"),
)

# What is different for another reader: these have a twin in `next` and in `kept`.
READ = (
    captures,
    articles,
    fingerprints,
    crowds,
    citations,
    pages,
    versions,
    changes,
    reprints,
    unsettled,
    masks,
    upheavals,
    tallies,
    progress,
)
DERIVED = (*READ, runs)
