"""memento: how long one memento takes to show, by real HTTP from the real reading room."""

import base64
import hashlib
import http.client
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import pages
from bench.places import PYTHON, environment, house, temporary
from bench.results import percentile, table
from bench.saying import say
from catalogue import Memento
from domain.capture import Exchange, Role
from domain.clock import now
from domain.errors import TongjianError
from pipeline.embedded import ports
from pipeline.house import House
from pipeline.rebuilding import rebuild
from storage import Writer, keys
from storage.lease import take
from web.memento.links import Addresses
from web.memento.stamps import http_date

ASKED, CAPTURES, _PAGES = 1000, 20, 64
_SITE, _PATIENCE = "bench", 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of question: milliseconds for each."""

    what: str
    times: Sequence[float]


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` captures of each of 64 pages of 50 KB; then random ones of them, each asked for on its own."""
    rounds, count = rounds or (2 if quick else CAPTURES), 50 if quick else ASKED
    with temporary() as state, house(state) as open_house:
        for number in range(rounds):
            _write(open_house, number)
        rebuild(open_house, {})
        held = [item for page in range(_PAGES) for item in _held(open_house, page)]
        say(
            f"  {len(held):,} captures of {pages.SIZE / 1000:.0f} KB, {rounds} of each page; {count:,} questions a kind"
        )
        with _room(state) as port:
            asked = [*_ask(port, Random(7).choices(held, k=count))]
    rows = [(item.what, *(percentile(item.times, share) for share in (0.5, 0.95)), max(item.times)) for item in asked]
    table(("ms, one client, one connection", "p50", "p95", "most"), rows)
    return {"captures": len(held), "asked": count, "ms": {name: [p50, p95] for name, p50, p95, _ in rows}}


def _write(open_house: House, number: int) -> None:
    run = keys.run_id(now())
    lease = take(open_house.bucket, _SITE, run)
    writer = Writer(open_house.bucket, _SITE, run, open_house.settings.state / "spool", "bench", lease)
    writer.start()
    for page in range(_PAGES):
        writer.put(_exchange(page, number))
    writer.close()
    lease.release()


def _exchange(page: int, number: int) -> Exchange:
    """As an entry, which no reader reads: what is measured here is showing."""
    return Exchange(
        url=_url(page),
        at=now(),
        role=Role.ENTRY,
        status=200,
        reason="OK",
        request_headers=((b"Accept-Encoding", b"identity"),),
        response_headers=((b"Server", b"nginx"), (b"Content-Type", b"text/html; charset=utf-8")),
        body=pages.article(page, hits=number * 13),
    )


def _url(page: int) -> str:
    return f"http://bench.example/article/{page}.html"


def _held(open_house: House, page: int) -> tuple[Memento, ...]:
    return open_house.catalogue.mementos(f"example,bench)/article/{page}.html", 1, 1000)


@contextmanager
def _room(state: Path) -> Iterator[int]:
    """The reading room as a process of its own."""
    (port,) = ports.free(1)
    command = [PYTHON, "-m", "pipeline", "web", "--port", str(port)]
    with subprocess.Popen(command, env=environment(state), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            _wait(process, port)
            yield port
        finally:
            process.terminate()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.perf_counter() + _PATIENCE
    while ports.is_free(port):
        if process.poll() is not None or time.perf_counter() > until:
            raise TongjianError("the reading room did not start")
        time.sleep(0.1)


def _ask(port: int, chosen: Sequence[Memento]) -> Iterator[Asked]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    here = Addresses("")
    kinds: dict[str, Callable[[Memento], tuple[str, dict[str, str]]]] = {
        "a memento, its bytes checked": lambda item: (here.memento(item), {}),
        "the same, known to the client (304)": lambda item: (here.memento(item), {"If-None-Match": _tag(item)}),
        "a TimeGate": lambda item: (here.gate(item.url), {"Accept-Datetime": http_date(item.at)}),
        "a TimeMap": lambda item: (here.map(item.url), {}),
    }
    for what, question in kinds.items():
        asked = [question(item) for item in chosen]
        _timed(client, *asked[0])
        yield Asked(what, [_timed(client, path, headers) for path, headers in asked])
    client.close()


def _tag(item: Memento) -> str:
    return f'"{item.id[:32]}"'


def _timed(client: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    """Milliseconds until the last byte. Raises TongjianError where the answer is not the right one."""
    start = time.perf_counter()
    client.request("GET", path, headers=headers)
    answer = client.getresponse()
    body = answer.read()
    spent = (time.perf_counter() - start) * 1000
    digest = answer.getheader("Content-Digest")
    if digest and digest != f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:":
        raise TongjianError(f"{path}: these are not the bytes that were captured")
    if answer.status not in (200, 302, 304):
        raise TongjianError(f"{path}: {answer.status}")
    return spent
