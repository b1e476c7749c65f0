"""The tables of runs: what each was and counted, and how far reading and comparing have come."""

from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB


def tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """`runs`, `tallies`, `progress`."""
    return _runs(metadata), _tallies(metadata), _progress(metadata)


def _runs(metadata: MetaData) -> Table:
    return Table(
        "runs",
        metadata,
        *_keys("site", "run"),
        *(_time(name) for name in ("started", "finished")),
        _json("summary"),
        Index("runs_time", "started"),
        Index("runs_site", "site", "started", "run"),
    )


def _tallies(metadata: MetaData) -> Table:
    """What each run counted (catalogue.tallying); `at` is when its first capture was."""
    index = Index("tallies_time", "site", "at")
    return Table("tallies", metadata, *_keys("site", "run"), _time("at"), _json("counts"), index)


def _progress(metadata: MetaData) -> Table:
    """How far a site's ledger is read and compared. `changes` and `statuses` are kept as pages are compared: counting a
    million of them on each visit of the front page takes a second."""
    return Table(
        "progress",
        metadata,
        *_keys("site"),
        *(Column(name, Integer, nullable=False) for name in ("read_seq", "compared_seq")),
        Column("captures", Integer, nullable=False, server_default=text("0")),
        Column("last_capture", DateTime(timezone=True), nullable=True),
        Column("changes", Integer, nullable=False, server_default=text("0")),
        Column("statuses", JSONB, nullable=False, server_default=text("'{}'")),
    )


def _keys(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, primary_key=True) for name in names]


def _time(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, JSONB(none_as_null=True), nullable=False)
