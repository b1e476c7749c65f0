"""Rows of `pages`: what a page is now, from its captures and its history."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from catalogue import rows, schema
from domain.capture import Reference, Validators
from domain.change import History, Outcome
from domain.resting import soonest
from domain.tempo import phase, spread, tempo

_captures = schema.captures.c
# A century: at a pace so slow that nothing is ever due.
_NEVER = 3.2e9


def page_rows(connection: Connection, site: str, histories: Sequence[History], pace: float = 1.0) -> list[rows.Row]:
    """One row a history; `pace` is how much faster than real time everything goes."""
    keys = [history.urlkey for history in histories]
    seen, shown = _spans(connection, site, keys), _last_shown(connection, site, keys)
    titles = _titles(connection, site, [h.versions[-1].article_digest for h in histories if h.versions])
    return [_page_row(history, seen[history.urlkey], shown.get(history.urlkey), titles, pace) for history in histories]


def _page_row(history: History, seen: Any, shown: Any, titles: dict[str, Any], pace: float) -> rows.Row:
    current = history.versions[-1] if history.versions else None
    article = titles[current.article_digest] if current else None
    return {
        "site": history.site,
        "urlkey": history.urlkey,
        "url": history.url,
        "status": history.status.value,
        "first_seen": seen.first,
        "last_seen": current.last_seen if current else None,
        "last_checked": seen.last,
        "changed_at": max((change.at for change in history.changes), default=None),
        "validators": _validators(history.url, shown).model_dump(mode="json"),
        "versions": len(history.versions),
        "title": article.title if article else None,
        "article_digest": current.article_digest if current else None,
        "published_at": article.published_at if article else None,
        "published_precision": article.published_precision if article else None,
        "numbered": bool(article and article.numbers),
        **_checking(history, seen, pace),
    }


def _checking(history: History, seen: Any, pace: float) -> rows.Row:
    """What the recheck plan goes by: from the captures alone, so that a rebuild gives the same."""
    counted = tempo(history, seen.first, pace)
    place = phase(history.urlkey)
    changed = max((change.at for change in history.changes), default=None)
    age, settled = ((seen.last - at).total_seconds() * pace if at else None for at in (seen.first, changed))
    rest = soonest(counted, history.status, age or 0.0, settled) / spread(place) / pace
    return asdict(counted) | {"phase": place, "next_check": seen.last + timedelta(seconds=min(rest, _NEVER))}


def _validators(url: str, shown: Any) -> Validators:
    if shown is None:
        return Validators(url=url)
    if any(flag.startswith("parts:") for flag in shown.flags):
        return Validators(url=shown.url)  # a 304 of its first page would hide an edit of its second
    reference = Reference(url=shown.url, at=shown.at, payload_digest=shown.payload_digest)
    return Validators(url=shown.url, etag=shown.etag, last_modified=shown.last_modified, reference=reference)


def _of_pages(site: str, keys: Sequence[str]) -> Any:
    among = _captures.urlkey == any_(literal(list(keys), ARRAY(Text)))
    return (_captures.site == site) & (_captures.outcome.is_not(None)) & among


def _spans(connection: Connection, site: str, keys: Sequence[str]) -> dict[str, Any]:
    """When each page was first and last fetched."""
    wanted = (
        select(_captures.urlkey, func.min(_captures.at).label("first"), func.max(_captures.at).label("last"))
        .where(_of_pages(site, keys))
        .group_by(_captures.urlkey)
    )
    return {row.urlkey: row for row in connection.execute(wanted)}


def _last_shown(connection: Connection, site: str, keys: Sequence[str]) -> dict[str, Any]:
    """The last capture that showed an article: only that may a later 304 confirm."""
    wanted = (
        select(schema.captures)
        .where(_of_pages(site, keys), _captures.outcome == Outcome.ARTICLE.value)
        .ext(distinct_on(_captures.urlkey))
        .order_by(_captures.urlkey, _captures.at.desc(), _captures.id.desc())
    )
    return {row.urlkey: row for row in connection.execute(wanted)}


def _titles(connection: Connection, site: str, digests: Sequence[str]) -> dict[str, Any]:
    table = schema.articles.c
    numbers = func.jsonb_array_length(table.body["document_numbers"]).label("numbers")
    wanted = select(table.digest, table.title, table.published_at, table.published_precision, numbers).where(
        table.site == site, table.digest == any_(literal(list(digests), ARRAY(Text)))
    )
    return {row.digest: row for row in connection.execute(wanted)}
