"""Pages captured, read and compared, so that the catalogue has changes to tell of."""

import hashlib
from datetime import timedelta

from making_matters import LATER

from catalogue import Catalogue, Reading
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.urls import urlkey
from monitor.judge import judge

SITE = "alpha"


def captured(catalogue: Catalogue, hours: float, body: str | None, title: str, url: str) -> None:
    """A page as it showed itself; missing where `body` is None."""
    at = LATER + timedelta(hours=hours)
    held = Capture(
        id=hashlib.sha256(f"{url} {hours}".encode()).hexdigest(),
        site=SITE,
        run=f"r{hours}",
        url=url,
        urlkey=urlkey(url),
        at=at,
        role=Role.PAGE,
        status=200 if body else 404,
        payload_digest="sha256:00",
        payload_length=1,
        segment="x",
        offset=0,
        length=1,
    )
    article = Article(title=title, body=(Block(text=body),)) if body else None
    outcome = Outcome.ARTICLE if article else Outcome.MISSING
    digest = article.digest if article else None
    reason = "" if body else "status 404"
    observation = Observation(capture=held.id, at=at, outcome=outcome, digest=digest, reason=reason)
    catalogue.record(SITE, catalogue.progress(SITE).read_seq + 1, [Reading(held, article, observation)])
    upto, keys = catalogue.pages_to_compare(SITE)
    catalogue.put_histories(SITE, upto, [judge(SITE, *_page(catalogue, key)) for key in keys])


def _page(catalogue: Catalogue, key: str) -> tuple[str, str, tuple[Observation, ...], dict[str, Article]]:
    url, observations, articles = catalogue.observations(SITE, key)
    return url, key, observations, articles
