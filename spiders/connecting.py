"""A download handler that obeys TONGJIAN_CONNECT_TO: addresses, Host and TLS names stay what they are.

Certificates are verified, but for connections led to a loopback address by that setting: no authority could
vouch for a stand-in. Such captures carry the flag `connect-to`.
"""

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.web.client import HTTPConnectionPool

from domain.connect import ConnectTo, connect_to, is_loopback, parse_connect_to
from domain.settings import settings
from spiders.tee import TeeHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred


class ConnectToPool(HTTPConnectionPool):
    """A connection pool that leads new connections to where a rule says."""

    def __init__(
        self, reactor: Any, rules: tuple[ConnectTo, ...], pool: HTTPConnectionPool, crawler: "Crawler"
    ) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self.maxPersistentPerHost = pool.maxPersistentPerHost
        self._factory = pool._factory
        self._reactor, self._rules = reactor, rules
        self._unverified = _ScrapyClientContextFactory.from_crawler(crawler)
        self._unverified._verify_certificates = False

    def getConnection(self, key: Any, endpoint: Any) -> "Deferred[Any]":
        scheme, host, port = key[:3]
        led = connect_to(self._rules, host.decode(), port)
        if led is not None:
            endpoint = self._endpoint(scheme, host, port, endpoint, led)
        return super().getConnection(key, endpoint)

    def _endpoint(self, scheme: bytes, host: bytes, port: int, endpoint: Any, led: tuple[str, int]) -> Any:
        plain: Any = HostnameEndpoint(self._reactor, led[0].encode(), led[1])
        if scheme != b"https":
            return plain
        if not is_loopback(led[0]):
            endpoint._wrappedEndpoint = plain
            return endpoint
        secure: Any = self._unverified.creatorForNetloc(host, port)
        return wrapClientTLS(secure, plain)


class ConnectToHandler(TeeHandler):
    """The handler that keeps every exchange's bytes, over a ConnectToPool where there are rules."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        rules = parse_connect_to(settings().connect_to)
        if rules:
            from twisted.internet import reactor

            self._pool = ConnectToPool(reactor, rules, self._pool, crawler)
