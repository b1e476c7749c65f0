"""Alarms against the truth: recall, right types and false alarms, by class."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.paper.truth import Due, Truth


@dataclass(frozen=True, slots=True)
class Alarm:
    """A monitor's word on an address in a round; `type` as it calls it, in our words (edited, removed, error …).

    `classes` are finer names it gives an edit, if any."""

    round: int
    url: str
    type: str
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class Score:
    """`due`, `heard`, `right` by kind of event: how many were due, were heard of, and that with the right type. `false`
    by what was to blame. `missed`, `wrong` and `strays` name them."""

    due: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: list[Due] = field(default_factory=list)
    wrong: list[tuple[Due, tuple[Alarm, ...]]] = field(default_factory=list)
    strays: list[tuple[str, Alarm]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.heard.total() / max(1, self.due.total())

    @property
    def typed(self) -> float:
        """The share of what was due that was told with its right type."""
        return self.right.total() / max(1, self.due.total())


def score(truth: Truth, alarms: Iterable[Alarm]) -> Score:
    """Alarms of the first round are no one's fault. An alarm of a page in the window of what was due there is a hit;
    every further one is false, and so is every other alarm."""
    by_page: dict[int, list[Alarm]] = defaultdict(list)
    strangers = []
    for alarm in alarms:
        if alarm.round == 0:
            continue
        page = truth.pages.get(alarm.url)
        if page is None:
            strangers.append(alarm)
        else:
            by_page[page].append(alarm)
    made = Score()
    dues: dict[int, list[Due]] = defaultdict(list)
    for due in truth.due:
        dues[due.page].append(due)
    for page in truth.blame:
        _page(made, truth, page, dues[page], by_page[page])
    for alarm in strangers:
        made.false["an address of no page"] += 1
        made.strays.append(("an address of no page", alarm))
    return made


def _page(made: Score, truth: Truth, page: int, dues: list[Due], alarms: list[Alarm]) -> None:
    """The due with the shortest window takes its hits first; a right type is taken before any other."""
    left = list(alarms)
    for due in sorted(dues, key=lambda item: item.last - item.first):
        made.due[due.kind.value] += 1
        fitting = [alarm for alarm in left if alarm.url in due.urls and due.first <= alarm.round <= due.last]
        hit = next((alarm for alarm in fitting if alarm.type == due.type), fitting[0] if fitting else None)
        if hit is None:
            made.missed.append(due)
            continue
        left.remove(hit)
        made.heard[due.kind.value] += 1
        if hit.type == due.type:
            made.right[due.kind.value] += 1
        else:
            made.wrong.append((due, (hit,)))
    for alarm in left:
        blame = truth.blame[page][alarm.round]
        made.false[blame] += 1
        made.strays.append((blame, alarm))
