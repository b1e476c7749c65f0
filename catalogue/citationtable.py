"""The table of what articles say of documents."""

from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text


def table(metadata: MetaData) -> Table:
    """`citations` (domain.citation), in an article's own order: put down and dropped with the article."""
    return Table(
        "citations",
        metadata,
        *_key(),
        _text("relation"),
        *(_text(name, null=True) for name in ("number", "number_key", "issuer")),
        Column("year", Integer),
        Column("sequence", BigInteger),
        *(_text(name, null=True) for name in ("title", "name")),
        _text("sentence"),
        Column("offset", Integer, nullable=False),
        Column("confidence", Float, nullable=False),
        Index("citations_number", "number_key"),
        Index("citations_name", "name"),
        Index("citations_issuer", "issuer", "year", "sequence"),
    )


def _key() -> tuple[Column[Any], ...]:
    names = (Column(name, Text, primary_key=True) for name in ("site", "digest"))
    return (*names, Column("place", Integer, primary_key=True))


def _text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null)
