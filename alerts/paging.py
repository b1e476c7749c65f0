"""Lists by pages: the newest first, and a mark that says where the last page ended. Nothing that is added or removed
between two pages shows a row twice or hides one."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select, tuple_

from domain.desk import Mark


def newest(table: Table, limit: int, after: Mark | None) -> Select[Any]:
    """Rows of a table of things that were made, so many at most; those after a mark."""
    made, id = table.c.created_at, table.c.id
    wanted = select(table).order_by(made.desc(), id.desc()).limit(limit)
    return wanted if after is None else wanted.where(tuple_(made, id) < tuple_(after.at, after.id))


def beyond(at: ColumnElement[Any], id: ColumnElement[Any], after: Mark) -> ColumnElement[bool]:
    """What follows a mark where the newest come first and those of one moment by their ids. The first half lets the
    index begin there."""
    return (at <= after.at) & ((at < after.at) | (id > after.id))
