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
from typing import Protocol

from sqlalchemy import Engine, select

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


class Owned(Protocol):
    """What belongs to a person or to a team: their ids."""

    @property
    def person(self) -> str | None: ...

    @property
    def team(self) -> str | None: ...


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


def sees(who: Person, roles: Roles, thing: Owned) -> bool:
    """May they see it?"""
    return most(who, roles, person=thing.person, team=thing.team) is not None


def ask(who: Person, roles: Roles, action: Action, what: str, *, person: str | None, team: str | None) -> None:
    """Raises NotFound where somebody may not even see it, Forbidden where they may see it and not do that. `what`
    names it: `subscription 1a2b3c4d`."""
    allowed = most(who, roles, person=person, team=team)
    if allowed is None:
        raise NotFound(f"there is no {what}", hint="See the list of what there is for you.")
    if allowed < action:
        needed = _NEEDED[action]
        raise Forbidden(
            f"{what}: as a reader or editor you may not do that 权限不足",
            hint=f"It takes the role {needed.value} {needed.chinese} in team {team}; its owners give it.",
        )
