"""Where messages may go: no further than a stranger could reach, unless the operator says so.

Subscribers name hosts, and this machine may stand where they do not: beside databases, metadata services, routers.
So a host is resolved here, every address it has is looked at, and the connection goes to an address that was looked
at (alerts.channels.pinning): a name that changes its mind between the two has no window.
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from domain.connect import connect_to, is_loopback, parse_connect_to
from domain.errors import ConfigurationError, DeliveryError

if TYPE_CHECKING:
    from domain.settings import Settings

_HINT = "Name an address that anyone can reach, or let the operator allow this one in TONGJIAN_WEBHOOK_ALLOW."
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)

# IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890); those that are globally reachable left out.
_BARRED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by its number, but Azure's own: what its machines ask for their metadata
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# All that is given out to the public is in here; what of it is special, is below.
_PUBLIC_V6 = IPv6Network("2000::/3")
_BARRED_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")

Ip = IPv4Address | IPv6Address


class Barred(DeliveryError):
    """A host leads where messages may not go."""


class Unresolved(DeliveryError):
    """A host has no address, at present."""


def is_public(address: Ip) -> bool:
    """Whether it is an address that is given out to one machine and reachable from anywhere."""
    if isinstance(address, IPv6Address):
        inner = _embedded(address)
        if inner is None:
            return address in _PUBLIC_V6 and not any(address in net for net in _BARRED_V6)
        address = inner
    return not any(address in net for net in _BARRED_V4)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a packet to this one ends at (RFC 4291, 2.5.5.2; RFC 6052)."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


@dataclass(frozen=True, slots=True)
class Way:
    """Where a connection may go: addresses that were looked at, in the order of the resolver, and a port. `stand_in`:
    a rule of the operator leads it to this very machine, where no certificate could vouch for the name."""

    addresses: tuple[str, ...]
    port: int
    led: bool = False
    stand_in: bool = False


class Guard:
    """What the operator lets messages reach. Safe to share between threads."""

    def __init__(self, allow: str = "", rules: str = "") -> None:
        """`allow` as TONGJIAN_WEBHOOK_ALLOW, `rules` as TONGJIAN_CONNECT_TO. Raises ConfigurationError."""
        parts = [part.strip() for part in allow.split(",") if part.strip()]
        self._any = "*" in parts
        self._networks = tuple(net for net in map(_network, parts) if net is not None)
        self._names = frozenset(_plain(part) for part in parts if part != "*" and _network(part) is None)
        # A rule for every host is for sites that are watched: it would take messages away from whom they are for.
        self._rules = tuple(rule for rule in parse_connect_to(rules) if rule.host)
        for name in self._names:
            if not _NAME.fullmatch(name):
                raise ConfigurationError(
                    f"TONGJIAN_WEBHOOK_ALLOW: «{name}» is neither an address range nor a host",
                    hint="Write for example TONGJIAN_WEBHOOK_ALLOW=127.0.0.0/8,hooks.lan",
                )

    @classmethod
    def of(cls, settings: "Settings") -> "Guard":
        """As the settings have it."""
        return cls(settings.webhook_allow, settings.connect_to)

    def trusting(self, *hosts: str) -> "Guard":
        """The same, and these hosts by name: for services whose hosts no subscriber can choose."""
        other = Guard()
        other._any, other._networks, other._rules = self._any, self._networks, self._rules
        other._names = self._names | set(hosts)
        return other

    def trusts(self, host: str) -> bool:
        """Whether the operator named this host, so that any address it has will do."""
        return self._any or _plain(host) in self._names

    def permits(self, address: str) -> bool:
        """Whether this IP address may be connected to: it is public, or in an allowed range."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        return self._any or is_public(found) or any((inner or found) in net for net in self._networks)

    def led(self, host: str, port: int) -> tuple[str, int] | None:
        """Where a rule of the operator leads a connection instead: his word that it may go there."""
        return connect_to(self._rules, _plain(host), port)

    def way(self, host: str, port: int) -> Way:
        """Resolves the host, once, and looks at every address it has. Raises Barred, Unresolved; blocks."""
        led = self.led(host, port)
        if led is not None:
            return Way(_addresses(*led), led[1], led=True, stand_in=is_loopback(led[0]))
        found = _addresses(host, port)
        if not self.trusts(host) and not all(map(self.permits, found)):
            # Which address, is not said: what inner names stand for is not for everybody to find out.
            raise Barred(f"«{host}» 不是公网地址 leads to an address that is not public", hint=_HINT)
        return Way(found, port)

    def check(self, host: str, port: int) -> None:
        """For an address that somebody gives. Raises ConfigurationError where it leads to what is not public; one
        that has no address at present is let pass, since every sending looks again."""
        try:
            self.way(host, port)
        except Barred as error:
            raise ConfigurationError(str(error), hint=error.hint) from None
        except Unresolved:
            return


def _plain(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")


def _network(part: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(part.strip("[]"), strict=False)
    except ValueError:
        return None


def _addresses(host: str, port: int) -> tuple[str, ...]:
    """Every IP address of a host, each once. Numbers in any form that the system reads (0x7f.1, 2130706433) count as
    what it reads them as."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # UnicodeError of a name that no resolver takes is a ValueError
        raise Unresolved(f"«{host}» has no address at present") from None
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))
