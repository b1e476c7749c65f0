"""Where messages may go: addresses in every disguise, and the operator's word."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from apprise.utils.http import is_public_ip_address
from hypothesis import given
from hypothesis import strategies as some

from alerts.guard import Barred, Guard, Unresolved, is_public
from domain.errors import ConfigurationError
from domain.settings import Settings

PRIVATE = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "4000::1",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "223.5.5.5", "192.0.1.1",
    "2606:4700:4700::1111", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2003::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_barred(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not Guard().permits(address)
    with pytest.raises(Barred) as barred:
        Guard().way(address, 443)
    assert "TONGJIAN_WEBHOOK_ALLOW" in str(barred.value.hint)
    assert Guard("*").permits(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert is_public(ip_address(address))
    (found,) = Guard().way(address, 443).addresses
    assert ip_address(found) == ip_address(address)


SPELLINGS = (
    "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "0", "localhost", "LOCALHOST", "[::1]",
    "127.0.0.1%00", "fe80::1%lo", "::ffff:7f00:1",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_other_spellings_are_what_the_system_reads_them_as(host: str) -> None:
    with pytest.raises((Barred, Unresolved)):
        Guard().way(host, 80)


@given(some.ip_addresses() | some.ip_addresses(network="64:ff9b::/96") | some.ip_addresses(network="::ffff:0:0/96"))
def test_it_is_at_least_as_strict_as_others(address: IPv4Address | IPv6Address) -> None:
    """As Python's own registry, and as the one of Apprise's that is for addresses of strangers."""
    if not is_public(address):
        return
    assert is_public_ip_address(str(address))
    embedded = isinstance(address, IPv6Address) and (address.ipv4_mapped or address in ip_network("64:ff9b::/96"))
    assert embedded or address.is_global


@given(some.ip_addresses(v=4))
def test_numbers_are_read_as_the_address_they_are(address: IPv4Address) -> None:
    a, b, c, d = address.packed
    for host in (str(int(address)), hex(int(address)), f"{a}.{(b << 16) + (c << 8) + d}", f"{a:#x}.{b}.0{c:o}.{d:#x}"):
        if is_public(address):
            assert Guard().way(host, 443).addresses == (str(address),)
        else:
            with pytest.raises(Barred):
                Guard().way(host, 443)


@pytest.mark.parametrize("host", ["127.0.0.1.", "localhost."])
def test_a_dot_at_the_end_hides_nothing(host: str) -> None:
    with pytest.raises((Barred, Unresolved)):
        Guard().way(host, 80)


@pytest.mark.parametrize("host", ["", "a..b", "a" * 64, "no\x00thing", "例子。测试" + "很" * 70])
def test_what_is_no_host_has_no_address(host: str) -> None:
    with pytest.raises((Barred, Unresolved)):
        Guard().way(host, 80)


def answering(*answers: tuple[str, ...]) -> Callable[..., list[object]]:
    """A resolver that gives these addresses, the last of them for good."""
    left = list(answers)

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        now = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in now]

    return resolve


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(("8.8.8.8", "10.0.0.7", "8.8.4.4")))
    with pytest.raises(Barred) as barred:
        Guard().way("hooks.example.org", 443)
    assert "hooks.example.org" in str(barred.value)
    assert "10.0.0.7" not in str(barred.value), "what inner names stand for is not told"
    assert Guard("10.0.0.0/8").way("hooks.example.org", 443).addresses == ("8.8.8.8", "10.0.0.7", "8.8.4.4")


def test_addresses_are_given_as_they_were_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(("8.8.8.8", "8.8.8.8"), ("127.0.0.1",)))
    way = Guard().way("hooks.example.org", 443)
    assert (way.addresses, way.port, way.led) == (("8.8.8.8",), 443, False)
    with pytest.raises(Barred):
        Guard().way("hooks.example.org", 443)


def test_the_operator_allows_ranges_and_hosts() -> None:
    guard = Guard(" 127.0.0.0/8, hooks.LAN ,::1, 192.168.1.7")
    assert guard.way("127.0.0.1", 80).addresses == ("127.0.0.1",)
    assert guard.permits("::1")
    assert guard.permits("192.168.1.7")
    assert guard.permits("::ffff:127.0.0.1")
    assert not guard.permits("192.168.1.8")
    assert not guard.permits("10.0.0.1")
    assert guard.trusts("hooks.lan")
    assert guard.trusts("HOOKS.lan.")
    assert not guard.trusts("more.hooks.lan")


def test_a_host_allowed_by_name_may_have_any_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(("10.0.0.7",)))
    assert Guard("hooks.lan").way("hooks.lan", 443).addresses == ("10.0.0.7",)
    with pytest.raises(Barred):
        Guard("hooks.lan").way("other.lan", 443)


@pytest.mark.parametrize("wrong", ["10.0.0.0/33", "http://hooks.lan", "hooks lan", "-x", "a,b/c", "*.lan"])
def test_a_wrong_allowance_is_said(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="TONGJIAN_WEBHOOK_ALLOW") as refused:
        Guard(wrong)
    assert refused.value.hint


def test_a_rule_of_the_operator_is_an_allowance_for_its_host_alone() -> None:
    guard = Guard("", "oapi.dingtalk.com:443:127.0.0.1:8443")
    way = guard.way("oapi.dingtalk.com", 443)
    assert (way.addresses, way.port, way.led, way.stand_in) == (("127.0.0.1",), 8443, True, True)
    for host, port in (("127.0.0.1", 8443), ("localhost", 443)):
        with pytest.raises(Barred):
            guard.way(host, port)


def test_a_rule_for_every_host_is_not_for_messages() -> None:
    guard = Guard("", "::127.0.0.1:8080,:443:127.0.0.1:8443")
    assert guard.led("hooks.example.org", 443) is None
    with pytest.raises(Barred):
        guard.way("127.0.0.1", 443)


def test_settings_say_what_is_allowed() -> None:
    assert Guard.of(Settings(webhook_allow="127.0.0.0/8")).permits("127.0.0.1")
    assert not Guard.of(Settings(webhook_allow="")).permits("127.0.0.1")


def test_what_somebody_gives_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Guard().check("127.0.0.1", 80)
    assert "TONGJIAN_WEBHOOK_ALLOW" in str(refused.value.hint)

    def nothing(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "no such host")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    Guard().check("not-yet.example.org", 443)  # every sending looks again
