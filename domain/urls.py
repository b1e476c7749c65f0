"""Addresses: absolute and tidy for fetching, and the urlkey that makes two spellings one page."""

from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that name a visit, not a document; seen in the wild, lower case.
_VISIT = frozenset(
    {
        "jsessionid",
        "phpsessid",
        "sid",
        "from",
        "isappinstalled",
        "spm",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
    }
)


def absolute(base: str, href: str) -> str:
    """`href` seen from `base`, without its fragment and with its host in lower case."""
    parts = urlsplit(urljoin(base, href.strip()))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def host(url: str) -> str:
    """The host in lower case, without port."""
    return (urlsplit(url).hostname or "").lower()


def urlkey(url: str) -> str:
    """The SURT-like key of an address: `com,example,news)/a?b=1`.

    Scheme, default port, a leading `www.`, fragment, visit parameters and the order of the query do
    not matter; the case of the path does, because Chinese CMSs keep it.
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    labels = ",".join(reversed(name.removeprefix("www.").split(".")))
    port = parts.port
    place = labels if port in (None, _DEFAULT_PORTS.get(parts.scheme.lower())) else f"{labels}:{port}"
    path = quote(parts.path.split(";jsessionid", 1)[0] or "/", safe="/%:@!$&'()*+,;=~-._")
    pairs = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.lower() not in _VISIT)
    return f"{place}){path}" + (f"?{urlencode(pairs)}" if pairs else "")
