"""Captures and articles for tests; the texts are our own."""

import hashlib
from datetime import UTC, datetime, timedelta

from catalogue import Catalogue, Reading
from domain.article import Article, Block
from domain.capture import Capture, Reference, Role
from domain.change import Change, Observation, Outcome
from domain.urls import urlkey
from monitor.judge import judge

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
URL = "http://news.example.cn/2026/a1.html"


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def sha(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def article(title: str = "招商引资项目开工", body: str = "总投资2000万元。", **more: object) -> Article:
    return Article.model_validate({"title": title, "body": (Block(text=body),), **more})


def capture(hours: float, url: str = URL, site: str = "alpha", **more: object) -> Capture:
    said = {
        "id": hashlib.sha256(f"{site} {url} {hours}".encode()).hexdigest(),
        "site": site,
        "run": f"r{hours}",
        "url": url,
        "urlkey": urlkey(url),
        "at": at(hours),
        "role": Role.PAGE,
        "status": 200,
        "payload_digest": sha(f"{url} {hours}"),
        "payload_length": 1000,
        "segment": "v1/seg/alpha/x.warc.zst",
        "offset": 0,
        "length": 500,
    }
    return Capture.model_validate(said | more)


def shown(hours: float, read: Article, url: str = URL, **more: object) -> Reading:
    """An article, as a 200 with an ETag."""
    held = capture(hours, url, **{"etag": f'"{hours}"', **more})
    return Reading(held, read, _seen(held, Outcome.ARTICLE, digest=read.digest), reader="generic 1")


def _seen(held: Capture, outcome: Outcome, **more: str) -> Observation:
    return Observation(capture=held.id, at=held.at, outcome=outcome, run=held.run, length=held.payload_length, **more)


def missing(hours: float, url: str = URL, **more: object) -> Reading:
    held = capture(hours, url, **{"status": 404, **more})
    return Reading(held, None, _seen(held, Outcome.MISSING, reason=f"status {held.status}"))


def confirmed(hours: float, earlier: Reading, url: str = URL, **more: object) -> Reading:
    """A 304 that confirms an earlier capture."""
    old = earlier.capture
    reference = Reference(url=old.url, at=old.at, payload_digest=old.payload_digest)
    held = capture(hours, url, **{"status": 304, "refers_to": reference, "payload_digest": sha(""), **more})
    return Reading(held, None, _seen(held, Outcome.SAME, reason="status 304"))


def entry(hours: float, url: str = "http://news.example.cn/list.html") -> Reading:
    return Reading(capture(hours, url, role=Role.ENTRY))


def compare(catalogue: Catalogue, site: str = "alpha") -> tuple[Change, ...]:
    """What the pipeline's compare does."""
    upto, keys = catalogue.pages_to_compare(site)
    histories = []
    for key in keys:
        url, seen, articles = catalogue.observations(site, key)
        histories.append(judge(site, url, key, seen, articles))
    return catalogue.put_histories(site, upto, histories)


def fill(catalogue: Catalogue, *entries: list[Reading], site: str = "alpha") -> tuple[Change, ...]:
    """Records each list as the next ledger entry and compares once."""
    first = catalogue.progress(site).read_seq + 1
    for seq, readings in enumerate(entries, first):
        catalogue.record(site, seq, readings)
    return compare(catalogue, site)
