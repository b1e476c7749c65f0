"""What a site's runs counted, and when its articles came: all that its health is told from."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH

from catalogue import schema
from catalogue.connection import transaction
from domain.health import Arrivals, RunNumbers

_runs, _tallies, _pages = schema.runs.c, schema.tallies.c, schema.pages.c
_DAY = timedelta(days=1)
# Issues of a run that are no error stay out.
_FAULTS = '$.issues[*] ? (@.level == "error").kind'


def numbers(
    source: Engine, site: str, since: datetime, until: datetime | None = None, limit: int | None = None
) -> tuple[RunNumbers, ...]:
    """A site's runs that began from `since` on (and before `until`), the newest first, at most `limit` of them. Runs
    that were killed are among them, without what only a run's end says."""
    with transaction(source) as connection:
        ended = {row.run: row for row in connection.execute(_ended(site, since, until, limit))}
        counted = {row.run: row for row in connection.execute(_counted(site, since, until, limit))}
    found = [_numbers(run, ended.get(run), counted.get(run)) for run in ended.keys() | counted.keys()]
    return tuple(sorted(found, key=lambda one: (one.started, one.run), reverse=True)[:limit])


def _ended(site: str, since: datetime, until: datetime | None, limit: int | None) -> Any:
    said = _runs.summary
    faults = func.jsonb_path_query_array(said, cast(_FAULTS, JSONPATH), type_=JSONB).label("faults")
    named = (said[name].label(name) for name in ("lists", "links", "skipped", "reason"))
    wanted = select(_runs.run, _runs.started, _runs.finished, *named, faults)
    wanted = wanted.where(_runs.site == site, _runs.started >= since)
    wanted = wanted.where(_runs.started < until) if until else wanted
    return wanted.order_by(_runs.started.desc(), _runs.run.desc()).limit(limit)


def _counted(site: str, since: datetime, until: datetime | None, limit: int | None) -> Any:
    wanted = select(_tallies.run, _tallies.at, _tallies.counts).where(_tallies.site == site, _tallies.at >= since)
    wanted = wanted.where(_tallies.at < until) if until else wanted
    return wanted.order_by(_tallies.at.desc(), _tallies.run.desc()).limit(limit)


def _numbers(run: str, ended: Any, counted: Any) -> RunNumbers:
    counts = counted.counts if counted else {}
    if ended is None:
        return RunNumbers(run, counted.at, counts=counts)
    return RunNumbers(
        run,
        ended.started,
        ended.finished,
        ended.reason or "",
        ended.lists or {},
        ended.links,
        ended.skipped or 0,
        tuple(sorted(ended.faults)),
        counts,
    )


def ended(source: Engine, sites: Sequence[str]) -> dict[str, datetime]:
    """When a run of each site last ended, UTC; nothing of those of which none has."""
    names = select(func.unnest(cast(list(sites), ARRAY(Text))).label("site")).subquery()
    last = select(_runs.finished).where(_runs.site == names.c.site).order_by(_runs.started.desc(), _runs.run.desc())
    wanted = select(names.c.site, last.limit(1).scalar_subquery().label("finished"))
    with transaction(source) as connection:
        return {row.site: row.finished for row in connection.execute(wanted) if row.finished}


def arrivals(source: Engine, site: str, now: datetime, spans: int) -> Arrivals:
    """The site's new articles in so many spans of 24 hours before `now`."""
    since = now - spans * _DAY
    with transaction(source) as connection:
        span = _span(_pages.first_seen, now)
        among = (_pages.site == site) & (_pages.versions > 0) & (_pages.first_seen <= now)
        came = dict(
            _pairs(connection, select(span, func.count()).where(among, _pages.first_seen > since).group_by(span))
        )
        span = _span(_tallies.at, now)
        runs = select(span, func.count()).where(_tallies.site == site, _tallies.at > since, _tallies.at <= now)
        watched = frozenset(number for number, _ in _pairs(connection, runs.group_by(span)))
        last = connection.scalar(select(func.max(_pages.first_seen)).where(among))
    return Arrivals(days=tuple(came.get(span, 0) for span in range(spans)), watched=watched, last=last)


def _pairs(connection: Any, wanted: Any) -> list[tuple[int, int]]:
    return [(int(span), int(number)) for span, number in connection.execute(wanted)]


def _span(column: Any, now: datetime) -> Any:
    return func.floor(func.extract("epoch", now - column) / _DAY.total_seconds())
