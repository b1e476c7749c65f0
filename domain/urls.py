"""Addresses: absolute and tidy for fetching, and the urlkey that makes two spellings one page."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_OWN_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|svg|avif|pdf|docx?|xlsx?|pptx?|zip|rar|wps|ofd)$", re.IGNORECASE)
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

_SHARED = frozenset(
    (
        "ac",
        "com",
        "edu",
        "gov",
        "mil",
        "net",
        "org",
        "co",
        "go",
        "or",
        "ne",
        "idv",
        "bj",
        "sh",
        "tj",
        "cq",
        "he",
        "sx",
        "nm",
        "ln",
        "jl",
        "hl",
        "js",
        "zj",
        "ah",
        "fj",
        "jx",
        "sd",
        "ha",
        "hb",
        "hn",
        "gd",
        "gx",
        "hi",
        "sc",
        "gz",
        "yn",
        "xz",
        "sn",
        "gs",
        "qh",
        "nx",
        "xj",
        "tw",
        "hk",
        "mo",
    )
)


def absolute(base: str, href: str) -> str:
    """`href` seen from `base`, without its fragment and with its host in lower case."""
    parts = urlsplit(urljoin(base, href.strip()))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def host(url: str) -> str:
    """The host in lower case, without port."""
    return (urlsplit(url).hostname or "").lower()


def registrable(name: str) -> str:
    """The part of a host's name that somebody registered: `shandong.gov.cn` of `commerce.shandong.gov.cn`.

    Below a country's label those of CNNIC's list of second-level domains (类别域名 and 行政区域名) and their
    like elsewhere belong to everyone; of other shared suffixes nothing is known here.
    """
    labels = name.rstrip(".").split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return name if labels[-1].isdigit() else ".".join(labels[-3 if shared else -2 :])


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
    # Escapes of GBK are no UTF-8: kept byte by byte, or 中 and 种 would be one page.
    given = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    pairs = sorted((k, v) for k, v in given if k.lower() not in _VISIT)
    return f"{place}){path}" + (f"?{urlencode(pairs, errors='surrogateescape')}" if pairs else "")


# Parameters that keep caches from answering, or prove who asks; lower case.
_PASSING = frozenset(
    {"_", "t", "ts", "timestamp", "time", "v", "ver", "version", "r", "rnd", "rand", "random", "nonce", "token"}
    | {"access_token", "csrf", "csrftoken", "_csrf", "sign", "signature", "expires", "ossaccesskeyid", "auth_key"}
)


_SCRIPT = re.compile(r"\.(?:php|jspx?|aspx?|ashx|do|action|cgi)$", re.IGNORECASE)


def lasting(url: str) -> str:
    """What stays of a file's address: its file_key without the host, for CDNs take turns."""
    return file_key(url).partition(")")[2]


def picture(url: str) -> str:
    """As `lasting`, of an image: what a script draws anew for each time is one picture."""
    path, _, query = lasting(url).partition("?")
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in _PASSING]
    return f"{path}?{'&'.join(kept)}" if kept else path


def file_key(url: str) -> str:
    """The urlkey by which an attachment or an image is one file: without the query that follows a file's own name,
    which is a token against caches, and without tokens in other queries."""
    parts = urlsplit(url)
    if _OWN_NAME.search(parts.path):
        return urlkey(parts._replace(query="").geturl())
    place, mark, query = urlkey(url).partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0].lower() not in _PASSING]
    if mark and not kept and _SCRIPT.search(parts.path):
        return f"{place}?{query}"  # what else would say which file it is?
    return f"{place}?{'&'.join(kept)}" if mark and kept else place
