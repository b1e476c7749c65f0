"""judge(): versions, changes and status from observations, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.article import Article, Block
from domain.change import ChangeType, History, Observation, Outcome, Status
from domain.errors import NotFound
from monitor.judge import judge

START = datetime(2026, 3, 1, tzinfo=UTC)
A = Article(title="关于招商引资的通知", body=(Block(text="奖励2000万元。"),))
B = Article(title="关于招商引资的通知", body=(Block(text="奖励3000万元。"),))
C = Article(title="关于招商引资的通告", body=(Block(text="奖励3000万元。"),))
DATED = A.model_copy(update={"published_at": START, "published_precision": "day"})
SPACED = A.model_copy(update={"body": (Block(text="奖励 ２０００ 万元!"),)})
OFFICIAL = A.model_copy(update={"document_numbers": ("淄发〔2017〕17号",)})
ARTICLES = {item.digest: item for item in (A, B, C, DATED, SPACED, OFFICIAL)}
MISSING, SAME, UNKNOWN = Outcome.MISSING, Outcome.SAME, Outcome.UNKNOWN

Answer = Article | Outcome


def seen(place: int, answer: Answer) -> Observation:
    """The answer as an observation of hour `place`, its capture named so that names sort backwards."""
    known = {"capture": f"c{999 - place}", "at": START + timedelta(hours=place)}
    if isinstance(answer, Article):
        return Observation(outcome=Outcome.ARTICLE, digest=answer.digest, **known)
    reason = {MISSING: "status 404", UNKNOWN: "status 503", SAME: "status 304"}[answer]
    return Observation(outcome=answer, reason=reason, **known)


def course(*answers: Answer) -> list[Observation]:
    return [seen(place, answer) for place, answer in enumerate(answers)]


def judged(observations: list[Observation], gone_after: int = 2) -> History:
    return judge("alpha", "http://a.cn/1", "cn,a)/1", observations, ARTICLES, gone_after=gone_after)


def told(*answers: Answer, gone_after: int = 2) -> tuple[list[str], Status]:
    history = judged(course(*answers), gone_after)
    return [change.type.value for change in history.changes], history.status


@pytest.mark.parametrize(
    ("answers", "types", "status"),
    [
        ((), [], Status.LIVE),
        ((A,), ["new"], Status.LIVE),
        ((A, A, SAME), ["new"], Status.LIVE),
        ((A, B), ["new", "edited"], Status.EDITED),
        ((A, B, A), ["new", "edited", "edited"], Status.EDITED),
        ((A, DATED), ["new", "republished"], Status.EDITED),
        ((A, MISSING), ["new"], Status.SUSPECT),
        ((A, MISSING, A), ["new"], Status.LIVE),
        ((A, B, MISSING, SAME), ["new", "edited"], Status.EDITED),
        ((A, MISSING, A, MISSING), ["new"], Status.SUSPECT),
        ((A, MISSING, SAME, MISSING), ["new"], Status.SUSPECT),
        ((A, MISSING, MISSING), ["new", "removed"], Status.GONE),
        ((A, MISSING, UNKNOWN, MISSING), ["new", "removed"], Status.GONE),
        ((A, MISSING, UNKNOWN), ["new"], Status.SUSPECT),
        ((A, MISSING, MISSING, MISSING, UNKNOWN, MISSING), ["new", "removed"], Status.GONE),
        ((A, MISSING, MISSING, A), ["new", "removed", "restored"], Status.RESTORED),
        ((A, MISSING, MISSING, SAME), ["new", "removed", "restored"], Status.RESTORED),
        ((A, MISSING, MISSING, B), ["new", "removed", "restored"], Status.RESTORED),
        ((A, MISSING, MISSING, A, MISSING), ["new", "removed", "restored"], Status.SUSPECT),
        ((A, MISSING, MISSING, A, B), ["new", "removed", "restored", "edited"], Status.EDITED),
        (
            (A, MISSING, MISSING, A, MISSING, MISSING),
            ["new", "removed", "restored", "removed"],
            Status.GONE,
        ),
        ((MISSING,), [], Status.SUSPECT),
        ((MISSING, MISSING, MISSING), [], Status.SUSPECT),
        ((MISSING, MISSING, A), ["new"], Status.LIVE),
        ((UNKNOWN, UNKNOWN), [], Status.LIVE),
        ((SAME,), [], Status.LIVE),
    ],
)
def test_types_and_status(answers: tuple[Answer, ...], types: list[str], status: Status) -> None:
    assert told(*answers) == (types, status)


def test_versions_count_captures_and_know_what_they_revert_to() -> None:
    versions = judged(course(A, SAME, B, A, UNKNOWN, A)).versions
    assert [(v.number, v.captures, v.reverts_to) for v in versions] == [(1, 2, None), (2, 1, None), (3, 2, 1)]
    assert versions[2].first_seen == START + timedelta(hours=3)
    assert versions[2].last_seen == START + timedelta(hours=5)
    assert versions[0].capture == "c999"


def test_an_edit_names_its_fields_versions_and_evidence() -> None:
    edit = judged(course(A, A, B)).changes[1]
    assert (edit.version, edit.previous, edit.evidence) == (2, 1, ("c997",))
    assert [(field.name, field.before, field.after) for field in edit.fields] == [
        ("body", "奖励2000万元。", "奖励3000万元。")
    ]
    assert edit.severity == 5
    assert not edit.cosmetic


def test_typesetting_alone_is_cosmetic() -> None:
    edit = judged(course(A, SPACED)).changes[1]
    assert (edit.type, edit.cosmetic, edit.severity) == (ChangeType.EDITED, True, 1)


def test_a_removal_carries_the_answers_that_prove_it() -> None:
    history = judged(course(A, B, MISSING, UNKNOWN, MISSING, MISSING))
    removed = history.changes[2]
    assert (removed.at, removed.evidence) == (START + timedelta(hours=4), ("c997", "c995"))
    assert (removed.version, removed.reason, removed.severity) == (2, "status 404", 4)
    assert judged(course(OFFICIAL, MISSING, MISSING)).changes[1].severity == 5


def test_restored_goes_on_with_its_version_or_begins_one_with_the_edits() -> None:
    same, other = judged(course(A, MISSING, MISSING, A)), judged(course(A, MISSING, MISSING, C))
    assert (len(same.versions), same.changes[2].version, same.changes[2].fields) == (1, 1, ())
    assert same.versions[0].captures == 2
    assert (len(other.versions), other.changes[2].version, other.changes[2].previous) == (2, 2, 1)
    assert [field.name for field in other.changes[2].fields] == ["title", "body"]
    back = judged(course(A, B, MISSING, MISSING, A)).changes[-1]
    assert (back.version, back.reverts_to) == (3, 1)


@pytest.mark.parametrize("gone_after", [1, 3])
def test_how_many_missing_answers_count_is_set(gone_after: int) -> None:
    assert told(A, *[MISSING] * (gone_after - 1), gone_after=gone_after)[0] == ["new"]
    assert told(A, *[MISSING] * gone_after, gone_after=gone_after)[0] == ["new", "removed"]


def test_a_304_that_names_an_older_article_shows_that_article() -> None:
    confirming = seen(2, SAME).model_copy(update={"digest": A.digest})
    assert [v.reverts_to for v in judged([*course(A, B), confirming]).versions] == [None, None, 1]


def test_an_unknown_digest_is_an_error_that_names_the_page() -> None:
    stranger = seen(1, A).model_copy(update={"digest": "sha256:00"})
    with pytest.raises(NotFound, match=r"http://a\.cn/1"):
        judged([seen(0, A), stranger])


answers = st.lists(st.sampled_from([A, B, C, SAME, MISSING, UNKNOWN]), max_size=14)


@given(answers.flatmap(lambda items: st.tuples(st.just(course(*items)), st.permutations(course(*items)))))
def test_order_of_arrival_does_not_matter(both: tuple[list[Observation], list[Observation]]) -> None:
    assert judged(both[0]) == judged(both[1])


@given(answers, st.data())
def test_observations_given_twice_count_once(items: list[Answer], data: st.DataObject) -> None:
    once = course(*items)
    again = data.draw(st.lists(st.sampled_from(once))) if once else []
    assert judged(once + again) == judged(once)


@given(answers)
def test_answers_that_say_nothing_change_nothing(items: list[Answer]) -> None:
    """Taking every UNKNOWN away leaves the same versions, changes and status."""
    everything = course(*items)
    telling = [item for item in everything if item.outcome is not UNKNOWN]
    assert judged(everything) == judged(telling)


@given(answers, st.integers(1, 4))
def test_what_holds_of_every_history(items: list[Answer], gone_after: int) -> None:
    history = judged(course(*items), gone_after)
    shown = [item.digest for item in items if isinstance(item, Article)]
    assert [version.number for version in history.versions] == list(range(1, len(history.versions) + 1))
    neighbours = pairwise(history.versions)
    assert all(one.article_digest != two.article_digest for one, two in neighbours)
    assert sum(version.captures for version in history.versions) >= len(shown)
    assert {version.article_digest for version in history.versions} == set(shown)
    for version in history.versions:
        earlier = [
            v.number for v in history.versions[: version.number - 1] if v.article_digest == version.article_digest
        ]
        assert version.reverts_to == (earlier[0] if earlier else None)
    made = [change for change in history.changes if change.previous is not None or change.type == "new"]
    assert [change.version for change in made] == [version.number for version in history.versions]
    assert len({change.id for change in history.changes}) == len(history.changes)
    types = [change.type for change in history.changes]
    for before, after in pairwise(types):
        assert (before is ChangeType.REMOVED) == (after is ChangeType.RESTORED)
    for change in history.changes:
        if change.type is ChangeType.REMOVED:
            assert len(change.evidence) == gone_after


@given(answers, answers)
def test_more_time_only_adds(before: list[Answer], after: list[Answer]) -> None:
    """Later observations leave the changes told so far as they were, ids included."""
    early, late = judged(course(*before)), judged(course(*before, *after))
    assert late.changes[: len(early.changes)] == early.changes
