"""Rounds of the largest site of bench/scale.py: pages captured again, one in eight of them edited."""

import random
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bench.scale_rows import SITE
from catalogue import Catalogue, Reading
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.clock import now
from domain.urls import urlkey
from parsers.citing import citations
from parsers.fingerprint import fingerprint
from pipeline.readers import reader_of

_PAGES, _EDITED = 64, 8


class Recorder:
    """What the site's pages show now, and a ledger entry of them each time one is asked for."""

    def __init__(self, catalogue: Catalogue, urls: Sequence[str]) -> None:
        self._catalogue, self._chance, self._reader = catalogue, random.Random(13), reader_of(SITE)
        self._shown: dict[str, tuple[str, Article]] = {}
        for url in (url for url in urls if url.startswith(SITE.homepage)):
            version, article, _ = catalogue.version(url, site=SITE.name)
            self._shown[url] = version.article_digest, article

    def record(self) -> None:
        moment, seq = now(), self._catalogue.progress(SITE.name).read_seq + 1
        taken = enumerate(self._chance.sample(sorted(self._shown), _PAGES))
        self._catalogue.record(SITE.name, seq, [self._reading(url, moment, seq, place) for place, url in taken])

    def _reading(self, url: str, moment: datetime, seq: int, place: int) -> Reading:
        if place % _EDITED == 0:
            self._shown[url] = _edited(self._shown[url][1], seq)
        digest, article = self._shown[url]
        capture = Capture(
            id=f"{seq:032x}{place:032x}",
            site=SITE.name,
            run=f"20260101t000000z-{seq % 1_000_000:06}",
            url=url,
            urlkey=urlkey(url),
            at=moment,
            role=Role.PAGE,
            status=200,
            payload_digest=f"sha256:{place:064x}",
            payload_length=48_000,
            segment="bench",
            offset=place,
            length=1,
        )
        seen = Observation(capture=capture.id, at=moment, outcome=Outcome.ARTICLE, digest=digest, run=capture.run)
        sketch, said = partial(fingerprint, article), partial(citations, article)
        return Reading(capture, article, seen, self._reader, fingerprint=sketch, citations=said)


def _edited(article: Article, number: int) -> tuple[str, Article]:
    first, *others = article.body
    edited = Article(
        title=article.title,
        published_at=article.published_at,
        published_precision=article.published_precision,
        body=(Block(text=f"{first.text}共有{number}家企业参加。"), *others),
    )
    return edited.digest, edited
