"""One POST: within a time in all, to an address that was looked at, redirected nowhere."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from alerts.channels.base import Away
from alerts.channels.hiding import hide
from alerts.channels.pinning import Unproxied, transport
from alerts.guard import Barred, Guard, Unresolved
from domain.clock import now

PATIENCE = 10.0
LONGEST_WAIT = timedelta(days=1)
_sending = ContextVar("sending", default=False)


def _is_loud(_: logging.LogRecord) -> bool:
    return not _sending.get()


# These put addresses and answers down whole, the first of them at INFO, which is what Airflow keeps.
for _name in ("httpx", "httpcore.connection", "httpcore.http11"):
    logging.getLogger(_name).addFilter(_is_loud)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is no more of it than was asked for; `retry_after` is at most a day."""

    status: int
    retry_after: timedelta | None
    body: bytes = field(default=b"", repr=False)

    @property
    def words(self) -> str:
        """`429 Too Many Requests`: the standard's phrase, not the endpoint's, which may hold anything."""
        known = self.status in HTTPStatus._value2member_map_
        return f"{self.status} {HTTPStatus(self.status).phrase}" if known else str(self.status)


def post(
    guard: Guard, url: str, body: bytes, headers: Mapping[str, str], *, read: int = 0, secret: str | None = None
) -> Answer:
    """The answer to one POST, with at most `read` bytes of its body. Raises Away where there is none within 10 s in
    all: for an endpoint that drips as for one that is silent."""
    try:
        with _quiet():
            return asyncio.run(_within(guard, httpx.URL(url), body, headers, read))
    except TimeoutError:
        raise Away(f"no answer within {PATIENCE:.0f} s") from None
    except (Barred, Unresolved, Unproxied) as error:
        raise Away(hide(str(error), url, secret), hint=error.hint) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        # Without what it came of: that may hold the address.
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise Away(hide(said, url, secret)) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the libraries below log."""
    token = _sending.set(True)
    try:
        yield
    finally:
        _sending.reset(token)


async def _within(guard: Guard, url: httpx.URL, body: bytes, headers: Mapping[str, str], read: int) -> Answer:
    # httpx counts its timeout for each read anew; this one is for all of it.
    said = {"accept-encoding": "identity", **headers}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(
            transport=transport(guard, url), timeout=PATIENCE, follow_redirects=False, trust_env=False
        ) as client,
        client.stream("POST", url, content=body, headers=said) as answer,
    ):
        return Answer(answer.status_code, _retry_after(answer.headers), await _some(answer, read))


async def _some(answer: httpx.Response, most: int) -> bytes:
    taken = b""
    if most:
        async for piece in answer.aiter_raw():
            taken += piece
            if len(taken) >= most:
                break
    return taken[:most]


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """Retry-After (RFC 9110, 10.2.3), a number of seconds or a date; a date is held against that of the answer."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), LONGEST_WAIT.total_seconds()))
    until = _date(said)
    if until is None:
        return None
    return min(max(until - (_date(headers.get("date", "")) or now()), timedelta(0)), LONGEST_WAIT)


def _date(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
