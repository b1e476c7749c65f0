"""WeCom 企业微信: a robot of a group (群机器人), in its Markdown.

https://developer.work.weixin.qq.com/document/path/91770
"""

import re
from datetime import timedelta
from urllib.parse import SplitResult, parse_qs

from alerts.channels.base import Limits, Target
from alerts.channels.robots import Codes, Json, Robot
from alerts.messages import Dialect
from domain.errors import ConfigurationError
from domain.subscription import Via


class WeCom(Robot):
    """At most 20 messages a minute; the text of each at most 4,096 bytes."""

    via = Via.WECOM
    dialect: Dialect = "wecom"
    limits = Limits(messages=20, per=timedelta(minutes=1), bytes=4_096, folds=True)
    hosts = ("qyapi.weixin.qq.com",)
    form = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"
    codes = Codes(
        busy={45009: timedelta(minutes=1), 45033: timedelta(minutes=1), -1: timedelta(seconds=30)},
        gone={93000: ""},
        wrong={60020: "Let the robot take messages from this machine's IP."},
    )

    def token(self, url: SplitResult) -> str | None:
        found = parse_qs(url.query).get("key", [""])[0]
        return found if url.path == "/cgi-bin/webhook/send" and re.fullmatch(r"[0-9A-Za-z_-]{8,128}", found) else None

    def address(self, host: str, token: str) -> str:
        return f"https://{host}/cgi-bin/webhook/send?key={token}"

    def _check_secret(self, secret: str | None) -> None:
        if secret is not None:
            raise ConfigurationError("WeCom's robots sign nothing", hint="Leave the secret out.")

    def request(self, target: Target, subject: str, text: str) -> tuple[str, Json]:
        return target.address, {"msgtype": "markdown", "markdown": {"content": text}}

    def size(self, subject: str, text: str) -> int:
        """What is counted is the text, not the body around it."""
        return len(text.encode())
