"""The tables of `bench.monitor`, and its goals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bench.monitoring.face import Lap
from bench.monitoring.told import CLASSES
from bench.paper.model import EDITS, FORMATS, Event
from bench.paper.schedule import REDESIGNED
from bench.paper.truth import CLASSES as BLAMES
from bench.results import goal, median, table
from bench.saying import say

if TYPE_CHECKING:
    from bench.monitor import Stand

_CLASSES = [one for one in BLAMES if one not in {kind.value for kind in FORMATS}]
_CHEAPEST = 2.0


def show(stands: "Sequence[Stand]", pages: int) -> dict[str, object]:
    """Prints all tables; gives the numbers."""
    _false(stands)
    _recall(stands)
    _costs(stands, pages)
    _redesign(stands)
    _ours(stands)
    return {stand.monitor.name: _numbers(stand) for stand in stands}


def _false(stands: "Sequence[Stand]") -> None:
    head = (
        "false alarms of",
        "heard %",
        "right type %",
        "false",
        *_CLASSES,
        "format",
        "traditional",
        "beside an event",
    )
    rows = []
    for stand in stands:
        false, score = stand.score.false, stand.score
        plain = [false[one] for one in _CLASSES]
        formats = sum(false[kind.value] for kind in FORMATS[:-1])
        script = false[FORMATS[-1].value]
        other = false.total() - sum(plain) - formats - script
        shares = (f"{100 * score.recall:.1f}", f"{100 * score.typed:.1f}")
        rows.append((stand.monitor.name, *shares, false.total(), *plain, formats, script, other))
    table(head, rows)


def _recall(stands: "Sequence[Stand]") -> None:
    """Heard, and with the right type where that is less: 4/4, 4/4 (0)."""
    kinds = list(stands[0].score.due)
    rows = [(kind, *(_cell(stand, kind) for stand in stands)) for kind in kinds]
    table(("heard of (with the right type)", *(stand.monitor.name for stand in stands)), rows)


def _cell(stand: "Stand", kind: str) -> str:
    score = stand.score
    heard, right = score.heard[kind], score.right[kind]
    return f"{heard}/{score.due[kind]}" + ("" if heard == right else f" ({right})")


def _costs(stands: "Sequence[Stand]", pages: int) -> None:
    gbk = pages * 2 // 5
    head = ("after the first round", f"gb18030 exact of {gbk}", f"utf-8 of {pages - gbk}", "requests", "kept MB",
            "s a round", "CPU s", "servers' CPU s", "ms a page", "peak MB", "servers' MB")  # fmt: skip
    table(head, [_cost(stand, pages) for stand in stands])


def _cost(stand: "Stand", pages: int) -> tuple[object, ...]:
    later = stand.laps[1:]
    spent = median(lap.cpu for lap in later)
    return (
        stand.monitor.name,
        *stand.exact,
        stand.asked,
        stand.kept / 1e6,
        median(lap.seconds for lap in later),
        spent,
        median(lap.servers for lap in later),
        spent / pages * 1000,
        max(lap.peak_mb for lap in stand.laps),
        max(lap.servers_mb for lap in stand.laps),
    )


def _redesign(stands: "Sequence[Stand]") -> None:
    """One site in new mark-up from round 4 on: who cries, and who goes blind."""
    rows = []
    for stand in stands:
        mine = {leaf.url for leaf in stand.press.leaves if leaf.house.name == REDESIGNED}
        missed = [due for due in stand.score.missed if due.first == 5 and due.urls & mine]
        if len(stand.laps) > 5:
            rows.append((stand.monitor.name, stand.score.false["redesign"], len(EDITS) - len(missed), len(EDITS)))
    if rows:
        table(("new mark-up on one site", "false alarms", "later edits heard of", "of"), rows)


def _ours(stands: "Sequence[Stand]") -> None:
    own, *peers = stands
    for due in own.score.missed:
        say(f"  missed: {due.kind.value}, {own.press.leaves[due.page].template}, round {due.first}")
    for due, told in own.score.wrong:
        say(f"  told as {told[0].type}: {due.kind.value}, {own.press.leaves[due.page].template}, round {due.first}")
    for blame, count in own.score.false.most_common():
        of = sorted({f"{alarm.type} {alarm.url}" for cause, alarm in own.score.strays if cause == blame})[:4]
        say(f"  false, {blame}: {count}, such as {'; '.join(of)}")
    for kind, names in sorted(_miscalled(own)):
        say(f"  called {names or 'nothing'}: {kind}")
    goal("recall of all that was due, no selector written", 100 * own.score.recall, 100, at_least=True, unit=" %")
    goal("with the right type", 100 * own.score.typed, 100, at_least=True, unit=" %")
    goal("edits called what they are", 100 * _called(own), 100, at_least=True, unit=" %")
    goal("false alarms", own.score.false.total(), 0)
    goal("gb18030 pages exact", own.exact[0], sum(leaf.gbk for leaf in own.press.leaves), at_least=True)
    for peer in (peer for peer in peers if peer.monitor.name.startswith("urlwatch")):
        pairs = list(zip(own.laps[1:], peer.laps[1:], strict=True))
        goal(f"CPU a recheck × {peer.monitor.name}, of rounds", median(_ratio(*pair) for pair in pairs), _CHEAPEST)
        whole = median((mine.cpu + mine.servers) / theirs.cpu for mine, theirs in pairs)
        say(f"            with PostgreSQL's and SeaweedFS's CPU: {whole:.2f}")


def _ratio(mine: Lap, theirs: Lap) -> float:
    return mine.cpu / theirs.cpu


def _called(stand: "Stand") -> float:
    """The share of edits whose class ours names."""
    return 1 - len(_miscalled(stand)) / max(1, len(_edits(stand)))


def _miscalled(stand: "Stand") -> list[tuple[str, str]]:
    """Edits whose class is not among those told: its kind, and what was told."""
    told = {(alarm.round, alarm.url): alarm.classes for lap in stand.laps for alarm in lap.alarms}
    named = [
        (event, [name for url in _urls(stand, event.page) for name in told.get((event.round, url), ())])
        for event in _edits(stand)
    ]
    return [(event.kind.value, ", ".join(names)) for event, names in named if CLASSES[event.kind].value not in names]


def _edits(stand: "Stand") -> list[Event]:
    return [event for event in stand.plan.events if event.kind in CLASSES and event.round < len(stand.laps)]


def _urls(stand: "Stand", page: int) -> tuple[str, str]:
    leaf = stand.press.leaves[page]
    return leaf.url, leaf.first_url


def _numbers(stand: "Stand") -> dict[str, object]:
    score = stand.score
    return {
        "due": dict(score.due),
        "heard": dict(score.heard),
        "right": dict(score.right),
        "false": dict(score.false),
        "exact": stand.exact,
        "kept": stand.kept,
        "requests": stand.asked,
        "laps": [[lap.seconds, lap.cpu, lap.servers, lap.peak_mb, lap.servers_mb] for lap in stand.laps],
    }
