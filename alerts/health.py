"""How sites stand, and who is told when one breaks and when it mends: once each, never once a run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert

from alerts import outbox, schema
from alerts.kinds import HEALTH, Payload
from alerts.listening import Listener
from alerts.query import Document
from catalogue.connection import transaction
from domain.clock import iso, shown
from domain.health import Standing, State

_table, _columns = schema.site_health, schema.site_health.c


def put(source: Engine, found: Sequence[Standing], titles: Mapping[str, str], web: str, due: datetime) -> int:
    """Puts down how sites stand and, in the same transaction, what is to be told of it; gives how many notices.

    Told is that a site is broken, and that one of which that was told is not broken any more. `titles` are sites'
    names for people. What was looked at before what is there is left out. Raises CatalogueError.
    """
    with transaction(source) as connection:
        heard = outbox.attend(connection)
        count = 0
        for standing in sorted(found, key=lambda one: one.site):
            turned = _put(connection, standing)
            hearing = heard.hearing(_document(standing)) if turned else []
            if turned and hearing:
                said = payload(standing, turned, titles.get(standing.site, standing.site), web)
                count += _tell(connection, standing, said, hearing, due)
        return count


def _document(standing: Standing) -> Document:
    """What queries are held against: a query must ask for `type:health`, and may name sites."""
    return Document(site=standing.site, type=HEALTH)


def _tell(connection: Connection, standing: Standing, said: Payload, hearing: Sequence[Listener], due: datetime) -> int:
    key = said["id"]
    row = {"change_id": key, "at": due, "site": standing.site, "urlkey": HEALTH, "type": HEALTH}
    values = row | {"change_at": standing.checked, "matter": key, "payload": said}
    connection.execute(insert(schema.told).values(values).on_conflict_do_nothing())
    return outbox.notify(connection, key, key, standing.checked, hearing, due)


def _put(connection: Connection, standing: Standing) -> str | None:
    """What is news of a site: `broken`, `mended` or nothing."""
    connection.execute(insert(_table).values(site=standing.site).on_conflict_do_nothing())
    held = connection.execute(select(_table).where(_columns.site == standing.site).with_for_update()).one()
    if held.checked and held.checked > standing.checked:
        return None
    turned = news(held.told, standing)
    values: dict[str, Any] = {"standing": standing.model_dump(mode="json"), "checked": standing.checked}
    if turned:
        values["told"] = turned
    connection.execute(update(_table).where(_columns.site == standing.site).values(values))
    return turned


def news(told: str | None, standing: Standing) -> str | None:
    """What is to be told of a site of which `told` was the last that was. Nothing while it is silenced, nor on the way
    from broken to healthy."""
    if standing.state is State.BROKEN and told != "broken":
        return "broken"
    if standing.state in (State.HEALTHY, State.QUIET) and told == "broken":
        return "mended"
    return None


def payload(standing: Standing, turned: str, title: str, web: str) -> Payload:
    """The message: `state` is `broken` or `mended`, `since` when that began, `signs` what is odd and what is usual."""
    words = {"broken": "故障 broken", "mended": "恢复 mended"}[turned]
    where = f"{web.rstrip('/')}/health"
    return {
        "id": f"{standing.site}-{turned}-{iso(standing.since)}",
        "type": HEALTH,
        "at": iso(standing.checked),
        "url": where,
        "site": standing.site,
        "site_title": title,
        "fields": [],
        "title": f"{title} {words}",
        "link": f"{where}#{standing.site}",
        "summary": "\n".join([f"{title}: {words}, {_since(standing)}", *(f"{s.zh} — {s.en}" for s in standing.why)]),
        "state": turned,
        "since": iso(standing.since),
        "signs": [sign.model_dump(mode="json") for sign in standing.signs],
    }


def _since(standing: Standing) -> str:
    return f"自 since {shown(standing.since)}"
