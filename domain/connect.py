"""TONGJIAN_CONNECT_TO: lead connections elsewhere while addresses stay what they are.

The rule is curl's --connect-to: HOST:PORT:ADDR:PORT, an empty HOST or PORT on the left matches
every one, an empty ADDR or PORT on the right keeps the original. The first match wins.
"""

import ipaddress
import re
from dataclasses import dataclass

from domain.errors import ConfigurationError

_RULE = re.compile(r"(?P<host>[^:\[\]]*|\[[^\]]+\]):(?P<port>\d*):(?P<addr>[^:\[\]]*|\[[^\]]+\]):(?P<to>\d*)")


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """One rule; `port` and `to` are None where left empty."""

    host: str
    port: int | None
    addr: str
    to: int | None

    def matches(self, host: str, port: int) -> bool:
        return self.host in ("", host.lower()) and self.port in (None, port)


def parse_connect_to(text: str) -> tuple[ConnectTo, ...]:
    """The rules of a TONGJIAN_CONNECT_TO value. Raises ConfigurationError naming the part that is no rule."""
    return tuple(_rule(part.strip()) for part in text.split(",") if part.strip())


def _rule(part: str) -> ConnectTo:
    found = _RULE.fullmatch(part)
    if not found or any(number and not 0 < int(number) < 65536 for number in (found["port"], found["to"])):
        raise ConfigurationError(
            f"TONGJIAN_CONNECT_TO: «{part}» is not HOST:PORT:ADDR:PORT",
            hint="Write for example TONGJIAN_CONNECT_TO=::127.0.0.1:8080 to lead every host there.",
        )
    port, to = found["port"], found["to"]
    return ConnectTo(
        host=found["host"].strip("[]").lower(),
        port=int(port) if port else None,
        addr=found["addr"].strip("[]"),
        to=int(to) if to else None,
    )


def connect_to(rules: tuple[ConnectTo, ...], host: str, port: int) -> tuple[str, int] | None:
    """Where a connection to host:port goes instead, or None where no rule matches."""
    for rule in rules:
        if rule.matches(host, port):
            return rule.addr or host, rule.to or port
    return None


def is_loopback(addr: str) -> bool:
    """True for localhost and for loopback addresses."""
    try:
        return ipaddress.ip_address(addr).is_loopback
    except ValueError:
        return addr == "localhost"
