"""One summary a site: how much is held, how its pages stand, when it was last heard of."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, select, true

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.values import within
from domain.change import Status
from domain.clock import iso

_progress, _pages, _runs = (table.c for table in (schema.progress, schema.pages, schema.runs))


def sites(source: Engine) -> list[dict[str, Any]]:
    """By site: `pages`, `captures`, `changes`, `statuses` (a number each), `last_capture` (ISO, UTC) and
    `last_run` (a RunSummary as JSON); None where there is none yet."""
    with transaction(source) as connection:
        held = {row.site: row for row in connection.execute(_held)}
        runs = {row.site: rows.run(row._mapping) for row in connection.execute(_LAST_RUNS)}
    return [_site(site, held.get(site), runs.get(site)) for site in sorted(held.keys() | runs.keys())]


def _site(site: str, held: Any, run: Any) -> dict[str, Any]:
    statuses = held.statuses if held else {}
    return {
        "site": site,
        "pages": sum(statuses.values()),
        "captures": held.captures if held else 0,
        "changes": held.changes if held else 0,
        "statuses": {status.value: 0 for status in Status} | statuses,
        "last_capture": iso(held.last_capture) if held and held.last_capture else None,
        "last_run": run.model_dump(mode="json") if run else None,
    }


_held = select(_progress.site, _progress.captures, _progress.changes, _progress.statuses, _progress.last_capture)


def _last_runs() -> Any:
    """The last run of each site, by a few steps in the index: from one site to the next, not over all runs."""
    first = select(func.min(_runs.site).label("site")).cte("names", recursive=True)
    following = select(func.min(_runs.site)).where(_runs.site > first.c.site).scalar_subquery()
    names = first.union_all(select(following).where(first.c.site.is_not(None)))
    newest = (
        select(schema.runs)
        .where(_runs.site == names.c.site)
        .order_by(_runs.started.desc(), _runs.run.desc())
        .limit(1)
        .lateral("newest")
    )
    return select(newest).select_from(names).join(newest, true())


_LAST_RUNS = _last_runs()


def standing(connection: Connection, site: str, keys: Sequence[str], now: Sequence[Status]) -> dict[str, int]:
    """How a site's pages stand by status when the pages `keys` have the statuses `now`, in the place of those that
    are put down."""
    held = Counter(connection.scalar(select(_progress.statuses).where(_progress.site == site)) or {})
    before = select(_pages.status).where(_pages.site == site, within(_pages.urlkey, keys))
    held.subtract(connection.scalars(before).all())
    held.update(status.value for status in now)
    return {status: number for status, number in sorted(held.items()) if number}
