"""What an export takes: the captures meant, and those without which they cannot be replayed or judged."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import dropwhile, takewhile

from domain.capture import Capture, Role
from domain.change import Change
from domain.clock import iso, shown
from domain.errors import ConfigurationError, NotFound
from pipeline.files import files_of
from pipeline.house import House
from pipeline.parts import has_parts
from pipeline.selecting import site_of
from storage import keys
from storage.export import Exhibit, Piece, Selection
from storage.ledger import CLOCKS, Entry
from storage.segment import Segment

log = logging.getLogger(__name__)

# Captures whose rows are kept in memory between the passes over a selection; beyond it ledgers are walked again.
_IN_MEMORY = 50_000
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, UTC: from `since`, up to and without `until`; None is without end."""

    since: datetime | None = None
    until: datetime | None = None

    def has(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)

    def __str__(self) -> str:
        pairs = (("since", self.since), ("until", self.until))
        return "".join(f" {word} {iso(moment)}" for word, moment in pairs if moment)


def site_names(house: House, site: str | None) -> tuple[str, ...]:
    """The one site, or all that have a ledger. Raises ConfigurationError where it has none."""
    known = house.archive.sites()
    if site is not None and site not in known:
        raise ConfigurationError(f"no captures of a site called {site}", hint=f"There are: {', '.join(known)}.")
    return (site,) if site else tuple(sorted(known))


def found_by(house: House, words: str, site: str | None) -> list[str]:
    """The addresses of the pages that a search finds. Raises NotFound where it finds none."""
    found = house.catalogue.search(words, _MOST_PAGES, site)
    if not found:
        raise NotFound(f"no page has all of: {words}", hint="Try fewer words: tongjian search WORDS")
    return [page["url"] for page in found]


def at_pages(
    house: House, urls: Iterable[str], span: Span, title: str, *, files: bool, site: str | None = None
) -> Selection:
    """All captures of these addresses in the span, what their 304s confirm, further pages of articles and, with
    `files`, what is attached to any version of them. Raises NotFound where nothing is kept."""
    found: dict[str, Capture] = {}
    for url in urls:
        seen = [one for one in house.catalogue.captures(url, site) if span.has(one.at)]
        found |= {one.id: one for one in _with_needed(house, seen)}
        if files and seen:
            found |= {one.id: one for one in _files(house, url, seen[0].site)}
    return _selection(house, found.values(), title + str(span))


def _selection(house: House, captures: Iterable[Capture], title: str) -> Selection:
    """Captures by the place they lie at: the same order each time."""
    ordered = sorted(captures, key=lambda one: (one.site, one.segment, one.offset))
    if not any(_is_held(house, one) for one in ordered):
        raise NotFound(f"{title}: nothing is kept", hint="tongjian changes lists pages that are.")
    rows: dict[str, list[Capture]] = {}
    for one in ordered:
        rows.setdefault(one.segment, []).append(one)
    pieces = [Piece(segment, tuple(row)) for segment, row in rows.items()]
    return Selection(_tidy(title), lambda: pieces, len(ordered), max(one.at for one in ordered))


def _is_held(house: House, capture: Capture) -> bool:
    """False for what was taken down: its records are not taken away either, and that is said where they would be."""
    return capture.id not in house.archive.taken_down(capture.site)


def _tidy(title: str) -> str:
    return " ".join(title.split())


def _with_needed(house: House, captures: Iterable[Capture]) -> Iterator[Capture]:
    for capture in captures:
        yield capture
        whole = _confirmed(house, capture)
        if whole.id != capture.id:
            yield whole
        for one in {capture.id: capture, whole.id: whole}.values():
            yield from _parts(house, one)


def _confirmed(house: House, capture: Capture) -> Capture:
    """The capture that a 304 confirms; itself where it is none, or where that one is not kept."""
    try:
        return house.catalogue.payload_of(capture)
    except NotFound as error:
        log.warning("%s", error)
        return capture


def _parts(house: House, capture: Capture) -> Iterator[Capture]:
    """The further pages of an article, which lie right behind its first."""
    if has_parts(capture):
        index = Segment(house.archive.segment(capture.segment), capture.segment).index
        behind = list(dropwhile(lambda one: one.id != capture.id, index.captures))[1:]
        yield from takewhile(lambda one: one.role is Role.PART, behind)


def _files(house: House, url: str, site: str) -> Iterator[Capture]:
    number = 1
    while True:
        try:
            _, article, capture = house.catalogue.version(url, number, site)
        except NotFound:
            return
        for held in files_of(house.catalogue, article, capture):
            yield from (one for one in (held.capture, held.seen) if one)
        number += 1


