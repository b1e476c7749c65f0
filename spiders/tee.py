"""The bytes of each exchange as its connection carried them, kept beside what Scrapy makes of them.

Scrapy's handler and Twisted's parser stay in charge. A tape listens at three places: what a request writes to its
connection, the lines that the parser takes for the answer's head, and the raw body where that is chunked. It is in
the request's meta under TAPE when the answer is there. Through a proxy there is no tape: the head may be its own.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import ISSLTransport
from twisted.python.failure import Failure
from twisted.web._newclient import STATUS, HTTP11ClientProtocol, ParseError
from twisted.web.http import _ChunkedTransferDecoder

from domain.wire import Wire

if TYPE_CHECKING:
    from OpenSSL.SSL import Connection
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

TAPE = "tape"
# Longer than any browser bears (Chromium: 256 KiB for a head); a head without end must not fill the memory.
MAX_LINE, MAX_HEAD = 2**18, 2**20
# Framing can be a thousand times as long as what it frames; then the payload is kept, and the framing is not.
MAX_RAW = 64 * 2**20


@dataclass(slots=True)
class Tape:
    """What was heard of one exchange, while it goes on. `torn`: not all could be kept; `closed`: the server ended the
    connection, and in good order."""

    sent: list[bytes] = field(default_factory=list)
    head: bytearray = field(default_factory=bytearray)
    interim: bytearray = field(default_factory=bytearray)
    body: bytearray | None = None
    chain: tuple[bytes, ...] = ()
    tls: str | None = None
    torn: bool = False
    closed: bool = False

    def wire(self, dns: tuple[str, ...]) -> Wire | None:
        """All of it; None where not all could be kept."""
        if self.torn:
            return None
        body = None if self.body is None else bytes(self.body)
        sent, interim = b"".join(self.sent), bytes(self.interim)
        return Wire(bytes(self.head), body, sent, interim, self.chain, self.tls, dns)


class _Copying:
    """A transport that keeps what is written through it."""

    def __init__(self, transport: Any, into: list[bytes]) -> None:
        self._transport, self._into = transport, into

    def write(self, data: bytes) -> None:
        self._into.append(data)
        self._transport.write(data)

    def writeSequence(self, parts: list[bytes]) -> None:
        self._into.extend(parts)
        self._transport.writeSequence(parts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class PaddedChunks(_ChunkedTransferDecoder):
    """Chunks whose size has blanks around it, as some old servers write it; browsers bear with them too."""

    def _dataReceived_CHUNK_LENGTH(self) -> bool:
        end = self._buffer.find(b"\r\n", self._start)
        if end > 0:
            self._buffer[:end] = self._buffer[:end].partition(b";")[0].strip(b" \t")
            self._start = 0
        return super()._dataReceived_CHUNK_LENGTH()


class TeeParser(_LenientHTTPClientParser):
    """Writes the answer's lines and its chunked body on the tape before they are parsed."""

    MAX_LENGTH = MAX_LINE
    _transferDecoders = {b"chunked": PaddedChunks}  # noqa: RUF012 - the name and the kind are Twisted's
    tape: Tape

    def lineReceived(self, line: bytes) -> None:
        tape = self.tape
        if self.state == STATUS:  # what came before a second status line was an interim answer
            tape.interim += tape.head
            tape.head.clear()
        tape.head += line
        tape.head += b"\n"
        if len(tape.head) + len(tape.interim) > MAX_HEAD:
            raise ParseError("its head is longer than 1 MiB", line[:80])  # type: ignore[no-untyped-call]
        super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        if isinstance(self.bodyDecoder, _ChunkedTransferDecoder):
            self._keep(data)
        super().rawDataReceived(data)  # type: ignore[no-untyped-call]

    def _keep(self, data: bytes) -> None:
        tape = self.tape
        if tape.body is None:
            tape.body = bytearray()
        tape.torn = tape.torn or len(tape.body) + len(data) > MAX_RAW
        if tape.torn:
            tape.body.clear()
        else:
            tape.body += data

    def _finished(self, rest: bytes) -> None:
        if rest and self.tape.body:  # what came behind the last chunk is no part of this answer
            del self.tape.body[-len(rest) :]
        super()._finished(rest)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure | None = None) -> None:
        # Twisted calls it at the end of every answer; where the connection goes on, with no Failure.
        self.tape.closed = isinstance(reason, Failure) and isinstance(reason.value, ConnectionDone)
        super().connectionLost(reason)


class TeeProtocol(_LenientHTTP11ClientProtocol):
    """One connection. Replaces the parser's class once more, as Scrapy does and for its reason."""

    _secured: tuple[tuple[bytes, ...], str] | None = None

    def request(self, request: Any) -> "Deferred[Any]":
        tape, write = Tape(), request.writeTo
        request.writeTo = lambda transport: write(_Copying(transport, tape.sent))
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = TeeParser
        self._parser.tape = tape  # type: ignore[attr-defined]
        return answer.addCallback(self._taped, tape)

    def _taped(self, response: Any, tape: Tape) -> Any:
        if ISSLTransport.providedBy(self.transport):
            self._secured = self._secured or _secured(self.transport.getHandle())  # type: ignore[union-attr]
            tape.chain, tape.tls = self._secured
        response.tape = tape
        return response


def _secured(connection: "Connection") -> tuple[tuple[bytes, ...], str]:
    """A connection's certificates as the server sent them, and what it agreed on."""
    chain = connection.get_peer_cert_chain(as_cryptography=True) or []
    agreed = [connection.get_protocol_version_name(), connection.get_cipher_name() or ""]
    with suppress(NotImplementedError):  # an OpenSSL without ALPN
        agreed.append(connection.get_alpn_proto_negotiated().decode("ascii", "replace"))
    return tuple(one.public_bytes(Encoding.DER) for one in chain), " ".join(filter(None, agreed))


class TeeFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> HTTP11ClientProtocol:
        return TeeProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class TeeAgent(_ScrapyAgent):
    """Hands the tape over from Twisted's answer to Scrapy's request."""

    def _cb_bodyready(self, txresponse: Any, request: "Request") -> Any:
        if not request.meta.get("proxy"):
            request.meta[TAPE] = getattr(txresponse, "tape", None)
        return super()._cb_bodyready(txresponse, request)


class TeeHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, listened in on."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = TeeFactory

    async def download_request(self, request: "Request") -> "Response":
        agent = TeeAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))
