"""Whose something is, and who may change it, as pages say it."""

from dataclasses import dataclass
from typing import Protocol

from domain.subscription import Person, Role, Team
from web.desk.signed import Asker
from web.words import Word

_WRITERS = (Role.OWNER, Role.EDITOR)


class Owned(Protocol):
    @property
    def person(self) -> str | None: ...

    @property
    def team(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Owners:
    """Names of whom things belong to. `writable` are the teams in which the asker may change things."""

    who: Person
    teams: tuple[Team, ...]
    people: dict[str, str]

    def name(self, thing: Owned) -> Word:
        if thing.team is not None:
            said = next((team.name for team in self.teams if team.id == thing.team), thing.team)
            return Word(said, "")
        if thing.person == self.who.id:
            return Word("我的", "mine")
        return Word(self.people.get(thing.person or "", thing.person or ""), "")

    def role(self, team: Team) -> Role | None:
        return next((member.role for member in team.members if member.person == self.who.id), None)

    def writes(self, thing: Owned) -> bool:
        return self.who.operator or thing.person == self.who.id or thing.team in {team.id for team in self.writable}

    def governs(self, team: Team) -> bool:
        return self.who.operator or self.role(team) is Role.OWNER

    @property
    def writable(self) -> tuple[Team, ...]:
        return tuple(team for team in self.teams if self.who.operator or self.role(team) in _WRITERS)


def owners(asker: Asker) -> Owners:
    people = {one.id: one.name for one in asker.desk.people(asker.who)} if asker.who.operator else {}
    return Owners(asker.who, asker.desk.teams(asker.who), people)
