"""What Apprise knows, sent by a process that can reach only what it may."""

import ast
import inspect
import json
import logging
import os
import subprocess
import sys
import textwrap
import threading
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alert_endpoints import Authority, Receiver, Tunnel, dripping
from messages_made import digest, edited

from alerts.channels import Away, Refused, Target, services
from alerts.channels import apprise as ours
from alerts.channels.apprise import Apprise
from domain.errors import ConfigurationError, DeliveryError
from domain.settings import ROOT
from domain.subscription import Via

LOOPBACK = "127.0.0.0/8"
TOPIC = "canary-topic-0123456789"
BOT = "123456789:canaryABCDEFGHIJKLMNOPQRSTUVWXYZabc"
TELEGRAM = f"tgram://{BOT}/987654321/"


def to(address: str) -> Target:
    return Target(Via.APPRISE, address)


def ntfy(receiver: Receiver, schema: str = "ntfy", host: str = "127.0.0.1", more: str = "") -> str:
    return f"{schema}://{host}:{receiver.port}/{TOPIC}{more}"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.file))
    return made


@pytest.fixture
def telegram(authority: Authority) -> Iterator[Receiver]:
    made = Receiver(authority.context("api.telegram.org"))
    made.sent_headers, made.sent = {"content-type": "application/json"}, b'{"ok": true}'
    yield made
    made.stop()


def test_a_message_reaches_a_server_that_the_subscriber_names(receiver: Receiver) -> None:
    way = Apprise(LOOPBACK, "")
    address = way.check(f" {ntfy(receiver)} ", None)
    assert address == ntfy(receiver)
    assert receiver.posts == [], "to check an address sends nothing"
    assert way.send(to(address), "id", edited()) == "accepted by ntfy"
    (post,) = receiver.posts
    assert post.body["topic"] == TOPIC
    assert "招商引资项目开工" in post.body["title"] + post.body["message"]
    assert "http://room.example/diff?url=a1" in post.body["message"]


def test_a_message_reaches_a_service_with_a_host_of_its_own(telegram: Receiver) -> None:
    way = Apprise("", f"api.telegram.org:443:127.0.0.1:{telegram.port}")
    assert way.send(to(way.check(TELEGRAM, None)), "id", edited()) == "accepted by tgram"
    (post,) = telegram.posts
    assert post.headers["host"] == "api.telegram.org"
    assert "招商引资项目开工" in post.raw.decode("unicode_escape", "replace") + json.dumps(
        post.body, ensure_ascii=False
    )


def test_a_certificate_of_nobody_is_not_believed(telegram: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Away):
        Apprise("", f"api.telegram.org:443:127.0.0.1:{telegram.port}").send(to(TELEGRAM), "id", edited())
    assert telegram.posts == []


def test_what_is_too_long_for_the_service_comes_in_fewer_words(receiver: Receiver) -> None:
    payload = digest([edited(f"第{number}件：{'开工建设' * 20}", places=6) for number in range(100)])
    way = Apprise(LOOPBACK, "")
    assert not way.fits(payload, "both")
    way.send(to(ntfy(receiver)), "id", payload)
    (post,) = receiver.posts
    assert len(post.body["message"].encode()) <= 4_000
    assert "http://room.example/changes" in post.body["message"]


@pytest.mark.parametrize(("status", "kind"), [(400, Refused), (413, Refused), (403, Away), (429, Away), (500, Away)])
def test_what_a_failure_means(receiver: Receiver, status: int, kind: type[DeliveryError]) -> None:
    receiver.status = status
    with pytest.raises(DeliveryError, match=str(status)) as failed:
        Apprise(LOOPBACK, "").send(to(ntfy(receiver)), "id", edited())
    assert type(failed.value) is kind
    assert getattr(failed.value, "retry_after", None) == (timedelta(minutes=1) if status == 429 else None)


def test_redirects_are_not_followed(receiver: Receiver, other_receiver: Receiver) -> None:
    receiver.status, receiver.sent_headers = 307, {"location": other_receiver.url}
    with pytest.raises(Away, match="307"):
        Apprise(LOOPBACK, "").send(to(ntfy(receiver, more="?redirect=yes")), "id", edited())
    assert (len(receiver.posts), other_receiver.posts) == (1, [])


