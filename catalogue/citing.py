"""Questions to what articles say of documents: a number's pages, a policy through time, gaps in a sequence."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, and_, or_, select

from catalogue import schema
from catalogue.connection import transaction
from catalogue.kinds import Gap, Named, Policy
from catalogue.values import within
from domain.article import Precision
from domain.citation import DocumentNumber, Relation, is_placed
from domain.clock import SHANGHAI

_said, _versions, _pages, _articles = (
    schema.citations.c,
    schema.versions.c,
    schema.pages.c,
    schema.articles.c,
)
_MOST = 2000
# An issuer's sequence is watched where so many of its documents are held, and so many of those between the first
# and the last.
_FEWEST, _DENSE = 3, 0.5
_BRINGING = (Relation.IS.value, Relation.ISSUES.value)


def policy(source: Engine, number: DocumentNumber) -> Policy:
    """All that is known of a document: its own pages, those that name it by number or by its 《title》, and what its
    own pages name. Titles alone join only where they say whose they are, or on the document's own sites."""
    with transaction(source) as connection:
        held = connection.execute(_rows().where(_said.number_key == number.key).limit(_MOST)).mappings().all()
        own_pages = {(row["site"], row["digest"]) for row in held if row["relation"] == Relation.IS.value}
        outgoing = connection.execute(_outgoing(own_pages)).mappings().all() if own_pages else []
        names, sites = _names(held, outgoing), {site for site, _ in own_pages}
        more = connection.execute(_by_name(names, sites).limit(_MOST)).mappings().all() if names else ()
        whole = _latest([*held, *more])
        own = _own_numbers(connection.execute(_ours(whole)).mappings())
    pages = [_named(row, own.get((row["site"], row["digest"]), ())) for row in whole]
    links = _latest([row for row in outgoing if row["number_key"] != number.key])
    return Policy(
        number=number,
        names=tuple(sorted(names)),
        pages=tuple(sorted(pages, key=lambda item: (item.day, _ORDER[item.relation], item.site, item.url))),
        links=tuple(_distinct(_named(row, ()) for row in links)),
    )


_ORDER = {
    relation: place
    for place, relation in enumerate(
        (
            Relation.DRAFTS,
            Relation.IS,
            Relation.ISSUES,
            Relation.FORWARDS,
            Relation.INTERPRETS,
            Relation.CITES,
            Relation.AMENDS,
            Relation.EXTENDS,
            Relation.REPEALS,
        )
    )
}


def _rows() -> Select[Any]:
    """Every statement with the page and the version that makes it."""
    page = and_(_pages.site == _versions.site, _pages.urlkey == _versions.urlkey)
    return (
        select(
            schema.citations,
            _pages.url,
            _pages.urlkey,
            _pages.status,
            _pages.article_digest.label("standing"),
            _pages.first_seen,
            _versions.number.label("version"),
            _articles.title.label("heading"),
            _articles.published_at,
            _articles.published_precision,
            _articles.body["written_on"].astext.label("written_on"),
        )
        .join(schema.versions, and_(_versions.site == _said.site, _versions.article_digest == _said.digest))
        .join(schema.pages, page)
        .join(schema.articles, and_(_articles.site == _said.site, _articles.digest == _said.digest))
        .order_by(_said.site, _pages.urlkey, _versions.number.desc(), _said.place)
    )


def _names(held: Sequence[RowMapping], outgoing: Sequence[RowMapping]) -> set[str]:
    """What the document is called: by its own pages (and what they bring: 现将《X》印发), else as most of those that
    name it do."""
    issued = (row for row in outgoing if row["relation"] == Relation.ISSUES.value and row["number_key"] is None)
    own = {row["name"] for row in (*held, *issued) if row["relation"] in _BRINGING and row["name"]}
    others = Counter(row["name"] for row in held if row["name"])
    return own or {name for name, _ in others.most_common(1)}


