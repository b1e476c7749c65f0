"""An endpoint that is down for one round with many changes, and up in the rounds after it: ours, and monitors of
others, which are run before pages that change. Before it a burst with all well, whose messages count.

Ours is given its changes as the comparison of pages gives them: how it finds them is for `bench monitor`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from alerts.channels import Channels
from alerts.kinds import Via
from bench.alerting.desk import MINUTE, Desk, changes
from bench.alerting.endpoints import Endpoint, Hook, Postbox, Taken, marks
from bench.alerting.peers import PEERS, Pages, Peer, serving
from domain.clock import now

AFTER = 2


@dataclass(frozen=True, slots=True)
class Case:
    """Where messages go by, which of it is down, and where is looked. `back`: the pages are as before when the endpoint
    is up again."""

    name: str
    vias: tuple[Via, ...]
    down: Via
    looked: Via
    back: bool = False


CASES = (
    Case("e-mail down", (Via.EMAIL,), Via.EMAIL, Via.EMAIL),
    Case("webhook down", (Via.WEBHOOK,), Via.WEBHOOK, Via.WEBHOOK),
    Case("webhook down, pages then changed back", (Via.WEBHOOK,), Via.WEBHOOK, Via.WEBHOOK, back=True),
    Case("e-mail, beside a webhook that is down", (Via.EMAIL, Via.WEBHOOK), Via.WEBHOOK, Via.EMAIL),
)


class Monitor(Protocol):
    """Tells of pages."""

    def change(self) -> set[int]:
        """All pages change; gives the numbers that are to be told."""

    def revert(self) -> None:
        """All pages are as they were before they changed."""

    def round(self, *, well: bool) -> None:
        """Looks, and tells."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Of the burst of `size`: messages, and how many of its changes are in them. `told` are changes told of those found
    while the endpoint was down, after that round and each of the next; `twice` those told more than once."""

    name: str
    case: Case
    size: int
    messages: int = 0
    heard: int = 0
    told: list[int] = field(default_factory=list)
    twice: int = 0

    @property
    def lost(self) -> int:
        return self.size - self.told[-1]


class _Ours:
    """Rounds a minute apart, which are not waited for."""

    def __init__(self, desk: Desk, ways: Channels, size: int) -> None:
        self._desk, self._ways, self._size, self._moment = desk, ways, size, now()

    def change(self) -> set[int]:
        self._desk.put(changes(self._size), self._moment)
        return set(range(self._size))

    def revert(self) -> None:
        """The pages' next changes, which come while the former wait."""
        self._desk.put(changes(self._size, self._size), self._moment)

    def round(self, *, well: bool) -> None:
        del well
        self._desk.tell(self._ways, self._moment)
        self._moment += MINUTE
        self._desk.later()


class _Theirs:
    """A peer before its pages."""

    def __init__(self, peer: Peer, pages: Pages) -> None:
        self._peer, self._pages = peer, pages
        peer.prepare(pages)
        self.round(well=True)

    def change(self) -> set[int]:
        return self._pages.turn()

    def revert(self) -> None:
        self._pages.edition -= 1

    def round(self, *, well: bool) -> None:
        self._peer.round(well=well)


def outages(desk: Desk, python: Path | None, folder: Path, size: int) -> Iterator[Outage]:
    """Ours, and the peers where there is a `python` of theirs, with `size` changes each time. Raises TongjianError
    where a peer fails with all well."""
    for case in CASES:
        with _up(case) as endpoints:
            yield _measured(Outage("tongjian", case, size), endpoints, _ours(desk, endpoints, size))
            desk.clear()
        if python is None:
            continue
        for which in PEERS:
            with ExitStack() as stack:
                endpoints = stack.enter_context(_up(case))
                pages = stack.enter_context(serving(size))
                ports = {via: endpoint.port for via, endpoint in endpoints.items()}
                peer = Peer(which, python, folder / f"{which} {case.name}", ports)
                yield _measured(Outage(which, case, size), endpoints, _Theirs(peer, pages))


@contextmanager
def _up(case: Case) -> Iterator[dict[Via, Endpoint]]:
    endpoints: dict[Via, Endpoint] = {via: Postbox() if via is Via.EMAIL else Hook() for via in case.vias}
    for endpoint in endpoints.values():
        endpoint.start()
    try:
        yield endpoints
    finally:
        for endpoint in endpoints.values():
            endpoint.stop()


def _ours(desk: Desk, endpoints: Mapping[Via, Endpoint], size: int) -> _Ours:
    ways = desk.ways(smtp=endpoints[Via.EMAIL].port if Via.EMAIL in endpoints else 0)
    address: Mapping[Via, Callable[[int], str]] = {
        Via.EMAIL: lambda port: "desk@example.cn",
        Via.WEBHOOK: lambda port: f"http://127.0.0.1:{port}/hook",
    }
    desk.subscribe(*(desk.channel(ways, via, address[via](endpoint.port)) for via, endpoint in endpoints.items()))
    return _Ours(desk, ways, size)


def _measured(outage: Outage, endpoints: Mapping[Via, Endpoint], monitor: Monitor) -> Outage:
    case = outage.case
    looked, down = endpoints[case.looked], endpoints[case.down]
    looked.taken.clear()
    due = monitor.change()
    monitor.round(well=True)
    messages, heard = len(looked.taken), len(_heard(looked.taken) & due)
    looked.taken.clear()
    due = monitor.change()
    down.stop()
    monitor.round(well=False)
    told = [len(_heard(looked.taken) & due)]
    down.start()
    if case.back:
        monitor.revert()
    for _ in range(AFTER):
        monitor.round(well=True)
        told.append(len(_heard(looked.taken) & due))
    often = Counter(number for one in looked.taken for number in marks(one.text) & due)
    twice = sum(1 for times in often.values() if times > 1)
    return replace(outage, messages=messages, heard=heard, told=told, twice=twice)


def _heard(taken: list[Taken]) -> set[int]:
    return set().union(*(marks(one.text) for one in taken))
