"""Feishu 飞书 and Lark: a custom bot of a group (自定义机器人), as a card.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from urllib.parse import SplitResult

from alerts.channels.base import Limits, Target
from alerts.channels.robots import Codes, Json, Robot, number
from alerts.messages import Dialect
from domain.clock import now
from domain.subscription import Via

_HOOK = "/open-apis/bot/v2/hook/"
_SECURITY = (
    "In the bot's settings (安全设置) set the keyword 通鉴, or give this channel its secret (签名校验), or add this IP."
)


def sign(timestamp: int, secret: str) -> str:
    """The signature of 签名校验: Base64 of HMAC-SHA256 over nothing, by the key `timestamp\\nsecret`; in seconds."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class Feishu(Robot):
    """At most 100 messages a minute and 5 a second, each of 20 KB (its own page says 20, others 30)."""

    via = Via.FEISHU
    dialect: Dialect = "feishu"
    limits = Limits(messages=100, per=timedelta(minutes=1), bytes=20_000, folds=True, second=5)
    hosts = ("open.feishu.cn", "open.larksuite.com")
    form = "https://open.feishu.cn/open-apis/bot/v2/hook/…"
    codes = Codes(
        busy={11232: timedelta(minutes=1), 230020: timedelta(minutes=1)},
        gone={19001: "token"},
        wrong={19021: _SECURITY, 19022: _SECURITY, 19024: _SECURITY, 19007: "Switch the bot on again in the group."},
    )

    def token(self, url: SplitResult) -> str | None:
        found = url.path.removeprefix(_HOOK)
        return found if url.path.startswith(_HOOK) and re.fullmatch(r"[0-9A-Za-z_-]{8,128}", found) else None

    def address(self, host: str, token: str) -> str:
        return f"https://{host}{_HOOK}{token}"

    def request(self, target: Target, subject: str, text: str) -> tuple[str, Json]:
        header = {"title": {"tag": "plain_text", "content": subject}, "template": "blue"}
        card = {"config": {"wide_screen_mode": True}, "header": header}
        body: Json = {"msg_type": "interactive", "card": card | {"elements": [{"tag": "markdown", "content": text}]}}
        if target.secret is None:
            return target.address, body
        timestamp = int(now().timestamp())
        return target.address, {"timestamp": str(timestamp), "sign": sign(timestamp, target.secret)} | body

    def verdict(self, said: Json) -> tuple[int | None, str]:
        """`code` and `msg`, or as older bots have it `StatusCode` and `StatusMessage`."""
        code = number(said.get("code"))
        if code is not None:
            return code, str(said.get("msg", ""))
        return number(said.get("StatusCode")), str(said.get("StatusMessage", ""))
