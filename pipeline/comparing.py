"""The verb compare: article digests → versions, changes, page status; written to the catalogue in one transaction."""

from domain.change import Change, History
from domain.site import Site
from monitor.judge import judge
from pipeline.house import House


def compare_site(house: House, site: Site) -> tuple[Change, ...]:
    """Judges again every page that was captured since the last comparison; gives the changes not known before."""
    upto, urlkeys = house.catalogue.pages_to_compare(site.name)
    histories = [_judged(house, site, urlkey) for urlkey in urlkeys]
    return house.catalogue.put_histories(site.name, upto, histories)


def _judged(house: House, site: Site, urlkey: str) -> History:
    url, observations, articles = house.catalogue.observations(site.name, urlkey)
    return judge(site.name, url, urlkey, observations, articles, gone_after=house.settings.gone_after)
