"""Messages whose text was taken down: the outbox keeps what it told, so a takedown reaches into it too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from alerts import schema
from alerts.kinds import Payload
from catalogue.connection import transaction

_told, _deliveries, _matches = schema.told, schema.deliveries, schema.matches
_Key = tuple[Any, ...]
# What a message says of a change that is none of its page's own words.
_KEPT = frozenset(
    {"id", "url", "site", "type", "at", "severity", "version", "previous", "cosmetic", "evidence", "classes"}
    | {"link", "subscription", "subscriptions", "reread", "site_title", "region", "evidence_link", "health", "thinned"}
)


def withdraw(source: Engine, site: str, urlkey: str, since: datetime, until: datetime, notice: str) -> int:
    """Blanks every message of a page that may quote what it said from `since` to `until`, both included: of the
    changes in that time and of the next one, which shows it as what was before. Gives how many changes were blanked.

    What was delivered is blank here and with its receiver as it was; what waits is delivered with `notice` as its
    summary, among the other changes of its message where there are some. One that was blanked before stays as it is.
    Raises CatalogueError.
    """
    with transaction(source) as connection:
        wanted = select(_told.c.change_id, _told.c.payload).where(
            _told.c.site == site,
            _told.c.urlkey == urlkey,
            _told.c.payload.is_not(None),
            _told.c.change_at >= since,
            _told.c.change_at <= _next(connection, site, urlkey, until),
        )
        found = connection.execute(wanted.order_by(_told.c.change_at, _told.c.change_id).with_for_update()).all()
        quoting = {row.change_id: row.payload for row in found if not row.payload.get("withdrawn")}
        for change, payload in quoting.items():
            blank = update(_told).where(_told.c.change_id == change).values(payload=_blank(payload, notice))
            connection.execute(blank)
            # They quote the sentence in which a document is named.
            unsaid = update(schema.matches).where(schema.matches.c.change_id == change).values(notes=[])
            connection.execute(unsaid)
        # A note quotes the sentence that names a document.
        connection.execute(update(_matches).where(_matches.c.change_id.in_(quoting)).values(notes=[]))
        _blank_messages(connection, {_key(payload) for payload in quoting.values()}, f"{site} {urlkey}", notice)
    return len(quoting)


def _next(connection: Connection, site: str, urlkey: str, until: datetime) -> datetime:
    """The time of the first change after `until` that was told; `until` where there is none."""
    later = select(func.min(_told.c.change_at)).where(
        _told.c.site == site, _told.c.urlkey == urlkey, _told.c.change_at > until
    )
    return connection.scalar(later) or until


def _key(payload: Payload) -> _Key:
    """Which change it is of: a copy in `also` has no id."""
    return payload.get("site"), payload.get("url"), payload.get("at")


def _blank_messages(connection: Connection, changes: Collection[_Key], page: str, notice: str) -> None:
    columns = _deliveries.c
    about = select(columns.id, columns.payload).where(columns.pages.contains([page])).order_by(columns.id)
    for row in connection.execute(about.with_for_update()).all():
        blank = _without(row.payload, changes, notice)
        if blank != row.payload:
            connection.execute(update(_deliveries).where(columns.id == row.id).values(payload=blank))


def _without(payload: Payload, changes: Collection[_Key], notice: str) -> Payload:
    """A message without the words of these changes: its own, those of the copies in it, those of a digest."""
    if payload.get("also"):
        payload = payload | {"also": [one | {"title": ""} if _key(one) in changes else one for one in payload["also"]]}
    if payload.get("changes"):
        return payload | {"changes": [_without(one, changes, notice) for one in payload["changes"]]}
    return _blank(payload, notice) if _key(payload) in changes else payload


def _blank(payload: Payload, notice: str) -> Payload:
    kept = {name: value for name, value in payload.items() if name in _KEPT}
    fields = [{"name": field["name"], "before": None, "after": None} for field in payload.get("fields", ())]
    return kept | {"fields": fields, "title": "", "summary": notice, "withdrawn": True}
