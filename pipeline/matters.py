"""Matters, made from the catalogue: a change with the version it is about, and what stands beside it."""

import logging
from collections.abc import Iterator, Sequence

from alerts.kinds import Matter
from catalogue import Catalogue
from domain.article import Article
from domain.change import Change, Status
from domain.errors import NotFound
from parsers.citing import citations
from sites import load

log = logging.getLogger(__name__)


def matters(catalogue: Catalogue, ids: Sequence[str]) -> Iterator[Matter]:
    """The matters of these changes, in their order; without those that were judged anew meanwhile: what stands now is
    another change. Raises CatalogueError."""
    known = load()
    found = list(_versions(catalogue, ids))
    around = catalogue.surroundings([change for change, _ in found])
    for change, article in found:
        status, cluster, first = around.get((change.site, change.urlkey), (Status.LIVE, None, False))
        site = known.get(change.site)
        yield Matter(
            change,
            article.title or "",
            article.text,
            citations(article),
            source=article.source or "",
            authors=article.authors,
            document_numbers=article.document_numbers,
            published_at=article.published_at,
            status=status,
            cluster=cluster,
            first=first,
            site_title=site.title if site else "",
            region=site.region or "" if site else "",
        )


def _versions(catalogue: Catalogue, ids: Sequence[str]) -> Iterator[tuple[Change, Article]]:
    for id in ids:
        try:
            change = catalogue.change(id)
            yield change, catalogue.version(change.url, change.version, change.site)[1]
        except NotFound:
            log.info("change %s is no longer what it was", id)
