"""Commands as subprocesses in a house of their own: a fresh bucket, a fresh database, a fresh state folder."""

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import warm_commands
from sqlalchemy import text

from catalogue import Catalogue, engine
from domain.settings import Settings
from pipeline.embedded.shared import Endpoints
from storage import Archive, connect
from storage.verify import verify

_NUMBERS = count(1)

_SITE = """from datetime import timedelta

from domain.site import Entry, Expectation, Manners, Site

SITE = Site(
    name="{name}",
    title="{name}",
    homepage="{home}",
    entries=({entries}),
    article=r"/2026/[\\w-]+\\.html$",
    manners=Manners({manners}),
    expect=Expectation(links=1),
)
"""


@dataclass(frozen=True)
class Done:
    """How a command ended. `peak` is the most memory it held, in bytes."""

    code: int
    out: str
    err: str
    peak: int = 0

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Workplace:
    """Where commands work. `env` is theirs whole."""

    folder: Path
    endpoints: Endpoints
    bucket: str
    database: str
    env: dict[str, str] = field(repr=False)

    def site(self, name: str, home: str, *entries: str, **manners: float) -> str:
        """Writes a site's file and gives the site's name. Without entries its home page is one."""
        said = ", ".join(f"{key}={value}" for key, value in manners.items())
        listed = "".join(f'Entry(url="{url}"), ' for url in entries or (home,))
        return self.site_file(name, _SITE.format(name=name, home=home, entries=listed, manners=said))

    def site_file(self, name: str, text: str) -> str:
        (self.folder / "sites" / f"{name.replace('-', '_')}.py").write_text(text)
        return name

    def start(self, *words: str, **env: str) -> "Command":
        return Command(words, self.env | env, self.folder)

    def run(self, *words: str, **env: str) -> Done:
        return self.start(*words, **env).wait()

    def archive(self) -> Archive:
        return Archive(connect(Settings(s3_endpoint=self.endpoints.s3, bucket=self.bucket), self.endpoints.keys))

    @contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        with Catalogue(self.database) as opened:
            opened.upgrade()
            yield opened

    def damage(self) -> list[str]:
        """What `verify --deep` finds, without the command's start-up."""
        archive = self.archive()
        checked = (item for site in archive.sites() for item in verify(archive, site, deep=True))
        return [f"{finding.key}: {finding.message}" for item in checked for finding in item.findings]

    def kept(self, site: str) -> list[str]:
        """The addresses whose captures the site's ledger names, each payload read back."""
        archive = self.archive()
        found = []
        for entry in archive.ledger(site).walk():
            for capture in archive.index(entry).captures:
                archive.answer(capture)
                found.append(capture.url)
        return found

    def changes(self) -> set[tuple[str, str, int]]:
        """Every change as (url, type, version)."""
        with self.catalogue() as catalogue:
            return {(change.url, change.type.value, change.version) for change in catalogue.changes()}

    def spooled(self) -> list[Path]:
        return sorted((self.folder / "spool").glob("*/*/*.warc.zst"))


class Command:
    """A running command; its output goes to files, so that it never waits for a reader."""

    def __init__(self, words: Sequence[str], env: dict[str, str], folder: Path) -> None:
        number = next(_NUMBERS)
        self._out, self._err = folder / f"out.{number}", folder / f"err.{number}"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = warm_commands.Process(words, env, out, err)

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()

    def wait(self) -> Done:
        if self.process.returncode is not None:
            return Done(self.process.returncode, self._out.read_text(), self._err.read_text())
        peak = 0
        while self.running:
            peak = max(peak, self._high_water())
            time.sleep(0.02)
        return Done(self.process.returncode, self._out.read_text(), self._err.read_text(), peak)

    def _high_water(self) -> int:
        """Asked for while it runs: what wait4 tells of afterwards counts the memory of these tests at the fork."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:  # it has just ended
            return 0
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        return int(found[1]) * 1024 if found else 0


def workplace(endpoints: Endpoints, folder: Path, **env: str) -> Workplace:
    """A fresh one on running servers."""
    number = next(_NUMBERS)
    name = f"fresh_{number}"
    source = engine(endpoints.database)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    source.dispose()
    database = endpoints.database.replace("/tongjian?", f"/{name}?")
    (folder / "sites").mkdir(parents=True)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("TONGJIAN_", "AWS_"))}
    settings = {
        "TONGJIAN_BUCKET": f"fresh-{number}",
        "TONGJIAN_S3_ENDPOINT": endpoints.s3,
        "AWS_SHARED_CREDENTIALS_FILE": str(endpoints.credentials),
        "TONGJIAN_DATABASE": database,
        "TONGJIAN_STATE": str(folder),
        "TONGJIAN_SITES": str(folder / "sites"),
        "TONGJIAN_PACE": "1000",
        "TONGJIAN_CONTACT": "https://watch.example/contact",
    }
    return Workplace(folder, endpoints, f"fresh-{number}", database, clean | settings | env)
