"""One summary a site: how much is held, how its pages stand, when it was last heard of."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from catalogue import rows, schema
from catalogue.connection import transaction
from domain.change import Status
from domain.clock import iso

_progress, _changes, _pages, _runs = (table.c for table in (schema.progress, schema.changes, schema.pages, schema.runs))


def sites(source: Engine) -> list[dict[str, Any]]:
    """By site: `pages`, `captures`, `changes`, `statuses` (a number each), `last_capture` (ISO, UTC) and
    `last_run` (a RunSummary as JSON); None where there is none yet."""
    with transaction(source) as connection:
        held = _by_site(connection.execute(_held))
        runs = _by_site(connection.execute(_last_runs))
        changes = _by_site(connection.execute(_changed))
        statuses = _statuses(connection)
    return [
        {
            "site": site,
            "pages": sum(statuses.get(site, {}).values()),
            "captures": held[site].number if site in held else 0,
            "changes": changes[site].number if site in changes else 0,
            "statuses": {status.value: 0 for status in Status} | statuses.get(site, {}),
            "last_capture": iso(held[site].last) if site in held and held[site].last else None,
            "last_run": rows.run(runs[site]._mapping).model_dump(mode="json") if site in runs else None,
        }
        for site in sorted(held.keys() | runs.keys())
    ]


_held = select(_progress.site, _progress.captures.label("number"), _progress.last_capture.label("last"))
_changed = select(_changes.site, func.count().label("number")).group_by(_changes.site)
_last_runs = (
    select(schema.runs).ext(distinct_on(_runs.site)).order_by(_runs.site, _runs.started.desc(), _runs.run.desc())
)


def _by_site(found: Iterable[Row[Any]]) -> dict[str, Row[Any]]:
    return {row.site: row for row in found}


def _statuses(connection: Connection) -> dict[str, dict[str, int]]:
    """How many pages of each status, by site."""
    wanted = select(_pages.site, _pages.status, func.count().label("number"))
    counted: dict[str, dict[str, int]] = {}
    for row in connection.execute(wanted.group_by(_pages.site, _pages.status)):
        counted.setdefault(row.site, {})[row.status] = row.number
    return counted
