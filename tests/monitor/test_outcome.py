"""What one capture says of its page."""

from datetime import UTC, datetime

import pytest

from domain.article import Article, Block, Kind
from domain.capture import Capture, Role
from domain.change import Outcome
from domain.quality import quality
from domain.site import Entry, Site
from monitor.outcome import outcome

SITE = Site(
    name="alpha",
    title="甲",
    homepage="http://www.a.cn/",
    entries=(Entry(url="http://www.a.cn/news/index.html"),),
    article=r"/art/",
)
READ = Article(title="通知", body=(Block(text="正文"),))
GARBLED = READ.model_copy(update={"title": None, "fidelity": 0.8})


def capture(status: int, location: str | None = None) -> Capture:
    return Capture(
        id="c1",
        site="alpha",
        run="r1",
        url="http://www.a.cn/art/1.html",
        urlkey="cn,a)/art/1.html",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        role=Role.PAGE,
        status=status,
        payload_digest="sha256:0",
        payload_length=0,
        location=location,
        segment="s",
        offset=0,
        length=0,
    )


def test_a_truncated_answer_says_nothing() -> None:
    cut = capture(200).model_copy(update={"flags": ("truncated:disconnect",)})
    assert outcome(cut, READ, SITE).outcome is Outcome.UNKNOWN


def test_an_article_that_lacks_a_further_page_says_nothing() -> None:
    whole = capture(200).model_copy(update={"flags": ("parts:2",)})
    assert outcome(whole, READ, SITE).outcome is Outcome.ARTICLE
    lacking = capture(200).model_copy(update={"flags": ("parts:2", "part-failed:3")})
    assert outcome(lacking, READ, SITE).outcome is Outcome.UNKNOWN


def of_kind(kind: Kind) -> Article:
    return READ.model_copy(update={"kind": kind})


@pytest.mark.parametrize(
    ("status", "location", "article", "verdict", "reason"),
    [
        (200, None, READ, Outcome.ARTICLE, "no date"),
        (200, None, GARBLED, Outcome.ARTICLE, "decoded with losses, fidelity 0.80; no title; no date"),
        (200, None, None, Outcome.UNKNOWN, "nothing could be read"),
        (200, None, of_kind(Kind.MISSING), Outcome.MISSING, "soft 404"),
        (200, None, of_kind(Kind.LOGIN), Outcome.UNKNOWN, "a login page"),
        (200, None, of_kind(Kind.BLOCKED), Outcome.UNKNOWN, "a blocked page"),
        (200, None, of_kind(Kind.LIST), Outcome.UNKNOWN, "a list page"),
        (200, None, of_kind(Kind.HOME), Outcome.UNKNOWN, "a home page"),
        (200, None, of_kind(Kind.OTHER), Outcome.EMPTY, "no article in it"),
        (200, None, Article(title="空"), Outcome.EMPTY, "an article without a body"),
        (304, None, None, Outcome.SAME, "status 304"),
        (404, None, None, Outcome.MISSING, "status 404"),
        (404, None, of_kind(Kind.OTHER), Outcome.MISSING, "status 404"),
        (404, None, of_kind(Kind.BLOCKED), Outcome.UNKNOWN, "a blocked page"),
        (410, None, None, Outcome.MISSING, "status 410"),
        (403, None, None, Outcome.UNKNOWN, "status 403"),
        (503, None, READ, Outcome.UNKNOWN, "status 503"),
        (302, "/", None, Outcome.MISSING, "redirect to the home page"),
        (301, "https://www.a.cn", None, Outcome.MISSING, "redirect to the home page"),
        (302, "../news/index.html", None, Outcome.MISSING, "redirect to the home page"),
        (302, "/404.html", None, Outcome.MISSING, "redirect to the not-found page"),
        (302, "https://waf.example.com/", None, Outcome.UNKNOWN, "redirect to https://waf.example.com/"),
        (301, "https://www.a.cn/art/1.html", None, Outcome.UNKNOWN, "redirect to https://www.a.cn/art/1.html"),
        (302, "/art/404.html?x", None, Outcome.MISSING, "redirect to the not-found page"),
        (302, None, None, Outcome.UNKNOWN, "status 302 that leads nowhere"),
        (301, "/art/2.html", None, Outcome.MOVED, "permanent redirect to http://www.a.cn/art/2.html"),
        (302, "/art/2.html", None, Outcome.MOVED, "redirect to http://www.a.cn/art/2.html"),
        (302, "/news/tzgg/", None, Outcome.MISSING, "redirect to a list"),
        (302, "/login?from=/art/1.html", None, Outcome.UNKNOWN, "redirect to http://www.a.cn/login?from=/art/1.html"),
    ],
)
def test_outcome(status: int, location: str | None, article: Article | None, verdict: Outcome, reason: str) -> None:
    seen = outcome(capture(status, location), article, SITE)
    assert (seen.outcome, seen.reason) == (verdict, reason)
    assert seen.digest == (article.digest if article and verdict is Outcome.ARTICLE else None)
    assert (seen.capture, seen.at) == ("c1", datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("verdict", "reason", "worth"),
    [
        (Outcome.ARTICLE, "", 1.0),
        (Outcome.ARTICLE, "no date", 0.9),
        (Outcome.ARTICLE, "decoded with losses, fidelity 0.80; no title; no date", 0.5),
        (Outcome.MISSING, "status 404", 1.0),
        (Outcome.EMPTY, "no article in it", 0.3),
        (Outcome.UNKNOWN, "a blocked page", 0.0),
    ],
)
def test_what_a_capture_is_worth(verdict: Outcome, reason: str, worth: float) -> None:
    found = quality(verdict, reason)
    assert found is not None
    assert found[0] == worth
    assert "; ".join(found[1]) == reason
    assert quality(None, "") is None
