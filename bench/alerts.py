"""alerts: what a burst of changes makes by each kind of channel, what an endpoint that is down for a round loses, beside
urlwatch and webchanges, and how quickly changes are matched and delivered.
"""

from bench.alerting.burst import KINDS, Burst, burst
from bench.alerting.desk import desk
from bench.places import temporary
from bench.results import table

SIZES, QUICK = (45, 1_000), (45, 100)


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    del rounds
    with temporary() as state, desk(state) as opened:
        bursts = [burst(opened, via, size) for size in (QUICK if quick else SIZES) for via in KINDS]
        _show(bursts)
    return {}


def _show(bursts: list[Burst]) -> None:
    for made in bursts:
        print(made)