def before_and_after(house: House, change: Change) -> tuple[Exhibit, ...]:
    """The last capture that shows the page as it was before a change, and those that prove the change; of a 304
    what it confirms as well. Of a new page there is nothing before. Of one that was taken down only that is shown."""
    after = [house.catalogue.capture(id) for id in change.evidence]
    before = _before(house, change, min(one.at for one in after))
    shown_by = [*([("before", before)] if before else [])]
    shown_by += [(f"after-{number}" if len(after) > 1 else "after", one) for number, one in enumerate(after, 1)]
    found = []
    for name, capture in shown_by:
        found.append(Exhibit(name, capture, not _is_held(house, capture)))
        whole = _confirmed(house, capture)
        if whole.id != capture.id:
            found.append(Exhibit(f"{name}-confirms", whole, not _is_held(house, whole)))
    return tuple(found)


def _before(house: House, change: Change, at: datetime) -> Capture | None:
    """Where a version ended before, its last capture; where it went on (it was away and came back), the one before."""
    history = house.catalogue.history(change.url, change.site)
    earlier = [one for one in house.catalogue.captures(change.url, change.site) if one.at < at]
    ended = [version["last_seen"] for version in history["versions"] if version["last_seen"] < iso(at)]
    shows = [one for one in earlier if ended and iso(one.at) == max(ended)]
    return next(reversed(shows or earlier), None)


def of_change(house: House, change: Change) -> Selection:
    """The captures of one change."""
    found = {one.capture.id: one.capture for one in before_and_after(house, change)}
    return _selection(house, found.values(), f"Change {change.id}: {change.type.value} {change.url}")


def in_span(house: House, sites: Sequence[str], span: Span) -> Selection:
    """All captures of sites in a span of time, from their ledgers as they are now, and what their 304s confirm.

    Raises NotFound where there are none, IntegrityError.
    """
    heads = {site: head.seq for site in sites if (head := house.archive.ledger(site).head())}
    outside: dict[str, Capture] = {}
    count, until = 0, datetime.min.replace(tzinfo=UTC)
    kept: list[Piece] = []
    for piece in _walk(house, heads, span):
        count += len(piece.captures)
        until = max(until, *(one.at for one in piece.captures))
        outside |= {one.id: one for one in _referred(house, piece, span)}
        if count <= _IN_MEMORY:
            kept.append(piece)
    title = _tidy(f"{_name(sites)}{span}")
    if not count:
        raise NotFound(f"{title}: nothing was captured", hint=_last_capture(house, heads))
    is_any_held = any(_is_held(house, one) for one in outside.values())
    first = list(_selection(house, outside.values(), title).walk()) if is_any_held else []

    def walk() -> Iterator[Piece]:
        yield from first
        yield from kept if count <= _IN_MEMORY else _walk(house, heads, span)

    return Selection(title, walk, count + len(outside), until)


def _name(sites: Sequence[str]) -> str:
    return f"Site {site_of(sites[0]).title} ({sites[0]})" if len(sites) == 1 else f"{len(sites)} sites"


def _last_capture(house: House, heads: dict[str, int]) -> str:
    last = [house.archive.ledger(site).read(seq).commit.at for site, seq in heads.items()]
    return f"The last captures are of {shown(datetime.fromisoformat(max(last)))}." if last else "tongjian run captures."


def _walk(house: House, heads: dict[str, int], span: Span) -> Iterator[Piece]:
    for site, head in sorted(heads.items()):
        for entry in house.archive.ledger(site).walk(threads=8):
            if entry.seq > head:
                break
            if not _may_be_in(entry, span):
                continue
            kept = house.archive.index(entry).captures
            taken = tuple(one for one in kept if span.has(one.at))
            if taken:
                yield Piece(entry.commit.segment, taken, entry.seq)


def _may_be_in(entry: Entry, span: Span) -> bool:
    """False where the run began after the span or the entry was written before it; clocks may differ."""
    is_late = span.until is not None and keys.started(entry.commit.run) - CLOCKS > span.until
    is_early = span.since is not None and entry.commit.at < iso(span.since - CLOCKS)
    return not (is_late or is_early)


def _referred(house: House, piece: Piece, span: Span) -> Iterator[Capture]:
    """What 304s of the piece confirm, where that lies before the span."""
    for one in piece.captures:
        if one.refers_to and span.since and one.refers_to.at < span.since:
            whole = _confirmed(house, one)
            if whole.id != one.id:
                yield whole
