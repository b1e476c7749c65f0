"""Search: every word must occur in the title or the text of one version of a page, as a piece of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Integer, RowMapping, func, literal, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from catalogue import schema, shapes
from catalogue.connection import transaction
from catalogue.text import folded, grams

_articles, _pages, _versions = schema.articles.c, schema.pages.c, schema.versions.c
_AROUND = 40
# Above so many articles the latest so many pages are looked through first. Where they have too few, the word is so
# rare among a million that collecting takes about a second.
_MANY, _LATEST = 5_000, 3_000
_SHOWN = func.coalesce(_pages.published_at, _pages.first_seen)
_MATCHED = (
    _versions.number.label("matched"),
    _articles.title.label("matched_title"),
    _articles.published_at.label("matched_at"),
    _articles.published_precision.label("matched_precision"),
    _articles.folded,
)


def search(source: Engine, query: str, limit: int = 50, site: str | None = None) -> list[dict[str, Any]]:
    """Pages whose title or text has every word of the query, the latest published first.

    Width, case and spacing do not matter (NFKC). Past versions count: `version` is the latest that matches,
    `current` says whether it is what the page shows. An empty query finds nothing.

    Rare words are found by their pairs of characters. Where the rarest pair is common, the latest pages are looked
    through first, for they may well have enough: to collect all pages that say 商务, and sort them, takes seconds
    where there are a million.
    """
    words = folded(query).split()
    if not words:
        return []
    with transaction(source) as connection:
        found = _looked_through(connection, words, limit, site) if _is_common(connection, words) else []
        if len(found) < limit:
            found = connection.execute(_by_pairs(words, limit, site)).mappings().all()
        return [_shape(row, words) for row in found]


def _is_common(connection: Connection, words: list[str]) -> bool:
    """By PostgreSQL's own statistics; words of one character have no pairs, and are taken for common."""
    return all(_estimated(connection, [pair]) > _MANY for word in words for pair in grams(word))


def _estimated(connection: Connection, pairs: list[int]) -> int:
    """How many articles have these pairs, as the planner believes."""
    plan = connection.scalar(_EXPLAINED, {"pairs": pairs})
    return int(plan[0]["Plan"]["Plan Rows"])


_EXPLAINED = text("EXPLAIN (FORMAT JSON) SELECT 1 FROM articles WHERE grams @> CAST(:pairs AS integer[])")


def _has(words: list[str]) -> list[Any]:
    return [_articles.folded.contains(word, autoescape=True) for word in words]


def _looked_through(connection: Connection, words: list[str], limit: int, site: str | None) -> Sequence[RowMapping]:
    """What the latest few thousand pages have of it."""
    latest = select(schema.pages, _SHOWN.label("shown"))
    latest = latest.order_by(_SHOWN.desc(), _pages.site, _pages.urlkey).limit(_LATEST)
    if site:
        latest = latest.where(_pages.site == site)
    page = latest.subquery("page")
    version = (
        select(*_MATCHED)
        .join_from(schema.versions, schema.articles, _same(_versions.article_digest, _articles))
        .where(_versions.site == page.c.site, _versions.urlkey == page.c.urlkey, *_has(words))
        .order_by(_versions.number.desc())
        .limit(1)
        .lateral("version")
    )
    # In the order they come in: PostgreSQL stops at the last one wanted.
    wanted = select(page, version).join(version, true()).order_by(page.c.shown.desc(), page.c.site, page.c.urlkey)
    return connection.execute(wanted.limit(limit)).mappings().all()


def _by_pairs(words: list[str], limit: int, site: str | None) -> Any:
    pairs = sorted({pair for word in words for pair in grams(word)})
    among = [_articles.grams.contains(literal(pairs, ARRAY(Integer)))] if pairs else _has(words)
    if site:
        among.append(_articles.site == site)
    likely = (
        select(schema.pages, _SHOWN.label("shown"), _versions.number, _versions.article_digest.label("digest"))
        .join_from(schema.articles, schema.versions, _same(_versions.article_digest, _articles))
        .join(schema.pages, (_pages.site == _versions.site) & (_pages.urlkey == _versions.urlkey))
        .where(*among)
        .order_by(_SHOWN.desc(), _pages.site, _pages.urlkey, _versions.number.desc())
        .offset(0)
        .subquery("likely")
    )
    columns = (likely.c[column.name] for column in schema.pages.columns)
    matched = (likely.c.number.label("matched"), *_MATCHED[1:])
    # Texts lie apart from their rows: only those are fetched that come before the last one wanted.
    return (
        select(*columns, *matched)
        .join(schema.articles, (_articles.site == likely.c.site) & (_articles.digest == likely.c.digest))
        .where(*_has(words))
        .ext(distinct_on(likely.c.shown, likely.c.site, likely.c.urlkey))
        .order_by(likely.c.shown.desc(), likely.c.site, likely.c.urlkey, likely.c.number.desc())
        .limit(limit)
    )


def _same(digest: Any, articles: Any) -> Any:
    return (articles.digest == digest) & (_versions.site == articles.site)


def _shape(row: Any, words: list[str]) -> dict[str, Any]:
    dates = shapes.published(row["matched_at"], row["matched_precision"], row["first_seen"])
    return {
        **shapes.page(row),
        **dates,
        "title": row["matched_title"],
        "version": row["matched"],
        "current": row["matched"] == row["versions"],
        "snippet": _snippet(row["folded"], words[0]),
    }


def _snippet(text: str, word: str) -> str:
    """The folded text around the first place of a word."""
    place = text.index(word)
    start, end = max(0, place - _AROUND), place + len(word) + _AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
