"""The verb capture: one process crawls one site, or a shard of sites, and keeps every answer."""

import logging
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from domain.capture import Issue, RunSummary
from domain.clock import iso, now, planning_now
from domain.errors import CatalogueError, Conflict, EndpointDown, StorageError, TongjianError
from domain.site import Site
from domain.urls import urlkey
from pipeline.files import to_ask
from pipeline.house import House
from pipeline.planning import plan
from pipeline.second_look import second_look
from spiders.configuration import user_agent
from spiders.process import Job, Outcome, crawl
from storage import Writer, keys
from storage.lease import Lease, take

log = logging.getLogger(__name__)

# Runs that are ended at once: each waits for its own last segment, with a bucket that is down for seconds.
_AT_ONCE = 8


@dataclass(slots=True)
class Run:
    """A site's run while it goes on. `skipped` counts the entries that are not due in it."""

    site: Site
    id: str
    started: datetime
    lease: Lease
    writer: Writer
    skipped: int = 0


def capture(
    house: House, sites: Sequence[Site], *, recheck: bool = False, limit: float = 0.0
) -> tuple[RunSummary, ...]:
    """Crawls the sites once, together. `recheck` asks for every known page whatever the plan; `limit` is the
    most seconds a crawl may take, 0 for no limit.

    A site whose lease another run holds, or whose writer fails, says so in its summary; the others go on.
    """
    summaries: list[RunSummary] = []
    runs: list[Run] = []
    for site in sites:
        try:
            runs.append(_begin(house, site))
        except (Conflict, StorageError) as error:
            summaries.append(_refused(site, error))
    if runs:
        outcomes = crawl([_job(house, run, recheck=recheck, limit=limit) for run in runs], house.settings)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            summaries += pool.map(partial(_finish, house), runs, outcomes)
    return tuple(summaries)


def _begin(house: House, site: Site) -> Run:
    started = now()
    run = keys.run_id(started)
    lease = take(house.bucket, site.name, run)
    with ExitStack() as undo:
        undo.callback(lease.release)
        software = user_agent(house.settings)
        house.archive.put_run(
            site.name,
            run,
            {
                "v": 1,
                "site": site.name,
                "run": run,
                "started": iso(started),
                "host": socket.gethostname(),
                "software": software,
                "entries": [entry.url for entry in site.entries],
            },
        )
        writer = Writer(house.bucket, site.name, run, house.settings.state / "spool", software, lease)
        writer.start()
        undo.pop_all()
    return Run(site, run, started, lease, writer)


def _job(house: House, run: Run, *, recheck: bool, limit: float) -> Job:
    planned = plan(house, run.site, recheck=recheck)
    run.skipped = len(run.site.entries) - len(planned.entries)
    pages = [urlkey(page.url) for page in planned.pages]
    files = to_ask(house.catalogue, run.site, pages, planning_now(), pace=house.settings.pace, recheck=recheck)
    look = second_look(house, run.site, run.id, run.writer)
    found = (planned.known, planned.pages, files.held, files.old, files.attached)
    return Job(run.site, run.writer, *found, limit, planned.entries, look=look)


def _finish(house: House, run: Run, outcome: Outcome) -> RunSummary:
    """Waits for the last acknowledgement and writes the run's end down."""
    issues = [*outcome.issues, *_closed(run)]
    summary = RunSummary(
        site=run.site.name,
        run=run.id,
        started=run.started,
        finished=now(),
        reason="storage" if len(issues) > len(outcome.issues) else outcome.reason,
        captures=run.writer.captures,
        segments=run.writer.segments,
        links=outcome.links,
        skipped=run.skipped,
        lists=outcome.lists,
        issues=tuple(issues),
    )
    if isinstance(run.writer.error, EndpointDown):
        return summary  # no done.json: the run is incomplete, and visible as such
    return _written_down(house, run, summary)


def _closed(run: Run) -> Iterator[Issue]:
    try:
        run.writer.close()
    except StorageError as error:
        yield _issue("storage", run.site.name, error)


def _written_down(house: House, run: Run, summary: RunSummary) -> RunSummary:
    try:
        house.archive.finish_run(summary)
        run.lease.release()
        house.catalogue.put_run(summary)
    except StorageError as error:
        return _with(summary, _issue("storage", run.site.name, error), reason="storage")
    except CatalogueError as error:  # all is kept: `read` puts the run there when the database is back
        return _with(summary, _issue("catalogue", run.site.name, error), reason=summary.reason)
    return summary


def _with(summary: RunSummary, issue: Issue, *, reason: str) -> RunSummary:
    log.error("%s: the run's end could not be written down: %s", summary.site, issue.message)
    return summary.model_copy(update={"reason": reason, "issues": (*summary.issues, issue)})


def _issue(kind: str, site: str, error: TongjianError) -> Issue:
    message = f"{error} {error.hint or ''}".strip()
    return Issue(kind=kind, site=site, message=message, at=now())


def _refused(site: Site, error: StorageError) -> RunSummary:
    log.error("%s: %s", site.name, error)
    kind = "leased" if isinstance(error, Conflict) else "storage"
    issue = _issue(kind, site.name, error)
    return RunSummary(site=site.name, run="", started=now(), finished=now(), reason=kind, issues=(issue,))
