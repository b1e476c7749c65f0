"""The verb replay: the past read again with today's readers, beside what everybody sees, and put in its place.

A generation is what one reader made of a site's ledger. The next one is made in tables of its own, up to where the
live one is; then it is said how the two differ, and one transaction switches. The live one is kept, so that
`--back` can switch again. Killed at any moment, the next replay goes on where this one was.
"""

import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from catalogue import Catalogue
from catalogue.kinds import Generation
from domain.errors import Overtaken
from domain.site import Site
from pipeline.clustering import settle
from pipeline.comparing import compare_site
from pipeline.differing import Report, report
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.reading import fill
from pipeline.steps import Steps

log = logging.getLogger(__name__)

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay of a site did: whether it was switched, and how the two generations differ. `report` is None
    where the site needs none: nothing of it was read yet, or all of it by today's reader."""

    site: str
    switched: bool
    report: Report | None = None


def replay(
    house: House, site: Site, *, back: bool = False, dry: bool = False, steps: Steps | None = None, jobs: int = 1
) -> Replayed:
    """Reads a site's past again and switches to that reading; with `back` to the one that is kept.

    `dry` changes nothing that anybody sees; what was read is used by the next replay. `jobs` processes read. Raises
    NotFound where no reading is kept to go back to, IntegrityError where the archive is damaged, Overtaken where
    captures come in faster than they are read.
    """
    if not back and not house.catalogue.count_stale(site.name, reader_of(site)):
        return Replayed(site.name, switched=False)
    catalogue = house.catalogue
    made = catalogue.recall_generation(site.name) if back else catalogue.begin_generation(site.name, reader_of(site))
    with _pool(jobs) as pool:
        return _replay(house, site, made, pool, steps or Steps(), dry=dry)


def _replay(house: House, site: Site, made: Generation, pool: Executor | None, steps: Steps, *, dry: bool) -> Replayed:
    live, beside = house.catalogue, house.catalogue.beside("next")
    for _ in range(_TRIES):
        if not dry:
            compare_site(house, site)
        _catch_up(house, site, beside, pool, steps)
        said = report(live, site.name, made.reader)
        if dry or live.switch_generation(site.name):
            settle(live, quiet=True)
            return Replayed(site.name, switched=not dry, report=said)
        log.info("%s: captures came meanwhile; reading them too", site.name)
    raise Overtaken(f"{site.name}: captures come faster than they are read again", hint="Run the command once more.")


def _catch_up(house: House, site: Site, beside: Catalogue, pool: Executor | None, steps: Steps) -> None:
    """To where the live generation is compared: what comes after that is news, and `read` and `compare` find it."""
    upto = house.catalogue.progress(site.name).compared_seq
    steps.begin(site.name, beside.progress(site.name).read_seq, upto)
    fill(house, site, beside, steps.entry, upto=upto, pool=pool)
    compare_site(house, site, beside, steps.pages)


@contextmanager
def _pool(jobs: int) -> Iterator[Executor | None]:
    """Processes that read payloads; None for one, which is this."""
    if jobs < 2:
        yield None
        return
    forked = multiprocessing.get_context("forkserver")  # a fork would take open connections with it
    with ProcessPoolExecutor(jobs, mp_context=forked, initializer=_leave_to_parent) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _leave_to_parent() -> None:
    """Ctrl-C is for the process that the user started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def processes() -> int:
    """How many processes read where nothing is said: one a core."""
    return len(os.sched_getaffinity(0))
