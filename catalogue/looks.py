"""What a run captured that is worth a second look."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from catalogue import schema
from catalogue.upheavals import articles
from domain.article import Article
from domain.change import Outcome

_captures, _pages = schema.captures.c, schema.pages.c
_SHOWN = _captures.outcome == Outcome.ARTICLE.value


def _compared(site: str) -> ScalarSelect[int]:
    """The ledger entry up to which a site is compared; 0 before the first."""
    progress = schema.progress.c
    return select(func.coalesce(func.max(progress.compared_seq), 0)).where(progress.site == site).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Edited:
    """A page whose last article in a run is another than the one known."""

    urlkey: str
    url: str
    before: Article
    after: Article


def seem_edited(connection: Connection, site: str, run: str) -> list[Edited]:
    """The pages of a run that is not compared yet that show another article than their current version's, in the
    order of their urlkeys."""
    last = (
        select(_captures.urlkey, _captures.url, _captures.article_digest)
        .where(_captures.site == site, _captures.seq > _compared(site), _captures.run == run, _SHOWN)
        .ext(distinct_on(_captures.urlkey))
        .order_by(_captures.urlkey, _captures.at.desc(), _captures.id.desc())
        .subquery()
    )
    wanted = (
        select(last.c.urlkey, last.c.url, _pages.article_digest.label("before"), last.c.article_digest)
        .join(schema.pages, (_pages.site == site) & (_pages.urlkey == last.c.urlkey))
        .where(_pages.article_digest.is_not(None), _pages.article_digest != last.c.article_digest)
        .order_by(last.c.urlkey)
    )
    found = connection.execute(wanted).all()
    held = articles(connection, site, {one for row in found for one in row[2:]})
    return [Edited(row[0], row[1], held[row[2]], held[row[3]]) for row in found if row[2] in held and row[3] in held]


def example(connection: Connection, site: str, run: str) -> str | None:
    """The address of a page that a run showed an article of, the first by its urlkey; None where it showed none."""
    wanted = (
        select(_captures.url)
        .where(_captures.site == site, _captures.seq > _compared(site), _captures.run == run, _SHOWN)
        .order_by(_captures.urlkey, _captures.url)
        .limit(1)
    )
    found: str | None = connection.scalar(wanted)
    return found


def last_probe(connection: Connection, site: str) -> datetime | None:
    """When an address that cannot exist was last asked for; None where never."""
    wanted = select(func.max(_captures.at)).where(_captures.site == site, text(schema.PROBED))
    last: datetime | None = connection.scalar(wanted)
    return last
