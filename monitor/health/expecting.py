"""A site's health after a run: a run that found too little must not look like silence."""

from collections.abc import Sequence
from statistics import median

from domain.capture import Issue, RunSummary
from domain.site import Site

# A run with less than this share of the usual links is worth a look; fewer runs than this tell nothing.
_SHARE = 0.5
_USUAL = 3


def check(
    site: Site, summary: RunSummary, *, articles: int = 0, previous: Sequence[RunSummary] = ()
) -> tuple[Issue, ...]:
    """What is wrong with a run beyond its own issues. `articles` counts the site's pages known in all,
    `previous` are earlier runs, in any order."""
    found = (_nothing(summary), _links(site, summary), _articles(site, articles), _fewer(summary, previous))
    return tuple(
        Issue(kind=kind, site=site.name, message=f"{site.name}: {message}", at=summary.finished, level=level)
        for kind, level, message in filter(None, found)
    )


_Finding = tuple[str, str, str]


def _nothing(summary: RunSummary) -> _Finding | None:
    return None if summary.captures or summary.skipped else ("silence", "error", "the run captured nothing at all")


def _links(site: Site, summary: RunSummary) -> _Finding | None:
    wanted = site.expect.links * (len(site.entries) - summary.skipped)
    if summary.links >= wanted:
        return None
    if not summary.links:
        return "expectation", "error", "zero links on an entry page: the layout of its lists may have changed"
    return "expectation", "error", f"{summary.links} links on the entry pages, {wanted} expected"


def _articles(site: Site, articles: int) -> _Finding | None:
    if articles >= site.expect.articles:
        return None
    return "expectation", "error", f"{articles} articles known, {site.expect.articles} expected"


def _fewer(summary: RunSummary, previous: Sequence[RunSummary]) -> _Finding | None:
    """Half the usual links is a warning, even where the expectation holds. Runs that skipped entries are not held
    against those that did not."""
    counts = [run.links for run in previous if run.run != summary.run and run.skipped == summary.skipped]
    if len(counts) < _USUAL or summary.links >= median(counts) * _SHARE:
        return None
    return "fewer", "warning", f"{summary.links} links, where {median(counts):.0f} are usual"
