"""What stands beside changes: how their pages stand, and which reprint clusters these are in."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Engine, and_, select, tuple_

from catalogue import schema
from catalogue.connection import transaction
from domain.change import Change, Status

_pages, _reprints = schema.pages.c, schema.reprints.c


class Surroundings(NamedTuple):
    """A page's status; its reprint cluster, None where it is in none, and whether it is the first publisher's."""

    status: Status
    cluster: str | None
    first: bool


def surroundings(source: Engine, changes: Collection[Change]) -> dict[tuple[str, str], Surroundings]:
    """By site and urlkey; nothing of pages that are not there any more."""
    keys = {(change.site, change.urlkey) for change in changes}
    if not keys:
        return {}
    same = and_(_reprints.site == _pages.site, _reprints.urlkey == _pages.urlkey)
    wanted = (
        select(_pages.site, _pages.urlkey, _pages.status, _reprints.cluster)
        .add_columns(_reprints.first_site, _reprints.first_urlkey)
        .outerjoin_from(schema.pages, schema.reprints, same)
        .where(tuple_(_pages.site, _pages.urlkey).in_(sorted(keys)))
    )
    with transaction(source) as connection:
        return {
            (row.site, row.urlkey): Surroundings(
                Status(row.status), row.cluster, (row.site, row.urlkey) == (row.first_site, row.first_urlkey)
            )
            for row in connection.execute(wanted)
        }
