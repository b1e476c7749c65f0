"""The measuring side itself: the paper is the same for its seed, its noise moves, the scorer counts what it should."""

import re
from collections import Counter

import pytest

from bench.paper.houses import HOUSES
from bench.paper.model import EDITS, FORMATS, REMOVALS, Event, Kind, Weather
from bench.paper.press import Leaf, Press
from bench.paper.schedule import BLOCKED, DOWN, REDESIGNED, ROUNDS, Schedule, schedule
from bench.paper.scoring import Alarm, score
from bench.paper.truth import truth


def page(press: Press, leaf: Leaf) -> str:
    reply = press.answer(leaf.house.host, leaf.path)
    assert reply.status == 200
    return reply.body.decode("gb18030" if leaf.gbk else "utf-8")


def test_a_paper_follows_from_its_seed() -> None:
    first, again, other = Press(40), Press(40), Press(40, seed=2)
    assert [leaf.article for leaf in first.leaves] == [leaf.article for leaf in again.leaves]
    assert [page(first, leaf) for leaf in first.leaves] == [page(again, leaf) for leaf in again.leaves]
    assert not {leaf.article.paragraphs for leaf in first.leaves} & {leaf.article.paragraphs for leaf in other.leaves}
    assert schedule(Press(200)) == schedule(Press(200))


def test_every_template_moves_by_itself_and_keeps_its_text() -> None:
    press = Press(80)
    assert len({leaf.template for leaf in press.leaves}) == 8
    for leaf in press.leaves:
        before, after = page(press, leaf), page(press, leaf)
        assert before != after
        for line in (leaf.article.title, leaf.article.source, *leaf.article.paragraphs):
            assert line in before, leaf.template
            assert line in after, leaf.template


def test_two_of_five_say_gb2312_and_hold_what_it_has_not() -> None:
    press = Press(200)
    legacy = [leaf for leaf in press.leaves if leaf.gbk]
    assert len(legacy) == 80
    for leaf in legacy:
        reply = press.answer(leaf.house.host, leaf.path)
        assert reply.kind == "text/html"
        assert re.search(rb"charset=\"?gb2312", reply.body)
        text = reply.body.decode("gb18030")
        assert re.search("[㐂䶮镕喆]", text)
        with pytest.raises(UnicodeEncodeError):
            text.encode("gb2312")


@pytest.mark.parametrize("kind", [*EDITS, Kind.REPUBLISHED, *FORMATS], ids=lambda kind: kind.value)
def test_every_edit_changes_its_page_and_no_other(kind: Kind) -> None:
    press = Press(16)
    number = next(leaf.number for leaf in press.leaves if leaf.article.files)
    before = [leaf.article for leaf in press.leaves]
    press.turn(1, [Event(1, number, kind)], Weather())
    changed = [leaf.number for leaf, old in zip(press.leaves, before, strict=True) if leaf.article != old]
    assert changed == [number]


def test_what_sites_answer_when_a_page_is_away() -> None:
    press = Press(40)
    leaves = {house.name: [leaf for leaf in press.leaves if leaf.house is house] for house in HOUSES}
    ways = [*REMOVALS, Kind.MOVED]
    for name in ("paper-gov", DOWN):
        press.turn(1, [Event(1, leaf.number, way) for leaf, way in zip(leaves[name], ways, strict=False)], Weather())
    for name in ("paper-gov", DOWN):
        statuses = [press.answer(leaf.house.host, leaf.old or leaf.path).status for leaf in leaves[name][: len(ways)]]
        assert statuses == [404, 410, 200, 302, 301]
    lost = next(leaf for leaf in leaves[DOWN] if leaf.gone is Kind.GONE_SOFT)
    nowhere = press.answer(lost.house.host, "/no/such/page.html")
    assert nowhere.status == press.answer(lost.house.host, lost.path).status == 200
    press.turn(2, [], Weather(blocked=frozenset({BLOCKED}), down=frozenset({DOWN})))
    assert {press.answer(leaf.house.host, leaf.path).status for leaf in leaves[DOWN]} == {404}
    assert {press.answer(leaf.house.host, leaf.path).status for leaf in leaves[BLOCKED]} == {200, 521}
    press.turn(3, [], Weather(redesigned=frozenset({REDESIGNED})))
    assert all('class="x-art"' in page(press, leaf) for leaf in leaves[REDESIGNED])


def told(press: Press, plan: Schedule) -> list[Alarm]:
    """What a monitor without a fault says."""
    return [Alarm(due.last, min(due.urls), due.type) for due in truth(press, plan).due]


def test_the_scorer_counts_what_is_heard_and_what_is_false() -> None:
    press = Press(200)
    plan = schedule(press)
    for round_ in range(ROUNDS):
        press.turn(round_, plan.of(round_), plan.weather(round_))
    true, right = truth(press, plan), told(press, plan)
    perfect = score(true, right)
    assert (perfect.recall, perfect.typed, perfect.false) == (1.0, 1.0, Counter())

    deaf = score(true, right[1:])
    assert [due.kind for due in deaf.missed] == [true.due[0].kind]
    twice = score(true, [*right, right[0]])
    assert (twice.recall, twice.false.total()) == (1.0, 1)
    mistaken = score(true, [Alarm(right[0].round, right[0].url, "error"), *right[1:]])
    assert (mistaken.recall, len(mistaken.wrong)) == (1.0, 1)
    assert mistaken.typed < 1

    quiet = {leaf.number for leaf in press.leaves} - {event.page for event in plan.events}
    calm = next(leaf for leaf in press.leaves if leaf.number in quiet and leaf.house.name == REDESIGNED)
    false = score(true, [*right, *(Alarm(round_, calm.url, "edited") for round_ in range(ROUNDS))])
    assert false.false == Counter({"noise": 3, "redesign": 2})
    assert score(true, [*right, Alarm(1, "http://nowhere.example/", "new")]).false.total() == 1
