"""Files of articles: attachments and images, which are captured and are no pages."""

from sqlalchemy import Engine, Row, func, select, text

from catalogue import rows, schema
from catalogue.connection import transaction
from domain.capture import Capture, KnownFile, Reference, Role, Validators
from domain.urls import file_key

_captures = schema.captures.c
_FILE = (text(f"({schema.APART})"), _captures.role == Role.FILE.value)
_THERE = (200, 301, 302, 303, 304, 307, 308)
_SEEN = func.max(_captures.at).over(partition_by=_captures.urlkey)


def files(source: Engine, site: str) -> dict[str, KnownFile]:
    """Every file of a site that is held, by urlkey: its last capture that is no 304. Of one that lies elsewhere that
    is the redirect to it, which no condition can go by."""
    there = (
        select(schema.captures, _SEEN.label("checked"))
        .where(_captures.site == site, *_FILE, _captures.status.in_(_THERE))
        .subquery()
    )
    last = (there.c.urlkey, there.c.at.desc(), there.c.id)
    wanted = select(there).where(there.c.status != 304).distinct(there.c.urlkey).order_by(*last)
    with transaction(source) as connection:
        return {row.urlkey: _known(row) for row in connection.execute(wanted)}


def _known(row: Row[tuple[object, ...]]) -> KnownFile:
    if row.status != 200:
        return KnownFile(checked=row.checked, validators=Validators(url=row.url))
    reference = Reference(url=row.url, at=row.at, payload_digest=row.payload_digest)
    validators = Validators(url=row.url, etag=row.etag, last_modified=row.last_modified, reference=reference)
    return KnownFile(checked=row.checked, validators=validators)


def file_captures(source: Engine, site: str, url: str) -> tuple[Capture, ...]:
    """Every capture of a file in time order, whatever token followed its name; none where it is not held."""
    key = file_key(url)
    same = (_captures.urlkey == key) | _captures.urlkey.startswith(f"{key}?", autoescape=True)
    wanted = select(schema.captures).where(_captures.site == site, *_FILE, same)
    with transaction(source) as connection:
        found = connection.execute(wanted.order_by(_captures.at, _captures.id)).mappings().all()
    return tuple(rows.capture(row) for row in found if file_key(row["url"]) == key)
