"""What a run's second look goes by."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from catalogue import schema
from catalogue.upheavals import articles
from catalogue.values import within
from domain.article import Article

_captures, _pages = schema.captures.c, schema.pages.c


def known_otherwise(connection: Connection, site: str, digests: Mapping[str, str]) -> dict[str, Article]:
    """The articles of pages' current versions, by urlkey, where they are others than those given by their digests."""
    wanted = select(_pages.urlkey, _pages.article_digest).where(_pages.site == site, within(_pages.urlkey, digests))
    known = {row.urlkey: row.article_digest for row in connection.execute(wanted) if row.article_digest}
    other = {urlkey: digest for urlkey, digest in known.items() if digest != digests[urlkey]}
    held = articles(connection, site, set(other.values()))
    return {urlkey: held[digest] for urlkey, digest in other.items() if digest in held}


def last_probe(connection: Connection, site: str) -> datetime | None:
    """When an address that cannot exist was last asked for; None where never."""
    wanted = select(func.max(_captures.at)).where(_captures.site == site, text(schema.PROBED))
    last: datetime | None = connection.scalar(wanted)
    return last
