"""alerts: what a burst of changes makes by each kind of channel; what an endpoint that is down for a round loses,
beside urlwatch and webchanges; how quickly changes are matched and messages delivered.

Ours is the code that `tongjian notify` runs, in a real PostgreSQL, with endpoints on loopback; the robots of DingTalk,
WeCom and Feishu are stand-ins over TLS. Every change has to be in some message: else the benchmark fails.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict

from bench import groups
from bench.alerting.burst import KINDS, Burst, burst
from bench.alerting.desk import desk
from bench.alerting.outage import Outage, outages
from bench.alerting.speed import Step, delivering, matching
from bench.places import temporary
from bench.results import goal, table

SIZES, QUICK = (45, 1_000), (20,)
CHANGES, MANY, FEW = 45, 1_000, 10


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts hundreds of messages and of subscriptions for the last table."""
    # An endpoint that is down is logged each time, and is what is measured.
    logging.getLogger("alerts").setLevel(logging.ERROR)
    many = FEW if quick else (rounds * 100 if rounds else MANY)
    python = None if quick else groups.interpreter("monitor-peers")
    with temporary() as state, desk(state) as opened:
        bursts = [burst(opened, via, size) for size in (QUICK if quick else SIZES) for via in KINDS]
        _show_bursts(bursts)
        lost = list(outages(opened, python, state / "peers", FEW if quick else CHANGES))
        _show_outages(lost)
        steps = delivering(opened, many, state)
        matched, notices = matching(opened, many)
        _show_steps([*steps, matched], notices)
    return {
        "bursts": [_of_burst(one) for one in bursts],
        "outages": [asdict(one) for one in lost],
        "steps": [asdict(step) for step in (*steps, matched)],
        "notices": notices,
    }


def _of_burst(one: Burst) -> dict[str, object]:
    sizes: dict[str, object] = {"largest": one.largest, "bytes": one.limits.bytes, "limit": one.limits.messages}
    made = {"via": one.via.value, "changes": one.changes, "minutes": one.minutes, "second": one.second}
    return sizes | made | {"cost": asdict(one.cost)}


def _show_bursts(bursts: Sequence[Burst]) -> None:
    head = ("changes at once", "messages", "most a minute", "limit", "minutes", "most a second", "largest, bytes",
            "limit", "of it", "s", "CPU ms a change", "PostgreSQL's")  # fmt: skip
    table(head, [_burst(one) for one in bursts])
    for one in bursts:
        if one.limits.messages:
            goal(f"{_called(one)}: messages in the fullest minute", max(one.minutes), one.limits.messages)
        if one.limits.bytes:
            goal(f"{_called(one)}: the largest message", one.largest, one.limits.bytes, unit=" bytes")


def _called(one: Burst) -> str:
    return f"{one.changes:,}, {one.via.value}"


def _burst(one: Burst) -> tuple[object, ...]:
    most, limit = one.limits.messages or "–", one.limits.bytes
    share = f"{one.largest / limit:.0%}" if limit else "–"
    spent = (1000 * one.cost.own / one.changes, 1000 * one.cost.database / one.changes)
    minutes = (one.messages, max(one.minutes), most, len(one.minutes), one.second)
    return (_called(one), *minutes, one.largest, limit or "–", share, one.cost.seconds, *spent)


def _show_outages(lost: Sequence[Outage]) -> None:
    size = lost[0].size
    head = (f"{size} changes, an endpoint down for a round", "messages with all well", f"of {size} in them",
            "told in that round", "a round later", "two later", "lost", "told twice")  # fmt: skip
    rows = [(f"{one.name}, {one.case.name}", one.messages, one.heard, *one.told, one.lost, one.twice) for one in lost]
    table(head, rows)
    for one in (one for one in lost if one.name == "tongjian"):
        goal(f"{one.case.name}: lost or told twice", one.lost + one.twice, 0)


def _show_steps(steps: Sequence[Step], notices: int) -> None:
    head = ("", "times", "a second", "ms", "CPU ms", "PostgreSQL's CPU ms", "× bare POST")
    bare = next(step for step in steps if "bare" in step.name)
    table(head, [_step(step, bare) for step in steps])
    table(("of the last", "notices", "a change"), [("put down", notices, notices / steps[-1].count)])


def _step(step: Step, bare: Step) -> tuple[object, ...]:
    each = (1000 * spent / step.count for spent in (step.cost.seconds, step.cost.own, step.cost.database))
    against = f"{step.cost.seconds / bare.cost.seconds:.1f}" if step.name == "messages delivered" else ""
    return (step.name, step.count, step.rate, *each, against)
