"""Nothing of an address or a secret in what is told of a failure: endpoints repeat what they were sent."""

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_LONGEST = 300
# Shorter parts are words (`hook`, `v2`), and would be struck out of every sentence.
_SHORTEST = 6


def hide(text: str, address: str | None, *secrets: str | None) -> str:
    """The text on one line, of at most 300 characters, with every part of the address and the secrets struck out."""
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    for part in sorted({*_forms(_parts(address or "", secrets))}, key=len, reverse=True):
        said = said.replace(part, "…")
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "…"


def _parts(address: str, secrets: Iterable[str | None]) -> Iterator[str]:
    yield address
    for secret in secrets:
        yield from (secret or "").split()
    try:
        url = urlsplit(address)
        # The user and the password are secret however short they are.
        yield from filter(None, (url.username, url.password, url.netloc.rpartition("@")[0]))
    except ValueError:
        return
    inner = [url.fragment, *url.path.split("/"), *(value for _, value in parse_qsl(url.query))]
    yield from (part for part in (url.query, f"{url.path}?{url.query}", *inner) if len(part) >= _SHORTEST)


def _forms(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if part:
            yield from (part, unquote(part), quote(part, safe=""), base64.b64encode(part.encode()).decode())
