"""plan: pages checked by the recheck plan, and by fixed ladders, on made-up histories at equal requests."""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.plan_histories import DAYS, SITES, Made, site
from bench.results import goal, table
from domain.resting import LADDER, LATE, WORTH, is_tried, rate, rung, wait
from domain.tempo import BANDS, Tally, Tempo, phase, spread
from monitor.plan import Manner, manner

_RUN = 1 / 48
_DAY = 86400.0
_FIRST = 10.0
"""Days at the begin that are not counted: every policy learns or settles in them."""


@dataclass(slots=True)
class Watched:
    """A page as a policy has followed it so far. Times in days."""

    made: Made
    checked: float
    kept: int
    tally: Tally = field(default_factory=Tally)
    tempo: Tempo = field(default_factory=Tempo)

    def age(self, now: float) -> float:
        return now - self.made.born


@dataclass(slots=True)
class Score:
    """Sums over what was measured; times in days."""

    requests: int = 0
    nothing_new: int = 0
    time: float = 0.0
    behind: float = 0.0
    edits: int = 0
    missed: int = 0
    late: list[float] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("requests", "nothing_new", "time", "behind", "edits", "missed", "late", "gone"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def row(self) -> tuple[object, ...]:
        late, gone = _mean(self.late), _mean(self.gone)
        fresh, missed = 100 * (1 - self.behind / self.time), 100 * self.missed / max(self.edits, 1)
        return self.requests, 100 * self.nothing_new / max(self.requests, 1), fresh, missed, late * 24, gone, self.loss

    @property
    def loss(self) -> float:
        """What the plan minimises, in states lost a page and year."""
        late = LATE.total_seconds() / _DAY
        return (self.missed + self.behind / late) / (self.time / 365)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


class Policy:
    """When a page is checked next; `factor` stretches all its intervals."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def rest(self, page: Watched, now: float) -> float:
        """Days until the next check."""
        raise NotImplementedError

    def learn(self, page: Watched, before: Tempo) -> None:
        """Hears of every check."""


class Uniform(Policy):
    def rest(self, page: Watched, now: float) -> float:
        return self.factor


class Ladder(Policy):
    """Ours of before: NewsDiffs' rungs, and every 30 days for ever."""

    def rest(self, page: Watched, now: float) -> float:
        return self.factor * rung(LADDER, page.age(now) * _DAY) / _DAY


class NewsDiffs(Ladder):
    """Its own: a page older than 360 days is not looked at again."""

    def rest(self, page: Watched, now: float) -> float:
        return super().rest(page, now) if page.age(now) <= 360 else math.inf


class Plan(Ladder):
    """monitor.plan: its functions with its constants but WORTH, which `factor` scales."""

    def __init__(self, factor: float) -> None:
        super().__init__(1.0)
        self.worth = WORTH * factor
        self._found, self._watched = [0] * BANDS, [0] * BANDS
        self._manner, self._news = Manner(), 0

    def rest(self, page: Watched, now: float) -> float:
        expected = rate(page.tempo, page.age(now) * _DAY, self._manner.rates)
        rest = wait(expected, worth=self.worth)
        return rest if is_tried(page.tempo, page.age(now) * _DAY) else min(rest, super().rest(page, now))

    def learn(self, page: Watched, before: Tempo) -> None:
        for band in range(BANDS):
            self._found[band] += page.tempo.found[band] - before.found[band]
            self._watched[band] += page.tempo.watched[band] - before.watched[band]
        self._news += 1
        if self._news % 500 == 0:
            self._manner = manner(self._found, self._watched)


def follow(pages: Sequence[Made], policy: Policy) -> Score:
    """One site under one policy. What happens between two runs is seen by the later one."""
    score = Score()
    waiting: list[tuple[float, int, Watched]] = []
    for number, made in enumerate(pages):
        begun = _grid(max(made.born, 0.0))
        if begun < min(DAYS, made.removed):
            watched = Watched(made, begun, _state(made, begun))
            heapq.heappush(waiting, (_next(policy, watched, begun), number, watched))
    while waiting and waiting[0][0] < DAYS:
        now, number, page = heapq.heappop(waiting)
        if _check(page, now, policy, score):
            heapq.heappush(waiting, (_next(policy, page, now), number, page))
    for _, _, page in waiting:
        _account(page, DAYS, score)
    return score


def _grid(at: float) -> float:
    return math.ceil(at / _RUN - 1e-9) * _RUN


def _next(policy: Policy, page: Watched, now: float) -> float:
    rest = policy.rest(page, now) / spread(phase(page.made.key))
    return max(_grid(now + rest), now + _RUN) if rest < math.inf else math.inf


def _state(page: Made, at: float) -> int:
    return sum(edit <= at for edit in page.edits)


def _check(page: Watched, now: float, policy: Policy, score: Score) -> bool:
    """Fetches a page; false where it is gone."""
    counted = now > _FIRST
    _account(page, now, score)
    score.requests += counted
    held, removed = _state(page.made, now), page.made.removed <= now
    before, start = page.tempo, page.age(page.checked) * _DAY
    if held > page.kept or removed:
        page.tally.changed(start, page.age(now) * _DAY)
    else:
        page.tally.quiet(start, page.age(now) * _DAY)
        score.nothing_new += counted
    page.tempo, page.kept, page.checked = page.tally.tempo(), held, now
    policy.learn(page, before)
    return not removed


def _account(page: Watched, now: float, score: Score) -> None:
    """What the time since the last check was worth: of the edits in it all but the last are lost, the last is late;
    the archive was behind from the first on."""
    removed = page.made.removed
    events = [at for at in (*page.made.edits[page.kept :], removed) if page.checked < at <= now]
    start = max(page.checked, _FIRST)
    score.time += max(now - start, 0.0)
    counted = [at for at in events if at > _FIRST]
    if events:
        score.behind += max(now - max(events[0], _FIRST), 0.0)
    edits = [at for at in counted if at != removed]
    lost = edits[:-1] if not counted or counted[-1] != removed else edits
    score.edits += len(edits)
    score.missed += len(lost)
    score.late += [now - at for at in edits[len(lost) :]]
    score.gone += [now - removed] if removed in counted else []


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts seeds. All policies are stretched until they make as many requests as the ladder does."""
    seeds, scale = rounds or 1, 0.1 if quick else 1.0
    made = [site(name, seed, scale) for name in SITES for seed in range(seeds)]
    table(("site", "pages", "edits", "removed"), _described(made))
    results = {}
    for name, stretched in (("the ladder's requests", 1.0), ("a quarter of them", 4.0)):
        results[name] = _compared(name, made, stretched)
    return {"pages": sum(map(len, made)), "results": results}


def _described(made: Sequence[Sequence[Made]]) -> Iterator[tuple[object, ...]]:
    for name, pages in zip(SITES, made, strict=False):
        yield name, len(pages), sum(len(page.edits) for page in pages), sum(page.removed < DAYS for page in pages)


_HEAD = ("requests", "304 %", "fresh %", "missed %", "edit late h", "removal late d", "loss")


def _compared(name: str, made: Sequence[Sequence[Made]], stretched: float) -> dict[str, object]:
    ladder = [follow(pages, Ladder(stretched)) for pages in made]
    scores = {"ladder, as before": _sum(ladder)}
    for title, policy in (("NewsDiffs'", NewsDiffs), ("every page alike", Uniform), ("the plan", Plan)):
        scores[title] = _sum([_equal(pages, policy, held.requests) for pages, held in zip(made, ladder, strict=True)])
    table((f"{name}:", *_HEAD), [(title, *score.row) for title, score in scores.items()])
    ours, best = scores["the plan"], min(score.loss for title, score in scores.items() if title != "the plan")
    goal("loss beside the best of the others", ours.loss / best, 0.8)
    return {title: score.row for title, score in scores.items()}


def _sum(scores: Sequence[Score]) -> Score:
    whole = Score()
    for score in scores:
        whole.add(score)
    return whole


def _equal(pages: Sequence[Made], policy: type[Policy], requests: int) -> Score:
    """The policy at that many requests, to 2 %: the factor is found by regula falsi on logarithms."""
    low, high = math.log(1e-3), math.log(1e3)
    above, below = 6.0, -6.0
    for _ in range(14):
        factor = low + (high - low) * above / (above - below)
        score = follow(pages, policy(math.exp(factor)))
        off = math.log(max(score.requests, 1) / requests)
        if abs(off) < 0.02:
            break
        low, above, high, below = (factor, off, high, below) if off > 0 else (low, above, factor, off)
    return score
