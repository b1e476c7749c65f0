"""Which pages a run asks for once more at its end: those that seem edited, and an address that cannot exist."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from catalogue import looks
from catalogue.connection import transaction
from domain.article import Article
from domain.clock import planning_now
from domain.site import Site
from monitor.volatile import Mask, mask_of, steady
from pipeline.house import House
from pipeline.reading import preview
from spiders.second import Look, Wanted
from storage import Writer

# Of a redesign a few pages tell as much as all.
_MOST = 40
# How long it is believed what a site shows in a missing page's place.
_BELIEVED = timedelta(days=30)
_NUMBERS = re.compile(r"\d+")


def second_look(house: House, site: Site, run: str, writer: Writer) -> Look:
    """What a run of the site is to ask at its end. The look sends what is held, reads it, and raises StorageError,
    CatalogueError or IntegrityError where that fails."""

    def look() -> Wanted:
        writer.flush()
        return wanted(house, site, preview(house, site, run))

    return look


def wanted(house: House, site: Site, shown: Mapping[str, tuple[str, Article]]) -> Wanted:
    """Of the pages `shown` in a run (address and article by urlkey) those whose article is another than the one known,
    volatile parts aside; and, where that was not asked for long, an address that cannot exist."""
    since = planning_now() - _BELIEVED / house.settings.pace
    with transaction(house.catalogue.engine) as connection:
        known = looks.known_otherwise(connection, site.name, {key: one.digest for key, (_, one) in shown.items()})
        probed = looks.last_probe(connection, site.name)
    mask = mask_of(house.catalogue.masks(site.name))
    pages = [shown[key][0] for key in sorted(known) if _differs(known[key], shown[key][1], mask, key)]
    example = shown[min(shown)][0] if shown and (probed is None or probed < since) else None
    return Wanted(tuple(_spread(pages)), (impossible(example),) if example else ())


def _differs(before: Article, after: Article, mask: Mask, urlkey: str) -> bool:
    return steady(before, mask, urlkey).digest != steady(after, mask, urlkey).digest


def _spread(pages: Sequence[str]) -> Sequence[str]:
    step = max(1, -(-len(pages) // _MOST))
    return pages[::step]


def impossible(url: str) -> str:
    """An address shaped like an article's that no article has: its last number, in its path's end or in its query,
    is another of ten digits. The same for the same site, so that it is one page to whoever reads the server's log."""
    parts = urlsplit(url)
    made = "9" + str(int(sha256(parts.netloc.encode()).hexdigest(), 16))[:9]
    head, slash, last = parts.path.rpartition("/")
    if _NUMBERS.search(last):
        return parts._replace(path=f"{head}{slash}{_renumbered(last, made)}", query="", fragment="").geturl()
    if _NUMBERS.search(parts.query):
        return parts._replace(query=_renumbered(parts.query, made), fragment="").geturl()
    return parts._replace(path=f"{head}{slash}{made}-{last}", query="", fragment="").geturl()


def _renumbered(text: str, number: str) -> str:
    found = list(_NUMBERS.finditer(text))[-1]
    return f"{text[: found.start()]}{number}{text[found.end() :]}"
