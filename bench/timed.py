"""The scorer's own peers, each timed by the clock of this thread: `--adaptor bench.timed:PEER`.

score.py limits each call by a timer of the process (ITIMER_PROF), and while such a timer runs Linux counts the
process's CPU in whole ticks of 4 ms. It takes the milliseconds that an adaptor measured itself under `_ms`.
Only the standard library is imported: this runs in the peers' environment and in ours.
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

Extract = Callable[[str, str | None], dict[str, Any]]


def ours(html: str, url: str | None) -> dict[str, Any]:
    """bench.adaptor:extract, timed."""
    return _timed(import_module("bench.adaptor").extract)(html, url)


def __getattr__(name: str) -> Extract:
    """The peer of that name. Raises AttributeError where the scorer has none."""
    peers: dict[str, Extract] = getattr(sys.modules["__main__"], "peers", dict)()
    if name not in peers:
        raise AttributeError(name)
    return _timed(peers[name])


def _timed(extract: Extract) -> Extract:
    def run(html: str, url: str | None) -> dict[str, Any]:
        start = time.thread_time()
        found = extract(html, url) or {}
        return {**found, "_ms": (time.thread_time() - start) * 1000}

    return run
