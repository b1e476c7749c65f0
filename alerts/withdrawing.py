"""Messages whose text was taken down: the outbox keeps what it told, so a takedown reaches into it too."""

from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, update

from alerts import schema
from alerts.kinds import Payload
from catalogue.connection import transaction

_table = schema.deliveries
_columns = schema.deliveries.c
# What a message says of a change that is none of its page's own words.
_KEPT = frozenset(
    {"id", "url", "site", "type", "at", "severity", "version", "previous", "cosmetic", "evidence", "classes"}
    | {"link", "subscription", "reread"}
)


def withdraw(source: Engine, site: str, urlkey: str, since: datetime, until: datetime, notice: str) -> int:
    """Blanks every message of a page that may quote what it said from `since` to `until`, both included: of the
    changes in that time and of the next one, which shows it as what was before. Gives how many were blanked.

    What was delivered is blank here and with its receiver as it was; what waits is delivered with `notice` as its
    summary. One that was blanked before stays as it is. Raises CatalogueError.
    """
    with transaction(source) as connection:
        wanted = select(_columns.id, _columns.payload).where(
            _columns.site == site,
            _columns.urlkey == urlkey,
            _columns.at >= since,
            _columns.at <= _next(connection, site, urlkey, until),
        )
        found = connection.execute(wanted.order_by(_columns.at, _columns.id).with_for_update()).all()
        quoting = [row for row in found if not row.payload.get("withdrawn")]
        for row in quoting:
            blank = update(_table).where(_columns.id == row.id).values(payload=_blank(row.payload, notice))
            connection.execute(blank)
    return len(quoting)


def _next(connection: Connection, site: str, urlkey: str, until: datetime) -> datetime:
    """The time of the first change after `until` that was told; `until` where there is none."""
    later = select(func.min(_columns.at)).where(_columns.site == site, _columns.urlkey == urlkey, _columns.at > until)
    return connection.scalar(later) or until


def _blank(payload: Payload, notice: str) -> Payload:
    kept = {name: value for name, value in payload.items() if name in _KEPT}
    fields = [{"name": field["name"], "before": None, "after": None} for field in payload.get("fields", ())]
    return kept | {"fields": fields, "title": "", "summary": notice, "withdrawn": True}
