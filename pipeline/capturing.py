"""The verb capture: one process crawls one site, or a shard of sites, and keeps every answer."""

import logging
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from domain.capture import Issue, RunSummary, Validators
from domain.clock import iso, now, planning_now
from domain.errors import Conflict, StorageError
from domain.site import Site
from monitor.plan import due
from pipeline.house import House
from spiders.configuration import user_agent
from spiders.process import Job, Outcome, crawl
from storage import Writer, keys
from storage.lease import Lease, take

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """A site's run while it goes on."""

    site: Site
    id: str
    started: datetime
    lease: Lease
    writer: Writer


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
        jobs = [Job(run.site, run.writer, *_plan(house, run.site, recheck=recheck), limit=limit) for run in runs]
        outcomes = crawl(jobs, house.settings)
        summaries += [_finish(house, run, outcome) for run, outcome in zip(runs, outcomes, strict=True)]
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


def _plan(house: House, site: Site, *, recheck: bool) -> tuple[frozenset[str], tuple[Validators, ...]]:
    """The urlkeys that are known already, and the pages to fetch again."""
    states = house.catalogue.page_states(site.name)
    chosen = states if recheck else due(states, planning_now(), pace=house.settings.pace)
    return frozenset(house.catalogue.known(site.name)), tuple(state.validators for state in chosen)


def _finish(house: House, run: Run, outcome: Outcome) -> RunSummary:
    reason, issues = outcome.reason, list(outcome.issues)
    try:
        run.writer.close()
    except StorageError as error:
        reason = "storage"
        issues.append(_storage_issue(run.site.name, error))
    summary = RunSummary(
        site=run.site.name,
        run=run.id,
        started=run.started,
        finished=now(),
        reason=reason,
        captures=run.writer.captures,
        segments=run.writer.segments,
        links=outcome.links,
        issues=tuple(issues),
    )
    try:
        house.archive.finish_run(summary)
        house.catalogue.put_run(summary)
        run.lease.release()
    except (Conflict, StorageError) as error:
        log.error("%s: the run's end could not be written down: %s", run.site.name, error)
        return summary.model_copy(
            update={"reason": "storage", "issues": (*issues, _storage_issue(run.site.name, error))}
        )
    return summary


def _storage_issue(site: str, error: StorageError) -> Issue:
    return Issue(kind="storage", site=site, message=str(error), at=now())


def _refused(site: Site, error: StorageError) -> RunSummary:
    log.error("%s: %s", site.name, error)
    kind = "leased" if isinstance(error, Conflict) else "storage"
    issue = Issue(kind=kind, site=site.name, message=str(error), at=now())
    return RunSummary(site=site.name, run="", started=now(), finished=now(), reason=kind, issues=(issue,))
