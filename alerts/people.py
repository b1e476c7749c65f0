"""People: who is told, and by which token they show that it is them."""

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, or_, select, update

from alerts import schema, tokens
from alerts.checks import named, zone
from alerts.listening import changing
from catalogue.connection import transaction
from domain.clock import now
from domain.errors import ConfigurationError, NotFound
from domain.subscription import OPERATOR, Language, Person, Role

_table, _columns = schema.people, schema.people.c
_members = schema.members.c
_SHUT_OUT = "its owner may not come in any more 主人已停用"
_SHOWN = [column for column in _columns if column.name != "token_hash"]


def add(
    source: Engine,
    name: str,
    *,
    language: Language = "both",
    timezone: str = "Asia/Shanghai",
    operator: bool = False,
) -> tuple[Person, str]:
    """A new person, and their token: it is shown this once. Raises ConfigurationError where a part is wrong."""
    token = tokens.made(tokens.PERSONAL)
    row = {
        "id": tokens.new_id(),
        "name": named(name, "person", "Say who it is: tongjian people add 王芳"),
        "language": language,
        "timezone": zone(timezone),
        "operator": operator,
        "active": True,
        "token_hash": tokens.hashed(token),
        "created_at": now(),
    }
    with transaction(source) as connection:
        made = connection.execute(insert(_table).values(row).returning(*_SHOWN)).mappings().one()
    return person(made), token


def by_token(source: Engine, token: str) -> Person | None:
    """Who has this token, if they are active."""
    wanted = select(*_SHOWN).where(_columns.token_hash == tokens.hashed(token), _columns.active)
    with transaction(source) as connection:
        row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else person(row)


def renew_token(source: Engine, id: str) -> str:
    """A new token; the old one ends, and with it every session. Raises NotFound."""
    token = tokens.made(tokens.PERSONAL)
    with transaction(source) as connection:
        _changed(connection, id, token_hash=tokens.hashed(token))
        _sign_out(connection, id)
    return token


def every(source: Engine) -> tuple[Person, ...]:
    """All people, the oldest first."""
    with transaction(source) as connection:
        found = connection.execute(select(*_SHOWN).order_by(_columns.created_at, _columns.id))
        return tuple(person(row) for row in found.mappings())


def get(source: Engine, wanted: str) -> Person:
    """Somebody by id, or by a name that nobody else has. Raises NotFound, ConfigurationError."""
    with transaction(source) as connection:
        asked = select(*_SHOWN).where(or_(_columns.id == wanted, _columns.name == " ".join(wanted.split())))
        found = [person(row) for row in connection.execute(asked.order_by(_columns.created_at)).mappings()]
    exact = [one for one in found if one.id == wanted] or found
    if len(exact) > 1:
        ids = ", ".join(one.id for one in exact)
        raise ConfigurationError(f"{len(exact)} people are called {wanted} 重名", hint=f"Name one by id: {ids}.")
    if not exact:
        raise _unknown(wanted)
    return exact[0]


def switch(source: Engine, id: str, *, active: bool) -> Person:
    """Lets somebody in again, or no longer: their sessions end, their token opens nothing, their own subscriptions are
    paused, and their own channels switched off, which teams may tell by, too. Let in again, their channels are on;
    their subscriptions they resume themselves. Raises NotFound; ConfigurationError for the house's own operator, who
    must be able to act."""
    if id == OPERATOR and not active:
        raise _needed()
    with transaction(source) as connection:
        made = _changed(connection, id, active=active)
        _switch_channels(connection, id, active=active)
        if not active:
            _sign_out(connection, id)
            own = update(schema.subscriptions).where(schema.subscriptions.c.person == id)
            connection.execute(own.values(active=False, changed_at=func.clock_timestamp()))
    return made


def _switch_channels(connection: Connection, id: str, *, active: bool) -> None:
    """Those that were off for a reason of their own stay off."""
    channels = schema.channels.c
    own = update(schema.channels).where(channels.person == id)
    if active:
        connection.execute(own.where(channels.disabled_why == _SHUT_OUT).values(active=True, disabled_why=""))
    else:
        connection.execute(own.where(channels.active).values(active=False, disabled_why=_SHUT_OUT))


def remove(source: Engine, id: str, *, whole: bool = False) -> None:
    """Takes a person away, out of every team too; with `whole` also the subscriptions and channels that are theirs,
    and those channels' deliveries. Raises NotFound; ConfigurationError where they have any and `whole` is not said,
    where a team would be left without an owner, and for the house's own operator."""
    if id == OPERATOR:
        raise _needed()
    with transaction(source) as connection:
        changing(connection)
        held = connection.execute(select(_columns.name).where(_columns.id == id).with_for_update()).one_or_none()
        if held is None:
            raise _unknown(id)
        _refuse_lonely_teams(connection, id)
        if not whole:
            _refuse_owning(connection, id)
        connection.execute(delete(_table).where(_columns.id == id))


def _refuse_lonely_teams(connection: Connection, id: str) -> None:
    mine = select(_members.team).where(_members.person == id)
    # The teams are held in one order, so that two owners who leave at once cannot each count on the other.
    held = select(schema.teams.c.id).where(schema.teams.c.id.in_(mine)).order_by(schema.teams.c.id).with_for_update()
    teams = connection.scalars(held).all()
    owners = select(_members.team, _members.person).where(_members.team.in_(teams), _members.role == Role.OWNER.value)
    found = connection.execute(owners.order_by(_members.team)).all()
    others = {row.team for row in found if row.person != id}
    lonely = [row.team for row in found if row.person == id and row.team not in others]
    if lonely:
        raise ConfigurationError(
            f"team {lonely[0]} would have no owner left 团队将没有负责人",
            hint=f"Make another member its owner first: tongjian teams member {lonely[0]} PERSON --role owner",
        )


def _refuse_owning(connection: Connection, id: str) -> None:
    for table, what in ((schema.subscriptions, "subscriptions"), (schema.channels, "channels")):
        count = connection.scalar(select(func.count()).select_from(table).where(table.c.person == id)) or 0
        if count:
            raise ConfigurationError(
                f"{id} has {count} {what} of their own 名下还有订阅或渠道",
                hint="Say --whole to take them away too, or --deactivate to keep everything and let nobody in.",
            )


def _changed(connection: Connection, id: str, **values: object) -> Person:
    made = connection.execute(update(_table).where(_columns.id == id).values(values).returning(*_SHOWN))
    row = made.mappings().one_or_none()
    if row is None:
        raise _unknown(id)
    return person(row)


def _sign_out(connection: Connection, id: str) -> None:
    connection.execute(delete(schema.sessions).where(schema.sessions.c.person == id))


def _unknown(wanted: str) -> NotFound:
    return NotFound(f"there is no person {wanted} 没有这个人", hint="`tongjian people list` shows who there is.")


def _needed() -> ConfigurationError:
    return ConfigurationError(
        "the house's own operator is whom the command line acts as 不可移除",
        hint="Add people of their own instead: tongjian people add NAME --operator",
    )


def person(row: RowMapping) -> Person:
    """A row of `people` in the domain's words; its token's hash is not among them."""
    return Person(**{column.name: row[column.name] for column in _SHOWN})
