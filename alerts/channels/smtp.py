"""The mail server that messages leave by: HOST:PORT, smtp://user@host:587 or smtps://user@host."""

import re
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from domain.errors import ConfigurationError

PATIENCE = 10.0
HINT = (
    "Set TONGJIAN_SMTP to a mail server that takes messages from here: HOST:PORT, or smtp://user@host:587 and "
    "TONGJIAN_SMTP_PASSWORD_FILE."
)
_PLACE = re.compile(r"(?P<host>[^:@/\[\]\s]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")


class NotSecure(OSError):
    """The server offers no encryption, and a password would have to go in the clear."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it is and how to log in. `tls`: from the first byte. The password is read from its file at each use, so
    that it can be changed without a restart, and never shown."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password_file: Path | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """For people: without the user."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def password(self) -> str | None:
        """That of the user, from its file; None without a user. Raises ConfigurationError."""
        if self.user is None:
            return None
        if self.password_file is None:
            raise ConfigurationError(
                "TONGJIAN_SMTP names a user, and there is no password",
                hint="Write the password into a file and name it in TONGJIAN_SMTP_PASSWORD_FILE.",
            )
        try:
            return self.password_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"the password in {self.password_file} cannot be read: {type(error).__name__}",
                hint="TONGJIAN_SMTP_PASSWORD_FILE names a text file that holds the password and may be read.",
            ) from None

    def send(self, mail: EmailMessage, password: str | None) -> None:
        """Hands one mail over. Raises what smtplib raises, and NotSecure; within 30 s in all."""
        with self._connected() as server:
            if self.user and password is not None:
                server.login(self.user, password)
            server.send_message(mail)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        made = smtplib.SMTP_SSL(timeout=PATIENCE, context=_context()) if self.tls else smtplib.SMTP(timeout=PATIENCE)
        # smtplib counts its timeout for each read anew; this one is for all of it, against a server that drips.
        timer = threading.Timer(3 * PATIENCE, _cut, (made,))
        timer.daemon = True
        timer.start()
        try:
            made._host = self.host  # type: ignore[attr-defined]  # what certificates are held against
            _greeted(made, self.host, self.port)
            if not self.tls:
                self._secured(made)
            yield made
            with suppress(OSError):  # it was accepted: nothing after that may make it be sent again
                made.quit()
        finally:
            timer.cancel()
            made.close()

    def _secured(self, server: smtplib.SMTP) -> None:
        """STARTTLS: a must, with a certificate that vouches for the host, before a password; else as the server
        offers it, and whoever it is: better than in the clear (RFC 7435)."""
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=_context() if self.user else _unverified())
            server.ehlo()
        elif self.user:
            raise NotSecure(f"mail server {self.shown} offers no STARTTLS, so the password was not sent")


def parse(text: str, password_file: Path | None = None) -> MailServer:
    """The mail server of TONGJIAN_SMTP. Raises ConfigurationError."""
    if "://" in text:
        return _from_url(text, password_file)
    found = _PLACE.fullmatch(text)
    if not found or not 0 < int(found["port"]) < 65536:
        raise _wrong(f"«{text}» is no HOST:PORT" if text and "@" not in text else "names no HOST:PORT")
    return MailServer(found["host"].strip("[]"), int(found["port"]))


def _from_url(text: str, password_file: Path | None) -> MailServer:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port == 0 or parts.scheme not in ("smtp", "smtps") or parts.path.strip("/") or parts.query:
        raise _wrong("is no smtp://user@host:port")
    if parts.password is not None:
        raise _wrong("holds a password, which belongs into a file")
    tls, user = parts.scheme == "smtps", unquote(parts.username) if parts.username else None
    return MailServer(host, port or (465 if tls else 587 if user else 25), tls, user, password_file)


def _wrong(why: str) -> ConfigurationError:
    return ConfigurationError(f"TONGJIAN_SMTP {why}", hint=HINT)


def _greeted(server: smtplib.SMTP, host: str, port: int) -> None:
    code, words = server.connect(host, port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, words)


def _cut(server: smtplib.SMTP) -> None:
    """Ends whatever it waits for."""
    taken = server.sock
    if taken is not None:
        with suppress(OSError):
            taken.shutdown(2)


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
