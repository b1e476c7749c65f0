"""Search: every word must occur in the title or the text of one version of a page, as a piece of it."""

from typing import Any

from sqlalchemy import Engine, SmallInteger, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from catalogue import schema, shapes
from catalogue.connection import transaction
from catalogue.text import folded, grams

_articles, _pages, _versions = schema.articles.c, schema.pages.c, schema.versions.c
_AROUND = 40


def search(source: Engine, query: str, limit: int = 50, site: str | None = None) -> list[dict[str, Any]]:
    """Pages whose title or text has every word of the query, the latest published first.

    Width, case and spacing do not matter (NFKC). Past versions count: `version` is the latest that matches,
    `current` says whether it is what the page shows. An empty query finds nothing.
    """
    words = folded(query).split()
    if not words:
        return []
    with transaction(source) as connection:
        found = connection.execute(_wanted(words, limit, site)).mappings()
        return [_shape(row, words) for row in found]


def _wanted(words: list[str], limit: int, site: str | None) -> Any:
    pairs = sorted({pair for word in words for pair in grams(word)})
    has = [_articles.folded.contains(word, autoescape=True) for word in words]
    if pairs:
        has.append(_articles.grams.contains(literal(pairs, ARRAY(SmallInteger))))
    if site:
        has.append(_articles.site == site)
    matching = (
        select(
            schema.pages,
            _versions.number.label("matched"),
            _articles.title.label("matched_title"),
            _articles.published_at.label("matched_at"),
            _articles.published_precision.label("matched_precision"),
            _articles.folded,
        )
        .join_from(schema.articles, schema.versions, _same(_articles.digest, _versions))
        .join(schema.pages, (_pages.site == _versions.site) & (_pages.urlkey == _versions.urlkey))
        .where(*has)
        .ext(distinct_on(_pages.site, _pages.urlkey))
        .order_by(_pages.site, _pages.urlkey, _versions.number.desc())
        .subquery()
    )
    shown = func.coalesce(matching.c.matched_at, matching.c.first_seen)
    return select(matching).order_by(shown.desc(), matching.c.site, matching.c.urlkey).limit(limit)


def _same(digest: Any, versions: Any) -> Any:
    return (versions.article_digest == digest) & (versions.site == _articles.site)


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
