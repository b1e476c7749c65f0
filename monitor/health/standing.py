"""How a site stands now: its runs, their absence, what is new, and what people said of it, put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.health import Arrivals, HealthOrder, RunNumbers, Sign, Standing, State
from monitor.health.arriving import quiet
from monitor.health.measures import measures
from monitor.health.orders import InForce, in_force
from monitor.health.signs import signs
from monitor.health.states import BAD, GOOD, Condition, Seen, condition, level, overdue
from monitor.health.usual import Usual

# So many runs tell how a site stands; those before them what is usual.
JUDGED = 8
_GRAVITY = (State.HEALTHY, State.QUIET, State.DEGRADED, State.BROKEN)
_MENDING = Sign(
    kind="mending",
    level="note",
    zh="最近一轮正常，再有一轮即恢复",
    en="the last run was good; one more and it is mended",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a site at `now`: its rhythm as it is kept, its runs of the last weeks and those that say what is
    usual (in any order), when a run last ended, what arrived, how it stood when last looked at, what people said."""

    site: str
    now: datetime
    every: timedelta
    runs: Sequence[RunNumbers] = ()
    earlier: Sequence[RunNumbers] = ()
    ended: datetime | None = None
    arrivals: Arrivals = field(default_factory=Arrivals)
    before: Standing | None = None
    orders: Sequence[HealthOrder] = ()


def standing(facts: Facts) -> Standing:
    """How the site stands. `since` stays what it was while the state does."""
    said = in_force(facts.orders, facts.now)
    usual = Usual(run for run in facts.earlier if said.usual_from is None or run.started >= said.usual_from)
    runs = latest(facts.runs)
    judged = _judged(runs, usual)
    where = condition(seen for seen, _ in judged)
    found = [*_shown(judged, where), *quiet(facts.arrivals, facts.now)]
    state, since = _state(facts, where, found)
    if facts.before and facts.before.beneath is state:
        since = min(facts.before.since, since)
    seen = measures(runs, usual, facts.arrivals, facts.now)
    return _said(facts, said, state, since, found).model_copy(update={"numbers": tuple(seen)})


def latest(runs: Iterable[RunNumbers]) -> list[RunNumbers]:
    """Those that say anything, the newest first."""
    return sorted((run for run in runs if run.says), key=lambda run: (run.started, run.run), reverse=True)


def _judged(runs: Sequence[RunNumbers], usual: Usual) -> list[tuple[Seen, tuple[Sign, ...]]]:
    """The last runs and their signs, in time order."""
    found = [(run, signs(run, runs[place + 1 :], usual)) for place, run in enumerate(runs[:JUDGED])]
    return [(Seen(run.started, run.run, level(odd)), odd) for run, odd in reversed(found)]


def _shown(judged: Sequence[tuple[Seen, tuple[Sign, ...]]], where: Condition) -> list[Sign]:
    """The last run's signs; of a site that is mending those of the last bad run."""
    if not judged:
        return []
    if where.state is State.HEALTHY or judged[-1][0].level != GOOD:
        return list(judged[-1][1])
    worst = BAD if where.state is State.BROKEN else GOOD + 1
    last = next((odd for seen, odd in reversed(judged) if seen.level >= worst), ())
    return [*last, _MENDING]


def _state(facts: Facts, where: Condition, found: list[Sign]) -> tuple[State, datetime]:
    """The gravest of what the runs, their absence and the arrivals say; a sign of absence is put to the others."""
    state, since = where.state, where.since or facts.now
    late = overdue(facts.ended, facts.every, facts.now, facts.before.checked if facts.before else None)
    if late:
        found.insert(0, late[1])
        if _GRAVITY.index(late[0]) > _GRAVITY.index(state):
            state, since = late[0], facts.ended or facts.now
    gap = next((sign for sign in found if sign.kind in ("gap", "fewer")), None)
    if state is State.HEALTHY and gap:
        since = facts.arrivals.last or since
        odd = any(sign.level != "note" for sign in found)
        state = State.DEGRADED if gap.level == "warning" else State.HEALTHY if odd else State.QUIET
    return state, since


def _said(facts: Facts, said: InForce, state: State, since: datetime, found: Sequence[Sign]) -> Standing:
    known = said.acknowledged if said.acknowledged and said.acknowledged.at >= since else None
    return Standing(
        site=facts.site,
        state=State.SILENCED if said.silence else state,
        beneath=state,
        since=since,
        checked=facts.now,
        signs=tuple(found),
        silence=said.silence,
        acknowledged=known if state not in (State.HEALTHY, State.QUIET) else None,
    )
