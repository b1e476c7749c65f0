"""Every regular expression of domain and parsers against texts that make a backtracking matcher go in circles.

The texts are repeats of what the expression itself is made of, and then a character that nothing matches: where two
ways to read a repeat exist, the matcher tries them all, twice as many with each repeat.
"""

import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

LENGTH, LIMIT = 120, 0.3
"""Characters of a text, and seconds of CPU after which a match is given up."""

_PARTS = re.compile(r"\\[dsw]|[\u4e00-\u9fff]+|[a-zA-Z]+|[^\w\\]")
_CLASSES = {"\\d": "9", "\\s": " ", "\\w": "a"}
_NOWHERE = "\ue000"


class GaveUp(Exception):
    """The time for a match is over."""


def slow() -> Iterator[tuple[str, str]]:
    """Name and the repeated piece of each expression that one match kept busy for longer than LIMIT."""
    with _alarm():
        for name, pattern in _patterns():
            piece = next((piece for piece in _pieces(pattern) if _takes_long(pattern, piece)), None)
            if piece is not None:
                yield name, piece


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The compiled expressions of text that modules hold, in mappings and sequences too, each once."""
    seen: set[str] = set()
    for root in ("domain", "parsers"):
        for module in pkgutil.walk_packages(import_module(root).__path__, f"{root}."):
            for name, value in vars(import_module(module.name)).items():
                for pattern in _held(value):
                    if pattern.pattern not in seen:
                        seen.add(pattern.pattern)
                        yield f"{module.name}.{name}", pattern


def _held(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _held(item)


def _pieces(pattern: re.Pattern[str]) -> Iterator[str]:
    parts = dict.fromkeys(_CLASSES.get(part, part) for part in _PARTS.findall(pattern.pattern))
    yield from parts
    for part in parts:
        yield from (f"{part}{mark}" for mark in "9 ,，、:：")


def _takes_long(pattern: re.Pattern[str], piece: str) -> bool:
    text = (piece * LENGTH)[:LENGTH] + _NOWHERE
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    start = time.thread_time()
    try:
        pattern.match(text)
        pattern.search(text)
    except GaveUp:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - start > LIMIT


@contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _give_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise GaveUp
