"""monitor: what monitors notice and what they cry over, on one paper of 200 pages and six rounds, and what that costs.

Ours has site files without a selector. urlwatch, webchanges and changedetection.io are watched as they come and with
selectors written by hand for each template. Each asks for every page once a round.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench import groups
from bench.monitoring import board
from bench.monitoring.changedetection import changedetection
from bench.monitoring.face import Lap, Monitor, Post
from bench.monitoring.ours import ours
from bench.monitoring.watchers import watcher
from bench.paper.press import Press
from bench.paper.schedule import ROUNDS, Schedule, schedule
from bench.paper.scoring import Score, score
from bench.paper.serving import serving
from bench.paper.truth import truth
from bench.places import temporary
from bench.saying import say
from domain.errors import TongjianError

PAGES, LARGE, QUICK = 200, 2000, 200
_LARGE_ROUNDS = 3
Open = Callable[[Post], AbstractContextManager[Monitor]]


@dataclass(slots=True)
class Stand:
    """One monitor before its own copy of the paper. `exact` counts pages whose text it holds as written, after the
    first round: of those in gb18030, and of the others."""

    monitor: Monitor
    press: Press
    plan: Schedule
    laps: list[Lap] = field(default_factory=list)
    exact: tuple[int, int] = (0, 0)
    kept: int = 0
    score: Score = field(default_factory=Score)

    @property
    def asked(self) -> int:
        return self.press.asked.total()


def run(*, rounds: int | None, quick: bool, large: bool = False) -> dict[str, object]:
    """All monitors, round by round in turn; `large`: 2,000 pages too, three rounds, tuned peers alone."""
    del rounds
    python = None if quick else groups.interpreter("monitor-peers")
    numbers: dict[str, object] = {"small": _watch(QUICK if quick else PAGES, ROUNDS, _kinds(python))}
    if large:
        numbers["large"] = _watch(LARGE, _LARGE_ROUNDS, _kinds(python, default=False))
    return numbers


def _kinds(python: Path | None, *, default: bool = True) -> list[tuple[str, Open, bool]]:
    """Each monitor's name, how it is opened, whether it is tuned."""
    kinds: list[tuple[str, Open, bool]] = [("tongjian", ours, False)]
    if python is None:
        return kinds
    peers: dict[str, Open] = {which: partial(watcher, which, python) for which in ("urlwatch", "webchanges")}
    peers["changedetection.io"] = partial(changedetection, python)
    return kinds + [(name, peer, tuned) for name, peer in peers.items() for tuned in (False, True) if tuned or default]


def _watch(pages: int, rounds: int, kinds: list[tuple[str, Open, bool]]) -> dict[str, object]:
    say(f"  {pages} pages, {pages * 2 // 5} of them gb18030 that says gb2312 in its meta alone; {rounds} rounds")
    with temporary() as folder, ExitStack() as stack:
        stands = list(_open(stack, folder, pages, kinds))
        for round_ in range(rounds):
            for stand in list(stands):
                _turn(stand, round_, stands)
            heard = (f"{stand.monitor.name} {len(stand.laps[-1].alarms)}" for stand in stands)
            say(f"  round {round_}, alarms: {'; '.join(heard)}")
        for stand in stands:
            told = [alarm for lap in stand.laps for alarm in lap.alarms]
            stand.score = score(truth(stand.press, stand.plan, rounds), told)
            stand.kept = stand.monitor.kept()
    return board.show(stands, pages)


def _open(stack: ExitStack, folder: Path, pages: int, kinds: list[tuple[str, Open, bool]]) -> Iterator[Stand]:
    """A monitor that cannot be started is left out, and why is said."""
    for number, (name, opened, tuned) in enumerate(kinds):
        place = folder / str(number)
        place.mkdir()
        press = Press(pages)
        port = stack.enter_context(serving(press))
        try:
            monitor = stack.enter_context(opened(Post(port, press.leaves, place, tuned)))
        except TongjianError as error:
            say(f"  {name}: left out: {error}")
            continue
        yield Stand(monitor, press, schedule(press))


def _turn(stand: Stand, round_: int, stands: list[Stand]) -> None:
    stand.press.turn(round_, stand.plan.of(round_), stand.plan.weather(round_))
    try:
        stand.laps.append(stand.monitor.lap(round_))
    except TongjianError as error:
        if stand.monitor.name == "tongjian":
            raise
        say(f"  {stand.monitor.name}: left out in round {round_}: {error}")
        stands.remove(stand)
        return
    if round_ == 0:
        stand.exact = _exact(stand)


def _exact(stand: Stand) -> tuple[int, int]:
    held = "\n".join(stand.monitor.texts())
    found = [leaf for leaf in stand.press.leaves if all(line in held for line in leaf.article.paragraphs)]
    return sum(leaf.gbk for leaf in found), sum(not leaf.gbk for leaf in found)
