"""What Twisted, OpenSSL and Scrapy wrap around one another, as one clear issue."""

import pytest
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
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseFailed, ResponseNeverReceived

from spiders.failures import NO_ANSWER, issue

URL = "https://a.example/2026/1.html"


def _wrapped(error: Exception, kind: type[Exception] = ResponseNeverReceived) -> DownloadFailedError:
    """As Scrapy 2.19 hands it on: its own error, caused by Twisted's, which lists the failures below."""
    outer = DownloadFailedError("[<twisted.python.failure.Failure …>]")
    outer.__cause__ = kind([Failure(error)])
    return outer


class VerificationError(Exception):
    """Of the same name as service_identity's, which is what is looked for."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SSL.Error([("SSL routines", "", "certificate verify failed")]), "certificate verify failed"),
        (SSL.Error([("SSL routines", "", "wrong version number"), ("x", "y", "z")]), "wrong version number; z"),
        (SSL.Error([]), "handshake failed"),
        (SSL.Error(), "handshake failed"),
        (SSL.SysCallError(-1, "Unexpected EOF"), "Unexpected EOF during the handshake"),
        (SSL.ZeroReturnError(), "handshake failed"),
        (VerificationError("the certificate is for b.example"), "the certificate is for b.example"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_openssls_own_words_are_found(error: Exception, words: str, wrapped: bool) -> None:
    found = issue("a", Failure(_wrapped(error) if wrapped else error), URL)
    assert (found.kind, found.site, found.url) == ("tls", "a", URL)
    assert found.message == f"no secure connection: {words}"
    assert found.at is not None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (CannotResolveHostError("DNS lookup failed"), "dns"),
        (DownloadConnectionRefusedError("111"), "refused"),
        (DownloadTimeoutError("took longer than 2.0 seconds"), "timeout"),
        (DownloadCancelledError("Expected to receive 9 bytes in request <GET http://a/>."), "too-large"),
        (ResponseDataLossError(), "truncated"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (IgnoreRequest("max redirections reached"), "redirect-loop"),
        (IgnoreRequest("some other reason"), "failed"),
        (HttpError(TextResponse(URL, status=302), "Ignoring non-200 response"), "status"),
        (_wrapped(ParseError("non-integer status code", b"\x00\xff")), "protocol"),
        (_wrapped(ConnectionLost("reset")), "connection"),
        (_wrapped(ConnectionDone("done"), ResponseFailed), "connection"),
        (DownloadFailedError("nothing more is known"), "connection"),
        (RuntimeError("a fault of our own"), "failed"),
        (RuntimeError(), "failed"),
    ],
)
def test_each_failure_has_its_word(error: Exception, kind: str) -> None:
    found = issue("a", Failure(error), URL)
    assert found.kind == kind
    assert len(found.message) > 8
    assert not any(inside in found.message for inside in ("<", "Failure", "\x00"))


def test_errors_that_cause_one_another_come_to_an_end() -> None:
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one
    assert issue("a", Failure(one), URL).kind == "failed"


def test_no_answer_is_told_from_a_refusal() -> None:
    assert {"dns", "refused", "timeout", "tls"} <= NO_ANSWER
    assert not NO_ANSWER & {"robots", "too-large", "status", "redirect-loop", "truncated"}
