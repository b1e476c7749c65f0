"""Webhooks over real HTTP and HTTPS: signatures, failures, and that a connection goes nowhere else."""

import base64
import hashlib
import hmac
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from alert_endpoints import Authority, Receiver, Tunnel, dripping
from messages_made import edited

from alerts.addresses import shown
from alerts.channels import Away, Gone, Refused, Target, channels, posting
from alerts.channels.hiding import hide
from alerts.channels.webhook import Webhook, headers
from alerts.guard import Guard
from domain.errors import ConfigurationError, DeliveryError
from domain.settings import Settings
from domain.subscription import Via

SECRET = "whsec_" + base64.b64encode(b"a key that only tests know!!").decode()
NEXT = "whsec_" + base64.b64encode(b"the one that comes after it!").decode()
LOOPBACK = Guard("127.0.0.0/8")
NAME = "hooks.example.org"


def to(address: str, secret: str | None = None) -> Target:
    return Target(Via.WEBHOOK, address, secret)


def verified(post_headers: dict[str, str], raw: bytes, secret: str) -> bool:
    text = f"{post_headers['webhook-id']}.{post_headers['webhook-timestamp']}.".encode() + raw
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return wanted in post_headers["webhook-signature"].split(" ")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    made = Receiver(authority.context(NAME))
    yield made
    made.stop()


def named(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Gives NAME one address after the other; what was looked up is in the list."""
    real, left, asked = socket.getaddrinfo, list(answers), list[str]()

    def resolve(host: str, port: int, *args: object, **more: object) -> list[object]:
        if host != NAME:
            return list(real(host, port, *args, **more))  # type: ignore[call-overload]
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_message_is_posted_and_signed(receiver: Receiver) -> None:
    payload = edited()
    assert Webhook(LOOPBACK).send(to(receiver.url, SECRET), "id-1", payload) == "200 OK"
    (post,) = receiver.posts
    assert (post.id, post.body) == ("id-1", payload)
    assert verified(post.headers, post.raw, SECRET)


def test_two_secrets_sign_while_one_takes_the_place_of_the_other(receiver: Receiver) -> None:
    hook = Webhook(LOOPBACK)
    both = f"{SECRET} {NEXT}"
    assert hook.check(receiver.url, both) == receiver.url
    hook.send(to(receiver.url, both), "id-1", edited())
    (post,) = receiver.posts
    assert verified(post.headers, post.raw, SECRET)
    assert verified(post.headers, post.raw, NEXT)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the specification's reference libraries."""
    said = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )
    assert said["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert "webhook-signature" not in headers("x", 1, b"", None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, None), (204, None), (299, None), (301, Away), (400, Refused), (401, Away), (404, Away), (410, Gone),
        (413, Refused), (422, Refused), (429, Away), (500, Away), (503, Away), (599, Away),
    ],
)  # fmt: skip
def test_what_an_answer_means(receiver: Receiver, status: int, kind: type[DeliveryError] | None) -> None:
    receiver.status, hook = status, Webhook(LOOPBACK)
    if kind is None:
        assert hook.send(to(receiver.url), "id", edited()).startswith(str(status))
        return
    with pytest.raises(DeliveryError, match=str(status)) as failed:
        hook.send(to(receiver.url), "id", edited())
    assert type(failed.value) is kind


DATE = format_datetime(datetime(2026, 3, 1, 8, 0, tzinfo=UTC), usegmt=True)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, None),
        ({"retry-after": "120"}, timedelta(minutes=2)),
        ({"retry-after": "0"}, timedelta(0)),
        ({"retry-after": "99999999999999999999"}, timedelta(days=1)),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "１２０"}, None),
        ({"retry-after": "2.5"}, None),
        (
            {"date": DATE, "retry-after": "Sun, 01 Mar 2026 08:05:00 GMT"},
            timedelta(minutes=5),
        ),
        ({"date": DATE, "retry-after": "Sun, 01 Mar 2026 07:00:00 GMT"}, timedelta(0)),
        (
            {"date": DATE, "retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"},
            timedelta(days=1),
        ),
    ],
)
def test_how_long_an_endpoint_asks_to_be_left_alone(said: dict[str, str], wanted: timedelta | None) -> None:
    encoded = httpx.Headers({name: value.encode() for name, value in said.items()})
    assert posting._retry_after(encoded) == wanted