def test_what_is_not_public_is_refused_when_given_and_when_sent_to(receiver: Receiver) -> None:
    strict = Apprise("", "")
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(ConfigurationError, match="not public"):
            strict.check(ntfy(receiver, host=host), None)
        with pytest.raises(Away, match="not public"):
            strict.send(to(ntfy(receiver, host=host)), "id", edited())
    assert receiver.posts == []


def test_a_service_that_never_answers_is_left_in_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "PATIENCE", 3.0)
    receiver.hold = threading.Event()
    with pytest.raises(Away, match="no answer within"):
        Apprise(LOOPBACK, "").send(to(ntfy(receiver, more="?rto=60")), "id", edited())
    receiver.hold.set()


REFUSED = (
    "", "tgram", "file:///etc/passwd", "dbus://", "syslog://", "windows://", "macosx://", "exec://ls", "mqtt://h/t",
    "rsyslog://h", "apprise://h/k", "irc://h/c", "fcm://p@k/t?keyfile=/etc/passwd", "vapid://k/t", "xmpp://u:p@h",
    "dingtalk://t", "feishu://t", "wecombot://t", "mailto://u:p@h", "json://h", "form://h", "https://h.example/x",
    "slack://A/B/C?template=/etc/passwd", "ntfy://t?verify=no", "ntfy://t?redirect=yes", "tgram://none", "ntfy://[",
)  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_what_reaches_into_this_machine_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Apprise("*", "").check(address, None)
    assert refused.value.hint


def test_secrets_are_in_the_address_alone() -> None:
    with pytest.raises(ConfigurationError):
        Apprise("", "").check(TELEGRAM, "secret")


def plugins() -> dict[str, Any]:
    from apprise.manager_plugins import NotificationManager

    manager: Any = NotificationManager
    manager = manager()
    manager.load_modules()
    return {schema: manager[schema] for schema in services.FIXED | services.HOSTED}


def imported(plugin: Any) -> set[str]:
    """What the plugin's file imports of the standard library, and of others."""
    tree = ast.parse(inspect.getsource(sys.modules[plugin.__module__]))
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names}


def test_the_list_is_what_the_plugins_are() -> None:
    for schema, plugin in plugins().items():
        assert plugin.enabled, schema
        names_a_host = any("{host}" in template for template in plugin.templates)
        assert names_a_host is (schema in services.HOSTED), schema
        assert "template_url" not in plugin.template_args, schema
        reaching = {
            "subprocess",
            "socket",
            "ctypes",
            "smtplib",
            "ftplib",
            "telnetlib",
            "multiprocessing",
            "pty",
            "dbus",
        }
        assert not imported(plugin) & reaching, schema
    assert not services.FIXED & services.HOSTED
    assert not services.OURS.keys() & (services.FIXED | services.HOSTED)


def test_the_page_names_the_services() -> None:
    page = (ROOT / "docs" / "channels.md").read_text("utf-8")
    listed = {
        word for line in page.splitlines() if line.startswith("    bark") or _goes_on(line) for word in line.split()
    }
    known = services.FIXED | services.HOSTED
    assert listed <= known
    twins = {"bsky": "bluesky", "wxteams": "webex"}
    assert {schema for schema in known if not {schema, schema[:-1], twins.get(schema)} & listed} == set()


def _goes_on(line: str) -> bool:
    return line.startswith("    ") and line.strip().replace(" ", "").isalnum() and "channel" not in line


