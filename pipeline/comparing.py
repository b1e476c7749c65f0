"""The verb compare: article digests → versions, changes, page status; written to the catalogue in one transaction.

Only what one reader has read may be compared: where another one (another version, another site file) had read
captures of a page, they are read again first, so that better reading is never taken for a publisher's edit.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from catalogue import Catalogue, Progress, Reading
from catalogue.kinds import Rereading
from domain.capture import Capture
from domain.change import Change, History, Observation, Status
from domain.errors import Overtaken, TakenDown
from domain.site import Site
from monitor.context import Context
from monitor.judge import judge
from pipeline.circumstances import Circumstances, circumstances, of_pages, twins
from pipeline.clustering import settle
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.reading import read_capture, reading

log = logging.getLogger(__name__)

# Pages judged and put down at a time: memory does not grow with the site.
_BATCH = 500
_TRIES = 10


def compare_site(
    house: House, site: Site, catalogue: Catalogue | None = None, progress: Callable[[int], None] = lambda pages: None
) -> tuple[Change, ...]:
    """Judges again every page that was captured since the last comparison; gives the changes not known before.

    Where another process compares the site meanwhile, begins again. `progress` hears of pages judged. Raises
    Overtaken where that goes on and on.
    """
    catalogue = catalogue or house.catalogue
    found: list[Change] = []
    for left in range(_TRIES, 0, -1):
        try:
            _compare(house, site, catalogue, found, progress)
            break
        except Overtaken:
            if left == 1:
                raise
            log.info("%s: another process compares it too; once more", site.name)
    if catalogue is house.catalogue:
        found += settle(catalogue)
    return tuple(sorted(found, key=lambda change: (change.at, change.id)))


def _compare(
    house: House, site: Site, catalogue: Catalogue, found: list[Change], progress: Callable[[int], None]
) -> None:
    done = catalogue.progress(site.name)
    upto, touched = catalogue.pages_to_compare(site.name)
    around = circumstances(house, site, catalogue, done.compared_seq)
    fresh = frozenset(touched)
    urlkeys = (*touched, *(key for key in around.again if key not in fresh))
    gone: list[str] = []
    for start in range(0, max(len(urlkeys), 1), _BATCH):
        batch = urlkeys[start : start + _BATCH]
        last = start + _BATCH >= len(urlkeys)
        anew, old, histories = _judged(house, site, catalogue, batch, done, around)
        old |= {change.id for history in histories if history.urlkey not in fresh for change in history.changes}
        reached = upto if last else done.compared_seq
        found += catalogue.put_histories(
            site.name, reached, histories, since=done, anew=anew, old=frozenset(old), pace=house.settings.pace
        )
        gone += [history.urlkey for history in histories if history.status is Status.GONE]
        progress(len(batch))
    if gone:
        _look_elsewhere(house, site, catalogue, found, gone, around)


def _look_elsewhere(
    house: House, site: Site, catalogue: Catalogue, found: list[Change], gone: Sequence[str], around: Circumstances
) -> None:
    """Pages that are gone, judged once more now that every page of the round is put down: the article of one may be
    seen at another address."""
    done = catalogue.progress(site.name)
    before = {change.id for change in found}
    histories = _judge(house, site, catalogue, gone, {}, around)
    now_known = {change.id for history in histories for change in history.changes}
    pace = house.settings.pace
    fresh = catalogue.put_histories(site.name, done.compared_seq, histories, since=done, pace=pace)
    keys = frozenset(gone)
    found[:] = [one for one in found if one.urlkey not in keys or one.id in now_known]
    found += [change for change in fresh if change.id not in before]


def _judged(
    house: House, site: Site, catalogue: Catalogue, urlkeys: Sequence[str], done: Progress, around: Circumstances
) -> tuple[Rereading, set[str], list[History]]:
    """What is read again, the ids of changes that follow from what was compared before as it reads now, and the
    verdicts."""
    reader = reader_of(site)
    anew: dict[str, Reading] = {}
    before: list[str] = []
    for urlkey, held in catalogue.stale(site.name, urlkeys, reader).items():
        anew |= {capture.id: _again(house, capture, site, reader) for _, capture in held}
        if any(seq <= done.compared_seq for seq, _ in held):
            before.append(urlkey)
    known = _judge(house, site, catalogue, before, anew, around, done.compared_seq) if before else []
    old = {change.id for history in known for change in history.changes}
    return anew, old, _judge(house, site, catalogue, urlkeys, anew, around)


def _again(house: House, capture: Capture, site: Site, reader: str) -> Reading:
    try:
        return reading(capture, read_capture(house, capture, site), site, reader)
    except TakenDown:
        return reading(capture, None, site, reader, page=False)


def _judge(
    house: House,
    site: Site,
    catalogue: Catalogue,
    urlkeys: Sequence[str],
    anew: Rereading,
    around: Circumstances,
    upto: int | None = None,
) -> list[History]:
    seen = catalogue.observed(site.name, urlkeys, anew=anew, upto=upto)
    whole, lost = of_pages(around, site, catalogue, seen), house.settings.gone_after

    def judged(key: str, context: Context) -> History:
        url, told, articles = seen[key]
        known = articles if key not in whole.files else articles | catalogue.articles(site.name, _digests(told))
        return judge(site.name, url, key, told, known, gone_after=lost, context=context)

    histories = {key: judged(key, whole) for key in seen}
    if elsewhere := twins(site, catalogue, list(histories.values())):
        whole = replace(whole, twins=elsewhere)
        histories |= {key: judged(key, whole) for key in elsewhere}
    return list(histories.values())


def _digests(told: Sequence[Observation]) -> set[str]:
    return {one.digest for one in told if one.digest}
