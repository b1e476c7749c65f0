"""What went wrong with a request, as a named issue."""

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
from twisted.python.failure import Failure

from domain.capture import Issue
from domain.clock import now

_KINDS: tuple[tuple[type[BaseException], str, str], ...] = (
    (CannotResolveHostError, "dns", "the name does not resolve"),
    (DownloadConnectionRefusedError, "refused", "the connection was refused"),
    (DownloadTimeoutError, "timeout", "no answer in time"),
    (DownloadCancelledError, "too-large", "the answer is larger than the site's limit; it was cut off"),
    (ResponseDataLossError, "truncated", "the answer ended early"),
)


def issue(site: str, failure: Failure, url: str) -> Issue:
    """The issue a failed request leaves on its run; `kind` is one of dns, refused, timeout, too-large,
    truncated, robots, redirect-loop, tls, connection, failed."""
    kind, message = _explain(failure)
    return Issue(kind=kind, site=site, url=url, message=message, at=now())


def _explain(failure: Failure) -> tuple[str, str]:
    error = failure.value or RuntimeError("no reason given")
    for known, kind, message in _KINDS:
        if isinstance(error, known):
            return kind, f"{message}: {error}".rstrip(": ")
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    if reason := _tls(error):
        return "tls", f"no secure connection: {reason}"
    kind = "connection" if isinstance(error, DownloadFailedError) else "failed"
    return kind, f"{type(error).__name__}: {error}"


def _ignored(text: str) -> tuple[str, str]:
    if "robots" in text:
        return "robots", "robots.txt does not allow this address"
    return "redirect-loop", f"redirected too often: {text}"


def _tls(error: BaseException) -> str | None:
    """OpenSSL's own words, dug out of what Twisted and Scrapy wrapped around them."""
    pending: list[object] = [error]
    while pending:
        item = pending.pop()
        if isinstance(item, SSL.Error):
            return "; ".join(part[-1] for part in (item.args[0] if item.args else ()) if part) or "handshake failed"
        if type(item).__name__ in {"VerificationError", "CertificateError"}:
            return str(item)
        if isinstance(item, BaseException):
            pending += [item.__cause__, *item.args, *getattr(item, "reasons", ())]
        elif isinstance(item, Failure):
            pending.append(item.value)
        elif isinstance(item, (list, tuple)):
            pending += item
    return None
