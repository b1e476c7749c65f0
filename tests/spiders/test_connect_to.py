"""TONGJIAN_CONNECT_TO means what curl's --connect-to means."""

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.connect import ConnectTo, connect_to, is_loopback, parse_connect_to
from domain.errors import ConfigurationError

ports = some.one_of(some.none(), some.integers(1, 65535))
names = some.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,6}){0,2}", fullmatch=True)
addresses = some.one_of(some.just(""), names, some.ip_addresses().map(str))
rules = some.builds(ConnectTo, addresses, ports, addresses, ports)


def _written(rule: ConnectTo) -> str:
    def host(text: str) -> str:
        return f"[{text}]" if ":" in text else text

    return f"{host(rule.host)}:{rule.port or ''}:{host(rule.addr)}:{rule.to or ''}"


@given(some.lists(rules, max_size=5))
def test_what_is_written_is_what_is_read(wanted: list[ConnectTo]) -> None:
    assert parse_connect_to(",".join(map(_written, wanted))) == tuple(wanted)
    assert parse_connect_to(" , ".join([*map(_written, wanted), ""])) == tuple(wanted)


@given(some.lists(rules, max_size=5), names, some.integers(1, 65535))
def test_the_first_rule_that_matches_leads(wanted: list[ConnectTo], host: str, port: int) -> None:
    led = connect_to(tuple(wanted), host.upper(), port)
    matching = [rule for rule in wanted if rule.host in ("", host) and rule.port in (None, port)]
    first = matching[0] if matching else None
    assert led == (first and (first.addr or host.upper(), first.to or port))


def _holds_no_rule(text: str) -> bool:
    return any(part.strip() and part.count(":") < 3 for part in text.split(","))


@given(some.text(max_size=40).filter(_holds_no_rule))
def test_what_is_no_rule_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_connect_to(text)
    assert any(part.strip() and part.strip() in str(refused.value) for part in text.split(","))
    assert refused.value.hint


@given(some.text(alphabet=":[]a1.,-", max_size=30))
def test_nothing_else_comes_of_it(text: str) -> None:
    """Rules, or a refusal: no other error, and no rule that was not written."""
    with contextlib.suppress(ConfigurationError):
        assert len(parse_connect_to(text)) == sum(bool(part.strip()) for part in text.split(","))


@given(some.ip_addresses())
def test_loopback_is_what_the_standard_calls_so(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert is_loopback(str(address)) == address.is_loopback


@pytest.mark.parametrize(
    ("text", "asked", "led"),
    [
        ("::127.0.0.1:8080", ("www.a.cn", 443), ("127.0.0.1", 8080)),
        ("www.a.cn:443:[::1]:8443", ("www.a.cn", 443), ("::1", 8443)),
        ("www.a.cn:443:[::1]:8443", ("www.a.cn", 80), None),
        ("[2001:db8::1]:80:127.0.0.1:", ("2001:db8::1", 80), ("127.0.0.1", 80)),
        ("a.cn:::81", ("a.cn", 80), ("a.cn", 81)),
        (":80:b.cn:", ("a.cn", 80), ("b.cn", 80)),
        ("A.CN::b.cn:,::c.cn:", ("a.cn", 80), ("b.cn", 80)),
        ("", ("a.cn", 80), None),
    ],
)
def test_examples(text: str, asked: tuple[str, int], led: tuple[str, int] | None) -> None:
    assert connect_to(parse_connect_to(text), *asked) == led


@pytest.mark.parametrize(
    "text", ["a", "a:1:b", "a:1:b:2:3", "::1:80:b:1", "a:x:b:1", "a:1:b:1 c:1:d:1", "a:99999:b:1", "::a:0"]
)
def test_mistakes_are_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match="HOST:PORT:ADDR:PORT"):
        parse_connect_to(text)


@pytest.mark.parametrize(
    ("host", "loopback"), [("localhost", True), ("127.0.0.9", True), ("::1", True), ("a.cn", False)]
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
