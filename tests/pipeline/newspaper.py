"""A site captured without a network: its answers go through the real writer into the real bucket. Texts are ours."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

import parsers
from catalogue import engine
from domain.article import Article
from domain.capture import Exchange, Role
from domain.change import Change
from domain.site import Entry, Site
from pipeline import readers, reading
from pipeline.comparing import compare_site
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.reading import read_site
from storage import Writer

SITE = Site(
    name="paper",
    title="报",
    homepage="http://news.example.cn/",
    entries=(Entry(url="http://news.example.cn/list/"),),
    article=r"/2026/\d+\.html$",
)
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
<h1>{title}</h1><div class="content"><p>{body}</p>
<p>会议由市商务局组织召开，各区县有关负责同志参加，总结了上半年工作，安排了下一步任务。</p>
<p>会议要求，各单位要压实责任，细化措施，按期完成全年目标，并于月底前报送进展情况。</p></div>
<div class="foot">浏览 {visits} 次</div></body></html>"""


def url(number: int) -> str:
    return f"http://news.example.cn/2026/{number}.html"


def page(number: int, body: str = "", title: str = "") -> str:
    return _PAGE.format(
        title=title or f"全市商务工作第{number}次会议召开",
        body=body or f"第{number}次会议通报了利用外资和招商引资项目的进展，全市新签约项目{number}个。",
        visits="{visits}",
    )


@dataclass
class Newspaper:
    """Answers by address, captured when told; a clock that moves an hour a round."""

    house: House
    patch: pytest.MonkeyPatch
    site: Site = SITE
    answers: dict[str, str | None] = field(default_factory=dict)
    rounds: int = 0

    def capture(self, *numbers: int) -> None:
        """One run over the pages of these numbers, all of them unless said."""
        self.rounds += 1
        run = f"20260301t08{self.rounds:02d}00z-000000"
        spool = self.house.settings.state / "spool"
        writer = Writer(self.house.bucket, self.site.name, run, spool, "tests", None)
        writer.start()
        for number, asked in enumerate(map(url, numbers) if numbers else self.answers):
            writer.put(self._exchange(asked, START + timedelta(hours=self.rounds, seconds=number)))
        writer.close()

    def _exchange(self, asked: str, at: datetime) -> Exchange:
        body = self.answers[asked]
        return Exchange(
            url=asked,
            at=at,
            role=Role.PAGE,
            status=404 if body is None else 200,
            reason="",
            request_headers=((b"Host", b"news.example.cn"),),
            response_headers=((b"Content-Type", b"text/html; charset=utf-8"),),
            body=(body or "").replace("{visits}", str(self.rounds)).encode(),
        )

    def read(self) -> tuple[Change, ...]:
        """What `read` and `compare` do; the changes found."""
        read_site(self.house, self.site)
        return compare_site(self.house, self.site)

    def round(self, *numbers: int) -> tuple[Change, ...]:
        self.capture(*numbers)
        return self.read()

    def reader(self, version: str, **worse: Any) -> None:
        """From now on pages are read by a reader of that version; what it gets wrong are fields of the article,
        each a function of what today's reader sees."""

        def read(*given: Any, **named: Any) -> Article:
            article = parsers.read(*given, **named)
            return article.model_copy(update={name: change(article) for name, change in worse.items()})

        self.patch.setattr(readers, "READER_VERSION", version)
        self.patch.setattr(reading, "read", read)

    def todays_reader(self) -> None:
        self.reader(parsers.READER_VERSION)


def database(endpoints: Endpoints, name: str) -> str:
    """The address of a new, empty database."""
    source = engine(endpoints.database)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    source.dispose()
    return endpoints.database.replace("/tongjian?", f"/{name}?")
