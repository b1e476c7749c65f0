"""The verb check: is the site's last run what its file expects, and how does the site stand after it?"""

from domain.capture import Issue
from domain.site import Site
from monitor.health import check
from pipeline import health
from pipeline.house import House


def check_site(house: House, site: Site) -> tuple[Issue, ...]:
    """What the last finished run leaves to be said; an error where an expectation is not met, or the site is broken.
    How the site stands is put down, and told where that is news."""
    runs = house.catalogue.runs(site.name, 10)
    if not runs:
        return (Issue(kind="no-run", site=site.name, message="no run of this site has ended yet"),)
    articles = len(house.catalogue.known(site.name))
    (found,), _ = health.watch(house, [site])
    return *check(site, runs[0], articles=articles, previous=runs[1:]), *health.issues(found)
