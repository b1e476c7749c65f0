"""How the generation being made differs from the live one, a row at a time: memory does not grow with the site."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, RowMapping, Text, cast, exists, func, select

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.generations import beside, twin
from catalogue.kinds import Difference
from domain.article import Article
from domain.change import Change, ChangeType

_AT_ONCE = 200


def differences(source: Engine, site: str) -> Iterator[Difference]:
    """What the two read differently, each pair of readings once, with its first capture, in the ledger's order.
    Captures that one of the two has not are left out."""
    beside(source, "next")
    before, after = (twin(schema.articles, place).alias(place) for place in ("live", "next"))
    pairs, first = _pairs(site), schema.captures.alias("first")
    wanted = (
        select(pairs, first.c.url, first.c.at, before.c.body.label("before"), after.c.body.label("after"))
        .join(first, first.c.id == pairs.c.capture)
        .outerjoin(before, (before.c.site == site) & (before.c.digest == pairs.c.digest_before))
        .outerjoin(after, (after.c.site == site) & (after.c.digest == pairs.c.digest_after))
        .where(
            pairs.c.outcome_before.is_distinct_from(pairs.c.outcome_after)
            | pairs.c.kind_before.is_distinct_from(pairs.c.kind_after)
            | before.c.body.is_distinct_from(after.c.body)
        )
        .order_by(first.c.seq, first.c.offset)
    )
    with transaction(source) as connection:
        for row in connection.execute(wanted, execution_options=_STREAMED).mappings():
            yield _difference(row)


def _pairs(site: str) -> Any:
    before, after = (twin(schema.captures, place).alias(f"captures_{place}") for place in ("live", "next"))
    old, new = before.c, after.c
    said = [
        column.label(name)
        for columns, when in ((old, "before"), (new, "after"))
        for column, name in (
            (columns.article_digest, f"digest_{when}"),
            (columns.outcome, f"outcome_{when}"),
            (columns.kind, f"kind_{when}"),
        )
    ]
    place = func.concat(_padded(old.seq), _padded(old.offset), old.id)
    return (
        select(*said, func.substr(func.min(place), 21).label("capture"), func.count().label("captures"))
        .join_from(before, after, new.id == old.id)
        .where(old.site == site, old.outcome.is_not(None) | new.outcome.is_not(None))
        .group_by(*said)
        .subquery("pairs")
    )


def _padded(number: Any) -> Any:
    """Ten digits: as text they come in the order of the numbers."""
    return func.lpad(cast(number, Text), 10, "0")


_STREAMED: dict[str, Any] = {"yield_per": _AT_ONCE}


def _difference(row: RowMapping) -> Difference:
    return Difference(
        row["url"],
        row["at"],
        row["capture"],
        row["captures"],
        (row["outcome_before"], row["outcome_after"]),
        (row["kind_before"], row["kind_after"]),
        Article.model_validate(row["before"]) if row["before"] else None,
        Article.model_validate(row["after"]) if row["after"] else None,
    )


def changes(source: Engine, site: str, here: str, not_there: str) -> Iterator[Change]:
    """Changes that one generation has and the other has not, in time order; but `diverged`, which only live has."""
    beside(source, "next")
    has, lacks = twin(schema.changes, here).alias("has"), twin(schema.changes, not_there).alias("lacks")
    known = exists().where(lacks.c.id == has.c.id)
    own = has.c.type != ChangeType.DIVERGED.value
    wanted = select(has).where(has.c.site == site, own, ~known).order_by(has.c.at, has.c.id)
    with transaction(source) as connection:
        for row in connection.execute(wanted, execution_options=_STREAMED).mappings():
            yield rows.change(row)
