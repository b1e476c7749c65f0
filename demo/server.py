"""The replica as a process: serves until it is told to stop."""

import signal
from collections.abc import Callable
from pathlib import Path

from demo.replica import Replica

__all__ = ["Replica", "serve"]

_ENDS = (signal.SIGTERM, signal.SIGINT)


def serve(content: Path, port: int, state: Path, *, timeline: bool, on_ready: Callable[[Replica], None]) -> None:
    """Serves `content` until SIGTERM or SIGINT, then stops cleanly. Call it in the main thread.

    `on_ready` is called once, when the port answers. Raises ConfigurationError as Replica does.
    """
    # Blocked and waited for, in every thread: a handler could run just before the wait begins and be missed.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        with Replica(content, port, state, timeline) as replica:
            on_ready(replica)
            signal.sigwait(_ENDS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
