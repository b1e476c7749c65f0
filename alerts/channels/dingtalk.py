"""DingTalk 钉钉: a custom robot of a group (自定义机器人), in Markdown.

https://open.dingtalk.com/document/robots/custom-robot-access; the codes as its error table and answers seen have them.
"""

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from urllib.parse import SplitResult, parse_qs, urlencode

from alerts.channels.base import Limits, Target
from alerts.channels.robots import Codes, Json, Robot
from alerts.messages import Dialect
from domain.clock import now
from domain.subscription import Via

# Above 20 a minute a robot is left without a voice for ten minutes.
_BANNED = timedelta(minutes=10)
_SECURITY = (
    "In the robot's settings (安全设置) set the keyword 通鉴, or give this channel its secret (加签), or add this IP."
)
_STOPPED = "Switch the robot on again in the group's settings."


def sign(timestamp: int, secret: str) -> str:
    """The signature of 加签: Base64 of HMAC-SHA256 over `timestamp\\nsecret`; the timestamp in milliseconds."""
    signed = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(signed).decode()


class DingTalk(Robot):
    """At most 20 messages a minute, each of 20,000 bytes."""

    via = Via.DINGTALK
    dialect: Dialect = "dingtalk"
    limits = Limits(messages=20, per=timedelta(minutes=1), bytes=20_000, folds=True)
    hosts = ("oapi.dingtalk.com",)
    form = "https://oapi.dingtalk.com/robot/send?access_token=…"
    codes = Codes(
        busy={130101: _BANNED, 410100: _BANNED, 660026: _BANNED, -1: timedelta(seconds=30)},
        gone={300001: "token", 300005: "", 400013: "", 400101: "", 400106: ""},
        wrong={310000: _SECURITY, 400102: _STOPPED},
    )

    def token(self, url: SplitResult) -> str | None:
        found = parse_qs(url.query).get("access_token", [""])[0]
        return found if url.path == "/robot/send" and re.fullmatch(r"[0-9A-Za-z_-]{8,128}", found) else None

    def address(self, host: str, token: str) -> str:
        return f"https://{host}/robot/send?access_token={token}"

    def request(self, target: Target, subject: str, text: str) -> tuple[str, Json]:
        body: Json = {"msgtype": "markdown", "markdown": {"title": subject, "text": text}}
        if target.secret is None:
            return target.address, body
        timestamp = int(now().timestamp() * 1000)
        signed = {"timestamp": str(timestamp), "sign": sign(timestamp, target.secret)}
        return f"{target.address}&{urlencode(signed)}", body