def test_a_busy_endpoint_says_when_to_come_back(receiver: Receiver) -> None:
    receiver.sent_headers = {"retry-after": "77"}
    for status in (429, 503):
        receiver.status = status
        with pytest.raises(Away) as away:
            Webhook(LOOPBACK).send(to(receiver.url), "id", edited())
        assert away.value.retry_after == timedelta(seconds=77)


def test_redirects_are_not_followed(receiver: Receiver, other_receiver: Receiver) -> None:
    for status in (301, 302, 303, 307, 308):
        receiver.status, receiver.sent_headers = status, {"location": other_receiver.url}
        with pytest.raises(Away, match=str(status)):
            Webhook(LOOPBACK).send(to(receiver.url), "id", edited())
    assert other_receiver.posts == []


def test_what_is_not_public_is_refused_when_given_and_when_sent_to(receiver: Receiver) -> None:
    strict = Webhook(Guard())
    for address in (
        receiver.url,
        receiver.url.replace("127.0.0.1", "localhost"),
        "http://[::1]/",
        "http://2130706433/",
    ):
        with pytest.raises(ConfigurationError, match="not public"):
            strict.check(address, None)
        with pytest.raises(Away, match="not public"):
            strict.send(to(address), "id", edited())
    assert receiver.posts == []


@pytest.mark.parametrize(
    "address", ["http://127。0。0。1/", "http://１２７.0.0.1/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/"]
)
def test_an_address_in_disguise_is_refused_too(address: str) -> None:
    with pytest.raises((ConfigurationError, DeliveryError)):
        Webhook(Guard()).send(to(Webhook(Guard()).check(address, None)), "id", edited())


def test_over_tls_the_certificate_is_held_against_the_name(secure: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = named(monkeypatch, "127.0.0.1")
    Webhook(LOOPBACK).send(to(f"https://{NAME}:{secure.port}/hook"), "id", edited())
    (post,) = secure.posts
    assert post.headers["host"] == f"{NAME}:{secure.port}"
    assert asked == [NAME], "looked up once"
    with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
        Webhook(LOOPBACK).send(to(secure.url), "id", edited())


def test_a_certificate_of_nobody_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "127.0.0.1")
    stranger = Receiver(Authority(tmp_path).context(NAME))
    with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
        Webhook(LOOPBACK).send(to(f"https://{NAME}:{stranger.port}/hook"), "id", edited())
    stranger.stop()
    assert stranger.posts == []


