"""How the sites stand: what the catalogue counted and what people said, judged, put down, and told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sites as site_files
from alerts import health as telling
from alerts import unwell
from alerts.upgrading import upgrade
from catalogue import tallies
from domain.capture import Issue
from domain.clock import planning_now
from domain.health import HealthOrder, RunNumbers, Standing, State
from domain.site import Site
from monitor.health import JUDGED, SPANS, Facts, in_force, latest, overdue, standing
from pipeline.house import House
from storage.caring import orders, put_order

WEEKS = timedelta(weeks=6)
# What goes on for so long, and breaks nothing, is the usual from then on.
_SETTLED = timedelta(weeks=4)
_SHORTEST = timedelta(seconds=10)


def watch(house: House, sites: Sequence[Site]) -> tuple[list[Standing], int]:
    """Looks at sites, puts down how they stand and what is to be told of it; gives both: how they stand, in the
    order of `sites`, and how many deliveries were made. Raises CatalogueError, EndpointDown."""
    engine = house.catalogue.engine
    upgrade(engine)
    before, said = unwell.standings(engine), _orders(house)
    now = planning_now()
    found = [standing(_facts(house, site, now, before.get(site.name), said[site.name])) for site in sites]
    return found, telling.put(engine, found, {site.name: site.title for site in sites}, house.settings.web, now)


def order(house: House, said: HealthOrder) -> None:
    """Keeps what somebody said of a site's health."""
    put_order(house.bucket, said)


def shown(house: House) -> dict[str, Standing]:
    """How each site that has a file stood when last looked at, with what has become of its runs since: where none ends
    any more, that is said even if nobody looks."""
    engine = house.catalogue.engine
    upgrade(engine)
    now, known = planning_now(), site_files.load()
    found = {name: one for name, one in unwell.standings(engine).items() if name in known}
    ended = tallies.ended(house.catalogue.engine, list(found))
    return {name: _since_then(one, ended.get(name), _every(house, known[name]), now) for name, one in found.items()}


def _since_then(before: Standing, ended: datetime | None, every: timedelta, now: datetime) -> Standing:
    if before.silence and before.silence.until and before.silence.until <= now:
        before = before.model_copy(update={"state": before.beneath, "silence": None})
    if before.stale:
        return before
    late = overdue(ended, every, now, None)
    if late is None:
        return before
    state = late[0] if before.beneath is not State.BROKEN else before.beneath
    shown_as = before.state if before.silence else state
    return before.model_copy(update={"beneath": state, "state": shown_as, "signs": (late[1], *before.signs)})


def issues(found: Standing) -> tuple[Issue, ...]:
    """What a run's check says of it: an error where the site is broken, a warning where it is degraded. That runs are
    late is no fault of the one that has just ended."""
    odd = [sign for sign in found.why if sign.level != "note" and sign.kind not in ("stale", "never")]
    if found.state not in (State.BROKEN, State.DEGRADED) or not odd:
        return ()
    broken = found.state is State.BROKEN and any(sign.level == "error" for sign in odd)
    message = f"{found.state.chinese} {found.state}: " + "; ".join(f"{sign.zh} ({sign.en})" for sign in odd)
    level = "error" if broken else "warning"
    return (Issue(kind="health", site=found.site, message=message, at=found.checked, level=level),)


def _orders(house: House) -> defaultdict[str, list[HealthOrder]]:
    found: defaultdict[str, list[HealthOrder]] = defaultdict(list)
    for one in orders(house.bucket):
        found[one.site].append(one)
    return found


def _facts(house: House, site: Site, now: datetime, before: Standing | None, said: list[HealthOrder]) -> Facts:
    engine = house.catalogue.engine
    runs = tallies.numbers(engine, site.name, now - WEEKS)
    return Facts(
        site=site.name,
        now=now,
        every=_every(house, site),
        runs=runs,
        earlier=_earlier(house, site, runs, now, before, in_force(said, now).usual_from),
        ended=tallies.ended(engine, [site.name]).get(site.name),
        arrivals=tallies.arrivals(engine, site.name, now, SPANS),
        before=before,
        orders=said,
    )


def _every(house: House, site: Site) -> timedelta:
    """The site's rhythm as the DAGs keep it."""
    return max(site.every / house.settings.pace, _SHORTEST)


def _earlier(
    house: House,
    site: Site,
    runs: Sequence[RunNumbers],
    now: datetime,
    before: Standing | None,
    usual_from: datetime | None,
) -> Sequence[RunNumbers]:
    """The runs that say what is usual: of a site that is not well those before it fell ill, or the illness would
    become its habit."""
    ill = before is not None and before.beneath in (State.BROKEN, State.DEGRADED)
    if not ill or before is None or (usual_from and usual_from > before.since):
        return latest(runs)[JUDGED:]
    if before.beneath is State.DEGRADED and now - before.since > _SETTLED:
        return latest(runs)[JUDGED:]
    return tallies.numbers(house.catalogue.engine, site.name, before.since - WEEKS, before.since)
