"""E-mail, handed to a real mail server: with and without TLS, with and without a login."""

import logging
import smtplib
import socket
import traceback
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from alert_endpoints import Authority, GuardedPostbox, Postbox, dripping
from messages_made import digest, edited

from alerts.channels import Away, Refused, Target, channels, mail, smtp
from alerts.channels.mail import Mail, compose
from alerts.channels.smtp import parse
from alerts.kinds import Payload
from alerts.messages import Rendered
from domain.errors import ConfigurationError, DeliveryError
from domain.settings import Settings
from domain.subscription import Language, Via

DESK, SENDER = "desk@example.com", "tongjian@example.org"
PASSWORD = "canary pass-word"


def to(address: str = DESK, language: Language = "both") -> Target:
    return Target(Via.EMAIL, address, language=language)


def mailed(
    postbox: Postbox, payload: Payload | None = None, id: str = "id-1", language: Language = "both"
) -> EmailMessage:
    Mail(postbox.server, SENDER).send(to(language=language), id, payload or edited())
    return postbox.messages[-1]


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))  # type: ignore[arg-type]
    assert part
    return str(part.get_content())


def test_a_mail_says_it_in_text_and_in_html(postbox: Postbox) -> None:
    message = mailed(postbox)
    assert message.get_content_type() == "multipart/alternative"
    assert (message["To"], message["From"]) == (DESK, SENDER)
    assert message["Subject"].startswith("[通鉴")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    for kind in ("plain", "html"):
        said = body(message, kind)
        assert "招商引资项目开工" in said
        assert "http://room.example/diff?url=a1" in said


def test_a_repeat_carries_the_same_message_id(postbox: Postbox) -> None:
    first, second = mailed(postbox, id="key"), mailed(postbox, id="key")
    assert first["Message-ID"] == second["Message-ID"] == "<key@example.org>"


def test_the_language_is_the_readers(postbox: Postbox) -> None:
    chinese, english = mailed(postbox, language="zh"), mailed(postbox, language="en")
    assert chinese["Subject"].startswith("[通鉴")
    assert english["Subject"].startswith("[Tongjian")


def test_it_says_where_it_is_ended(postbox: Postbox) -> None:
    assert mailed(postbox)["List-Unsubscribe"] == "<http://room.example/subscriptions/s1>"
    both = [{"id": id, "name": id, "link": f"http://room.example/subscriptions/{id}"} for id in ("s1", "s2")]
    assert mailed(postbox, edited(subscriptions=both))["List-Unsubscribe"] == "<http://room.example/subscriptions>"
    for without in (
        [],
        [{"id": "s1", "name": "s1"}],
        [{"id": "s1", "name": "s1", "link": "http://a\r\nBcc: evil@e.x"}],
    ):
        message = mailed(postbox, edited(subscriptions=without))
        assert message["List-Unsubscribe"] is None
        assert message["Bcc"] is None


@pytest.mark.parametrize("title", ["a\r\nBcc: evil@example.com", "a\nX-Evil: 1", "a\r\n\r\nbody", "a\x00b\u2028c\x85d"])
def test_no_title_adds_a_header(title: str, postbox: Postbox) -> None:
    message = mailed(postbox, edited(title))
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    rendered = Rendered(title, "text", None, None)
    subject = str(compose(SENDER, DESK, "id", rendered)["Subject"])
    assert all(sign.isprintable() for sign in subject)


def test_long_digests_come_shortened(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_LARGEST", 30_000)
    way = Mail(postbox.server, SENDER)
    payload = digest([edited(f"第{number}件 {'开工' * 80}", places=8) for number in range(40)])
    assert way.fits(edited(), "both")
    assert not way.fits(payload, "both")
    way.send(to(), "id", payload)
    (message,) = postbox.messages
    assert len(bytes(message)) <= 32_000
    for kind in ("plain", "html"):
        assert "http://room.example/changes" in body(message, kind)


@pytest.mark.parametrize("answer", ["451 later", "552 too large", "554 no"])
def test_what_the_server_has_against_one_message_stops_no_other(answer: str, postbox: Postbox) -> None:
    postbox.answer = answer
    with pytest.raises(Refused, match=answer):
        mailed(postbox)


def test_one_refused_person_is_not_named(postbox: Postbox) -> None:
    postbox.refused.add(DESK)
    with pytest.raises(Refused, match="550 no such person") as refused:
        mailed(postbox)
    assert DESK not in str(refused.value)


@pytest.mark.parametrize("server", ["", "nonsense", "host", "host:0", "host:99999", "a b:25", "smtp://", "http://h:25"])
def test_a_server_that_is_none_makes_messages_wait(server: str) -> None:
    with pytest.raises(Away, match="TONGJIAN_SMTP") as away:
        Mail(server, SENDER).send(to(), "id", edited())
    assert "TONGJIAN_SMTP" in str(away.value.hint)


def test_a_server_that_is_down_makes_messages_wait() -> None:
    with pytest.raises(Away, match=r"mail server 127\.0\.0\.1:1: ConnectionRefusedError"):
        Mail("127.0.0.1:1", SENDER).send(to(), "id", edited())


def test_a_server_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.1)
    with dripping(b"220 ", [b"a"] * 100, 0.05) as slow, pytest.raises(Away):
        Mail(f"127.0.0.1:{slow.getsockname()[1]}", SENDER).send(to(), "id", edited())


def test_a_farewell_that_fails_undoes_nothing(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: smtplib.SMTP) -> None:
        raise TimeoutError

    monkeypatch.setattr(smtplib.SMTP, "quit", gone)
    mailed(postbox)
    assert len(postbox.messages) == 1


