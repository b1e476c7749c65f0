"""The tables of people, teams, and the channels that lead to them. Endpoints' addresses and secrets are sealed
(alerts.sealing); tokens are kept as their SHA-256 alone."""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, MetaData, Table, Text

_TIME = DateTime(timezone=True)


def tables(metadata: MetaData) -> tuple[Table, Table, Table, Table, Table]:
    """`people`, `teams`, `members`, `sessions`, `channels`."""
    return _people(metadata), _teams(metadata), _members(metadata), _sessions(metadata), _channels(metadata)


def owner() -> list[Any]:
    """A person or a team, never both, never neither."""
    return [
        Column("person", Text, ForeignKey("people.id", ondelete="CASCADE")),
        Column("team", Text, ForeignKey("teams.id", ondelete="CASCADE")),
        CheckConstraint("(person IS NULL) <> (team IS NULL)"),
    ]


def _people(metadata: MetaData) -> Table:
    return Table(
        "people",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("timezone", Text, nullable=False),
        Column("operator", Boolean, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("token_hash", Text, unique=True),
        Column("created_at", _TIME, nullable=False),
    )


def _teams(metadata: MetaData) -> Table:
    return Table(
        "teams",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("created_at", _TIME, nullable=False),
    )


def _members(metadata: MetaData) -> Table:
    return Table(
        "members",
        metadata,
        Column("team", Text, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
        Column("person", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        Column("role", Text, nullable=False),
        Index("members_person", "person"),
    )


def _sessions(metadata: MetaData) -> Table:
    """Who is signed in to the reading room: the hash of what the cookie holds."""
    return Table(
        "sessions",
        metadata,
        Column("hash", Text, primary_key=True),
        Column("person", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        Column("expires_at", _TIME, nullable=False),
    )


def _channels(metadata: MetaData) -> Table:
    return Table(
        "channels",
        metadata,
        Column("id", Text, primary_key=True),
        *owner(),
        Column("via", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("secret", Text),
        Column("shown", Text, nullable=False),
        Column("lane", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("disabled_why", Text, nullable=False),
        Column("failing_since", _TIME),
        Column("failures", Integer, nullable=False),
        Column("paused_until", _TIME),
        Column("created_at", _TIME, nullable=False),
    )
