"""changedetection.io: a server with an interface over HTTP, a watch a page, all rechecked at its command.

What it would notify of is a change of a watch: on an error it stays silent unless a filter fails six times (its own
default), so an error is no alarm.
"""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.monitoring.face import Lap, Post, size
from bench.monitoring.selectors import TUNED
from bench.paper.press import Leaf
from bench.paper.scoring import Alarm
from bench.processes import cpu, family, high_water
from domain.errors import TongjianError

_WORKERS = "4"
_START, _LAP, _SETTLED = 60.0, 600.0, 2
_SETTINGS = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # the paper's hosts are in no DNS
    "DISABLE_VERSION_CHECK": "true",
    "MINIMUM_SECONDS_RECHECK_TIME": "0",
    "FETCH_WORKERS": _WORKERS,
    "LOGGER_LEVEL": "ERROR",
    "SOCKETIO_MODE": "threading",
}


class Server:
    """One server with one watch a page."""

    def __init__(self, process: "subprocess.Popen[bytes]", client: httpx.Client, post: Post) -> None:
        self.name = f"changedetection.io, {'tuned' if post.tuned else 'default'}"
        self._process, self._client, self._post = process, client, post
        self._pages: dict[str, Leaf] = {}
        self._changed: dict[str, int] = {}
        self._spent = 0.0

    def _add(self) -> None:
        for leaf in self._post.leaves:
            self._pages[self._asked("POST", "watch", json=self._watch(leaf))["uuid"]] = leaf

    def _watch(self, leaf: Leaf) -> dict[str, Any]:
        watch: dict[str, Any] = {"url": leaf.first_url, "time_between_check": {"weeks": 50}}
        if not self._post.tuned:
            return watch
        chosen = TUNED[leaf.template]
        left = {"subtractive_selectors": [chosen.leave]} if chosen.leave else {}
        return watch | {"include_filters": [chosen.watch]} | left

    def lap(self, round_: int) -> Lap:
        start, before = time.time(), time.perf_counter()
        if round_:
            self._asked("GET", "watch", params={"recheck_all": "1"})
        else:
            self._add()
        self._wait(int(start))
        watches = self._asked("GET", "watch")
        alarms = [Alarm(round_, self._pages[uuid].first_url, "edited") for uuid in self._moved(watches)]
        self._changed = {uuid: watch["last_changed"] for uuid, watch in watches.items()}
        processes = family(self._process.pid)
        spent = sum(cpu(process.pid) for process in processes)
        spent, self._spent = spent - self._spent, spent
        peak = sum(high_water(process.pid) for process in processes)
        return Lap(alarms, time.perf_counter() - before, spent, peak)

    def _moved(self, watches: dict[str, Any]) -> list[str]:
        return [uuid for uuid, watch in watches.items() if watch["last_changed"] > self._changed.get(uuid, 0)]

    def _wait(self, since: int) -> None:
        """Until every watch was asked for and the queue is empty."""
        end, settled = time.perf_counter() + _LAP, 0
        while settled < _SETTLED:
            if time.perf_counter() > end or self._process.poll() is not None:
                raise TongjianError(f"{self.name}: not all watches were checked within {_LAP:.0f} s")
            time.sleep(0.5)
            waiting = self._asked("GET", "systeminfo")["queue_size"]
            fresh = all(watch["last_checked"] >= since for watch in self._asked("GET", "watch").values())
            settled = settled + 1 if fresh and not waiting else 0

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        answer = self._client.request(method, f"/api/v1/{path}", **more)
        if answer.is_error:
            raise TongjianError(f"{self.name}: {method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def texts(self) -> list[str]:
        found = []
        for uuid in self._pages:
            answer = self._client.get(f"/api/v1/watch/{uuid}/history/latest")
            found.append(answer.text if answer.is_success else "")
        return found

    def kept(self) -> int:
        return size(self._post.folder / "store")


@contextmanager
def changedetection(python: Path, post: Post) -> Iterator[Server]:
    """The server on a free port, for as long as the block takes. Raises TongjianError where it does not start."""
    store = post.folder / "store"
    store.mkdir()
    port = _free()
    command = [str(python.with_name("changedetection.io")), "-d", str(store), "-C", "-h", "127.0.0.1", "-p", str(port)]
    with (post.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=post.proxied | _SETTINGS, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=post.folder
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            _await(process, client, post.folder / "log")
            client.headers["x-api-key"] = _key(store)
            server = Server(process, client, post)
            _forget_examples(client)
            yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()
            process.wait()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _await(process: "subprocess.Popen[bytes]", client: httpx.Client, log: Path) -> None:
    end = time.perf_counter() + _START
    while time.perf_counter() < end and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            client.get("/")
            return
        time.sleep(0.3)
    raise TongjianError(f"changedetection.io did not start: …{log.read_text(errors='replace')[-800:]}")


def _key(store: Path) -> str:
    """Its interface's key, that it made for itself."""
    end = time.perf_counter() + _START
    while time.perf_counter() < end:
        for path in store.glob("*.json"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                return str(json.loads(path.read_text(encoding="utf-8"))["settings"]["application"]["api_access_token"])
        time.sleep(0.3)
    raise TongjianError("changedetection.io wrote no key for its interface")


def _forget_examples(client: httpx.Client) -> None:
    """It begins with watches of its own."""
    for uuid in client.get("/api/v1/watch").json():
        client.delete(f"/api/v1/watch/{uuid}")
