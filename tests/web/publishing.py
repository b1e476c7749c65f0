"""A publisher for tests: real captures through the archive's writer, read and judged into the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from catalogue import Catalogue, Reading
from domain.article import Article, Block, Precision
from domain.capture import Capture, Exchange, Reference, Role, RunSummary
from domain.change import Change, Observation, Outcome
from domain.clock import SHANGHAI
from monitor.judge import judge
from parsers.citing import citations
from storage import Archive, Writer

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SITE = "alpha"
URL = "http://news.example.cn/2026/a1.html"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answered:
    """One answer to publish, and what a reader makes of it."""

    url: str
    hours: float
    article: Article | None = None
    payload: bytes = b""
    status: int = 200
    content_type: str | None = HTML
    refers_to: Reference | None = None
    more_headers: tuple[tuple[bytes, bytes], ...] = ()
    reason: str = ""
    role: Role = Role.PAGE


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def article(title: str, *paragraphs: str, **more: object) -> Article:
    body = tuple(Block(text=text) for text in paragraphs)
    said = {"published_at": datetime(2026, 2, 27, 9, 30, tzinfo=SHANGHAI), "published_precision": Precision.MINUTE}
    return Article.model_validate({"title": title, "body": body, **said, **more})


def html(read: Article, extra: str = "") -> bytes:
    """A page such as a site would serve, UTF-8."""
    paragraphs = "".join(f"<p>{block.text}</p>" for block in read.body)
    return (
        f"<!doctype html><html lang=zh><head><meta charset=utf-8><title>{read.title}</title><style>"
        "body{font:16px/1.8 sans-serif;max-width:42em;margin:2em auto;padding:0 1em}h1{color:#a00}</style></head>"
        f"<body><h1>{read.title}</h1>{paragraphs}{extra}</body></html>"
    ).encode()


def shown(hours: float, read: Article, url: str = URL, extra: str = "", **more: object) -> Answered:
    return Answered(url, hours, read, html(read, extra), **more)  # type: ignore[arg-type]


def missing(hours: float, url: str = URL) -> Answered:
    return Answered(url, hours, None, b"<html><body>404</body></html>", 404, reason="status 404")


def confirmed(hours: float, earlier: Capture) -> Answered:
    """A 304 that confirms an earlier capture."""
    reference = Reference(url=earlier.url, at=earlier.at, payload_digest=earlier.payload_digest)
    return Answered(earlier.url, hours, status=304, content_type=None, refers_to=reference, reason="status 304")


class Publisher:
    """Publishes under one site: each call is one run, one segment, one comparison."""

    def __init__(self, catalogue: Catalogue, archive: Archive, spool: Path, site: str = SITE) -> None:
        self.catalogue, self.archive, self.site, self._spool, self._runs = catalogue, archive, site, spool, 0

    def publish(self, *answers: Answered) -> tuple[Change, ...]:
        self._runs += 1
        run = f"20260301t0800{self._runs:02d}z"
        writer = Writer(self.archive.bucket, self.site, run, self._spool, "tests", None)
        writer.start()
        for answer in answers:
            writer.put(_exchange(answer))
        writer.close()
        self._record(answers)
        self._finish(run, answers)
        return self._compare()

    def captures(self, url: str = URL) -> tuple[Capture, ...]:
        return self.catalogue.captures(url, self.site)

    def _record(self, answers: Sequence[Answered]) -> None:
        done = self.catalogue.progress(self.site).read_seq
        for entry in self.archive.ledger(self.site).walk(done):
            captures = self.archive.index(entry).captures
            told = zip(captures, answers, strict=True)
            self.catalogue.record(self.site, entry.seq, [_reading(capture, answer) for capture, answer in told])

    def _finish(self, run: str, answers: Sequence[Answered]) -> None:
        times = [at(answer.hours) for answer in answers]
        summary = RunSummary(
            site=self.site, run=run, started=min(times), finished=max(times), reason="finished", captures=len(times)
        )
        self.catalogue.put_run(summary)

    def _compare(self) -> tuple[Change, ...]:
        upto, keys = self.catalogue.pages_to_compare(self.site)
        histories = []
        for key in keys:
            url, seen, articles = self.catalogue.observations(self.site, key)
            histories.append(judge(self.site, url, key, seen, articles))
        return self.catalogue.put_histories(self.site, upto, histories)


def _exchange(answer: Answered) -> Exchange:
    kind = ((b"Content-Type", answer.content_type.encode("latin-1")),) if answer.content_type else ()
    return Exchange(
        url=answer.url,
        at=at(answer.hours),
        role=answer.role,
        status=answer.status,
        reason="",
        request_headers=((b"Host", b"news.example.cn"),),
        response_headers=(*kind, *answer.more_headers),
        body=answer.payload,
        refers_to=answer.refers_to,
    )


def _reading(capture: Capture, answer: Answered) -> Reading:
    if answer.role is not Role.PAGE:
        return Reading(capture)
    if answer.article:
        outcome, digest = Outcome.ARTICLE, answer.article.digest
    else:
        outcome, digest = (Outcome.SAME if answer.status == 304 else Outcome.MISSING), None
    seen = Observation(capture=capture.id, at=capture.at, outcome=outcome, digest=digest, reason=answer.reason)
    said = partial(citations, answer.article) if answer.article else tuple
    return Reading(capture, answer.article, seen, reader="tests 1", citations=said)
