"""What must hold of every page and every edit, whatever they are."""

import random
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from noise_rows import COUNTERS, OTHERS
from page_frames import HOT, Frame, box
from page_judging import KEY, SITE, START, URL, answer, changes, course, made, payload, reading, shown
from page_templates import TEMPLATES

from domain.change import Change, ChangeType, Observation, Outcome
from domain.matching import simplified
from monitor.amounts import AMOUNT
from monitor.differences import characters
from monitor.judge import judge
from monitor.outcome import outcome

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
templates = st.sampled_from(sorted(TEMPLATES))
titles = st.permutations((*HOT, *OTHERS)).map(lambda names: tuple(names[:6]))
HANZI = "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天"
hanzi = st.one_of(st.sampled_from(HANZI), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """What stands around an article, drawn anew: hot lists, counters, scripts."""
    count, word = draw(st.integers(0, 10**7)), draw(st.sampled_from(COUNTERS))[1]
    counter = word.replace("{n}", str(count)).replace("{m}", f"{count % 99 / 10}")
    script = f"<script>var n={count};var t='{draw(st.text('甲乙丙丁0123456789', max_size=12))}'</script>"
    return Frame(
        head=script,
        masthead=f"今天是2024年{count % 12 + 1}月{count % 28 + 1}日",
        publish=f"<span>{counter}</span>",
        between=script,
        below=box("相关阅读", draw(titles)),
        side=box("热门推荐", draw(titles), dated=True),
        foot=f"<p>您是第{count}位访客</p>{script}",
    )


@SLOW
@given(templates, frames(), frames())
def test_no_reordering_of_hot_lists_counters_and_scripts_is_a_version(template: str, one: Frame, other: Frame) -> None:
    first, second = (payload(template, made(template, None, frame)) for frame in (one, other))
    told = changes(first, second, first)
    assert not told, shown(told)


def one_character(template: str, place: int, sign: str) -> tuple[bytes, bytes, str] | None:
    """A template's page before and after one hanzi of its body became another, and the hanzi that was."""
    markup, story = made(template), TEMPLATES[template][1]
    para = story.paras[place % len(story.paras)]
    places = [number for number, had in enumerate(para) if "\u4e00" <= had <= "\u9fff" and had != sign]
    at = places[place % len(places)]
    after = para[:at] + sign + para[at + 1 :]
    if template == "mirror" or markup.count(para) != 1:
        return None
    return payload(template, markup), payload(template, markup.replace(para, after)), para[at]


@SLOW
@given(templates, st.integers(0, 10**6), hanzi)
def test_any_hanzi_changed_is_exactly_one_change(template: str, place: int, sign: str) -> None:
    made_pair = one_character(template, place, sign)
    if made_pair is None:
        return
    before, after, had = made_pair
    told = changes(before, after)
    assert len(told) == 1, f"{had} → {sign}: {shown(told)}"
    assert told[0].type is ChangeType.EDITED
    assert told[0].cosmetic is (simplified(had) == simplified(sign))


@SLOW
@given(
    st.lists(
        st.sampled_from(("2300万元", "3.5%", "二十三家", "2024年5月6日", "〔2017〕7号", "12,500户", "０．５亿元"))
    ),
    st.text("增长到和、，。第约个项目投资0123456789.%万亿元年月日二十三", max_size=30),
    st.randoms(use_true_random=False),
)
def test_no_difference_cuts_a_number(amounts: list[str], glue: str, chance: random.Random) -> None:
    before = "增长".join(amounts) + glue
    signs = list(amounts)
    chance.shuffle(signs)
    after = "到".join(signs) + glue[::-1]
    spans = characters(before, after)
    assert "".join(span.text for span in spans if span.op != "insert") == before
    assert "".join(span.text for span in spans if span.op != "delete") == after
    assert_whole(before, [span.text for span in spans if span.op != "insert"])
    assert_whole(after, [span.text for span in spans if span.op != "delete"])


def assert_whole(text: str, pieces: list[str]) -> None:
    """No border of pieces lies inside of an amount of the text."""
    borders, at = set(), 0
    for piece in pieces:
        at += len(piece)
        borders.add(at)
    for found in AMOUNT.finditer(text):
        assert not borders & set(range(found.start() + 1, found.end())), f"{found[0]} is cut in {pieces}"


PAGES = [payload("trs", made("trs").replace("上午", word)) for word in ("上午", "下午", "傍晚")]
kinds = st.lists(st.sampled_from((0, 1, 2, "missing", "wall", "same")), min_size=1, max_size=9)


def observed(answers: list[int | str]) -> list[Observation]:
    found: list[Observation] = []
    for place, what in enumerate(answers):
        if isinstance(what, int):
            found.append(outcome(answer(place), reading(PAGES[what]), SITE))
        else:
            verdict = {"missing": Outcome.MISSING, "wall": Outcome.UNKNOWN, "same": Outcome.SAME}[what]
            found.append(Observation(capture=f"c{place:03}", at=START + timedelta(hours=place), outcome=verdict))
    return found


@settings(deadline=None)
@given(kinds, st.randoms(use_true_random=False))
@example(answers=[0, 1, 0, "missing", "missing", 0], chance=random.Random(1))
def test_the_order_observations_come_in_does_not_matter(answers: list[int | str], chance: random.Random) -> None:
    articles = {reading(page).digest: reading(page) for page in PAGES}
    items = observed(answers)
    mixed = [*items, *items[:2]]
    chance.shuffle(mixed)
    assert judge(SITE, URL, KEY, mixed, articles) == judge(SITE, URL, KEY, items, articles)


@settings(deadline=None)
@given(kinds)
def test_every_version_but_the_first_has_one_change(answers: list[int | str]) -> None:
    articles = {reading(page).digest: reading(page) for page in PAGES}
    told = judge(SITE, URL, KEY, observed(answers), articles)
    begun: list[Change] = [change for change in told.changes if change.type is not ChangeType.REMOVED]
    numbers = {change.version for change in begun}
    assert numbers == {version.number for version in told.versions}
    digests = [version.article_digest for version in told.versions]
    assert all(one != other for one, other in pairwise(digests))
    assert len({change.id for change in told.changes}) == len(told.changes)


def test_there_and_back_again_are_two_edits_and_the_last_says_so() -> None:
    told = course([PAGES[0], PAGES[1], PAGES[0]])
    assert [change.type.value for change in told.changes] == ["new", "edited", "edited"]
    assert [version.reverts_to for version in told.versions] == [None, None, 1]
    assert told.changes[-1].reverts_to == 1
    assert told.versions[0].article_digest == told.versions[2].article_digest
