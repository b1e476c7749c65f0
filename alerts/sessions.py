"""Who is signed in to the reading room: what the cookie holds is kept as its hash, for 30 days at most."""

from datetime import timedelta

from sqlalchemy import Engine, delete, insert, select

from alerts import people, schema, tokens
from catalogue.connection import transaction
from domain.clock import now
from domain.subscription import Person

LASTS = timedelta(days=30)
_table, _columns = schema.sessions, schema.sessions.c


def sign_in(source: Engine, person: str) -> str:
    """A session for a person (an id): what their cookie holds. Sessions whose time is over are deleted."""
    session, moment = tokens.made(), now()
    with transaction(source) as connection:
        connection.execute(delete(_table).where(_columns.expires_at <= moment))
        row = {"hash": tokens.hashed(session), "person": person, "expires_at": moment + LASTS}
        connection.execute(insert(_table).values(row))
    return session


def sign_out(source: Engine, session: str) -> None:
    """Ends a session; does nothing where there is none."""
    with transaction(source) as connection:
        connection.execute(delete(_table).where(_columns.hash == tokens.hashed(session)))


def who(source: Engine, session: str) -> Person | None:
    """Who is signed in by it, if they are active and its time is not over."""
    wanted = (
        select(schema.people)
        .join(_table, _columns.person == schema.people.c.id)
        .where(_columns.hash == tokens.hashed(session), _columns.expires_at > now(), schema.people.c.active)
    )
    with transaction(source) as connection:
        row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else people.person(row)
