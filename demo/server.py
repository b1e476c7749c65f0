"""The replica as a process: serves until it is told to stop."""

import signal
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from demo.replica import Replica

__all__ = ["Replica", "serve"]


def serve(
    content: Path, port: int, state: Path, *, timeline: bool, on_ready: Callable[[Replica], None]
) -> None:
    """Serves `content` until SIGTERM or SIGINT, then stops cleanly. Call it in the main thread.

    `on_ready` is called once, when the port answers. Raises ConfigurationError as Replica does.
    """
    # A SimpleQueue, since its put may interrupt its own get; an Event set by a signal can lock itself out.
    ended: SimpleQueue[int] = SimpleQueue()
    before = {
        name: signal.signal(name, lambda number, _: ended.put(number)) for name in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with Replica(content, port, state, timeline) as replica:
            on_ready(replica)
            ended.get()
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
