"""Where a person sits: commands run as anyone would run them, and databases of their own."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import warm_commands

from pipeline.embedded.shared import Endpoints

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Desk:
    """Runs commands and takes their output."""

    environment: dict[str, str]
    database: str

    def run(self, *words: str, expect: tuple[int, ...] = (0,)) -> bytes:
        """Runs `tongjian WORDS`; the exit code must be one of `expect`. Gives standard output."""
        done = warm_commands.run(*words, env=self.environment, timeout=240)
        assert done.returncode in expect, f"{words} → {done.returncode}\n{done.stderr.decode()[-3000:]}"
        return done.stdout

    def json(self, *words: str, expect: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self.run(*words, "--json", expect=expect))

    def changes(self) -> set[tuple[str, str, int]]:
        """Every change as (type, address, version)."""
        return {(change["type"], change["url"], change["version"]) for change in self.json("changes")}


def make_database(endpoints: Endpoints, name: str) -> str:
    """A fresh, empty database; gives its address."""
    with closing(psycopg2.connect(endpoints.database.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return endpoints.database.replace("/tongjian?", f"/{name}?")
