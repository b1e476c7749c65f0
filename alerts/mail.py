"""E-mail: plain text, what changed first, under a Message-ID that a repeat carries again."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from alerts.channels import Away, Refused
from alerts.kinds import Payload, Subscription
from alerts.unwell import foot
from alerts.wording import TYPES, subject
from domain.clock import now, parse, shown

_PATIENCE = 10.0
_HINT = "Set TONGJIAN_SMTP=HOST:PORT to a mail server that takes messages from this machine."


def compose(sender: str, recipient: str, id: str, payload: Payload) -> EmailMessage:
    """The message of one delivery. `Auto-Submitted` keeps vacation answers away (RFC 3834, 5)."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, recipient
    message["Subject"] = subject(payload["type"], payload["title"] or payload["url"])
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    # Base64: Chinese in eight bits may not pass every relay, and lines stay under the 998 bytes of RFC 5322.
    message.set_content(text(payload), cte="base64")
    return message


def text(payload: Payload) -> str:
    """The body: what changed, then where and when, then the links. Times are Asia/Shanghai."""
    facts = (
        ("标题 title", payload["title"]),
        ("变化 change", TYPES.get(payload["type"], payload["type"])),
        ("站点 site", payload["site"]),
        ("时间 time", f"{shown(parse(payload['at']))} (Asia/Shanghai)"),
        ("原址 page", payload["url"]),
        ("详情 history", payload["link"]),
        ("订阅 subscription", payload["subscription"]),
    )
    lines = (f"{name}: {said}" for name, said in facts if said)
    return "\n".join([payload["summary"], "", *lines, *foot(payload.get("health", ())), ""])


class Mail:
    """Hands messages to one mail server, `HOST:PORT`; accepted is what it answers with 250 after the data."""

    def __init__(self, server: str, sender: str) -> None:
        self._server, self._sender = server, sender

    def lane(self, subscription: Subscription) -> str:
        return f"smtp {self._server}"

    def send(self, subscription: Subscription, id: str, payload: Payload) -> str:
        message = compose(self._sender, subscription.address, id, payload)
        host, port = self._place()
        try:
            with smtplib.SMTP(host, port, timeout=_PATIENCE) as server:
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as error:
            raise Refused(f"mail server {self._server}: {error}") from error
        except (OSError, UnicodeError) as error:  # smtplib's own errors are OSErrors too
            raise Away(f"mail server {self._server}: {error}", hint=_HINT) from error
        return f"accepted by {self._server}"

    def _place(self) -> tuple[str, int]:
        host, _, port = self._server.rpartition(":")
        if not host or not port.isdecimal():
            found = f"«{self._server}» is no HOST:PORT" if self._server else "is not set"
            raise Away(f"TONGJIAN_SMTP {found}", hint=_HINT)
        return host.strip("[]"), int(port)
