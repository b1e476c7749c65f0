"""Tries a site's file on the site itself: are links found, can an article be read, are pages recorded?"""

from dataclasses import dataclass

from domain.article import Kind
from domain.clock import shown
from domain.errors import FetchError, ReadError
from domain.site import Entry, Site
from pipeline import fixtures
from pipeline.fetching import fetch


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found, as lines for a person; `failed` where the site would not work as it is."""

    lines: tuple[str, ...]
    failed: bool


def try_site(site: Site) -> Tried:
    """Fetches each entry page and the first article that it names; says what of the site is not recorded yet."""
    lines: list[str] = []
    failed = False
    for entry in site.entries:
        try:
            lines += _entry(site, entry)
        except (FetchError, ReadError) as error:
            lines.append(f"✗ {error}" + (f"\n    next: {error.hint}" if error.hint else ""))
            failed = True
    return Tried((*lines, *_recorded(site)), failed)


def _entry(site: Site, entry: Entry) -> list[str]:
    listing = fixtures.listing_of(fetch(entry.url), entry, site)
    if not listing.articles:
        raise ReadError(
            f"{entry.url}: no article link matches «{site.article}»",
            hint="Look at the links of that page and mend the site's article pattern.",
        )
    lines = [f"✓ {entry.url}: {len(listing.articles)} articles, next page: {next(iter(listing.next), 'none')}"]
    if len(listing.articles) < site.expect.links:
        lines.append(f"    ! fewer than the {site.expect.links} links its file expects (expect=Expectation(links=…))")
    return lines + _article(site, listing.articles[0].url)


def _article(site: Site, url: str) -> list[str]:
    article = fixtures.article_of(fetch(url), site)
    if article.kind is not Kind.ARTICLE or not article.text:
        raise ReadError(
            f"{url}: read as {article.kind.value}, with {len(article.text)} characters of text",
            hint=f"See why: tongjian article {url} --all",
        )
    published = shown(article.published_at) if article.published_at else "no date"
    return [
        f"✓ {url}",
        f"    {article.title}  |  {published}  |  {article.source or 'no source'}"
        f"  |  {len(article.body)} blocks, {len(article.text)} characters",
        *(f"    ! {note}" for note in article.issues),
    ]


def _recorded(site: Site) -> list[str]:
    """Not a failure: a site runs without fixtures. Its tests do not pass without."""
    known = fixtures.fixtures_of(site)
    verdicts = [fixtures.judge(fixture) for fixture in known]
    wrong = [f"! {verdict}" for verdict in verdicts if verdict.problem]
    told = [f"! {fault}" for fault in fixtures.lacking(site)]
    return [*wrong, *told] or [f"✓ {len(known)} recorded pages read as expected"]
