"""A child that outlives its parent would crawl on unseen: it watches, and ends itself cleanly, once."""

import os
import signal
import threading
import time

_PARENT = "TONGJIAN_PARENT"


def stop_with_parent(every: float = 1.0) -> None:
    """Sends this process one SIGTERM when the process named in TONGJIAN_PARENT is no longer its parent.

    Does nothing where that is unset: a command that a person started may outlive its shell.
    """
    expected = os.environ.get(_PARENT)
    if expected:
        threading.Thread(target=_watch, args=(int(expected), every), daemon=True, name="parent-watch").start()


def _watch(parent: int, every: float) -> None:
    while os.getppid() == parent:
        time.sleep(every)
    os.kill(os.getpid(), signal.SIGTERM)
