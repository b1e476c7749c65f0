"""Scrapy's downloader, imported from a short stack.

Scrapy 2.19's scrapy.utils.deprecate asks inspect.stack() for each of three classes while it is imported, and that looks
through every module for each frame: from within a command it costs half a second of CPU, from a thread of its own a
tenth.
"""

import threading
from importlib import import_module

_SLOW = "scrapy.core.downloader.contextfactory"


def warm() -> None:
    """Imports it, once a process. Raises ImportError where Scrapy is not there, when it is imported for use."""
    thread = threading.Thread(target=import_module, args=(_SLOW,), name="warming")
    thread.start()
    thread.join()
