"""Scrapy's caching resolver, which keeps what the system's resolver answered: a capture tells where its host was."""

import socket
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.utils.datatypes import LocalCache
from twisted.internet.abstract import isIPAddress
from twisted.internet.defer import succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

_answers: LocalCache[str, tuple[str, ...]] = LocalCache(10_000)


class NotingResolver(CachingThreadedResolver):
    """IPv4, as Scrapy's own; asks for every address and the canonical name, and connects to the first."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":
        if isIPAddress(name):
            return succeed(name)
        if name in dnscache:
            return succeed(dnscache[name])
        reactor: Any = self.reactor
        asked = deferToThreadPool(reactor, reactor.getThreadPool(), socket.gethostbyname_ex, name)
        asked.addTimeout(self.timeout, reactor)
        return asked.addCallbacks(partial(self._noted, name), partial(_not_found, name))

    def _noted(self, name: str, answer: tuple[str, list[str], list[str]]) -> str:
        canonical, _, addresses = answer
        _answers[name] = lines(name, canonical, addresses)
        return str(self._cache_result(addresses[0], name) if dnscache.limit else addresses[0])


def lines(name: str, canonical: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """An answer as lines of a master file, without times to live, which the system's resolver does not tell."""
    alias = [f"{name}. IN CNAME {canonical}."] if canonical.lower() != name.lower() else []
    return (*alias, *(f"{canonical}. IN A {address}" for address in addresses))


def answers(name: str) -> tuple[str, ...]:
    """The last answer for a name in this process; empty where none was asked for, as for an IP address."""
    return _answers.get(name) or ()


def _not_found(name: str, failure: Failure) -> Any:
    return Failure(DNSLookupError(f"address {name!r} not found: {failure.getErrorMessage()}"))  # type: ignore[no-untyped-call]
