"""Guessing is slow: whoever names tokens that nobody has waits, and so do all together. And what takes long is done
for a few at a time, so that the room stays open for the others."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

_ALL = ""
_MOST_CLIENTS = 10_000
_BUSY = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """So many failures at once, and one more every so many seconds."""

    burst: int
    seconds: float


EACH, TOGETHER = Rate(10, 30.0), Rate(300, 0.5)


class Wait(Exception):
    """Not now: `seconds` to wait, and why, in both languages."""

    def __init__(self, seconds: int, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} {english}")
        self.seconds, self.chinese, self.english = seconds, chinese, english


class Slots:
    """So many at a time."""

    def __init__(self, most: int = 2) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One of them while the block lasts. Raises Wait at once where none is free."""
        if not self._free.acquire(blocking=False):
            raise Wait(_BUSY, "正忙，请稍后再试。", "Busy just now: try again in a moment.")
        try:
            yield
        finally:
            self._free.release()


class Throttle:
    """Token buckets in this process's memory: one a client, one for all."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, each: Rate = EACH, together: Rate = TOGETHER
    ) -> None:
        self._clock, self._rates = clock, {False: each, True: together}
        self._empty_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, client: str) -> int:
        """Whole seconds until this client may try again; 0: now."""
        with self._lock:
            return max(ceil(self._overdrawn(key)) for key in (_ALL, network(client)))

    def failed(self, client: str) -> None:
        """Counts one failure."""
        with self._lock:
            at = self._clock()
            for key in (_ALL, network(client)):
                since = max(self._empty_until.get(key, at), at)
                self._empty_until[key] = since + self._rates[key == _ALL].seconds
            if len(self._empty_until) > _MOST_CLIENTS:
                self._forget(at)

    def _overdrawn(self, key: str) -> float:
        """Seconds until one more fits in: each failure fills the bucket for the rate's seconds."""
        rate = self._rates[key == _ALL]
        filled = self._empty_until.get(key, 0.0) - self._clock()
        return max(0.0, filled - (rate.burst - 1) * rate.seconds)

    def _forget(self, at: float) -> None:
        """Those whose failures have run out; where that is not enough, whoever has failed least."""
        kept = sorted(((until, key) for key, until in self._empty_until.items() if until > at), reverse=True)
        self._empty_until = {key: until for until, key in kept[: _MOST_CLIENTS // 2]}


def network(client: str) -> str:
    """A client's address; of IPv6 the /64, which is one household's."""
    try:
        address = ip_address(client)
    except ValueError:
        return client or "?"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64)) + "/64"
    return client
