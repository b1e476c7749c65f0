"""What befell a site as a whole in one run: no page is gone, and none edited, because all of them answer alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from domain.article import Article
from domain.change import Observation, Outcome
from domain.mask import MaskRule
from monitor.fields import edits
from monitor.volatile import shape

# So many pages at least, and such a share of those a run asked for, make it the site's matter.
PAGES, SHARE = 5, 0.5
# A site that has answered so for longer than this is not out of order: it is like that now.
LASTING = timedelta(days=7)
_AWAY = frozenset({Outcome.MISSING, Outcome.MOVED, Outcome.EMPTY})
_THERE = frozenset({Outcome.ARTICLE, Outcome.SAME})
# What a page is about is never the mark-up's doing.
_ITS_OWN = frozenset({"title", "body", "document_numbers"})


@dataclass(frozen=True, slots=True)
class Upheaval:
    """An `outage`, in which pages that were there before were missing, or a `redesign`, which moved `fields` of
    articles: in `touched` of `asked` pages of the run, at `at` (the run's first capture, UTC)."""

    run: str
    kind: str
    at: datetime
    touched: int
    asked: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redesign:
    """What a run moved everywhere, and the blocks that it brought into bodies everywhere."""

    upheaval: Upheaval
    rules: tuple[MaskRule, ...] = field(default=())


def outage(
    run: str,
    pages: Iterable[Sequence[Observation]],
    earlier: Mapping[str, datetime],
    *,
    gone_after: int = 2,
    pace: float = 1.0,
) -> Upheaval | None:
    """Was the site out of order in a run? `pages` are all observations of each page the run asked for, in time order;
    `earlier` the outages known so far, by run. Pages that were gone before do not count."""
    asked = touched = 0
    start: datetime | None = None
    since: datetime | None = None
    for seen in pages:
        now = [one for one in seen if one.run == run and one.outcome in _AWAY | _THERE]
        before = [one for one in seen if one.run != run and now and one.at < now[0].at]
        counted = [one for one in before if one.run not in earlier and one.outcome in _AWAY | _THERE]
        if not now or not any(one.outcome in _THERE for one in counted) or _gone(counted, gone_after):
            continue
        asked += 1
        touched += now[-1].outcome in _AWAY
        start = min(start or now[0].at, now[0].at)
        since = _began(before, earlier, since)
    if start is None or not _everywhere(touched, asked) or (since and (start - since) * pace > LASTING):
        return None
    return Upheaval(run, "outage", start, touched, asked)


def _gone(counted: Sequence[Observation], gone_after: int) -> bool:
    last = counted[-gone_after:]
    return len(last) == gone_after and all(one.outcome in _AWAY for one in last)


def _began(before: Sequence[Observation], earlier: Mapping[str, datetime], since: datetime | None) -> datetime | None:
    """When the outage that goes on began: the first of the answers in it, with no other between."""
    for one in reversed(before):
        if one.run not in earlier:
            break
        since = min(since or one.at, one.at)
    return since


def _everywhere(touched: int, asked: int) -> bool:
    return touched >= PAGES and touched >= SHARE * asked


def redesign(
    site: str, run: str, at: datetime, asked: int, pairs: Sequence[tuple[str, Article, Article]]
) -> Redesign | None:
    """Did a run's articles change everywhere alike? `pairs` are those that differ from what their page showed before:
    (capture, before, after); `asked` counts the pages the run saw an article on."""
    moved: Counter[str] = Counter()
    blocks: Counter[str] = Counter()
    for _, before, after in pairs:
        moved.update({edit.name for edit in edits(before, after)} - _ITS_OWN)
        blocks.update(set(_come_and_gone(before, after)))
    fields = tuple(sorted(name for name, count in moved.items() if _everywhere(count, asked)))
    common = sorted(value for value, count in blocks.items() if _everywhere(count, asked))
    if not fields and not common:
        return None
    evidence = tuple(capture for capture, _, _ in pairs[:PAGES])
    rules = tuple(
        MaskRule(site=site, kind="shape", value=value, samples=(value,), evidence=evidence, learned=at)
        for value in common
    )
    return Redesign(Upheaval(run, "redesign", at, len(pairs), asked, fields), rules)


def _come_and_gone(before: Article, after: Article) -> Iterator[str]:
    """The shapes of blocks that came to a body or went from it."""
    old = [shape(block.text) for block in before.body if block.text]
    new = [shape(block.text) for block in after.body if block.text]
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op in ("insert", "delete"):
            yield from (*old[a:b], *new[c:d])
