"""Reprint clusters after a comparison: over all sites, of the pages compared since the last look and of all pages
that carry the same article. Killed at any moment, the next look goes on where this one was."""

import logging
from collections.abc import Mapping
from itertools import product
from typing import Any

import sites as site_files
from catalogue import Catalogue, reprinting
from catalogue.reprinting import Page, Settled
from domain.change import Change
from domain.errors import Overtaken
from domain.site import Site
from monitor.alikeness import Likeness, likeness, resemblance
from monitor.divergence import divergences
from monitor.firsts import First, first_publisher
from monitor.reprints import Member, clusters
from pipeline.copies import Near

log = logging.getLogger(__name__)

# Pages looked at in one go, with all that they are copies of.
_BATCH = 200
_TRIES = 10


def settle(catalogue: Catalogue, *, quiet: bool = False) -> tuple[Change, ...]:
    """Looks at every page compared since the last time; gives the `diverged` changes not known before, in time order.

    With `quiet` they are marked as found by re-reading. Raises Overtaken where pages are compared again and again
    meanwhile.
    """
    found, known = list[Change](), site_files.load()
    tries = _TRIES
    while True:
        try:
            with catalogue.lock("reprints"):  # what another process settles meanwhile would be overwritten
                pages = reprinting.unsettled(catalogue.engine, _BATCH)
                if not pages:
                    break
                found += _settle(catalogue, pages, known, quiet=quiet)
        except Overtaken:
            tries -= 1
            if not tries:
                raise
            log.info("pages of reprint clusters were compared meanwhile; once more")
    return tuple(sorted(found, key=lambda change: (change.at, change.id)))


def _settle(catalogue: Catalogue, pages: list[Page], known: Mapping[str, Site], *, quiet: bool) -> tuple[Change, ...]:
    crowds = reprinting.crowds(catalogue.engine)
    near = Near(catalogue, known)
    near.look({*pages, *reprinting.dependents(catalogue.engine, pages)})
    verdicts = dict.fromkeys((*pages, *near.histories), Settled(None, None))
    for group in clusters(near.members(), near.links()):
        verdicts |= _verdicts(group)
    return reprinting.settle(catalogue.engine, pages, verdicts, near.histories, quiet=quiet, crowds=crowds)


def _verdicts(group: tuple[Member, ...]) -> dict[Page, Settled]:
    first = first_publisher(group)
    origin = first.member
    made = {origin.id: Settled(_row(origin, first, group), None)}
    for member in group:
        if member is not origin:
            row, told = _row(member, first, group), divergences(member, origin, group)
            made[member.id] = Settled(row, origin.history.url, told)
    return made


def _row(member: Member, first: First, group: tuple[Member, ...]) -> dict[str, Any]:
    origin = first.member.history
    alike = _alike(member, first.member)
    return {
        "cluster": " ".join(min(one.id for one in group)),
        "first_site": origin.site,
        "first_urlkey": origin.urlkey,
        "first_url": origin.url,
        "confidence": first.confidence,
        "similarity": round(alike.similarity, 3),
        "contained": round(alike.contained, 3),
        "official": member.official,
        "reasons": [reason.model_dump() for reason in first.reasons],
    }


def _alike(member: Member, first: Member) -> Likeness:
    """How alike they are at their most, of all their versions; of two that are linked over a third, as they are now."""
    if member is first:
        return Likeness(1.0, 1.0, 1.0)
    pairs = product(member.sides.values(), first.sides.values())
    found = [alike for pair in pairs if (alike := likeness(*pair))]
    now = resemblance(member.current.text, first.current.text)
    return max(found, key=lambda alike: (alike.similarity, alike.contained), default=now)
