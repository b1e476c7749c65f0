"""An endpoint that is down for one round with 45 changes, and up in the rounds after it: ours, and monitors of others,
which are run before pages that change. Before it a burst with all well, whose messages count.

Ours is given its changes as the comparison of pages gives them: how it finds them is for `bench monitor`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from alerts import Channels, Via
from bench.alerting.desk import MINUTE, Desk, changes
from bench.alerting.endpoints import Endpoint, Hook, Postbox, Taken, marks
from bench.alerting.peers import PEERS, Pages, Peer, serving
from domain.clock import now

CHANGES, AFTER = 45, 2


@dataclass(frozen=True, slots=True)
class Case:
    """Where messages go by, which of it is down, and where is looked."""

    name: str
    vias: tuple[Via, ...]
    down: Via
    looked: Via


CASES = (
    Case("e-mail down", (Via.EMAIL,), Via.EMAIL, Via.EMAIL),
    Case("webhook down", (Via.WEBHOOK,), Via.WEBHOOK, Via.WEBHOOK),
    Case("e-mail, beside a webhook that is down", (Via.EMAIL, Via.WEBHOOK), Via.WEBHOOK, Via.EMAIL),
)


class Monitor(Protocol):
    """Tells of pages."""

    def change(self) -> set[int]:
        """All pages change; gives the numbers that are to be told."""

    def round(self, *, well: bool) -> None:
        """Looks, and tells."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Of the burst: messages, and how many of its changes are in them. `told` are changes told of those found while
    the endpoint was down, after that round and each of the next; `twice` those told more than once."""

    name: str
    case: Case
    messages: int
    heard: int
    told: list[int]
    twice: int

    @property
    def lost(self) -> int:
        return CHANGES - self.told[-1]


class _Ours:
    """Rounds a minute apart, which are not waited for."""

    def __init__(self, desk: Desk, ways: Channels) -> None:
        self._desk, self._ways, self._moment = desk, ways, now()

    def change(self) -> set[int]:
        self._desk.put(changes(CHANGES), self._moment)
        return set(range(CHANGES))

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

    def round(self, *, well: bool) -> None:
        self._peer.round(well=well)


def outages(desk: Desk, python: Path | None, folder: Path) -> Iterator[Outage]:
    """Ours, and the peers where there is a `python` of theirs. Raises TongjianError where a peer fails with all well."""
    for case in CASES:
        with _up(case) as endpoints:
            yield _measured("tongjian", case, endpoints, _ours(desk, endpoints))
            desk.clear()
        for which in PEERS if python else ():
            with ExitStack() as stack:
                endpoints = stack.enter_context(_up(case))
                pages = stack.enter_context(serving(CHANGES))
                ports = {via: endpoint.port for via, endpoint in endpoints.items()}
                peer = Peer(which, python, folder / f"{which} {case.name}", ports)
                yield _measured(which, case, endpoints, _Theirs(peer, pages))


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


def _ours(desk: Desk, endpoints: Mapping[Via, Endpoint]) -> _Ours:
    ways = desk.ways(smtp=endpoints[Via.EMAIL].port if Via.EMAIL in endpoints else 0)
    address: Mapping[Via, Callable[[int], str]] = {
        Via.EMAIL: lambda port: "desk@example.cn",
        Via.WEBHOOK: lambda port: f"http://127.0.0.1:{port}/hook",
    }
    desk.subscribe(*(desk.channel(ways, via, address[via](endpoint.port)) for via, endpoint in endpoints.items()))
    return _Ours(desk, ways)


def _measured(name: str, case: Case, endpoints: Mapping[Via, Endpoint], monitor: Monitor) -> Outage:
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
    for _ in range(AFTER):
        monitor.round(well=True)
        told.append(len(_heard(looked.taken) & due))
    often = Counter(number for one in looked.taken for number in marks(one.text) & due)
    return Outage(name, case, messages, heard, told, sum(1 for times in often.values() if times > 1))


def _heard(taken: list[Taken]) -> set[int]:
    return set().union(*(marks(one.text) for one in taken))
