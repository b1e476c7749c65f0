"""The tables of reprint clusters."""

from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


def tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """`fingerprints`, `crowds`, `reprints`, `unsettled`."""
    return _fingerprints(metadata), _crowds(metadata), _reprints(metadata), _unsettled(metadata)


def _fingerprints(metadata: MetaData) -> Table:
    """A sketch of each article's text (parsers.fingerprint), by which copies are found. Short texts have no row."""
    numbers: Column[Any] = Column("numbers", ARRAY(Integer), nullable=False)
    by_number = Index("fingerprints_numbers", "numbers", postgresql_using="gin", postgresql_with={"fastupdate": "off"})
    return Table("fingerprints", metadata, *_keys("site", "digest"), numbers, by_number)


def _crowds(metadata: MetaData) -> Table:
    """What too many articles of a site share (catalogue.crowding): `sign` is a number of their sketches, or the digest
    of an article that too many pages show."""
    return Table("crowds", metadata, *_keys("site", "sign"), Index("crowds_sign", "sign"))


def _reprints(metadata: MetaData) -> Table:
    """One row a page of a cluster; `cluster` is the same for all of one: the smallest site and urlkey of it."""
    return Table(
        "reprints",
        metadata,
        *_keys("site", "urlkey"),
        *(Column(name, Text, nullable=False) for name in ("cluster", "first_site", "first_urlkey", "first_url")),
        *(Column(name, Float, nullable=False) for name in ("confidence", "similarity", "contained")),
        Column("official", Boolean, nullable=False),
        Column("reasons", JSONB(none_as_null=True), nullable=False),
        Index("reprints_cluster", "cluster"),
        Index("reprints_first", "first_site", "first_urlkey"),
    )


def _unsettled(metadata: MetaData) -> Table:
    """Pages compared whose cluster was not looked at since: empty but for the moment between the two."""
    return Table("unsettled", metadata, *_keys("site", "urlkey"))


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, Text, primary_key=True) for name in names]
