"""The readers of others, where they are installed: none is part of this project's environment."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import lxml.html

from bench.replica import Page

Reader = Callable[[Page], object]


def floor(page: Page) -> object:
    """What any reader has to pay: lxml makes a tree of the page, and its text is taken."""
    return [str(text) for text in lxml.html.fromstring(page.payload).itertext()]


def _trafilatura(page: Page) -> object:
    module: Any = __import__("trafilatura")
    return module.bare_extraction(page.payload, url=page.url, with_metadata=True)


def _readability(page: Page) -> object:
    module: Any = __import__("readability")
    document = module.Document(page.payload)
    return document.title(), document.summary()


_PEERS: dict[str, tuple[str, Reader]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "readability-lxml": ("readability", _readability),
}


def installed() -> dict[str, Reader]:
    """Those that can be imported here."""
    return {name: reader for name, (module, reader) in _PEERS.items() if find_spec(module)}


def missing() -> list[str]:
    return [name for name in _PEERS if name not in installed()]
