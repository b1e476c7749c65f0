"""Tries a site's file on the site itself: are links found, can an article be read?"""

from dataclasses import dataclass

from domain.article import Kind
from domain.errors import FetchError, ReadError
from domain.site import Entry, Site
from parsers import read
from parsers.lists import links
from pipeline.articles import fetch


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found, as lines for a person; `failed` where the site would not work as it is."""

    lines: tuple[str, ...]
    failed: bool


def try_site(site: Site) -> Tried:
    """Fetches each entry page and the first article that it names."""
    lines: list[str] = []
    failed = False
    for entry in site.entries:
        try:
            lines += _entry(site, entry)
        except (FetchError, ReadError) as error:
            lines.append(f"✗ {error}")
            failed = True
    return Tried(tuple(lines), failed)


def _entry(site: Site, entry: Entry) -> list[str]:
    payload, content_type = fetch(entry.url)
    listing = links(payload, entry.url, content_type, entry, site)
    lines = [f"✓ {entry.url}: {len(listing.articles)} articles, next page: {next(iter(listing.next), 'none')}"]
    if not listing.articles:
        raise ReadError(
            f"{entry.url}: no article link matches «{site.article}»",
            hint="Look at the links of that page and mend the site's article pattern.",
        )
    return lines + _article(site, listing.articles[0].url)


def _article(site: Site, url: str) -> list[str]:
    payload, content_type = fetch(url)
    article = read(payload, url, content_type, site)
    if article.kind is not Kind.ARTICLE or not article.text:
        raise ReadError(f"{url}: read as {article.kind.value}, with {len(article.text)} characters of text")
    return [
        f"✓ {url}",
        f"    {article.title}  |  {article.published_at or 'no date'}  |  {article.source or 'no source'}"
        f"  |  {len(article.body)} blocks, {len(article.text)} characters",
        *(f"    ! {note}" for note in article.issues),
    ]
