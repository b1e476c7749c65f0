"""Who may do what: own things all, a team's things by role, an operator everything.

| | see | change | govern |
|---|---|---|---|
| own | yes | yes | yes |
| owner | yes | yes | yes |
| editor | yes | yes | no |
| reader | yes | no | no |
| anybody else | no: it is as if it were not there | | |
"""

from collections.abc import Mapping
from enum import IntEnum

from sqlalchemy import ColumnElement, Engine, Table, false, or_, select

from alerts import schema
from catalogue.connection import transaction
from domain.errors import Forbidden, NotFound
from domain.subscription import Person, Role


class Action(IntEnum):
    """SEE it, CHANGE it, GOVERN whose it is: say who is a member."""

    SEE = 1
    CHANGE = 2
    GOVERN = 3


_BY_ROLE = {Role.READER: Action.SEE, Role.EDITOR: Action.CHANGE, Role.OWNER: Action.GOVERN}
_NEEDED = {Action.CHANGE: Role.EDITOR, Action.GOVERN: Role.OWNER}
# A person's roles, by team.
Roles = Mapping[str, Role]


def roles(source: Engine, person: str) -> dict[str, Role]:
    """What somebody is, in each team that they are a member of."""
    columns = schema.members.c
    with transaction(source) as connection:
        found = connection.execute(select(columns.team, columns.role).where(columns.person == person))
        return {row.team: Role(row.role) for row in found}


def most(who: Person, roles: Roles, *, person: str | None, team: str | None) -> Action | None:
    """The most that somebody may do with what belongs to that person or team; None: not even see it."""
    if not who.active:
        return None
    if who.operator or (person is not None and person == who.id):
        return Action.GOVERN
    return _BY_ROLE[roles[team]] if team is not None and team in roles else None


def seen(who: Person, roles: Roles, table: Table) -> tuple[ColumnElement[bool], ...]:
    """What rows of a table that has owners must be for somebody to see them; nothing for who sees all."""
    if not who.active:
        return (false(),)
    return () if who.operator else (or_(table.c.person == who.id, table.c.team.in_(list(roles))),)


def ask(
    who: Person, roles: Roles, action: Action, what: str, absent: NotFound, *, person: str | None, team: str | None
) -> None:
    """Raises `absent` where somebody may not even see it, Forbidden where they may see it and not do that. `what`
    names it: `subscription 1a2b3c4d`."""
    allowed = most(who, roles, person=person, team=team)
    if allowed is None:
        raise absent
    if allowed < action:
        needed = _NEEDED[action]
        raise Forbidden(
            f"{what}: your role does not allow that 权限不足",
            hint=f"It takes the role {needed.value} {needed.chinese} in team {team}; its owners give it.",
        )
