"""urlwatch and webchanges, telling by e-mail and by webhook: one command a round, a job a page, in a folder of its own.

Their settings are their own but for where messages go; e-mail as plain text, which is what is read here.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from alerts.kinds import Via
from bench.alerting.endpoints import mark
from bench.processes import measured

# What each calls a webhook, and its words for the files that it works with.
_HOOKS = {"urlwatch": "slack", "webchanges": "webhook"}
_OPTIONS = {
    "urlwatch": ("--urls", "--config", "--hooks", "--cache"),
    "webchanges": ("--jobs", "--config", "--hooks", "--database"),
}
PEERS = tuple(_OPTIONS)


class Pages:
    """Pages that all change at once: each carries its number, and `edition` hundred thousand."""

    def __init__(self, count: int) -> None:
        self.count, self.edition, self.port = count, 0, 0

    def turn(self) -> set[int]:
        """All change; gives the numbers they now carry."""
        self.edition += 1
        return {self.number(page) for page in range(self.count)}

    def number(self, page: int) -> int:
        return self.edition * 100_000 + page

    def html(self, page: int) -> bytes:
        said = f"{mark(self.number(page))}：总投资{self.edition * 2000 + page}万元。"
        head = f"<html><head><meta charset='utf-8'><title>第{page}页</title></head><body><h1>第{page}页</h1>"
        return f"{head}\n<p>{said}</p>\n<p>年底全部建成。</p></body></html>".encode()


@contextmanager
def serving(count: int) -> Iterator[Pages]:
    """So many pages on loopback, for as long as the block takes."""
    pages = Pages(count)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = pages.html(int(self.path.rpartition("/")[2]))
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pages.port = server.server_address[1]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Peer:
    """`which` is its command's name, `python` that of its environment; `ports` are those of its endpoints."""

    which: str
    python: Path
    folder: Path
    ports: dict[Via, int]

    def prepare(self, pages: Pages) -> None:
        self.folder.mkdir(parents=True)
        jobs = [
            {"kind": "url", "name": f"page {page}", "url": f"http://127.0.0.1:{pages.port}/{page}"}
            for page in range(pages.count)
        ]
        (self.folder / "jobs.yaml").write_text("\n---\n".join(json.dumps(job) for job in jobs), encoding="utf-8")
        (self.folder / "config.yaml").write_text(json.dumps({"report": self._report()}), encoding="utf-8")
        (self.folder / "hooks.py").write_text("", encoding="utf-8")

    def _report(self) -> dict[str, Any]:
        return {"stdout": {"enabled": False}} | dict(self._reporter(via, port) for via, port in self.ports.items())

    def _reporter(self, via: Via, port: int) -> tuple[str, dict[str, Any]]:
        if via is Via.WEBHOOK:
            return _HOOKS[self.which], {"enabled": True, "webhook_url": f"http://127.0.0.1:{port}/hook"}
        server = {"host": "127.0.0.1", "port": port, "starttls": False, "auth": False}
        whom = {"from": "watch@example.cn", "to": "desk@example.cn"}
        return "email", {"enabled": True, "html": False, "method": "smtp", "smtp": server} | whom

    def round(self, *, well: bool) -> None:
        """Asks for every page and tells what changed. Raises TongjianError where it fails though all is well."""
        # urlwatch keeps times in whole seconds, and of two texts of one second may take either for the newer.
        time.sleep(1.1)
        names = ("jobs.yaml", "config.yaml", "hooks.py", "store.db")
        pairs = zip(_OPTIONS[self.which], names, strict=True)
        words = [word for option, name in pairs for word in (option, str(self.folder / name))]
        plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        command = [str(self.python.with_name(self.which)), *words]
        measured(command, plain | {"HOME": str(self.folder)}, codes=(0,) if well else range(256))