TRIES = {
    "read": "open('/etc/passwd')",
    "read by a detour": "open('/usr/share/../../etc/passwd')",
    "read the house's keys": "open(sys.prefix + '/var/keys/secrets.key')",
    "write": "open('/tmp/never-made', 'w')",
    "append": "open('/tmp/never-made', 'a')",
    "low write": "os.open('/tmp/never-made', os.O_CREAT | os.O_WRONLY)",
    "remove": "os.remove('/tmp/never-made')",
    "run": "subprocess.run(['true'])",
    "shell": "os.system('true')",
    "fork": "os.fork()",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "exec": "os.execv('/bin/true', ['true'])",
    "connect": "socket.create_connection(('127.0.0.1', PORT), 2)",
    "connect by number": "socket.socket().connect(('127.0.0.1', PORT))",
    "connect by another number": "socket.socket().connect(('0.0.0.0', PORT))",
    "connect by name": "socket.socket().connect(('localhost', PORT))",
    "connect over IPv6": "socket.socket(socket.AF_INET6).connect(('::ffff:127.0.0.1', PORT))",
    "connect_ex": "socket.socket().connect_ex(('127.0.0.1', PORT)) and None",
    "unix": "socket.socket(socket.AF_UNIX).connect('/run/any')",
    "datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
    "serve": "socket.socket().bind(('127.0.0.1', 0))",
    "undo": "socket.getaddrinfo('localhost', PORT)",
}


def test_a_plugin_can_do_nothing_else(receiver: Receiver, tmp_path: Path) -> None:
    """Each of these in the process that plugins run in, behind its barrier."""
    house = Path(sys.prefix)  # as where it was installed from a wheel
    program = f"""
        import importlib.util, json, os, socket, subprocess, sys
        spec = importlib.util.spec_from_file_location("outside", {str(ROOT / "alerts" / "channels" / "outside.py")!r})
        outside = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(outside)
        barrier = outside.Barrier(outside._guard({str(ROOT)!r}, "", ""), {str(house)!r})
        barrier.raise_()
        PORT, done = {receiver.port}, []
        for name, text in json.loads(sys.stdin.read()).items():
            try:
                eval(text)
                done.append(name)
            except (PermissionError, socket.gaierror) as error:
                print(name, type(error).__name__, error, file=sys.stderr)
        print(json.dumps(done))
    """
    ran = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(program)],
        input=json.dumps(TRIES),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [], ran.stderr
    assert not Path("/tmp/never-made").exists()


def test_the_process_knows_no_more_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    fixed, hosted = dict(ours._environment(proxied=True)), dict(ours._environment(proxied=False))
    assert "canary" not in {*fixed.values(), *hosted.values()}
    assert fixed["HTTPS_PROXY"]
    assert "HTTPS_PROXY" not in hosted
    assert os.environ.keys() >= fixed.keys() >= hosted.keys()


def test_through_a_proxy_only_services_with_a_host_of_their_own(
    telegram: Receiver, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tunnel = Tunnel(telegram.port)
    monkeypatch.setenv("https_proxy", tunnel.url)
    Apprise("api.telegram.org", "").send(to(TELEGRAM), "id", edited())
    assert (tunnel.asked, len(telegram.posts)) == (["api.telegram.org:443"], 1)
    with pytest.raises(Away, match="no address"):  # it is looked up here before the proxy hears of it
        Apprise("", "").send(to(TELEGRAM), "id", edited())
    Apprise(LOOPBACK, "").send(to(ntfy(receiver)), "id", edited())
    assert (len(tunnel.asked), len(receiver.posts)) == (1, 1)
    tunnel.stop()


@pytest.mark.parametrize("fault", ["down", "echo", "status", "garbage", "barred"])
def test_no_failure_tells_anything_secret(
    fault: str, receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    host, allow, closed = f"127.0.0.1:{receiver.port}", LOOPBACK, []
    match fault:
        case "down":
            receiver.stop()
        case "echo":
            receiver.status, receiver.echo = 500, True
        case "status":
            receiver.status = 404
        case "garbage":
            closed.append(dripping(f"HTTP/9 canary {TOPIC}\r\n\r\n".encode(), [], 0))
            host = f"127.0.0.1:{closed[0].getsockname()[1]}"
        case "barred":
            allow = ""
    way, target = Apprise(allow, ""), to(f"ntfy://canary-user:canary-pass@{host}/{TOPIC}")
    with pytest.raises(DeliveryError) as failed:
        way.send(target, "id", edited())
    for one in closed:
        one.close()
    out, err = capfd.readouterr()
    told = "".join(traceback.format_exception(failed.value)) + str(failed.value.hint) + caplog.text + out + err
    assert "canary" not in told
