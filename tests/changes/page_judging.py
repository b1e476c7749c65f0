"""From two pages, as bytes, to the changes that are told: read, outcome, judge, as the pipeline does it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from page_frames import Frame, Story
from page_templates import TEMPLATES

from domain.article import Article
from domain.capture import Capture, Role
from domain.change import Change, History
from domain.site import Entry, Site
from monitor.judge import judge
from monitor.outcome import outcome
from parsers import read

URL = "http://www.qihe.example/news/20240506/1001.html"
KEY = "example,qihe)/news/20240506/1001.html"
START = datetime(2024, 5, 7, tzinfo=UTC)
SITE = Site(
    name="qihe",
    title="栖河",
    homepage="http://www.qihe.example/",
    entries=(Entry(url="http://www.qihe.example/news/index.html"),),
    article=r"/news/\d+/",
)


def made(template: str, story: Story | None = None, frame: Frame | None = None) -> str:
    """The page of a template, with its own story where none is given."""
    build, own = TEMPLATES[template]
    return build(story or own, frame or Frame())


def with_paragraph(template: str, text: str, at: int = 2) -> bytes:
    """The template's page with one paragraph more, in the midst of its own story; a law's before its last article."""
    own = TEMPLATES[template][1]
    place = len(own.paras) - 1 if template == "govmeta" else at
    paras = (*own.paras[:place], text, *own.paras[place:])
    return payload(template, made(template, replace(own, paras=paras)))


def payload(template: str, markup: str) -> bytes:
    """Bytes as a template's server sends them."""
    return markup.encode("gb18030" if template == "gbk" else "utf-8")


@lru_cache(maxsize=4096)
def reading(data: bytes, content_type: str = "text/html") -> Article:
    return read(data, URL, content_type)


def answer(place: int, *, status: int = 200, location: str | None = None, payload_digest: str = "sha256:0") -> Capture:
    """One answer, an hour after the one before it."""
    return Capture(
        id=f"c{place:03}",
        site="qihe",
        run=f"r{place}",
        url=URL,
        urlkey=KEY,
        at=START + timedelta(hours=place),
        role=Role.PAGE,
        status=status,
        payload_digest=payload_digest,
        payload_length=0,
        location=location,
        segment="s",
        offset=0,
        length=0,
    )


def course(pages: Sequence[bytes]) -> History:
    """The history of an address that answered with these pages, one an hour."""
    articles = [reading(page) for page in pages]
    seen = [outcome(answer(place), article, SITE) for place, article in enumerate(articles)]
    return judge(SITE, URL, KEY, seen, {article.digest: article for article in articles})


def changes(*pages: bytes) -> tuple[Change, ...]:
    """What is told of the pages behind the first: `new` left out."""
    told = course(pages).changes
    assert told, "the first page was not taken for an article"
    assert told[0].type.value == "new"
    return told[1:]


def shown(told: Sequence[Change]) -> str:
    """Changes as a failing test should show them."""
    return "\n".join(
        f"{change.type.value} cosmetic={change.cosmetic} {edit.name}:\n  - {edit.before!r}\n  + {edit.after!r}"
        for change in told
        for edit in change.fields
    )
