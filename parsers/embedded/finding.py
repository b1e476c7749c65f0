"""The page's own article among what its scripts hold.

Not by a list of sites: every object is looked at, and that is taken which has a long Chinese text under a name such
as content, beside or below a title, and a time. Titles that the page's own <title> confirms count most.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from parsers.dates import Stamp
from parsers.embedded import keys, texts
from parsers.embedded.model import Embedded
from parsers.embedded.scripts import Found, Script, values

_NODES = 120_000  # objects and arrays of one page that are looked at
_DEPTH = 40
_ABOVE = 5  # objects above a body in which its title may be
_LEAST = 60  # hanzi of a body
_INSIDE = 40
_FIELDS_ONLY = ("ld+json", "variables")

T = TypeVar("T")
Path = tuple[str, ...]
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Node:
    """An object, the way to it, and the objects around it, the nearest first."""

    row: Row
    path: Path
    above: tuple[Row, ...] = ()


def find(scripts: Sequence[Script], url: str, head_title: str = "") -> Embedded | None:
    """The article that a page's scripts hold; None where they hold none. Pure; never raises on what scripts say.

    `head_title` is the text of the page's <title>: it tells the page's article from others in its scripts.
    """
    others: list[Embedded] = []
    issues: list[str] = []
    room = _NODES
    for found in values(scripts):
        if found.cut:
            issues.append(f"embedded: {found.name} ends before its end")
        nodes = list(_walk(found, room))
        room -= len(nodes)
        others += (candidate for node in nodes for candidate in _candidates(node, found, head_title))
    whole = [candidate for candidate in others if candidate.body_html]
    return _completed(max(whole, key=_rank, default=None), others, tuple(dict.fromkeys(issues)))


def _rank(found: Embedded) -> tuple[float, int]:
    return round(found.confidence, 1), len(found.body_html)


def _completed(best: Embedded | None, others: Sequence[Embedded], issues: tuple[str, ...]) -> Embedded | None:
    """The best, and what others under its title say that it does not."""
    chosen = best or max(others, key=lambda item: item.confidence, default=None)
    if chosen is None:
        return Embedded(issues=issues) if issues else None
    for other in sorted(others, key=lambda item: -item.confidence):
        if texts.same(other.title, chosen.title):
            missing = {name: getattr(other, name) for name in _FILLED if not getattr(chosen, name)}
            chosen = replace(chosen, **missing)
    return replace(chosen, issues=issues)


_FILLED = ("subtitle", "published", "updated", "source", "publisher", "authors", "images")


def _walk(found: Found, room: int) -> Iterator[_Node]:
    """Every object in a value, the outermost first, without recursion; not where other articles stand."""
    stack: list[tuple[object, Path, tuple[Row, ...]]] = [(found.value, (), ())]
    while stack and room > 0:
        value, path, above = stack.pop()
        room -= 1
        if isinstance(value, dict):
            yield _Node(value, path, above)
            inner = [(item, (*path, str(key)[:60]), (value, *above)[:_ABOVE]) for key, item in value.items()]
        elif isinstance(value, list):
            inner = [(item, (*path, str(place)), above) for place, item in enumerate(value)]
        else:
            continue
        if len(path) < _DEPTH:
            stack += [item for item in reversed(inner) if _is_worth(item[0], item[1][-1])]


def _is_worth(value: object, key: str) -> bool:
    return isinstance(value, (dict, list)) and bool(value) and not keys.ELSEWHERE.search(key)


def _candidates(node: _Node, found: Found, head_title: str) -> Iterator[Embedded]:
    rows = (node.row, *node.above)
    holder, named = next(((row, title) for row in rows if (title := _title(row, head_title))), (None, None))
    agrees = texts.agree(named, head_title)
    body = _body(node.row)
    fields_only = (found.linked or found.name in _FIELDS_ONLY) and holder is node.row
    if body is None and not (fields_only and (agrees or found.linked)):
        return
    near = rows[: rows.index(holder) + 1] if holder is not None else rows[:1]
    article = _article(near, named, body, found, node)
    sure = _sure(article, found, node, agrees=agrees)
    if sure > 0:
        yield replace(article, confidence=sure)


def _article(
    near: Sequence[Row], named: str | None, body: tuple[str, str] | None, found: Found, node: _Node
) -> Embedded:
    key, markup = body or ("", "")
    wide = (*near, *_inside(near[-1]))
    return Embedded(
        title=named,
        subtitle=_first(near, keys.SUBTITLE, texts.line),
        body_html=markup,
        published=_strongest(wide, keys.PUBLISHED),
        updated=_strongest(wide, keys.UPDATED),
        source=_first(wide, keys.SOURCE, texts.name),
        publisher=_first(near, keys.PUBLISHER, texts.name),
        authors=_first(near, keys.AUTHORS, texts.names) or (),
        images=_first(near, keys.IMAGES, texts.images) or (),
        where=" ".join(filter(None, (found.name, ".".join(filter(None, (*node.path, key)))))),
    )


def _sure(article: Embedded, found: Found, node: _Node, *, agrees: bool) -> float:
    if not article.title and not article.body_html:
        return 0.0
    sure = 0.3 + 0.1 * (article.published is not None) + 0.05 * bool(article.source or article.publisher)
    sure += 0.1 * found.linked + (0.4 if agrees else 0.1 if article.title else 0.0)
    in_list = sum(part.isdigit() for part in node.path)
    return round(min(sure - (0.0 if agrees else 0.1 * in_list) - 0.1 * found.cut, 0.95), 2)


def _title(row: Row, head_title: str) -> str | None:
    """An object's title; of several the one that the page's <title> confirms."""
    named = [title for title in map(texts.title, _values(row, keys.TITLE)) if title]
    return next((title for title in named if texts.agree(title, head_title)), named[0] if named else None)


def _body(row: Row) -> tuple[str, str] | None:
    """The longest body among an object's values, with its key."""
    best: tuple[str, str] | None = None
    for key, value in row.items():
        name = keys.plain(str(key))
        if name in _BODIES or name.endswith(("content", "contenthtml", "body")):
            markup = texts.markup(value)
            if markup and texts.hanzi(markup) >= _LEAST and (best is None or len(markup) > len(best[1])):
                best = str(key), markup
    return best


_BODIES = frozenset(keys.BODY)


def _values(row: Row, names: Sequence[str]) -> list[object]:
    """The values under the names, in the order of the names."""
    known = {
        keys.plain(str(key)): value
        for key, value in row.items()
        if isinstance(value, (str, int, float, list, dict)) and value and not isinstance(value, bool)
    }
    return [known[name] for name in names if name in known]


def _inside(row: Row) -> Iterator[Row]:
    """The objects right inside one: {title, content, subInfo: {source, time}}."""
    for key, value in list(row.items())[:_INSIDE]:
        if isinstance(value, dict) and not keys.ELSEWHERE.search(str(key)):
            yield value


def _first(rows: Sequence[Row], names: Sequence[str], turned: Callable[[object], T | None]) -> T | None:
    """The first value under one of the names that can be `turned` into what is wanted, the nearest object first."""
    found = (turned(value) for row in rows for value in _values(row, names))
    return next(filter(None, found), None)


def _strongest(rows: Sequence[Row], names: Sequence[str]) -> Stamp | None:
    """The time under the most telling name: an hour of creation only where there is none of publication."""
    return next((stamp for name in names if (stamp := _first(rows, (name,), texts.stamp))), None)
