"""Addresses that messages go to: held to their form when given, shown without what is secret in them."""

import base64
import binascii
import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from urllib.parse import urlsplit, urlunsplit

import httpx

from alerts.channels.services import HOSTED
from domain.errors import ConfigurationError

_PREFIX = "whsec_"
# Long, and no word: the hooks of Feishu, Slack, Discord.
_TOKEN = re.compile(r"(?=.*[0-9A-Z]).{16,}")


def webhook(url: str) -> str:
    """The address itself. Raises ConfigurationError unless it is http or https and names a host."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        good = False
    if not good:
        raise ConfigurationError(
            f"«{shown(url)}» is no address that a webhook can be sent to",
            hint="Write it whole, with http:// or https:// and a host: https://example.com/hooks/tongjian",
        )
    return url


def email(address: str) -> str:
    """The address itself. Raises ConfigurationError unless it is local part, @, domain (RFC 5322, 3.4.1)."""
    try:
        parsed = Address(addr_spec=address)
        good = bool(parsed.username and parsed.domain) and parsed.addr_spec == address
    except (ValueError, IndexError, HeaderParseError):
        good = False
    if not good:
        raise ConfigurationError(
            f"«{address}» is no e-mail address", hint="Write one address, without a name: desk@example.com"
        )
    return address


def key(secret: str) -> bytes:
    """The bytes that a webhook is signed with: `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks 1.0.0).

    Raises ConfigurationError, which does not repeat the secret.
    """
    try:
        raw = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not secret.startswith(_PREFIX) or not 24 <= len(raw) <= 64:
        raise ConfigurationError(
            "the file holds no webhook secret",
            hint='Write whsec_ and base64 of 24 to 64 random bytes: echo "whsec_$(openssl rand -base64 32)" > FILE',
        )
    return raw


def shown(address: str) -> str:
    """For logs and tables: without user, password, query, and parts of the path that look like tokens. Of an address
    of Apprise only the service, and its host where that is one."""
    scheme = address.partition("://")[0]
    if scheme == address:
        return re.split(r"[/?#]", address, maxsplit=1)[0]
    try:
        parts = urlsplit(address)
    except ValueError:
        return "…"
    if scheme not in ("http", "https"):
        # Elsewhere what stands in the host's place may be a token; a host has a dot.
        host = parts.netloc.rpartition("@")[2]
        return f"{scheme}://{host}/…" if scheme in HOSTED and "." in host else f"{scheme}://…"
    path = "/".join("…" if _TOKEN.fullmatch(part) else part for part in parts.path.split("/"))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "…" if parts.query else "", ""))
