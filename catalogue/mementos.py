"""Every capture of an address through time, as RFC 7089 asks for them: nearest, neighbours, pages of a list.

All sites that captured the address count, every status and every role. Order: (at, id), the index of
`captures_address`, so each question reads a few rows of it however many captures there are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Engine,
    Integer,
    Select,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.kinds import Memento, Neighbours, TimeMapPage
from domain.capture import Capture

_captures = schema.captures.c
_twins = schema.captures.alias("twins").c
_OLDEST = (_captures.at, _captures.id)
_NEWEST = (_captures.at.desc(), _captures.id.desc())
_SECOND = timedelta(seconds=1)
_SAME_INSTANT = exists().where(_twins.urlkey == _captures.urlkey, _twins.at == _captures.at, _twins.id != _captures.id)
_SLIM = (
    _captures.id,
    _captures.site,
    _captures.url,
    _captures.urlkey,
    _captures.at,
    _captures.status,
    _captures.content_type,
    _captures.payload_digest,
    _captures.payload_length,
    _SAME_INSTANT.label("twin"),
)


def known_key(source: Engine, keys: Sequence[str]) -> str | None:
    """The first of some urlkeys that anything was captured under, None where none was."""
    with transaction(source) as connection:
        held = (key for key in keys if connection.scalar(select(_captures.id).where(_captures.urlkey == key).limit(1)))
        return next(held, None)


def nearest(source: Engine, key: str, at: datetime | None) -> Memento | None:
    """The capture nearest to a time, None where there is none; the last where `at` is None.

    Compared in whole seconds, as RFC 7089 dates are: of two seconds equally far the earlier, and of several
    captures in one second the last.
    """
    with transaction(source) as connection:
        if at is None:
            return _last(connection, _slim(key))
        second = at.replace(microsecond=0)
        before = _last(connection, _slim(key).where(_captures.at < second + _SECOND))
        if before and before.at >= second:
            return before
        after = _one(connection, _slim(key).where(_captures.at >= second).order_by(*_OLDEST))
        if after is None or (before and second - _whole(before.at) <= _whole(after.at) - second):
            return before
        return _last(connection, _slim(key).where(_captures.at < _whole(after.at) + _SECOND))


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _slim(key: str) -> Select[Any]:
    return select(*_SLIM).where(_captures.urlkey == key)


def _last(connection: Connection, wanted: Select[Any]) -> Memento | None:
    return _one(connection, wanted.order_by(*_NEWEST))


def _one(connection: Connection, wanted: Select[Any]) -> Memento | None:
    row = connection.execute(wanted.limit(1)).one_or_none()
    return Memento(*row) if row else None


def captured_at(source: Engine, key: str, at: datetime) -> tuple[Capture, ...]:
    """The captures of one microsecond, by id: one, but where two sites or two spellings met."""
    wanted = select(schema.captures).where(_captures.urlkey == key, _captures.at == at).order_by(_captures.id)
    with transaction(source) as connection:
        return tuple(rows.capture(row) for row in connection.execute(wanted).mappings())


def _neighbours() -> CompoundSelect[Any]:
    own, place = _captures.urlkey == bindparam("key"), tuple_(*_OLDEST)
    here = tuple_(bindparam("at", type_=_captures.at.type), bindparam("id", type_=_captures.id.type))
    wanted = {
        "first": select(*_SLIM).where(own).order_by(*_OLDEST),
        "prev": select(*_SLIM).where(own, place < here).order_by(*_NEWEST),
        "this": select(*_SLIM).where(_captures.id == bindparam("id")),
        "next": select(*_SLIM).where(own, place > here).order_by(*_OLDEST),
        "last": select(*_SLIM).where(own).order_by(*_NEWEST),
    }
    return union_all(
        *(select(literal(name).label("role"), *item.limit(1).subquery(name).c) for name, item in wanted.items())
    )


# Made once: making it takes four times as long as its answer.
_NEIGHBOURS = _neighbours()


def neighbours(source: Engine, key: str, at: datetime, id: str) -> Neighbours:
    """A capture's place among those of its address: itself, the first, the one before, the one after, the last."""
    with transaction(source) as connection:
        answered = connection.execute(_NEIGHBOURS, {"key": key, "at": at, "id": id})
        found = {role: Memento(*row) for role, *row in answered}
    return Neighbours(**{name: found.get(name) for name in ("first", "prev", "this", "next", "last")})


def timemap_pages(source: Engine, key: str, size: int) -> tuple[TimeMapPage, ...]:
    """The pages of `size` captures that an address's list has, in time order; none where nothing is held."""
    place = func.row_number().over(order_by=_OLDEST) - 1
    number = (cast(func.div(place, size), Integer) + 1).label("number")
    numbered = select(_captures.at, number).where(_captures.urlkey == key).subquery().c
    wanted = (
        select(numbered.number, func.min(numbered.at), func.max(numbered.at), func.count())
        .group_by(numbered.number)
        .order_by(numbered.number)
    )
    with transaction(source) as connection:
        return tuple(TimeMapPage(*row) for row in connection.execute(wanted))


def mementos(source: Engine, key: str, number: int, size: int) -> tuple[Memento, ...]:
    """The captures of page `number` (from 1) of the list, in time order."""
    place, numbered = tuple_(*_OLDEST), select(*_OLDEST).where(_captures.urlkey == key).order_by(*_OLDEST)
    with transaction(source) as connection:
        # The index alone is read as far as the page; the rows from there on.
        start = connection.execute(numbered.offset((number - 1) * size).limit(1)).one_or_none()
        if start is None:
            return ()
        wanted = _slim(key).where(place >= tuple_(*start)).order_by(*_OLDEST).limit(size)
        return tuple(Memento(*row) for row in connection.execute(wanted))
