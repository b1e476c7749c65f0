"""How commands speak: words and tables for people, one JSON document for programs."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from domain.errors import TongjianError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def set_up_logging() -> None:
    """One line a record, on standard error; TONGJIAN_LOG sets the level (WARNING unless said)."""
    level = os.environ.get("TONGJIAN_LOG", "WARNING").upper()
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    for name in ("httpx", "botocore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def put_json(document: Any) -> None:
    """One JSON document on standard output, nothing else there."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def fail(error: TongjianError) -> None:
    """Says what went wrong and what to do next."""
    err.print(f"[bold red]error:[/] {_plain(str(error))}", soft_wrap=True)
    if error.hint:
        err.print(f"[bold]next:[/]  {_plain(error.hint)}", soft_wrap=True)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Any]:
    """A progress line on standard error; gives a function to call after each step."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)
