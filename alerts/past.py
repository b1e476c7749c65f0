"""Changes of the past as they are held against queries: read from the catalogue many at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, and_, false, func, literal, or_, select, true

from alerts.kinds import Matter
from alerts.query.tree import And, Kind, Near, Node, Not, Or, Severity, Term, Value, Zone
from catalogue import rows
from catalogue.connection import transaction
from catalogue.reading import nothing_kept
from catalogue.schema import articles, changes, citations, pages, reprints, versions
from domain.article import Precision
from domain.change import Status
from domain.site import Site
from domain.urls import urlkey

Sites = Mapping[str, Site]
_TOLD = ~changes.c.cosmetic & ~changes.c.reread
_SHOWN = and_(
    versions.c.site == changes.c.site, versions.c.urlkey == changes.c.urlkey, versions.c.number == changes.c.version
)
_READ = and_(articles.c.site == versions.c.site, articles.c.digest == versions.c.article_digest)
BATCH = 200


def count(source: Engine, since: datetime, until: datetime) -> int:
    """How many changes of a time somebody could have been told of."""
    wanted = select(func.count()).select_from(changes).where(_TOLD, changes.c.at >= since, changes.c.at < until)
    with transaction(source) as connection:
        return connection.scalar(wanted) or 0


def perhaps(source: Engine, node: Node, since: datetime, until: datetime) -> tuple[str, ...]:
    """Ids of the changes of a time, the newest first, without those that a query (its meaning) cannot be for."""
    wanted = select(changes.c.id).where(_TOLD, changes.c.at >= since, changes.c.at < until, may(node))
    if reads(node):
        wanted = wanted.join(versions, _SHOWN).join(articles, _READ)
    with transaction(source) as connection:
        return tuple(connection.scalars(wanted.order_by(changes.c.at.desc(), changes.c.id.desc())))


def may(node: Node) -> ColumnElement[bool]:
    """False of changes that a query cannot be for, as far as the database can tell. Words are looked for in the folded
    text that search has, blanks aside; a change that has edits may have them there."""
    match node:
        case And():
            return and_(true(), *(may(item) for item in node.items))
        case Or():
            return or_(false(), *(may(item) for item in node.items))
        case Near():
            return and_(*(or_(*(may(term) for term in side)) for side in (node.left, node.right)))
        case Term():
            return _may_say(node)
        case _:
            return _may_be(node)


def _may_say(node: Term) -> ColumnElement[bool]:
    if node.zone not in (Zone.TEXT, Zone.TITLE, Zone.BODY):
        return true()
    plain = func.replace(articles.c.folded, " ", "")
    edited = func.jsonb_array_length(changes.c.fields) > 0
    return or_(edited, func.strpos(plain, node.term.replace(" ", "")) > 0)


def _may_be(node: Node) -> ColumnElement[bool]:
    match node:
        case Value(kind=Kind.SITE):
            return changes.c.site == node.value
        case Value(kind=Kind.TYPE):
            return changes.c.type == node.value
        case Severity():
            return changes.c.severity.between(node.least, node.most)
        case _:
            return true()


def reads(node: Node) -> bool:
    """Does a query look for words?"""
    if isinstance(node, And | Or):
        return any(reads(item) for item in node.items)
    return reads(node.item) if isinstance(node, Not) else isinstance(node, Term | Near)


def matters(source: Engine, sites: Sites, ids: Sequence[str], *, texts: bool = True) -> Iterator[Matter]:
    """Those changes in this order, each with the title and text of its version; those judged anew meanwhile are left
    out. Status and reprint cluster are the page's as they stand now. Without `texts` there is no text, which takes
    half the time."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction(source) as connection:
            found = {row["id"]: row for row in connection.execute(_wanted(batch, texts=texts)).mappings()}
        yield from (_matter(found[id], sites) for id in batch if id in found)


def last(source: Engine, sites: Sites, url: str) -> Matter:
    """The last change of a page. Raises NotFound, for what is no address too."""
    try:
        key = urlkey(url)
    except ValueError:
        raise nothing_kept(url) from None
    site = select(pages.c.site).where(pages.c.urlkey == key)
    newest = select(changes.c.id).where(_TOLD, changes.c.urlkey == key, changes.c.site.in_(site))
    with transaction(source) as connection:
        id = connection.scalar(newest.order_by(changes.c.at.desc(), changes.c.id.desc()).limit(1))
    found = next(matters(source, sites, [id]), None) if id else None
    if found is None:
        raise nothing_kept(url)
    return found


def _wanted(ids: Sequence[str], *, texts: bool) -> Any:
    page = (pages.c.site == changes.c.site) & (pages.c.urlkey == changes.c.urlkey)
    copy = (reprints.c.site == changes.c.site) & (reprints.c.urlkey == changes.c.urlkey)
    named = (citations.c.site == articles.c.site) & (citations.c.digest == articles.c.digest)
    keys = select(func.array_agg(citations.c.number_key)).where(named, citations.c.number_key.is_not(None))
    first = (reprints.c.first_site == changes.c.site) & (reprints.c.first_urlkey == changes.c.urlkey)
    said = [articles.c.body[name].label(name) for name in ("authors", "document_numbers")]
    return (
        select(
            changes,
            *(articles.c[name] for name in ("title", "source", "published_at", "published_precision")),
            (articles.c.text if texts else literal("")).label("text"),
            *said,
            pages.c.status,
            reprints.c.cluster,
            first.label("first"),
            keys.scalar_subquery().label("keys"),
        )
        .join(versions, _SHOWN)
        .join(articles, _READ)
        .outerjoin(pages, page)
        .outerjoin(reprints, copy)
        .where(changes.c.id.in_(ids))
    )


def _matter(row: RowMapping, sites: Sites) -> Matter:
    site = sites.get(row["site"])
    dated = row["published_precision"] != Precision.FIRST_SEEN.value
    return Matter(
        rows.change(row),
        row["title"] or "",
        row["text"],
        source=row["source"] or "",
        authors=tuple(row["authors"] or ()),
        document_numbers=tuple(row["document_numbers"] or ()),
        published_at=row["published_at"] if dated else None,
        status=Status(row["status"]) if row["status"] else Status.LIVE,
        cluster=row["cluster"],
        first=bool(row["first"]),
        site_title=site.title if site else row["site"],
        region=(site.region or "") if site else "",
        numbers=frozenset(row["keys"] or ()),
    )
