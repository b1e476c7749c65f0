"""The address asked for (URI-R), taken from the end of our own address as it came over the wire.

An ASGI server undoes percent-encoding in `path`; `raw_path` and `query_string` are as the client wrote them, so a
`%2F` stays what it was and a query belongs to the address asked for.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request

from domain.urls import urlkey

# What a URI may hold as it is (RFC 3986, section 2.2); `|` is no part of that, and yet in use.
SAFE = "/:?#[]@!$&'()*+,;=%~|"
_SLASHES = re.compile(r"(https?):/+", re.IGNORECASE)
_ENCODED = re.compile(r"https?%3a", re.IGNORECASE)
_OTHER = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class Original:
    """An address: as a URI (ASCII, without user and fragment), and the urlkeys it may be kept under."""

    url: str
    keys: tuple[str, ...]


def asked(request: Request, depth: int) -> str:
    """What follows the first `depth` parts of the path in the request's own words, its query included."""
    path: str = request.scope["raw_path"].decode("latin-1")
    query: str = request.scope["query_string"].decode("latin-1")
    parts = path.removeprefix("/").split("/", depth)
    return (parts[depth] if len(parts) > depth else "") + (f"?{query}" if query else "")


def original(text: str) -> Original:
    """The address that a client wrote: whole, percent-encoded once more, or without `http://`.

    Raises ValueError where it is no address of http or https.
    """
    if _ENCODED.match(text):
        path, mark, query = text.partition("?")
        text = unquote(path) + mark + query
    if not _SLASHES.match(text):
        if _OTHER.match(text):
            raise ValueError(f"«{text[:80]}» is no address of http or https")
        text = f"http://{text}"
    return _tidied(_SLASHES.sub(r"\1://", text, count=1))


def _tidied(text: str) -> Original:
    parts = urlsplit(text)
    host = _ascii(unquote(parts.hostname or ""))
    if not host:
        raise ValueError(f"«{text[:80]}» has no host")
    scheme, port = parts.scheme.lower(), f":{parts.port}" if parts.port else ""
    query = f"?{quote(parts.query, safe=SAFE)}" if parts.query else ""
    path = quote(parts.path or "/", safe=SAFE)
    hosts, paths = (host, _unicode(host)), (path, _ESCAPE.sub(_upper, path), _ESCAPE.sub(_lower, path))
    keys = dict.fromkeys(urlkey(f"{scheme}://{name}{port}{spelt}{query}") for name in hosts for spelt in paths)
    return Original(f"{scheme}://{host}{port}{path}{query}", tuple(keys))


def _ascii(host: str) -> str:
    """As it goes over the wire, `xn--…`; UnicodeError is a ValueError."""
    if ":" in host:
        return f"[{host}]"
    return host.encode("idna").decode("ascii") if not host.isascii() else host


def _unicode(host: str) -> str:
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:  # no name that IDNA 2003 knows: it is kept as written, if at all
        return host


def _upper(found: re.Match[str]) -> str:
    return found[0].upper()


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()


def quoted(url: str) -> str:
    """A recorded address as a URI that may stand in a header or a list: ASCII, without fragment."""
    return quote(url.split("#", 1)[0], safe=SAFE)
