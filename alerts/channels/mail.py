"""E-mail: plain text and HTML, under a Message-ID that a repeat carries again."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from alerts import addresses
from alerts.channels.base import Away, Limits, Refused, Target
from alerts.channels.hiding import hide
from alerts.channels.smtp import HINT, MailServer, NotSecure, parse
from alerts.kinds import Payload
from alerts.messages import Rendered, render, shorten
from domain.clock import now
from domain.errors import ConfigurationError
from domain.subscription import Language

_LARGEST = 1_000_000
_HEADERS = 4_096


def compose(sender: str, recipient: str, id: str, message: Rendered, unsubscribe: str | None = None) -> EmailMessage:
    """The mail of one delivery. `Auto-Submitted` keeps vacation answers away (RFC 3834, 5); `unsubscribe` is where the
    reader ends it (List-Unsubscribe, RFC 2369, 3.2)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = _line(message.subject)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe and unsubscribe.isascii() and unsubscribe.isprintable():
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    # Base64: Chinese in eight bits may not pass every relay, and lines stay under the 998 bytes of RFC 5322.
    mail.set_content(message.text, cte="base64")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="base64")
    return mail


def _line(text: str) -> str:
    """On one line, without control characters: no title of a page can add a header (RFC 5322, 2.2)."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


class Mail:
    """Hands messages to one mail server; accepted is what it answers with 250 after the data."""

    limits = Limits(messages=None, per=timedelta(minutes=1), bytes=_LARGEST, folds=True)

    def __init__(self, server: str, sender: str, password_file: Path | None = None) -> None:
        """`server` as TONGJIAN_SMTP; what is wrong with it is said when a message is to leave."""
        self._server, self._sender, self._password_file = server, sender, password_file

    def check(self, address: str, secret: str | None) -> str:
        if secret is not None:
            raise ConfigurationError("e-mail takes no secret", hint="Leave the secret out.")
        return addresses.email(address.strip())

    def lane(self, address: str) -> str:
        return "smtp"

    def fits(self, payload: Payload, language: Language) -> bool:
        return _fits(render(payload, language))

    def send(self, target: Target, id: str, payload: Payload) -> str:
        rendered = render(shorten(payload, _fits, target.language), target.language)
        mail = compose(self._sender, target.address, id, rendered, _unsubscribe(payload))
        try:
            server = parse(self._server, self._password_file)
            password = server.password()
        except ConfigurationError as error:
            raise Away(str(error), hint=error.hint) from None
        told = partial(_told, server, (target.address, server.user, password))
        try:
            server.send(mail, password)
        except NotSecure as error:
            raise Away(str(error), hint=HINT) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise Refused(told(*error.recipients.values())) from None
        except smtplib.SMTPDataError as error:
            raise Refused(told((error.smtp_code, error.smtp_error))) from None
        except smtplib.SMTPResponseException as error:
            raise Away(told((error.smtp_code, error.smtp_error)), hint=HINT) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(told(error)) from None
        except (OSError, UnicodeError) as error:  # smtplib's own errors are OSErrors too
            raise Away(told(error), hint=HINT) from None
        return f"accepted by {server.shown}"


def _fits(message: Rendered) -> bool:
    """Lines end in two bytes, base64 makes three bytes four, in lines of 76 with two bytes at their ends; then the
    headers."""
    parts = (message.text, message.html or "")
    size = sum(len(part.encode()) + part.count("\n") for part in parts)
    return size * 4 / 3 * 78 / 76 + _HEADERS < _LARGEST


def _unsubscribe(payload: Payload) -> str | None:
    """The page of the one subscription that it is for, or of them all where they are several."""
    links = [str(one.get("link") or "") for one in payload.get("subscriptions") or ()]
    if not links or not all(links):
        return None
    return links[0] if len(links) == 1 else links[0].rpartition("/")[0]


def _told(server: MailServer, hidden: tuple[str | None, ...], *said: tuple[int, bytes | str] | Exception) -> str:
    """What the server has against it, without what it repeats of address, user and password."""
    words = "; ".join(_words(one) for one in said)
    return f"mail server {server.shown}: {hide(words, *hidden)}"


def _words(said: tuple[int, bytes | str] | Exception) -> str:
    if isinstance(said, Exception):
        return f"{type(said).__name__}: {said}"
    code, text = said
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