def test_a_name_that_changes_its_mind_has_no_window(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowed when it was looked at; where it leads a moment later does not matter."""
    asked = named(monkeypatch, "127.0.0.1", "10.0.0.1")
    Webhook(LOOPBACK).send(to(f"http://{NAME}:{receiver.port}/hook"), "id", edited())
    assert (len(receiver.posts), asked) == (1, [NAME])
    with pytest.raises(Away, match="not public"):
        Webhook(LOOPBACK).send(to(f"http://{NAME}:{receiver.port}/hook"), "id", edited())
    assert len(receiver.posts) == 1


def test_good_when_given_and_private_when_sent_to(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "8.8.8.8", "127.0.0.1")
    hook = Webhook(Guard())
    address = hook.check(f"http://{NAME}:{receiver.port}/hook", None)
    with pytest.raises(Away, match="not public"):
        hook.send(to(address), "id", edited())
    assert receiver.posts == []


def test_a_stand_in_is_reached_by_the_operators_rule(tmp_path: Path) -> None:
    """Its certificate is nobody's: none could vouch for it (docs/decisions/0002)."""
    stranger = Receiver(Authority(tmp_path).context("localhost"))
    made = channels(Settings(connect_to=f"{NAME}:443:127.0.0.1:{stranger.port}"))[Via.WEBHOOK]
    made.send(to(made.check(f"https://{NAME}/hook", None)), "id", edited())
    stranger.stop()
    assert stranger.posts[0].headers["host"] == NAME


def test_a_name_in_chinese_is_a_name(tmp_path: Path) -> None:
    stranger = Receiver(Authority(tmp_path).context("localhost"))
    made = channels(Settings(connect_to=f"xn--fsqu00a.example.org:443:127.0.0.1:{stranger.port}"))[Via.WEBHOOK]
    made.send(to(made.check("https://例子.example.org/hook", None)), "id", edited())
    stranger.stop()
    assert stranger.posts[0].headers["host"] == "xn--fsqu00a.example.org"


def test_through_a_proxy_it_is_the_address_that_was_looked_at(
    secure: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "8.8.8.8", "8.8.8.8", "10.0.0.1")
    tunnel = Tunnel(secure.port)
    monkeypatch.setenv("https_proxy", tunnel.url.replace("http://", "http://user:p%20w@"))
    Webhook(Guard()).send(to(f"https://{NAME}/hook"), "id", edited())
    assert tunnel.asked == ["8.8.8.8:443"]
    assert base64.b64encode(b"user:p w") in tunnel.heads[0]
    assert secure.posts[0].headers["host"] == NAME
    Webhook(Guard(NAME)).send(to(f"https://{NAME}/hook"), "id", edited())
    assert tunnel.asked[1] == f"{NAME}:443", "a host that the operator named needs no address here"
    Webhook(Guard()).send(to(f"https://{NAME}/hook"), "id", edited())
    with pytest.raises(Away, match="not public"):
        Webhook(Guard()).send(to(f"https://{NAME}/hook"), "id", edited())
    assert len(tunnel.asked) == 3
    tunnel.stop()


def test_a_proxy_that_lets_nothing_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "8.8.8.8")
    tunnel = Tunnel(1, status=403)
    monkeypatch.setenv("http_proxy", tunnel.url)
    with pytest.raises(Away, match="proxy of the environment answered 403"):
        Webhook(Guard()).send(to(f"http://{NAME}/hook"), "id", edited())
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(Away, match="neither"):
        Webhook(Guard()).send(to(f"http://{NAME}/hook"), "id", edited())
    tunnel.stop()


def test_loopback_and_what_no_proxy_names_is_reached_directly(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "127.0.0.1")
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", NAME)
    for address in (receiver.url, f"http://{NAME}:{receiver.port}/hook"):
        Webhook(LOOPBACK).send(to(address), "id", edited())
    assert len(receiver.posts) == 2


def test_an_endpoint_that_never_answers_is_left_in_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    receiver.hold = threading.Event()
    with pytest.raises(Away, match="no answer within"):
        Webhook(LOOPBACK).send(to(receiver.url), "id", edited())
    receiver.hold.set()


def test_an_endpoint_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    for first in (b"", b"HTTP/1.1 200 OK\r\nx-slow: "):
        with dripping(first, [b"a"] * 40, 0.05) as slow, pytest.raises(Away):
            Webhook(LOOPBACK).send(to(f"http://127.0.0.1:{slow.getsockname()[1]}/"), "id", edited())


def test_a_resolver_that_never_answers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def stuck(*_: object, **__: object) -> list[object]:
        released.wait(20)
        return []

    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    with pytest.raises(Away, match="no answer within"):
        Webhook(LOOPBACK).send(to(f"http://{NAME}/"), "id", edited())
    released.set()


