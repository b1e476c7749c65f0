"""How quickly: changes matched and put down for many subscriptions; messages delivered to one webhook, whose receiver
is a process of its own, beside the same bodies posted by the standard library, a connection each, nothing kept."""

import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import select

from alerts import schema
from alerts.composing import compose
from alerts.delivery import deliver
from alerts.kinds import Matter, Via
from bench.alerting.desk import WEB, Cost, Desk, changes
from bench.places import PYTHON, environment
from domain.clock import now
from domain.errors import TongjianError

_CHANNELS, _WORDS = 50, 5


@dataclass(frozen=True, slots=True)
class Step:
    """Something done `count` times."""

    name: str
    count: int
    cost: Cost

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.count / self.cost.seconds


def matching(desk: Desk, size: int) -> tuple[Step, int]:
    """So many changes for so many subscriptions to five words each, by fifty channels; and the notices put down. The
    subscriptions stay."""
    ways = desk.ways()
    channels = [desk.channel(ways, Via.WEBHOOK, f"http://127.0.0.1:9/{number}") for number in range(_CHANNELS)]
    chance, words = Random(size), _words(changes(size))
    for number in range(size):
        asked = " 或 ".join(f'"{word}"' for word in chance.choices(words, k=_WORDS))
        desk.subscribe(channels[number % _CHANNELS], query=asked)
    matters, costs = changes(size), list[Cost]()
    with desk.costing(costs):
        notices = desk.put(matters, now())
    return Step(f"changes matched and put down for {size:,} subscriptions", size, costs[0]), notices


def _words(matters: list[Matter]) -> list[str]:
    """Four Chinese characters of each text: few others have them."""
    chance = Random(1)
    texts = ("".join(sign for sign in one.text if sign >= "\u4e00") for one in matters)
    return [text[start : start + 4] for text in texts for start in [chance.randrange(len(text) - 4)]]


def delivering(desk: Desk, size: int, folder: Path) -> list[Step]:
    """So many changes to one subscription's webhook: each is a message. Raises TongjianError where one did not come."""
    told, costs = folder / "told", list[Cost]()
    with _receiver(told) as port:
        ways = desk.ways()
        desk.subscribe(desk.channel(ways, Via.WEBHOOK, f"http://127.0.0.1:{port}/hook"))
        moment = now()
        desk.put(changes(size), moment)
        with desk.costing(costs):
            compose(desk.source, ways, WEB, moment)
        with desk.costing(costs):
            deliver(desk.source, ways, desk.keyring, moment, WEB)
        bodies = _bodies(desk)
        with desk.costing(costs):
            for body in bodies:
                _post(port, body)
    desk.clear()
    came = told.read_text(encoding="utf-8").split()[1:]
    if (len(came), len(set(came))) != (2 * size, size + 1):
        raise TongjianError(f"of {size} changes {len(set(came)) - 1} messages came, {len(came)} with the bare ones")
    names = ("messages made", "messages delivered", "the same bodies, bare POSTs")
    return [Step(name, size, cost) for name, cost in zip(names, costs, strict=True)]


def _bodies(desk: Desk) -> list[bytes]:
    with desk.source.connect() as connection:
        payloads = connection.scalars(select(schema.deliveries.c.payload)).all()
    return [json.dumps(payload, ensure_ascii=False).encode() for payload in payloads]


def _post(port: int, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/hook", body, {"webhook-id": "bare", "content-type": "application/json"})
    connection.getresponse().read()
    connection.close()


@contextmanager
def _receiver(told: Path) -> Iterator[int]:
    """The port of a receiver in a process of its own, which has written the ids of what it took to `told` when the
    block is over."""
    command = [PYTHON, "-m", "bench.alerting.endpoints"]
    with told.open("wb") as file:
        process = subprocess.Popen(command, env=environment(told.parent), stdin=subprocess.PIPE, stdout=file)
    try:
        yield _port(process, told)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait(20)


def _port(process: "subprocess.Popen[bytes]", told: Path) -> int:
    while process.poll() is None:
        time.sleep(0.02)
        first, end, _ = told.read_text(encoding="utf-8").partition("\n")
        if end:
            return int(first)
    raise TongjianError(f"the receiver ended with {process.returncode}")
