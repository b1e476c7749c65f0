"""What a person sees while everything runs: what was captured, what changed, and what is being waited for."""

import time
from collections.abc import Sequence
from datetime import datetime

from rich.cells import set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from catalogue import Catalogue
from domain.capture import Issue, RunSummary
from domain.change import Change
from domain.clock import now, shown
from pipeline.cli.words import detail, word

_QUIET_LINE = 15.0


class Screen:
    """Lines as things happen; below them, on a terminal, one line that says what is awaited."""

    def __init__(self, console: Console, catalogue: Catalogue) -> None:
        self._console, self._catalogue = console, catalogue
        self._since = now()
        self._runs: set[str] = set()
        self._changes: set[str] = set()
        self._status: Status | None = None
        self._started = self._spoke = time.monotonic()
        self.captures = 0

    def wait_for(self, what: str) -> None:
        """Shows what is awaited; off a terminal, as a line now and then."""
        seconds = int(time.monotonic() - self._started)
        if self._console.is_terminal:
            text = f"{what} [dim]{seconds} s[/]"
            if self._status is None:
                self._status = self._console.status(text)
                self._status.start()
            self._status.update(text)
        elif time.monotonic() - self._spoke > _QUIET_LINE:
            self._console.print(f"… {what} ({seconds} s)")
            self._spoke = time.monotonic()

    def say(self, line: str) -> None:
        self._spoke = time.monotonic()
        self._console.print(line)

    def poll(self) -> None:
        """Shows runs and changes that are new since the last call. Raises CatalogueError."""
        for run in reversed(self._catalogue.runs(limit=20)):
            if run.run not in self._runs and run.finished >= self._since:
                self._runs.add(run.run)
                self._show_run(run)
        titles = {}
        fresh = [c for c in self._catalogue.changes(since=self._since, newest=False) if c.id not in self._changes]
        if fresh:
            titles = {page["url"]: page["title"] for page in self._catalogue.pages(limit=10_000)}
        for change in fresh:
            self._changes.add(change.id)
            self._show_change(change, titles.get(change.url))

    def _show_run(self, run: RunSummary) -> None:
        self.captures += run.captures
        issues = f", {len(run.issues)} issues" if run.issues else ""
        self.say(
            f"[dim]{_time(run.finished)}[/]  抓 captured     {run.site:18} {run.captures} captures, "
            f"{run.links} links{issues}"
        )
        for issue in run.issues[:5]:
            self.say(f"          [yellow]{issue.kind}[/] {escape(_issue(issue))}")

    def _show_change(self, change: Change, title: str | None) -> None:
        more = f" [dim]({escape(detail(change))})[/]" if detail(change) else ""
        name = escape(title or change.url)
        self.say(f"[dim]{_time(change.at)}[/]  {word(change)}{change.site:18} v{change.version} {name}{more}")

    def close(self) -> None:
        if self._status:
            self._status.stop()


def _time(moment: datetime) -> str:
    return shown(moment)[11:]


def _issue(issue: Issue) -> str:
    return f"{issue.url} {issue.message}" if issue.url else issue.message


def addresses(lines: Sequence[tuple[str, str]], console: Console) -> None:
    """The addresses to open, aligned."""
    for name, address in lines:
        console.print(f"  {set_cell_size(name, 22)} [link={address.split()[0]}]{address}[/link]")