def test_the_body_of_an_answer_is_left_unread() -> None:
    """An endpoint that would never end its answer has accepted all the same."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
    with dripping(head, [b"a"] * 100, 0.1) as endless:
        address = f"http://127.0.0.1:{endless.getsockname()[1]}/"
        assert Webhook(LOOPBACK).send(to(address), "id", edited()) == "200 OK"


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("ftp://example.com/", None), ("file:///etc/passwd", None), ("example.com/hook", None), ("http://", None),
        ("http://[", None), ("http://example.com/", "whsec_c2hvcnQ="), ("http://example.com/", f"{SECRET} plain"),
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_refused_with_a_hint(address: str, secret: str | None) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Webhook(Guard("*")).check(address, secret)
    assert refused.value.hint
    assert secret is None or secret not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://u:canary@hooks.example.org:8443/a?x=canary", "https://hooks.example.org:8443/a?…"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/1f2e3d4c-canary-1f2e", "https://open.feishu.cn/open-apis/bot/v2/hook/…"),
        ("https://oapi.dingtalk.com/robot/send?access_token=canary", "https://oapi.dingtalk.com/robot/send?…"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=canary", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?…"),
        ("https://hooks.slack.com/services/T00/B00/XXXXcanaryXXXXXXXXXX", "https://hooks.slack.com/services/T00/B00/…"),
        ("tgram://123456:canary/chat", "tgram://…"),
        ("ntfy://canary", "ntfy://…"),
        ("ntfys://user:canary@ntfy.example.org/canary", "ntfys://ntfy.example.org/…"),
        ("desk@example.com", "desk@example.com"),
        ("hooks.example.org/?token=canary", "hooks.example.org"),
    ],
)  # fmt: skip
def test_addresses_are_shown_without_what_is_secret(address: str, wanted: str) -> None:
    assert shown(address) == wanted
    assert "canary" not in shown(address)


def test_a_target_shows_nothing() -> None:
    target = to("https://canary-address.example.org", "canary-secret")
    assert "canary" not in repr(target) + str(target)


CANARIES = ("canary-user", "canary-pass", "canary-path-0123456789", "canary-query", "canary-fragment")


@pytest.mark.parametrize("fault", ["down", "echo", "status", "garbage", "reset", "barred", "unknown", "tls"])
def test_no_failure_tells_anything_secret(
    fault: str, receiver: Receiver, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    host, guard, scheme = f"127.0.0.1:{receiver.port}", LOOPBACK, "http"
    ended: list[socket.socket] = []
    match fault:
        case "down":
            receiver.stop()
        case "echo":
            receiver.status, receiver.echo = 500, True
        case "status":
            receiver.status = 404
        case "garbage":
            echoed = b"HTTP/9 " + " ".join(CANARIES).encode() + b"\r\n\r\n"
            ended.append(dripping(echoed, [], 0))
            host = f"127.0.0.1:{ended[0].getsockname()[1]}"
        case "reset":
            ended.append(dripping(b"", [], 0))
            host = f"127.0.0.1:{ended[0].getsockname()[1]}"
        case "barred":
            guard = Guard()
        case "unknown":
            host = "no-such-host.invalid"
        case "tls":
            scheme = "https"
    path = "canary-path-0123456789?token=canary-query#canary-fragment"
    target = to(f"{scheme}://canary-user:canary-pass@{host}/{path}", SECRET)
    with pytest.raises(DeliveryError) as failed:
        Webhook(guard).send(target, "id", edited())
    for one in ended:
        one.close()
    told = "".join(traceback.format_exception(failed.value)) + str(failed.value.hint) + caplog.text + repr(failed.value)
    assert not [secret for secret in (*CANARIES, SECRET, SECRET[6:]) if secret in told]


def test_what_endpoints_repeat_is_struck_out_in_any_form() -> None:
    address = "https://u%21ser:pa%20ss@h.example/path-of-tokens/x?access_token=sec%2Fret-token&n=1"
    said = "GET /path-of-tokens/x?access_token=sec%2Fret-token&n=1 sec/ret-token pa ss u!ser c2VjL3JldC10b2tlbg== "
    left = hide(said + "my-secret", address, "my-secret")
    assert not [part for part in ("token", "ret", "pa ss", "u!ser", "my-secret", "c2Vj") if part in left]
    assert hide("a\r\nb\x00c\u2028d", "http://h/") == "a b c d"
    assert len(hide("x" * 5000, "http://h/")) == 301
