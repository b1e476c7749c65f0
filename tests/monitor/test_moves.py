"""Where did a page go? Moved, gone, or a file behind its link replaced; the window that decides."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.article import Article, Attachment, Block
from domain.change import EditClass, FileSeen, Observation, Outcome, Status
from domain.site import Gone
from monitor.context import Context
from monitor.judge import judge
from monitor.outcome import PERMANENT

AT = datetime(2026, 3, 1, tzinfo=UTC)
STORY = Article(title="关于招商引资的通知", body=(Block(text="对新引进的企业给予一次性奖励，具体办法另行通知。"),))
OTHER = Article(title="天气预报", body=(Block(text="今天多云转晴，最高气温二十三度，东南风三级。"),))
NOT_FOUND = Article(title="齐鲁在线", body=(Block(text="您访问的页面去了火星，请返回首页继续浏览其他内容。"),))
FILED = STORY.model_copy(update={"attachments": (Attachment(href="http://a.cn/f.pdf?t=1", name="办法"),)})
ARTICLES = {one.digest: one for one in (STORY, OTHER, NOT_FOUND, FILED)}
NEW_PLACE = "http://a.cn/new/1.html"


def seen(number: int, outcome: Outcome, digest: str | None = None, run: str | None = None) -> Observation:
    target = NEW_PLACE if outcome is Outcome.MOVED else None
    at = AT + timedelta(hours=number)
    return Observation(
        capture=f"c{number}", at=at, outcome=outcome, digest=digest, run=run or f"r{number}", target=target
    )


SHOWN = seen(0, Outcome.ARTICLE, STORY.digest)


def told(*observations: Observation, context: Context | None = None) -> list[tuple[str, str | None]]:
    history = judge("a", "http://a.cn/1.html", "cn,a)/1.html", observations, ARTICLES, context=context)
    return [(change.type.value, change.fields[0].after if change.fields else None) for change in history.changes[1:]]


def test_a_redirect_to_the_same_article_is_a_move() -> None:
    led = [SHOWN, seen(1, Outcome.MOVED), seen(2, Outcome.MOVED)]
    assert told(*led, context=Context(targets={NEW_PLACE: STORY})) == [("moved", NEW_PLACE)]


def test_a_redirect_for_good_to_the_same_article_is_a_move_at_once() -> None:
    led = seen(1, Outcome.MOVED).model_copy(update={"reason": f"{PERMANENT}redirect to {NEW_PLACE}"})
    assert told(SHOWN, led, context=Context(targets={NEW_PLACE: STORY})) == [("moved", NEW_PLACE)]
    assert told(SHOWN, led, context=Context(targets={NEW_PLACE: OTHER})) == []
    assert told(SHOWN, seen(1, Outcome.MOVED), context=Context(targets={NEW_PLACE: STORY})) == [], "for now"


def test_where_it_arrived_is_nothing_new() -> None:
    history = judge("a", NEW_PLACE, "k", [SHOWN], ARTICLES, context=Context(arrived=frozenset({"k"})))
    assert (history.changes, len(history.versions), history.status) == ((), 1, Status.LIVE)


def test_a_redirect_to_another_article_is_a_removal() -> None:
    led = [SHOWN, seen(1, Outcome.MOVED), seen(2, Outcome.MOVED)]
    assert told(*led, context=Context(targets={NEW_PLACE: OTHER})) == [("removed", None)]
    assert told(*led) == [("removed", None)], "nobody knows what is there"


def test_a_page_whose_article_is_elsewhere_has_moved() -> None:
    gone = [SHOWN, seen(1, Outcome.MISSING), seen(2, Outcome.MISSING)]
    assert told(*gone, context=Context(twins={"cn,a)/1.html": NEW_PLACE})) == [("moved", NEW_PLACE)]


def test_one_run_is_one_witness() -> None:
    assert told(SHOWN, seen(1, Outcome.MISSING, run="r1"), seen(2, Outcome.MISSING, run="r1")) == []
    assert told(SHOWN, seen(1, Outcome.MISSING), seen(2, Outcome.MISSING)) == [("removed", None)]


@pytest.mark.parametrize(
    ("said", "answers", "gone"),
    [
        (Gone(answers=3), "mm", False),
        (Gone(answers=3), "mmm", True),
        (Gone(answers=3), "mamm", False),
        (Gone(answers=3, of=4), "mamm", True),
        (Gone(answers=2, apart=timedelta(hours=3)), "mm", False),
        (Gone(answers=2, of=9, apart=timedelta(hours=3)), "mm.m", True),
    ],
)
def test_a_site_may_want_more_witnesses(said: Gone, answers: str, gone: bool) -> None:
    outcomes = {"m": (Outcome.MISSING, None), "a": (Outcome.ARTICLE, STORY.digest), ".": (Outcome.UNKNOWN, None)}
    course = [SHOWN, *(seen(number, *outcomes[word]) for number, word in enumerate(answers, 1))]
    history = judge("a", "u", "k", course, ARTICLES, context=Context(gone=said))
    assert (history.status is Status.GONE) is gone


def test_the_sites_own_not_found_page_is_no_version() -> None:
    answers = [SHOWN, *(seen(number, Outcome.ARTICLE, NOT_FOUND.digest) for number in (1, 2))]
    known = Context(not_found=(NOT_FOUND,))
    assert told(*answers, context=known) == [("removed", None)]
    assert told(*answers)[0][0] == "edited", "without the probe it looks like an edit"


def filed(number: int, digest: str) -> FileSeen:
    return FileSeen(capture=f"f{number}", at=AT + timedelta(hours=number), key="cn,a)/f.pdf", digest=digest)


def with_files(*files: FileSeen) -> list[tuple[str, str | None, str | None]]:
    pages = [seen(0, Outcome.ARTICLE, FILED.digest), seen(4, Outcome.SAME)]
    around = Context(files={"k": files})
    history = judge("a", "u", "k", pages, ARTICLES, context=around)
    edits = [(one.type.value, *(one.fields[0].before, one.fields[0].after)) for one in history.changes[1:]]
    assert len({version.digest for version in history.versions}) == len(history.versions)
    return edits


def test_an_attachment_replaced_behind_its_link_is_an_edit() -> None:
    assert with_files(filed(1, "sha256:a"), filed(2, "sha256:a")) == []
    ((type, before, after),) = with_files(filed(1, "sha256:a"), filed(2, "sha256:b"), filed(3, "sha256:b"))
    assert type == "edited"
    assert "办法" in str(before)
    assert "sha256:a" in str(before)
    assert "sha256:b" in str(after)


def test_a_file_that_comes_late_completes_its_version() -> None:
    assert with_files(filed(3, "sha256:a")) == []


def test_an_edit_is_classed_once() -> None:
    """What was put down of it is believed where it is the same edit, and only there."""
    edited = STORY.model_copy(update={"body": (Block(text="对新引进的企业给予五次性奖励，具体办法另行通知。"),)})
    articles = ARTICLES | {edited.digest: edited}
    course = [SHOWN, seen(1, Outcome.ARTICLE, edited.digest)]
    first = judge("a", "u", "k", course, articles).changes[1]
    marked = first.model_copy(update={"classes": (EditClass.VALIDITY,)})
    again = judge("a", "u", "k", course, articles, context=Context(told={"c1": marked})).changes[1]
    assert again.classes == (EditClass.VALIDITY,)
    other = marked.model_copy(update={"fields": ()})
    assert judge("a", "u", "k", course, articles, context=Context(told={"c1": other})).changes[1] == first
