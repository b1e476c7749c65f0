"""What went wrong with a request, as a named issue."""

import re
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from domain.capture import Issue
from domain.clock import now

# Kinds that mean: the site gave no answer at all.
NO_ANSWER = frozenset({"dns", "refused", "timeout", "connection", "tls", "protocol"})

# How Scrapy names a request; the issue has its address already.
_REQUEST = re.compile(r"(?: in request)? <[A-Z]+ [^>]*>")

_KINDS: tuple[tuple[type[BaseException], str, str], ...] = (
    (CannotResolveHostError, "dns", "the name does not resolve"),
    (DownloadConnectionRefusedError, "refused", "the connection was refused"),
    (DownloadTimeoutError, "timeout", "no answer in time"),
    (DownloadCancelledError, "too-large", "the answer is larger than the site's limit; it was cut off"),
    (ResponseDataLossError, "truncated", "the answer ended early"),
)


def issue(site: str, failure: Failure, url: str) -> Issue:
    """The issue a failed request leaves on its run; `kind` is one of dns, refused, timeout, too-large,
    truncated, robots, redirect-loop, status, tls, protocol, connection, failed."""
    kind, message = _explain(failure)
    return Issue(kind=kind, site=site, url=url, message=message, at=now())


def _explain(failure: Failure) -> tuple[str, str]:
    error = failure.value or RuntimeError("no reason given")
    for known, kind, message in _KINDS:
        if isinstance(error, known):
            return kind, f"{message}: {_REQUEST.sub('', str(error))}".rstrip(": ")
    if isinstance(error, HttpError):
        return "status", f"answered {error.response.status}, which leads to no page"
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    return _broken(error)


def _ignored(text: str) -> tuple[str, str]:
    if "robots" in text:
        return "robots", "robots.txt does not allow this address"
    if "redirection" in text:
        return "redirect-loop", f"redirected too often: {text}"
    return "failed", text


def _broken(error: BaseException) -> tuple[str, str]:
    causes = list(_causes(error))
    if reason := next(filter(None, map(_tls, causes)), None):
        return "tls", f"no secure connection: {reason}"
    for cause in causes:
        if isinstance(cause, ParseError):
            return "protocol", f"the answer is no HTTP: {_words(cause)}"
        if isinstance(cause, (ConnectionDone, ConnectionLost)):
            return "connection", f"the connection ended without an answer: {cause}"
    kind = "connection" if isinstance(error, DownloadFailedError) else "failed"
    return kind, f"{type(causes[-1]).__name__}: {_words(causes[-1])}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that Twisted and Scrapy wrapped it around, each once, the outermost first."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending:
        item = pending.pop(0)
        if isinstance(item, Failure):
            pending.append(item.value)
        elif isinstance(item, (list, tuple)):
            pending += item
        elif isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            pending += [item.__cause__, *item.args, *getattr(item, "reasons", ())]


def _tls(error: BaseException) -> str | None:
    """OpenSSL's own words, or the certificate's fault; None where the error is about neither."""
    if isinstance(error, SSL.SysCallError):
        return f"{_words(error)} during the handshake"
    if isinstance(error, SSL.Error):
        parts = error.args[0] if error.args and isinstance(error.args[0], (list, tuple)) else ()
        return "; ".join(str(part[-1]) for part in parts if part) or "handshake failed"
    return str(error) if type(error).__name__ in {"VerificationError", "CertificateError"} else None


def _words(error: BaseException) -> str:
    """An error's arguments as words: bytes shown, codes and line ends left out."""
    words = (repr(arg[:80]) if isinstance(arg, bytes) else str(arg) for arg in error.args if not isinstance(arg, int))
    return " ".join(" ".join(words).split()) or "no reason given"
