"""The verb rebuild: the catalogue made again from the bucket alone."""

from collections.abc import Callable

from catalogue import Catalogue
from domain.site import Site
from pipeline.comparing import compare_site
from pipeline.house import House
from pipeline.reading import Read, read_site
from pipeline.selecting import retired
from storage.ledger import Entry


def rebuild(house: House, sites: dict[str, Site], progress: Callable[[Entry], None]) -> tuple[Read, ...]:
    """Empties the derived tables and fills them from every ledger in the bucket, those of retired sites too."""
    catalogue: Catalogue = house.catalogue
    catalogue.clear()
    return tuple(_site(house, sites.get(name) or retired(name), progress) for name in house.archive.sites())


def _site(house: House, site: Site, progress: Callable[[Entry], None]) -> Read:
    for run in house.archive.runs(site.name):
        house.catalogue.put_run(run)
    done = read_site(house, site, progress)
    compare_site(house, site)
    return done
