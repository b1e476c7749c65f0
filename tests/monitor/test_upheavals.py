"""A whole site at once: no page of it is gone, and none edited."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.article import Article, Block
from domain.change import Observation, Outcome
from monitor.context import Context
from monitor.judge import judge
from monitor.upheavals import outage, redesign

AT = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = {"a": Outcome.ARTICLE, "s": Outcome.SAME, "m": Outcome.MISSING, "u": Outcome.UNKNOWN}


def page(name: str, answers: str) -> list[Observation]:
    """A letter a run: article, same, missing, unknown, `.` not asked."""
    return [
        Observation(
            capture=f"{name}{run}",
            at=AT + timedelta(hours=run),
            outcome=WORDS[word],
            run=f"r{run}",
            digest="d" * (word == "a") or None,
        )
        for run, word in enumerate(answers)
        if word != "."
    ]


def out(run: str, *pages: str, earlier: Sequence[int] = ()) -> bool:
    seen = [page(str(number), answers) for number, answers in enumerate(pages)]
    return outage(run, seen, {f"r{one}": AT + timedelta(hours=one) for one in earlier}) is not None


def test_half_of_five_pages_or_more_missing_at_once_is_an_outage() -> None:
    assert out("r1", *["am"] * 5, *["aa"] * 5)
    assert not out("r1", *["am"] * 5, *["aa"] * 6), "less than half"
    assert not out("r1", *["am"] * 4), "less than five"
    assert not out("r1", *["au"] * 9), "errors say nothing of pages anyway"


def test_pages_that_were_gone_before_do_not_count() -> None:
    assert not out("r3", *["ammm"] * 9, "aaaa", "aaaa")
    assert out("r3", *["ammm"] * 9, earlier=(1, 2)), "an outage that goes on"


def test_after_a_week_the_site_is_like_that() -> None:
    late = [
        [
            *page(str(n), "am"),
            Observation(capture=f"{n}z", at=AT + timedelta(days=9), outcome=Outcome.MISSING, run="r9"),
        ]
        for n in range(6)
    ]
    assert outage("r9", late, {"r1": AT + timedelta(hours=1)}) is None


def test_no_page_is_gone_by_an_outage() -> None:
    story = Article(title="甲", body=(Block(text="乙"),))
    seen = page("p", "amm")
    seen[0] = seen[0].model_copy(update={"digest": story.digest})
    judged = judge("a", "u", "k", seen, {story.digest: story}, context=Context(outages=frozenset({"r1", "r2"})))
    assert [change.type.value for change in judged.changes] == ["new"]
    assert [one.type.value for one in judge("a", "u", "k", seen, {story.digest: story}).changes] == ["new", "removed"]


def story(number: int, *tail: str, **said: object) -> Article:
    body = [Block(text=f"第{number}篇说的是另一件事。"), *(Block(text=text) for text in tail)]
    return Article.model_validate({"title": f"标题{number}", "body": body, **said})


def test_what_a_redesign_moves_everywhere_is_none_of_the_publishers_doing() -> None:
    pairs = [(f"c{n}", story(n, source="甲报"), story(n, "分享到微信", source="甲报社")) for n in range(6)]
    found = redesign("a", "r1", AT, 6, pairs)
    assert found is not None
    assert found.upheaval.fields == ("source",)
    assert [rule.value for rule in found.rules] == ["分享到微信"]


def test_many_edits_are_no_redesign() -> None:
    pairs = [(f"c{n}", story(n, f"投资{n}万元。"), story(n, f"投资{n}亿元。")) for n in range(6)]
    assert redesign("a", "r1", AT, 6, pairs) is None
    one = [("c0", story(0, source="甲报"), story(0, source="乙报")), *pairs]
    assert redesign("a", "r1", AT, 7, one) is None


def test_a_field_moved_by_a_redesign_is_kept_and_cosmetic() -> None:
    before, after = story(1, source="甲报"), story(1, source="甲报社")
    seen = [
        Observation(capture="c0", at=AT, outcome=Outcome.ARTICLE, digest=before.digest, run="r0"),
        Observation(capture="c1", at=AT + timedelta(hours=1), outcome=Outcome.ARTICLE, digest=after.digest, run="r1"),
    ]
    articles = {one.digest: one for one in (before, after)}
    around = Context(redesigns={"r1": frozenset({"source"})})
    change = judge("a", "u", "k", seen, articles, context=around).changes[-1]
    assert (change.type.value, change.cosmetic, change.severity) == ("edited", True, 1)
    assert [edit.name for edit in change.fields] == ["source"]
    assert not judge("a", "u", "k", seen, articles).changes[-1].cosmetic
