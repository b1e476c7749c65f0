"""The verb run: one round of everything, without the scheduler.

Scrapy's reactor runs once a process, and a round is one capture, so this process does it all.
"""

from collections.abc import Sequence

from domain.capture import RunSummary
from domain.change import Change
from domain.site import Site
from pipeline.capturing import capture
from pipeline.comparing import compare_site
from pipeline.health import watch
from pipeline.house import House
from pipeline.reading import Read, read_site
from pipeline.telling import tell


def run_once(
    house: House, sites: Sequence[Site], *, recheck: bool = False
) -> tuple[tuple[RunSummary, ...], list[Read], list[Change]]:
    """Captures, reads, compares, looks how the sites stand, and notifies; gives the runs' summaries, what was read and
    the changes found."""
    summaries = capture(house, sites, recheck=recheck)
    done: list[Read] = []
    found: list[Change] = []
    for site in sites:
        done.append(read_site(house, site))
        found += compare_site(house, site)
    watch(house, sites)
    tell(house)
    return summaries, done, found
