"""The replica as programs use it: start it, act on it, ask it what it sent."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from demo import control
from demo.content import load, timeline_of
from demo.faults import fault_of, place
from demo.model import Answer, Article, Ask, Removal, Sent
from demo.state import StateFile
from demo.timeline import Timeline
from demo.tls import server_context
from demo.wire import Wire
from demo.world import World
from domain.clock import iso, now
from domain.errors import ConfigurationError, NotFound

_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """An article of the replica: what `articles` tells of it."""

    site: str
    slug: str
    url: str
    title: str
    live: bool


class Replica:
    """The five sites on one port of 127.0.0.1, plain and TLS.

    `content` is a folder of texts, `port` 0 takes a free one, `state` keeps the zero time and what was done
    over restarts: a folder, or a .json file beside which the certificate goes. Without `timeline` nothing
    happens by itself and every text is published. `clock` gives the time (aware, UTC) that timeline and
    mastheads go by.

    Raises ConfigurationError for a content folder, timeline or port that cannot be used.
    """

    def __init__(
        self,
        content: Path,
        port: int = 0,
        state: Path | None = None,
        timeline: bool = False,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        events = Timeline.of(timeline_of(content) if timeline else ())
        self.sent: deque[Sent] = deque(maxlen=_REMEMBERED)
        store = StateFile(state)
        self._world = World(load(content), events, store, clock)
        self._payloads: dict[str, bytes] = {}
        self._clock = clock
        self._wanted = port
        self._wire: Wire | None = None
        self._thread: threading.Thread | None = None
        names = [name for site in self._world.sites.values() for name in site.hosts]
        self._context, self.certificate = server_context(store.folder, [*names, "replica.localhost", "localhost"])

    def start(self) -> Self:
        """Begins to answer. Returns itself."""
        try:
            self._wire = Wire(self._wanted, self._context, self._respond, self._note)
        except OSError as error:
            raise ConfigurationError(
                f"replica: port {self._wanted} of 127.0.0.1 cannot be used: {error.strerror}",
                hint="Name another with --port, or 0 for any.",
            ) from error
        self._thread = threading.Thread(
            target=self._wire.serve_forever, kwargs={"poll_interval": 0.1}, name="replica", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends every connection and frees the port. A stopped replica can be started again."""
        if self._wire and self._thread:
            self._wanted = self.port
            self._wire.shutdown()
            self._wire.close_all()
            self._thread.join()
        self._wire = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens on; the one asked for while it is not started."""
        return self._wire.server_port if self._wire else self._wanted

    @property
    def connect_to(self) -> str:
        """The TONGJIAN_CONNECT_TO that leads every host here."""
        return f"::127.0.0.1:{self.port}"

    def articles(self) -> list[Record]:
        """Every article, held and removed ones too, by site and slug."""
        with self._world.lock:
            self._world.advance()
            items = sorted(self._world.articles.values(), key=lambda item: (item.site, item.slug))
            return [Record(item.site, item.slug, item.url, item.title, item.live) for item in items]

    def text(self, name: str) -> str:
        """An article's text as it stands now."""
        with self._world.lock:
            self._world.advance()
            return self._world.find(name).text

    def perform(self, action: Mapping[str, str]) -> Article:
        """Does one action, as in timeline.json without `at`. Raises NotFound, ConfigurationError."""
        try:
            return self._world.perform(action)
        except (ValueError, KeyError) as error:
            raise ConfigurationError(f"replica: {dict(action)} cannot be done", hint=str(control.__doc__)) from error

    def add(self, site: str, slug: str, text: str) -> str:
        """Publishes a new text, in the form of the site's others. Returns its address."""
        return self.perform({"do": "add", "article": f"{site}/{slug}", "text": text}).url

    def publish(self, name: str) -> str:
        """Publishes a held article (or one taken away) as new. Returns its address."""
        return self.perform({"do": "publish", "article": name}).url

    def hold(self, name: str) -> None:
        """As if it had never been published."""
        self.perform({"do": "hold", "article": name})

    def edit(self, name: str, before: str, after: str) -> None:
        """Replaces the first `before` in the text by `after`."""
        self.perform({"do": "edit", "article": name, "before": before, "after": after})

    def revert(self, name: str) -> None:
        """Takes back the last edit."""
        self.perform({"do": "revert", "article": name})

    def remove(self, name: str, mode: str = Removal.NOT_FOUND) -> None:
        """Takes an article away; `mode` is 404, soft404 or home."""
        self.perform({"do": "remove", "article": name, "mode": mode})

    def restore(self, name: str) -> None:
        """Brings a removed article back as it was."""
        self.perform({"do": "restore", "article": name})

    def fault(self, target: str, kind: str, **options: object) -> None:
        """Sets a fault (demo.faults.FaultKind) for an address, an article's name, or a whole site.

        Options: `code`, `seconds`, `megabytes`, `times`. Raises ConfigurationError for another.
        """
        self._world.faults.set(self._target(target), fault_of(kind, dict(options)))

    def clear(self, target: str | None = None) -> None:
        """Takes away the target's fault, or all."""
        self._world.faults.clear(None if target is None else self._target(target))

    def faults(self) -> dict[str, str]:
        """The faults now set: kind by target."""
        return self._world.faults.listing()

    def payload(self, url: str) -> bytes:
        """The exact body bytes last sent for an address. Raises NotFound where none were."""
        body = self._payloads.get(place(url))
        if body is None:
            raise NotFound(f"{url}: the replica has sent no body for it", hint="Fetch it first.")
        return body

    def describe(self) -> dict[str, object]:
        """The whole state for the control channel, as plain values."""
        state = self._world.state
        return {
            "port": self.port,
            "connect_to": self.connect_to,
            "zero": iso(state.zero),
            "events": {"done": state.done, "all": len(self._world.timeline.events)},
            "articles": [
                {"site": item.site, "slug": item.slug, "url": item.url, "title": item.title, "live": item.live}
                for item in self.articles()
            ],
            "journal": state.journal,
            "faults": self.faults(),
        }

    def _target(self, name: str) -> str:
        if name in self._world.sites:
            return name
        with contextlib.suppress(NotFound):
            return place(self._world.find(name).url)
        return place(name)

    def _respond(self, ask: Ask) -> Answer:
        if ask.host in control.HOSTS:
            return control.control(self, ask)
        host = self._world.host(ask.host)
        if host is None:
            known = ", ".join(name for site in self._world.sites.values() for name in site.hosts)
            text = f"The replica does not answer for «{ask.host}». It answers for: {known}.\n"
            return Answer(421, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())
        return self._world.answer(ask, host).having(("Server", host.server))

    def _note(self, ask: Ask, answer: Answer, body: bytes) -> None:
        if ask.host in control.HOSTS:
            return
        self.sent.append(Sent(self._clock(), ask.url, answer.status, sha256(body).hexdigest()))
        if ask.method != "HEAD" and answer.status != 304 and not answer.stream:
            self._payloads[place(ask.url)] = body
