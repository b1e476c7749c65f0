"""Who read a capture; readings of the past beside each other; what a large catalogue is asked for, by index."""

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Integer, Text, false, text

from catalogue.text import folded, grams

revision = "0002"
down_revision = "0001"

_TIME = DateTime(timezone=True)


def upgrade() -> None:
    _marks()
    _generations()
    _totals()
    _indexes()
    _pairs()


def _marks() -> None:
    """An empty reader is nobody's: such a page is read again before it is compared."""
    op.add_column("captures", Column("reader", Text))
    op.execute("UPDATE captures SET reader = '' WHERE kind IS NOT NULL")
    op.add_column("changes", Column("reread", Boolean, nullable=False, server_default=false()))


def _generations() -> None:
    op.create_table(
        "generations",
        Column("site", Text, primary_key=True),
        Column("place", Text, primary_key=True),
        Column("number", Integer, nullable=False),
        Column("reader", Text, nullable=False),
        Column("started", _TIME, nullable=False),
    )
    op.create_table(
        "rereadings",
        Column("change_id", Text, primary_key=True),
        Column("site", Text, nullable=False),
        Column("reader", Text, nullable=False),
        Column("at", _TIME, nullable=False),
    )
    op.create_index("rereadings_site", "rereadings", ["site"])


def _totals() -> None:
    """Counting ten million captures takes seconds; counting as they come costs nothing."""
    op.add_column("progress", Column("captures", Integer, nullable=False, server_default=text("0")))
    op.add_column("progress", Column("last_capture", _TIME))
    op.execute(
        "UPDATE progress SET captures = held.number, last_capture = held.last FROM "
        "(SELECT site, count(*) AS number, max(at) AS last FROM captures GROUP BY site) AS held "
        "WHERE held.site = progress.site"
    )


def _indexes() -> None:
    apart = "role = 'part' OR role = 'file' OR (role = 'page' AND outcome IS NULL)"
    op.create_index("captures_apart", "captures", ["site", "urlkey"], postgresql_where=text(apart))
    changed, shown = text("changed_at DESC NULLS LAST"), text("coalesce(published_at, first_seen) DESC")
    for name, order in (("changed", changed), ("shown", shown)):
        op.create_index(f"pages_{name}", "pages", [order, "site", "urlkey"])
        op.create_index(f"pages_site_{name}", "pages", ["site", order, "urlkey"])


def _pairs() -> None:
    """Searched text and its pairs of characters, made again: both are what today's program makes of an article."""
    op.drop_index("articles_grams", "articles")
    op.execute("ALTER TABLE articles ALTER COLUMN grams TYPE integer[]")
    connection = op.get_bind()
    keys = connection.execute(text("SELECT site, digest FROM articles")).all()
    changed = text("UPDATE articles SET folded = :folded, grams = :grams WHERE site = :site AND digest = :digest")
    for site, digest in keys:
        wanted = text("SELECT title, text FROM articles WHERE site = :site AND digest = :digest")
        title, said = connection.execute(wanted, {"site": site, "digest": digest}).one()
        searched = folded(f"{title or ''}\n{said}")
        row = {"site": site, "digest": digest, "folded": searched, "grams": grams(searched)}
        connection.execute(changed, row)
    op.create_index("articles_grams", "articles", ["grams"], postgresql_using="gin")


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    op.execute("ALTER TABLE articles ALTER COLUMN grams TYPE smallint[] USING '{}'")
    op.drop_index("captures_apart", "captures")
    for name in ("changed", "shown"):
        op.drop_index(f"pages_{name}", "pages")
        op.drop_index(f"pages_site_{name}", "pages")
    op.drop_table("rereadings")
    op.drop_table("generations")
    for table, column in (
        ("progress", "last_capture"),
        ("progress", "captures"),
        ("changes", "reread"),
        ("captures", "reader"),
    ):
        op.drop_column(table, column)