def _by_name(names: Collection[str], sites: Collection[str]) -> Select[Any]:
    anywhere = [name for name in names if is_placed(name)]
    here = and_(within(_said.name, names), within(_said.site, sites))
    return _rows().where(_said.number_key.is_(None), or_(within(_said.name, anywhere), here))


def _latest(found: Iterable[RowMapping]) -> list[RowMapping]:
    """Of a page's statements on one document those of its latest version that makes any."""
    kept: dict[tuple[str, ...], RowMapping] = {}
    for row in sorted(found, key=lambda row: -row["version"]):
        kept.setdefault((row["site"], row["urlkey"], row["number_key"] or "", row["name"] or ""), row)
    return list(kept.values())


def _ours(whole: Sequence[RowMapping]) -> Select[Any]:
    """The own numbers of the pages found."""
    wanted = select(_said.site, _said.digest, _said.number).where(_said.relation == Relation.IS.value)
    return wanted.where(within(_said.digest, {row["digest"] for row in whole})).order_by(_said.place)


def _own_numbers(found: Iterable[RowMapping]) -> dict[tuple[str, str], tuple[str, ...]]:
    own: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in found:
        place = (row["site"], row["digest"])
        own[place] = (*own.get(place, ()), row["number"])
    return own


def _outgoing(own: Collection[tuple[str, str]]) -> Select[Any]:
    digests = {digest for _, digest in own}
    return _rows().where(within(_said.digest, digests), _said.relation != Relation.IS.value).limit(_MOST)


def _distinct(items: Iterable[Named]) -> Iterable[Named]:
    """One link a document: reprints say the same."""
    seen: dict[tuple[str, str], Named] = {}
    for item in items:
        seen.setdefault((item.relation.value, item.number or item.title or ""), item)
    return seen.values()


def _named(row: RowMapping, own: tuple[str, ...]) -> Named:
    day, dated = _day(row)
    return Named(
        relation=Relation(row["relation"]),
        number=row["number"],
        title=row["title"],
        sentence=row["sentence"],
        offset=row["offset"],
        confidence=row["confidence"],
        site=row["site"],
        url=row["url"],
        heading=row["heading"],
        version=row["version"],
        current=row["standing"] == row["digest"],
        own=own,
        day=day,
        dated=dated,
    )


def _day(row: RowMapping) -> tuple[date, str]:
    """The day in Asia/Shanghai, and whose word it is: when written, when published, when first seen."""
    if row["written_on"]:
        return date.fromisoformat(row["written_on"]), "written"
    if row["published_at"] and row["published_precision"] != Precision.FIRST_SEEN.value:
        return row["published_at"].astimezone(SHANGHAI).date(), "published"
    return row["first_seen"].astimezone(SHANGHAI).date(), "first_seen"


def gaps(source: Engine, issuer: str, year: int | None = None) -> tuple[Gap, ...]:
    """By year, the numbers of an issuer (as `domain.citation.issuer` gives it) whose own pages are held, and those
    missing between them; leads only where half of them and at least three are held: elsewhere `missing` is empty,
    since we do not see that issuer's sequence."""
    wanted = select(_said.year, _said.sequence, _said.relation).where(_said.issuer == issuer, _said.year.is_not(None))
    if year:
        wanted = wanted.where(_said.year == year)
    held: dict[int, set[int]] = {}
    cited: dict[int, set[int]] = {}
    with transaction(source) as connection:
        for row in connection.execute(wanted.where(_said.sequence.is_not(None)).distinct()):
            into = held if row.relation == Relation.IS.value else cited
            into.setdefault(row.year, set()).add(row.sequence)
    return tuple(_gap(issuer, one, held.get(one, set()), cited.get(one, set())) for one in sorted({*held, *cited}))


def _gap(issuer: str, year: int, held: set[int], cited: set[int]) -> Gap:
    span = max(held) - min(held) + 1 if held else 0
    dense = len(held) >= _FEWEST and len(held) >= _DENSE * span
    missing = sorted(set(range(min(held), max(held))) - held) if dense else []
    return Gap(issuer, year, tuple(sorted(held)), tuple(missing), tuple(sorted(cited - held)), dense)
