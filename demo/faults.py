"""Faults for tests and drills, set for one address or for a whole site."""

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import repeat

from demo.model import Answer, Ask
from domain.errors import ConfigurationError

_CHUNK = ("<p>" + "填充" * 8000 + "</p>\n").encode()
_MEGABYTE = 2**20


class FaultKind(StrEnum):
    """What goes wrong. Unless said, the answer's status stays 200."""

    STATUS = "status"  # an error page with status `code`
    SLOW = "slow"  # the right answer after `seconds`
    TRUNCATED = "truncated"  # Content-Encoding: gzip, cut in the middle, its length agreeing
    SHORT = "short"  # fewer bytes than Content-Length announces, then the end
    GZIP = "gzip"  # no fault: whole, and gzip whether asked for or not
    EMPTY = "empty"  # no body
    REDIRECT = "redirect"  # 302 to itself, without end
    HUGE = "huge"  # `megabytes` of paragraphs, streamed
    GARBAGE = "garbage"  # a charset that no one knows, and bytes that fit none
    NO_LINKS = "no_links"  # lists without records
    ROBOTS = "robots"  # robots.txt disallows everything
    RESET = "reset"  # the connection is reset
    BLOCKED = "blocked"  # a page that asks for a captcha


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `times` counts the answers it still spoils; None is without end."""

    kind: FaultKind
    code: int = 500
    seconds: float = 0.0
    megabytes: int = 0
    times: int | None = None


class Faults:
    """The faults now set, by address or site name."""

    def __init__(self) -> None:
        self._set: dict[str, Fault] = {}

    def set(self, target: str, fault: Fault) -> None:
        self._set[target] = fault

    def clear(self, target: str | None = None) -> None:
        """Takes away the target's fault; every fault where none is named."""
        if target is None:
            self._set.clear()
        else:
            self._set.pop(target, None)

    def listing(self) -> dict[str, str]:
        return {target: fault.kind.value for target, fault in self._set.items()}

    def take(self, ask: Ask, site: str) -> Fault | None:
        """The fault that meets this request, counted down. An address goes before its site."""
        for target in (_place(ask, full=True), _place(ask), site):
            fault = self._set.get(target)
            if fault and _meets(fault, ask, by_site=target == site):
                self._count(target, fault)
                return fault
        return None

    def _count(self, target: str, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._set[target] = replace(fault, times=fault.times - 1)
        else:
            del self._set[target]


def place(url: str) -> str:
    """An address as a fault's target: host, path and query, without scheme."""
    return url.split("://", 1)[-1].partition("#")[0]


def spoil(fault: Fault, ask: Ask, answer: Answer) -> Answer:
    """The answer as the fault leaves it. Sleeps where the fault is slowness.

    A body that is not there (a 304, a redirect) cannot be bent and stays as it is.
    """
    if fault.kind in _INSTEAD:
        return _INSTEAD[fault.kind](fault, ask)
    if fault.kind is FaultKind.SLOW:
        time.sleep(fault.seconds)
    bend = _BEND.get(fault.kind)
    return bend(fault, answer) if bend and answer.body else answer


_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_GZIP = ("Content-Encoding", "gzip")
_CAPTCHA = (
    "<html><head><title>访问验证</title></head><body><div class='captcha'>您的访问过于频繁,请完成安全验证后继续访问"
    "</div><form action='/waf/verify'><input name='code'></form></body></html>"
)


def _status(fault: Fault, ask: Ask) -> Answer:
    return Answer(fault.code, _HTML, f"<html><h1>{fault.code} Error</h1><hr>nginx</html>".encode())


def _redirect(fault: Fault, ask: Ask) -> Answer:
    turn = ask.query.get("_r", "0")
    following = int(turn) + 1 if turn.isdecimal() else 1
    return Answer(302, (("Location", f"{ask.scheme}://{ask.host}{ask.path}?_r={following}"),))


_INSTEAD: dict[FaultKind, Callable[[Fault, Ask], Answer]] = {
    FaultKind.STATUS: _status,
    FaultKind.REDIRECT: _redirect,
    FaultKind.RESET: lambda fault, ask: Answer(0, reset=True),
    FaultKind.BLOCKED: lambda fault, ask: Answer(200, _HTML, _CAPTCHA.encode()),
    FaultKind.ROBOTS: lambda fault, ask: Answer(
        200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /\n"
    ),
}


def _truncated(fault: Fault, answer: Answer) -> Answer:
    packed = gzip.compress(answer.body)
    return replace(answer, body=packed[: len(packed) // 2]).having(_GZIP)


def _huge(fault: Fault, answer: Answer) -> Answer:
    size = fault.megabytes * _MEGABYTE
    return replace(answer, body=b"", stream=_filler(size), length=size)


def _garbage(fault: Fault, answer: Answer) -> Answer:
    spoilt = bytes(0xFF if number % 7 == 3 else byte for number, byte in enumerate(answer.body))
    return replace(answer, body=spoilt).having(("Content-Type", "text/html; charset=x-none"))


def _short(fault: Fault, answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2], length=len(answer.body))


_BEND: dict[FaultKind, Callable[[Fault, Answer], Answer]] = {
    FaultKind.EMPTY: lambda fault, answer: replace(answer, body=b""),
    FaultKind.GZIP: lambda fault, answer: replace(answer, body=gzip.compress(answer.body)).having(_GZIP),
    FaultKind.TRUNCATED: _truncated,
    FaultKind.SHORT: _short,
    FaultKind.HUGE: _huge,
    FaultKind.GARBAGE: _garbage,
}


def _filler(size: int) -> Iterator[bytes]:
    for chunk in repeat(_CHUNK):
        if size <= 0:
            return
        yield chunk[:size]
        size -= len(chunk)


def _place(ask: Ask, *, full: bool = False) -> str:
    query = ask.raw_query if full and "_r" not in ask.query else ""
    return f"{ask.host}{ask.path}" + (f"?{query}" if query else "")


def _meets(fault: Fault, ask: Ask, *, by_site: bool) -> bool:
    """A site's fault leaves its robots.txt alone, and the robots fault concerns nothing else."""
    robots = ask.path == "/robots.txt"
    if fault.kind is FaultKind.ROBOTS:
        return robots
    return not (robots and by_site)


def fault_of(kind: str, options: dict[str, object]) -> Fault:
    """A fault from its name and options. Raises ConfigurationError for what is none."""
    try:
        return Fault(FaultKind(kind), **options)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            f"«{kind}» with {options} is no fault", hint=f"Kinds: {', '.join(FaultKind)}."
        ) from error