@pytest.mark.parametrize(
    ("text", "host", "port", "tls", "user"),
    [
        ("mail.example.com:25", "mail.example.com", 25, False, None),
        ("[::1]:25", "::1", 25, False, None),
        ("smtp://mail.example.com", "mail.example.com", 25, False, None),
        ("smtp://desk%40example.com@mail.example.com", "mail.example.com", 587, False, "desk@example.com"),
        ("smtp://desk@mail.example.com:2525", "mail.example.com", 2525, False, "desk"),
        ("smtps://desk@mail.example.com", "mail.example.com", 465, True, "desk"),
        ("smtps://[::1]:1465/", "::1", 1465, True, None),
    ],
)
def test_the_setting_in_its_forms(text: str, host: str, port: int, tls: bool, user: str | None) -> None:
    made = parse(text)
    assert (made.host, made.port, made.tls, made.user) == (host, port, tls, user)


def test_a_password_in_the_setting_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigurationError, match="belongs into a file") as refused:
        parse("smtp://desk:canary@mail.example.com")
    assert "canary" not in str(refused.value) + str(refused.value.hint)
    with pytest.raises(ConfigurationError) as refused:
        parse("desk:canary@mail.example.com:25")
    assert "canary" not in str(refused.value) + str(refused.value.hint)


@pytest.fixture
def password(tmp_path: Path) -> Path:
    place = tmp_path / "password"
    place.write_text(PASSWORD + "\n", "utf-8")
    return place


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture(params=[False, True], ids=["starttls", "smtps"])
def guarded(request: pytest.FixtureRequest, authority: Authority) -> Iterator[GuardedPostbox]:
    made = GuardedPostbox(authority.context("127.0.0.1"), {"desk@example.org": PASSWORD}, tls=request.param)
    yield made
    made.stop()


def test_it_logs_in_over_tls(guarded: GuardedPostbox, password: Path) -> None:
    way = channels(Settings(smtp=guarded.url, smtp_password_file=password, mail_from=SENDER))[Via.EMAIL]
    way.send(to(), "id", edited())
    assert guarded.logins == ["desk@example.org"]
    assert guarded.messages[0]["To"] == DESK


def test_a_certificate_that_does_not_vouch_gets_no_password(
    guarded: GuardedPostbox, password: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
        Mail(guarded.url, SENDER, password).send(to(), "id", edited())
    assert guarded.logins == []


def test_a_server_without_tls_gets_no_password(postbox: Postbox, password: Path) -> None:
    with pytest.raises(Away, match="no STARTTLS"):
        Mail(f"smtp://desk@{postbox.server}", SENDER, password).send(to(), "id", edited())
    assert postbox.messages == []


def test_without_a_login_tls_is_taken_as_it_is_offered(tmp_path: Path) -> None:
    """From whoever it is: better than in the clear."""
    made = GuardedPostbox(Authority(tmp_path).context("elsewhere.example.org"), {})
    with pytest.raises(Away, match="530"):  # reached over TLS, and told that a login is wanted
        Mail(made.server, SENDER).send(to(), "id", edited())
    made.stop()


def test_a_login_that_fails_makes_messages_wait(guarded: GuardedPostbox, password: Path) -> None:
    password.write_text("canary wrong", "utf-8")
    with pytest.raises(Away, match="535") as away:
        Mail(guarded.url, SENDER, password).send(to(), "id", edited())
    assert away.value.hint
    assert "canary" not in str(away.value)


def test_a_password_that_is_not_there_makes_messages_wait(tmp_path: Path) -> None:
    for place in (None, tmp_path / "none"):
        with pytest.raises(Away) as away:
            Mail("smtp://desk@127.0.0.1:1", SENDER, place).send(to(), "id", edited())
        assert "TONGJIAN_SMTP_PASSWORD_FILE" in str(away.value.hint)


@pytest.mark.parametrize("address", ["nobody", "a@b, c@d", "a@b\r\nBcc: c@d", "Name <a@b.c>", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError):
        Mail("", SENDER).check(address, None)
    with pytest.raises(ConfigurationError):
        Mail("", SENDER).check(DESK, "secret")
    assert Mail("", SENDER).check(f" {DESK} ", None) == DESK


@pytest.mark.parametrize("fault", ["login", "recipient", "data", "garbage", "down"])
def test_no_failure_tells_anything_secret(
    fault: str, authority: Authority, password: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The server repeats what it was told wherever it can."""
    caplog.set_level(logging.DEBUG)
    address = "canary-desk@example.com"
    users = {} if fault == "login" else {"canary-user": PASSWORD}
    made = GuardedPostbox(authority.context("127.0.0.1"), users)
    server, garbage = made.server, socket.socket()
    match fault:
        case "recipient":
            made.refused.add(address)
        case "data":
            made.answer = f"554 {address} canary-user {PASSWORD}"
        case "garbage":
            garbage = dripping(f"220 {address}\r\n500 canary-user {PASSWORD}\r\n500 {PASSWORD}\r\n".encode(), [], 0)
            server = f"127.0.0.1:{garbage.getsockname()[1]}"
        case "down":
            made.stop()
    way = Mail(f"smtp://canary-user@{server}", SENDER, password)
    with pytest.raises(DeliveryError) as failed:
        way.send(to(address), "id", edited())
    garbage.close()
    if fault != "down":
        made.stop()
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail."))
    told = "".join(traceback.format_exception(failed.value)) + str(failed.value.hint) + ours
    assert "canary" not in told
