"""The robots of DingTalk, WeCom and Feishu, each with a stand-in that answers as the service does: always 200, and in
the body whether it took the message."""

import base64
import hashlib
import hmac
import json
import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from alert_endpoints import Authority, Post, Receiver
from messages_made import digest, edited

from alerts.channels import Away, Channel, Gone, Refused, Target, channels
from alerts.channels.dingtalk import sign
from alerts.kinds import Payload
from domain.errors import ConfigurationError, DeliveryError
from domain.settings import Settings
from domain.subscription import Language, Via

TOKEN = "canary0123456789abcdefcanary0123456789abcdef"
SECRET = "SECcanary0123456789secret"
HOSTS = {Via.DINGTALK: "oapi.dingtalk.com", Via.WECOM: "qyapi.weixin.qq.com", Via.FEISHU: "open.feishu.cn"}
ADDRESSES = {
    Via.DINGTALK: f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
    Via.WECOM: f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    Via.FEISHU: f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
}
TAKEN = {
    Via.DINGTALK: {"errcode": 0, "errmsg": "ok"},
    Via.WECOM: {"errcode": 0, "errmsg": "ok"},
    Via.FEISHU: {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"},
}
EACH = pytest.mark.parametrize("via", [Via.DINGTALK, Via.WECOM, Via.FEISHU])


@pytest.fixture
def robot(tmp_path: Path) -> Iterator[Receiver]:
    """Answers for all three hosts, over TLS."""
    made = Receiver(Authority(tmp_path).context(*HOSTS.values()))
    made.sent_headers = {"content-type": "application/json"}
    yield made
    made.stop()


@pytest.fixture
def ways(robot: Receiver) -> dict[Via, Channel]:
    rules = ",".join(f"{host}:443:127.0.0.1:{robot.port}" for host in HOSTS.values())
    return dict(channels(Settings(connect_to=rules)))


def answer(robot: Receiver, said: object) -> None:
    robot.sent = json.dumps(said).encode()


def to(via: Via, secret: str | None = None, language: Language = "both") -> Target:
    return Target(via, ADDRESSES[via], secret, language)


def text_of(via: Via, post: Post) -> str:
    if via is Via.FEISHU:
        return str(post.body["card"]["elements"][0]["content"])
    return str(post.body["markdown"]["text" if via is Via.DINGTALK else "content"])


@EACH
def test_a_message_is_taken(via: Via, ways: dict[Via, Channel], robot: Receiver) -> None:
    answer(robot, TAKEN[via])
    assert ways[via].send(to(via), "id", edited()).startswith("200")
    (post,) = robot.posts
    assert post.headers["host"] == HOSTS[via]
    assert post.headers["content-type"].startswith("application/json")
    assert f"https://{HOSTS[via]}{post.path}" == ADDRESSES[via]
    text = text_of(via, post)
    assert "招商引资项目开工" in text
    assert "http://room.example/diff?url=a1" in text


@EACH
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_keyword_is_in_every_message(
    via: Via, language: Language, ways: dict[Via, Channel], robot: Receiver
) -> None:
    """A robot can be told to take only what holds a word; docs/channels.md says to give it this one."""
    answer(robot, TAKEN[via])
    ways[via].send(to(via, language=language), "id", edited())
    assert "通鉴" in text_of(via, robot.posts[0])


def test_dingtalk_is_signed_as_its_page_says(ways: dict[Via, Channel], robot: Receiver) -> None:
    answer(robot, TAKEN[Via.DINGTALK])
    ways[Via.DINGTALK].send(to(Via.DINGTALK, SECRET), "id", edited())
    asked = {name: values[0] for name, values in parse_qs(urlsplit(robot.posts[0].path).query).items()}
    assert asked["access_token"] == TOKEN
    text = f"{asked['timestamp']}\n{SECRET}"
    signed = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    assert base64.b64decode(asked["sign"]) == signed
    assert len(asked["timestamp"]) == 13


def test_feishu_is_signed_as_its_page_says(ways: dict[Via, Channel], robot: Receiver) -> None:
    answer(robot, TAKEN[Via.FEISHU])
    ways[Via.FEISHU].send(to(Via.FEISHU, SECRET), "id", edited())
    body = robot.posts[0].body
    key = f"{body['timestamp']}\n{SECRET}".encode()
    assert base64.b64decode(body["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()
    assert len(body["timestamp"]) == 10


def test_dingtalk_is_signed_as_apprise_does_it() -> None:
    from apprise.plugins.dingtalk import NotifyDingTalk

    timestamp, signature = NotifyDingTalk(token="abc", secret="secret0123").get_signature()
    assert quote(sign(int(timestamp), "secret0123"), safe="") == signature


NO_CODE: tuple[object, ...] = ({}, [], "ok", None, {"errmsg": "ok", "msg": "success"})
TEN, ONE, HALF = timedelta(minutes=10), timedelta(minutes=1), timedelta(seconds=30)


@pytest.mark.parametrize(
    ("via", "said", "kind", "pause"),
    [
        (Via.DINGTALK, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, Away, TEN),
        (Via.DINGTALK, {"errcode": 410100, "errmsg": "发送速度太快而限流"}, Away, TEN),
        (Via.DINGTALK, {"errcode": 987654, "errmsg": "send too fast"}, Away, TEN),
        (Via.DINGTALK, {"errcode": -1, "errmsg": "系统繁忙"}, Away, HALF),
        (Via.DINGTALK, {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}, Away, timedelta(seconds=5)),
        (Via.DINGTALK, {"errcode": 310000, "errmsg": "keywords not in content"}, Away, None),
        (Via.DINGTALK, {"errcode": 310000, "errmsg": "sign not match"}, Away, None),
        (Via.DINGTALK, {"errcode": 400102, "errmsg": "机器人已停用"}, Away, None),
        (Via.DINGTALK, {"errcode": 300001, "errmsg": "token is not exist"}, Gone, None),
        (Via.DINGTALK, {"errcode": 300005, "errmsg": "token is not exist"}, Gone, None),
        (Via.DINGTALK, {"errcode": 400013, "errmsg": "群已被解散"}, Gone, None),
        (Via.DINGTALK, {"errcode": 400105, "errmsg": "不支持的消息类型"}, Refused, None),
        (Via.WECOM, {"errcode": 45009, "errmsg": "api freq out of limit"}, Away, ONE),
        (Via.WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, Gone, None),
        (Via.WECOM, {"errcode": 45002, "errmsg": "content size out of limit"}, Refused, None),
        (Via.FEISHU, {"code": 11232, "data": {}, "msg": "frequency limited psm[lark.oapi]appID[1500]"}, Away, ONE),
        (Via.FEISHU, {"code": 9499, "msg": "too many request", "data": {}}, Away, ONE),
        (Via.FEISHU, {"code": 9499, "msg": "Bad Request", "data": {}}, Refused, None),
        (Via.FEISHU, {"code": 19024, "msg": "Key Words Not Found"}, Away, None),
        (Via.FEISHU, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, Away, None),
        (Via.FEISHU, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, Gone, None),
        (Via.FEISHU, {"StatusCode": 19001, "StatusMessage": "param invalid: access token invalid"}, Gone, None),
        (Via.FEISHU, {"code": 19002, "msg": "params error, msg_type need"}, Refused, None),
        *(
            (via, said, Away, None)
            for via in HOSTS
            for said in ({}, [], "ok", None, {"errmsg": "ok", "msg": "success"})
        ),
        *((via, {"errcode": True, "code": False}, Away, None) for via in HOSTS),
    ],
)
def test_what_a_robot_refuses_is_never_taken_for_delivered(
    via: Via,
    said: object,
    kind: type[DeliveryError],
    pause: timedelta | None,
    ways: dict[Via, Channel],
    robot: Receiver,
) -> None:
    answer(robot, said)
    with pytest.raises(DeliveryError) as failed:
        ways[via].send(to(via), "id", edited())
    assert type(failed.value) is kind
    assert getattr(failed.value, "retry_after", None) == pause


@EACH
def test_what_is_set_wrong_is_said(via: Via, ways: dict[Via, Channel], robot: Receiver) -> None:
    code = {Via.DINGTALK: 310000, Via.WECOM: 60020, Via.FEISHU: 19024}[via]
    answer(robot, {"errcode": code, "errmsg": "no", "code": code, "msg": "no"})
    with pytest.raises(Away, match=str(code)) as away:
        ways[via].send(to(via), "id", edited())
    assert away.value.hint


@EACH
@pytest.mark.parametrize("status", [302, 403, 404, 429, 500, 502, 503])
def test_a_status_is_heard_as_well(via: Via, status: int, ways: dict[Via, Channel], robot: Receiver) -> None:
    robot.status, robot.sent, robot.sent_headers = status, b"<html>gateway</html>", {"retry-after": "9"}
    with pytest.raises(Away, match=str(status)) as away:
        ways[via].send(to(via), "id", edited())
    assert away.value.retry_after == timedelta(seconds=9)


@EACH
def test_a_code_in_an_error_of_http_counts(via: Via, ways: dict[Via, Channel], robot: Receiver) -> None:
    robot.status = 400
    answer(robot, {"errcode": 45009, "errmsg": "rate limit", "code": 11232, "msg": "frequency limited"})
    with pytest.raises(Away) as away:
        ways[via].send(to(via), "id", edited())
    assert away.value.retry_after is not None


@EACH
def test_an_answer_without_end_is_cut(via: Via, ways: dict[Via, Channel], robot: Receiver) -> None:
    robot.sent = b" " * 200_000 + json.dumps(TAKEN[via]).encode()
    with pytest.raises(Away):
        ways[via].send(to(via), "id", edited())


def long_one() -> Payload:
    return digest([edited(f"第{number}件：" + "开工建设" * 20, places=6) for number in range(120)])


@EACH
def test_a_message_that_is_too_long_comes_shortened(via: Via, ways: dict[Via, Channel], robot: Receiver) -> None:
    answer(robot, TAKEN[via])
    assert ways[via].fits(edited(), "both")
    assert not ways[via].fits(long_one(), "both")
    ways[via].send(to(via), "id", long_one())
    (post,) = robot.posts
    counted = text_of(via, post).encode() if via is Via.WECOM else post.raw
    limit = ways[via].limits.bytes
    assert limit
    assert limit / 2 < len(counted) <= limit
    assert "http://room.example/changes" in text_of(via, post)


@EACH
def test_the_address_is_taken_as_the_app_gives_it(via: Via, ways: dict[Via, Channel]) -> None:
    address, check = ADDRESSES[via], ways[via].check
    joint = "&" if "?" in address else "?"
    for given in (address, f" {address}\n", f"{address}{joint}timestamp=1&sign=2", address.replace(".c", ".C", 1)):
        assert check(given.replace("https", "HTTPS", 1), None) == address
    wrong = (
        address.replace("https", "http"), address.replace("https://", "https://user:pw@"), address[: -len(TOKEN)],
        address.replace(HOSTS[via], "evil.example.org"), address.replace(HOSTS[via], HOSTS[via] + ".evil.org"),
        address.replace(HOSTS[via], f"{HOSTS[via]}:8443"), address.replace(HOSTS[via], f"evil.org#{HOSTS[via]}"),
        TOKEN, "", "https://[", f"{address}/../../x y",
    )  # fmt: skip
    for given in wrong:
        with pytest.raises(ConfigurationError) as refused:
            check(given, None)
        assert refused.value.hint
        assert "canary" not in str(refused.value) + str(refused.value.hint)


def test_a_secret_is_taken_where_there_is_one(ways: dict[Via, Channel]) -> None:
    for via in (Via.DINGTALK, Via.FEISHU):
        assert ways[via].check(ADDRESSES[via], SECRET) == ADDRESSES[via]
        for wrong in ("", "two words\n", "密钥"):
            with pytest.raises(ConfigurationError):
                ways[via].check(ADDRESSES[via], wrong)
    with pytest.raises(ConfigurationError):
        ways[Via.WECOM].check(ADDRESSES[Via.WECOM], SECRET)


def test_larks_own_host_is_known(ways: dict[Via, Channel]) -> None:
    address = f"https://open.larksuite.com/open-apis/bot/v2/hook/{TOKEN}"
    assert ways[Via.FEISHU].check(address, None) == address


@EACH
@pytest.mark.parametrize("fault", ["down", "echo", "refused", "html"])
def test_no_failure_tells_anything_secret(
    via: Via, fault: str, ways: dict[Via, Channel], robot: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = None if via is Via.WECOM else SECRET
    match fault:
        case "down":
            robot.stop()
        case "echo":
            robot.echo = True
        case "refused":
            said = f"token {TOKEN} and what signs, {secret}"
            answer(robot, {"errcode": 1, "errmsg": said, "code": 1, "msg": said})
        case "html":
            robot.status, robot.sent = 502, f"<html>{TOKEN}</html>".encode()
    with pytest.raises(DeliveryError) as failed:
        ways[via].send(to(via, secret), "id", edited())
    told = "".join(traceback.format_exception(failed.value)) + str(failed.value.hint) + caplog.text
    assert "canary" not in told
