"""What the commands about people, channels and subscriptions share: the desk, and whom they act for."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from domain.desk import ChannelDraft
from domain.errors import ConfigurationError
from domain.subscription import OPERATOR, Channel, Person, Via
from pipeline.cli.output import err
from pipeline.house import House, house

if TYPE_CHECKING:
    from alerts.desk import Desk


# To these messages are signed.
_SIGNED = frozenset({Via.WEBHOOK, Via.DINGTALK, Via.FEISHU})


@dataclass(frozen=True)
class Office:
    """The house and its desk."""

    house: House
    desk: "Desk"

    def person(self, wanted: str | None) -> Person:
        """Whom a command acts for: the one named, else whoever runs the house. Raises NotFound."""
        from alerts import people

        return people.get(self.house.catalogue.engine, wanted or OPERATOR)

    def team(self, wanted: str | None) -> str | None:
        """A team's id, by id or by name. Raises NotFound."""
        from alerts import teams

        return teams.get(self.house.catalogue.engine, wanted).id if wanted else None

    def feeds(self, token: str) -> dict[str, str]:
        """The private addresses of a subscription's feeds."""
        return {kind: f"{self.house.settings.web.rstrip('/')}/feeds/{token}.{kind}" for kind in ("atom", "json")}

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of all people and teams, by id, as they are when first asked for."""
        from alerts import people, teams

        named = {one.id: one.name for one in people.every(self.house.catalogue.engine)}
        return named | {one.id: one.name for one in teams.every(self.house.catalogue.engine)}

    @cached_property
    def ways(self) -> dict[str, Channel]:
        """All channels by id, as they are when first asked for."""
        return {one.id: one for one in self.desk.channels(self.person(None))}


@contextmanager
def office() -> Iterator[Office]:
    """The house, and the desk in it with its tables in their newest form."""
    from pipeline.desking import desk

    with house() as open_house:
        yield Office(open_house, desk(open_house))


def add_channels(
    room: Office,
    who: Person,
    team: str | None,
    addresses: Mapping[Via, list[str]],
    secret: Path | None = None,
    name: str = "",
) -> list[Channel]:
    """A channel for each address, in order. Raises ConfigurationError where one leads nowhere."""
    told = [(via, address) for via, given in addresses.items() for address in given]
    sealed = signing(secret, [via for via, _ in told])
    drafts = [
        ChannelDraft(
            via=via,
            address=SecretStr(_given(address)),
            name=name,
            secret=sealed if via in _SIGNED else None,
            team=team,
        )
        for via, address in told
    ]
    if Via.EMAIL in addresses and addresses[Via.EMAIL] and not room.house.settings.smtp:
        err.print("TONGJIAN_SMTP is not set: mail waits until it names a mail server as HOST:PORT", style="yellow")
    return [room.desk.add_channel(who, draft) for draft in drafts]


def signing(file: Path | None, vias: list[Via]) -> SecretStr | None:
    """The secret in a file, for the one address that it is for. Raises ConfigurationError."""
    if file is None:
        return None
    count = sum(via in _SIGNED for via in vias)
    if count != 1:
        raise ConfigurationError(
            f"--secret is for one webhook or robot that is signed, and there are {count} 密钥只能给一个渠道",
            hint="Add the channels one by one: tongjian channels add --webhook @FILE --secret FILE.",
        )
    return SecretStr(_read(file, "secret"))


def _given(address: str) -> str:
    """What was said: the address itself, `-` for standard input, `@FILE` for the first line of a file. What stands on
    a command line stays in the shell's history."""
    if address == "-":
        line = sys.stdin.readline().strip()
    elif address.startswith("@"):
        line = _read(Path(address[1:]), "address").partition("\n")[0].strip()
    else:
        return address
    if not line:
        raise ConfigurationError("no address was given 没有地址", hint="Write it on the first line.")
    return line


def _read(file: Path, what: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the {what} in {file} cannot be read: {type(error).__name__}",
            hint=f"Name a text file that holds the {what} alone and may be read.",
        ) from error


def owner(names: Mapping[str, str], person: str | None, team: str | None) -> dict[str, Any]:
    """Whose it is, for programs."""
    id = team or person or ""
    return {"kind": "team" if team else "person", "id": id, "name": names.get(id, id)}
