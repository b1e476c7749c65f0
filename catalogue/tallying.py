"""What each run counted: one row a run, kept as captures and articles are put down, so that nobody has to count them
all to tell how a site is doing.

The counts (those of nothing are left out):
`entries`, `entries_failed`: list pages asked; answered with an error other than 404 or 410, which is how lists end.
`pages`, `failed`, `blocked`: pages asked; answered with an error other than 404 or 410; blocks and logins instead.
`articles`: read for the first time in the run, new pages and edited ones; of them `titled`, `timed`, `sourced` and
`bodied`; `characters` of their texts in all; `garbled`, decoded with losses; `drifted`, read otherwise by the generic
reader (parsers.agreement), and `drift_title`, `drift_published`, `drift_source`, `drift_body`.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from catalogue import schema
from catalogue.values import within
from domain.article import Kind, Precision
from domain.capture import Role

_captures, _articles, _tallies = schema.captures.c, schema.articles.c, schema.tallies.c
_DRIFTS = ("title", "published", "source", "body")


@dataclass(slots=True)
class _Counted:
    """By run: when its first capture was, and the counts."""

    first: dict[str, datetime] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def add(connection: Connection, site: str, captures: Collection[str], digests: Collection[str]) -> None:
    """Counts captures and articles that were just put down. The caller holds the site's row of `progress`."""
    counted = _counted(connection, site, captures, digests)
    _put(connection, site, counted.counts, counted.first)


@contextmanager
def counting(connection: Connection, site: str, captures: Collection[str], digests: Collection[str]) -> Iterator[None]:
    """Puts into the runs' rows what the block changes in the counts of these captures and articles. The caller holds
    the site's row of `progress`."""
    before = _counted(connection, site, captures, digests)
    yield
    after = _counted(connection, site, captures, digests)
    moved: dict[str, Counter[str]] = {}
    for run in before.counts.keys() | after.counts.keys():
        change = Counter(after.counts.get(run, {}))
        change.subtract(before.counts.get(run, {}))
        if any(change.values()):
            moved[run] = change
    _put(connection, site, moved, after.first)


def _counted(connection: Connection, site: str, captures: Collection[str], digests: Collection[str]) -> _Counted:
    found = _Counted()
    for wanted in (_of_captures(site, captures), _of_articles(site, digests)):
        for row in connection.execute(wanted).mappings():
            counts = {name: int(row[name]) for name in row if name not in ("run", "first")}
            found.counts.setdefault(row["run"], Counter()).update(counts)
            if "first" in row:
                found.first[row["run"]] = row["first"]
    return found


def _number(condition: Any) -> Any:
    return func.count().filter(condition)


def _of_captures(site: str, ids: Collection[str]) -> Any:
    entry = _captures.role == Role.ENTRY.value
    failed = (_captures.status >= 400) & _captures.status.not_in((404, 410))
    page = (_captures.role == Role.PAGE.value) & _captures.outcome.is_not(None)
    return (
        select(
            _captures.run,
            func.min(_captures.at).label("first"),
            _number(entry).label("entries"),
            _number(entry & failed).label("entries_failed"),
            _number(page).label("pages"),
            _number(page & failed).label("failed"),
            _number(page & _captures.kind.in_((Kind.BLOCKED.value, Kind.LOGIN.value))).label("blocked"),
        )
        .where(_captures.site == site, within(_captures.id, ids))
        .group_by(_captures.run)
    )


def _of_articles(site: str, digests: Collection[str]) -> Any:
    issues = cast(_articles.body["issues"], Text)
    drifts = (_number(issues.like(f'%"reader: {name}:%')).label(f"drift_{name}") for name in _DRIFTS)
    return (
        select(
            _captures.run,
            func.count().label("articles"),
            _number(func.coalesce(_articles.title, "") != "").label("titled"),
            _number(_articles.published_precision != Precision.FIRST_SEEN.value).label("timed"),
            _number(_articles.source.is_not(None)).label("sourced"),
            _number(_articles.text != "").label("bodied"),
            func.sum(func.length(_articles.text)).label("characters"),
            _number(_articles.body["fidelity"].as_float() < 1).label("garbled"),
            _number(issues.like('%"reader: %')).label("drifted"),
            *drifts,
        )
        .join(schema.captures, _captures.id == _articles.capture)
        .where(_articles.site == site, within(_articles.digest, digests))
        .group_by(_captures.run)
    )


def _put(connection: Connection, site: str, moved: dict[str, Counter[str]], first: dict[str, datetime]) -> None:
    wanted = select(_tallies.run, _tallies.at, _tallies.counts).where(_tallies.site == site)
    held = {row.run: row for row in connection.execute(wanted.where(within(_tallies.run, moved)))}
    rows = []
    for run in sorted(moved):
        counts, times = Counter(moved[run]), [first[run]] if run in first else []
        if run in held:
            counts.update(held[run].counts)
            times.append(held[run].at)
        kept = {name: number for name, number in sorted(counts.items()) if number}
        rows.append({"site": site, "run": run, "at": min(times), "counts": kept})
    if rows:
        statement = insert(schema.tallies)
        changed = {"at": statement.excluded.at, "counts": statement.excluded.counts}
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "run"], set_=changed), rows)
