"""Articles of several pages: the captures of one that lie behind its first in a segment, read as one article."""

from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile, takewhile

from domain.article import Article, Kind
from domain.capture import Capture, Role
from domain.urls import urlkey
from parsers.parts import join


def has_parts(capture: Capture) -> bool:
    """True for a page that was fetched together with its further pages (the flag `parts:N`)."""
    return any(flag.startswith("parts:") for flag in capture.flags)


def joined(first: Capture, captures: Sequence[Capture], read: Callable[[Capture], Article]) -> Article:
    """The article of a page as `read` reads it, its further pages included; `captures` are the segment's, in order.

    What the page's pager names and the segment has not is in the article's issues. Pure: the same segment reads
    the same.
    """
    article = read(first)
    found = dict(_found(first, captures)) if has_parts(first) else {}
    wanted = list(dict.fromkeys([*map(urlkey, article.parts), *found]))
    if not wanted or article.kind in (Kind.MISSING, Kind.BLOCKED, Kind.LOGIN):
        return article
    came = {key: part for key, part in found.items() if part.status == 200}
    addresses = {urlkey(url): url for url in article.parts} | {key: part.url for key, part in found.items()}
    whole = join(article, [read(came[key]) if key in came else None for key in wanted])
    return whole.model_copy(update={"parts": tuple(addresses[key] for key in wanted)})


def _found(first: Capture, captures: Sequence[Capture]) -> Iterator[tuple[str, Capture]]:
    """The captures of the further pages behind a page, by address, of several tries the last."""
    behind = list(dropwhile(lambda capture: capture.id != first.id, captures))[1:]
    for part in takewhile(lambda capture: capture.role is Role.PART, behind):
        yield urlkey(part.url), part
