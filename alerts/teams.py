"""Teams: people who share subscriptions and channels, each by a role."""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from alerts import people, schema, tokens
from alerts.checks import named
from alerts.listening import changing
from catalogue.connection import transaction
from domain.clock import now
from domain.errors import ConfigurationError, NotFound
from domain.subscription import Member, Role, Team

_table, _columns = schema.teams, schema.teams.c
_members = schema.members.c


def add(source: Engine, name: str, owner: str) -> Team:
    """A new team with its first owner (a person's id). Raises ConfigurationError, NotFound."""
    tidy = named(name, "team", "Say which it is: tongjian teams add 商务组")
    person, id = people.get(source, owner), tokens.new_id()
    with transaction(source) as connection:
        connection.execute(insert(_table).values(id=id, name=tidy, created_at=now()))
        connection.execute(insert(schema.members).values(team=id, person=person.id, role=Role.OWNER.value))
        return _team(connection, id)


def every(source: Engine) -> tuple[Team, ...]:
    """All teams with their members, the oldest first."""
    with transaction(source) as connection:
        return within(connection)


def of(source: Engine, person: str) -> tuple[Team, ...]:
    """Those that a person is a member of, the oldest first."""
    mine = select(_members.team).where(_members.person == person)
    with transaction(source) as connection:
        return within(connection, connection.scalars(mine).all())


def within(connection: Connection, ids: Iterable[str] | None = None) -> tuple[Team, ...]:
    """Teams as a transaction sees them: all, or those."""
    wanted = select(_table).order_by(_columns.created_at, _columns.id)
    held = connection.execute(wanted if ids is None else wanted.where(_columns.id.in_(list(ids)))).mappings().all()
    found = (
        select(schema.members, schema.people.c.name)
        .join(schema.people, schema.people.c.id == _members.person)
        .where(_members.team.in_([row["id"] for row in held]))
        .order_by(schema.people.c.created_at, _members.person)
    )
    members: dict[str, list[Member]] = {}
    for row in connection.execute(found).mappings():
        members.setdefault(row["team"], []).append(Member(**row))
    return tuple(Team(**row, members=tuple(members.get(row["id"], ()))) for row in held)


def get(source: Engine, wanted: str) -> Team:
    """A team by id, or by a name that no other has. Raises NotFound, ConfigurationError."""
    with transaction(source) as connection:
        asked = select(_columns.id).where(or_(_columns.id == wanted, _columns.name == " ".join(wanted.split())))
        found = connection.scalars(asked).all()
        ids = [wanted] if wanted in found else found
        if len(ids) > 1:
            raise ConfigurationError(
                f"{len(ids)} teams are called {wanted} 重名", hint=f"Name one by id: {', '.join(ids)}."
            )
        return _team(connection, ids[0] if ids else wanted)


def put_member(source: Engine, team: str, person: str, role: Role) -> Team:
    """Makes somebody a member, or gives a member another role. Raises NotFound; ConfigurationError where it takes the
    last owner's role away."""
    who = people.get(source, person)
    with transaction(source) as connection:
        _held(connection, team)
        if role is not Role.OWNER:
            _keep_an_owner(connection, team, who.id)
        made = upsert(schema.members).values(team=team, person=who.id, role=role.value)
        connection.execute(made.on_conflict_do_update(index_elements=["team", "person"], set_={"role": role.value}))
        return _team(connection, team)


def remove_member(source: Engine, team: str, person: str) -> Team:
    """Takes somebody out of a team; its subscriptions no longer tell by channels that are their own. Raises NotFound;
    ConfigurationError for the last owner."""
    with transaction(source) as connection:
        _held(connection, team)
        mine = (_members.team == team) & (_members.person == person)
        if connection.execute(select(_members.role).where(mine)).one_or_none() is None:
            raise NotFound(f"{person} is no member of team {team} 不是成员", hint="`tongjian teams list` shows who is.")
        _keep_an_owner(connection, team, person)
        connection.execute(delete(schema.members).where(mine))
        _unroute(connection, team, person)
        return _team(connection, team)


def remove(source: Engine, id: str) -> None:
    """Takes a team away, and its subscriptions, channels and their deliveries with it. Raises NotFound."""
    with transaction(source) as connection:
        changing(connection)
        if not connection.execute(delete(_table).where(_columns.id == id)).rowcount:
            raise unknown(id)


def _held(connection: Connection, id: str) -> None:
    """The team, held until the transaction ends: of two who take an owner away, the second sees what the first did."""
    if connection.execute(select(_columns.id).where(_columns.id == id).with_for_update()).one_or_none() is None:
        raise unknown(id)


def _keep_an_owner(connection: Connection, team: str, person: str) -> None:
    owners = connection.scalars(
        select(_members.person).where(_members.team == team, _members.role == Role.OWNER.value)
    ).all()
    if owners == [person]:
        raise ConfigurationError(
            f"{person} is the last owner of team {team} 最后一位负责人",
            hint="Make another member an owner first, or remove the whole team.",
        )


def _unroute(connection: Connection, team: str, person: str) -> None:
    routes, subscriptions, channels = schema.routes.c, schema.subscriptions.c, schema.channels.c
    theirs = select(subscriptions.id).where(subscriptions.team == team)
    own = select(channels.id).where(channels.person == person)
    ended = delete(schema.routes).where(routes.subscription.in_(theirs), routes.channel.in_(own))
    touched = connection.scalars(ended.returning(routes.subscription)).all()
    changed = (
        update(schema.subscriptions).where(subscriptions.id.in_(touched)).values(changed_at=func.clock_timestamp())
    )
    connection.execute(changed)


def _team(connection: Connection, id: str) -> Team:
    found = within(connection, [id])
    if not found:
        raise unknown(id)
    return found[0]


def unknown(id: str) -> NotFound:
    """What is raised for a team that there is not; and in the same words for one that is not theirs."""
    return NotFound(f"there is no team {id} 没有这个团队", hint="`tongjian teams list` shows what there is.")
