"""The verb rebuild: the catalogue made again from the bucket alone.

A site that the catalogue has is made anew beside what everybody sees, and put in its place in one transaction; so
nobody sees half of it, and whatever ends the rebuild early leaves what was there.
"""

from collections.abc import Mapping

from catalogue import Catalogue
from domain.site import Site
from pipeline.clustering import settle
from pipeline.comparing import compare_site
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.reading import Read, fill
from pipeline.selecting import retired
from pipeline.steps import Steps


def rebuild(house: House, sites: Mapping[str, Site], steps: Steps | None = None) -> tuple[Read, ...]:
    """Fills the derived tables from every ledger in the bucket, those of retired sites too; what the catalogue has
    of sites without a ledger goes."""
    held = house.archive.sites()
    for name in {row["site"] for row in house.catalogue.sites()} - set(held):
        house.catalogue.clear(name)
    return tuple(_site(house, sites.get(name) or retired(name), steps or Steps()) for name in held)


def rebuild_site(house: House, site: Site, steps: Steps | None = None) -> Read:
    """One site's part of it; other generations of it go."""
    done = _site(house, site, steps or Steps())
    house.catalogue.drop_generation(site.name, "kept")
    return done


def _site(house: House, site: Site, steps: Steps) -> Read:
    catalogue = house.catalogue
    catalogue.put_runs(site.name, tuple(house.archive.runs(site.name)))
    lost = catalogue.progress(site.name).read_seq == 0
    target = catalogue if lost else _beside(catalogue, site)
    head = house.archive.ledger(site.name).head()
    steps.begin(site.name, target.progress(site.name).read_seq, head.seq if head else 0)
    done = fill(house, site, target, steps.entry)
    compare_site(house, site, target, steps.pages)
    if not lost:
        catalogue.switch_generation(site.name, rebuilt=True)
        settle(catalogue, quiet=True)
    return done


def _beside(catalogue: Catalogue, site: Site) -> Catalogue:
    """An empty generation: what an earlier rebuild or replay had begun is in doubt like all else."""
    catalogue.drop_generation(site.name, "next")
    catalogue.begin_generation(site.name, reader_of(site))
    return catalogue.beside("next")
