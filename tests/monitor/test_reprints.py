"""Copies are known however they are cut, retitled or mirrored; forms filled in twice are none; who was first."""

import itertools
from collections.abc import Sequence

import pytest
from reprint_texts import alike, article, body, member, mirrored, published, title

from domain.article import Article, Precision
from monitor.alikeness import likeness
from monitor.firsts import first_publisher
from monitor.reprints import Links, Member, clusters
from parsers.fingerprint import fingerprint

SEEDS = range(12)
NOTE = "编者按：为方便读者了解情况，本网转载此文，不代表本网观点，供参考。"


def shared(one: Article, other: Article) -> int:
    return len(set(fingerprint(one)) & set(fingerprint(other)))


COPIES = {
    "as it is": lambda text: text,
    "the first half": lambda text: text[: len(text) // 2],
    "the last half": lambda text: text[len(text) // 2 :],
    "a paragraph cut": lambda text: [*text[:2], *text[3:]],
    "traditional with pinyin": mirrored,
    "an editor's note": lambda text: [NOTE, *text, "责任编辑：某某"],
    "a lead of its own": lambda text: ["本报讯（记者某某）昨天，本报记者从有关方面获悉下面的消息。", *text],
    "paragraphs joined": lambda text: ["".join(text)],
    "sentences apart": lambda text: [part + "。" for one in text for part in one.split("。") if part],
    "full width": lambda text: [one.translate({ord(str(d)): 0xFF10 + d for d in range(10)}) for one in text],
    "half of it, mirrored, with a note": lambda text: [NOTE, *mirrored(text[: len(text) // 2])],
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_found(kind: str, seed: int) -> None:
    text = body(seed)
    original, copy = article(text, title(seed)), article(COPIES[kind](text), f"【要闻】{title(seed)[4:]}快来看")
    assert shared(original, copy) >= 3
    found = alike(original, copy)
    assert found is not None
    assert found.contained >= 0.6
    assert alike(copy, original, ("beta", "alpha")) == found


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SEEDS, 2)))
def test_articles_of_one_kind_are_no_copies(one: int, other: int) -> None:
    assert alike(article(body(one)), article(body(other))) is None


FORMS = {
    "appointment": (
        "根据干部选拔任用有关规定，现将拟任职人选{a}同志的有关情况公示如下。{a}，男，{n}年{m}月出生，大学学历，"
        "现任某区商务局副科长，拟任该局科长。公示期自{m}月{d}日起，共五个工作日。公示期间如有异议，请以书面形式反映。"
        "反映情况应当实事求是，签署真实姓名，以便核实了解。联系电话：12345678。"
    ),
    "water": (
        "因管网维修施工，定于{m}月{d}日9时至17时对{a}路沿线停水，涉及{b}小区等处用户。请相关用户提前做好储水准备，"
        "停水期间请关好水龙头，恢复供水初期可能出现短时浑浊，属正常现象。施工给您带来不便，敬请谅解。咨询电话：12345678。"
    ),
    "prices": (
        "据监测，{m}月{d}日全市农贸市场蔬菜均价为每公斤{n}元，较前一日上涨{k}%。其中，{a}批发市场成交量{n}吨，"
        "{b}市场成交量{k}吨。猪肉零售均价每公斤{k}元。市民可通过热线了解当日价格。后市预计价格总体保持稳定。"
    ),
    "licence": (
        "{a}商贸有限公司：你单位提交的行政许可申请材料收悉。经审查，申请材料齐全，符合法定形式，根据有关规定，"
        "决定准予许可，许可编号{n}。你单位应当在许可范围内从事经营活动，自觉接受监督检查。如不服本决定，"
        "可以自收到本决定书之日起六十日内申请行政复议，也可以在六个月内向人民法院提起行政诉讼。特此通知。"
    ),
}


@pytest.mark.parametrize("sites", [("alpha", "alpha"), ("alpha", "beta")])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_filled_in_twice_is_no_reprint(form: str, sites: tuple[str, str]) -> None:
    filled = [
        article([FORMS[form].format(**said)], f"关于{said['a']}有关情况的公示")
        for said in (
            {"a": "赵建国", "b": "松涛苑", "n": 1981, "m": 3, "d": 7, "k": 12},
            {"a": "钱晓梅", "b": "碧水湾", "n": 1990, "m": 4, "d": 9, "k": 35},
        )
    ]
    assert alike(filled[0], filled[1], sites) is None


def test_one_name_in_a_long_form_makes_another_notice() -> None:
    rest = FORMS["licence"].format(a="某某", n=7) * 2
    first, second = (
        article([f"申请人：{who}。", rest.replace("某某", who)], f"{who}的许可决定书")
        for who in ("甲乙实业", "丙丁物流")
    )
    assert alike(first, second) is None


def test_short_texts_are_no_reprints() -> None:
    same = article(["今日我市晴转多云，气温十到二十度，北风三级，出行请注意安全。"], "天气预报")
    assert alike(same, same) is None
    assert fingerprint(same) == ()


def test_a_small_piece_of_a_long_article_is_no_copy() -> None:
    text = body(3, paragraphs=12)
    assert alike(article(text), article(text[:2])) is None


def test_one_number_changed_on_another_site_is_still_the_article() -> None:
    text = ["全市新签约项目二十个，总投资五十亿元。", *body(5)]
    altered = [text[0].replace("五十亿", "十五亿"), *text[1:]]
    assert alike(article(text, title(5)), article(altered, title(5))) is not None


def links(members: Sequence[Member]) -> Links:
    found = {}
    for one, other in itertools.combinations(sorted(members, key=lambda item: item.id), 2):
        alikes = [likeness(mine, theirs) for mine in one.sides.values() for theirs in other.sides.values()]
        best = max((item for item in alikes if item), key=lambda item: item.similarity, default=None)
        if best:
            found[one.id, other.id] = best
    return found


def groups(*members: Member) -> set[frozenset[str]]:
    return {frozenset(one.history.site for one in group) for group in clusters(members, links(members))}


def test_whole_copies_and_parts_are_one_cluster() -> None:
    text = body(1)
    pages = [
        member("office", article(text)),
        member("paper", article(text, "另一个标题")),
        member("portal", article(text[:3])),
        member("other", article(body(2))),
    ]
    for order in itertools.permutations(pages):
        assert groups(*order) == {frozenset({"office", "paper", "portal"})}


def test_a_roundup_does_not_tie_articles_together() -> None:
    first, second = body(1, paragraphs=5), body(2, paragraphs=5)
    found = groups(
        member("a", article(first)),
        member("b", article(first)),
        member("c", article(second)),
        member("d", article(second)),
        member("digest", article([*first, *second])),
    )
    assert not any({"a", "c"} <= group for group in found)
    assert all(any({one, two} <= group for group in found) for one, two in (("a", "b"), ("c", "d")))


def test_a_later_version_keeps_its_page_in_the_cluster() -> None:
    text = body(1)
    edited = member("office", article(text), article(body(9)))
    assert groups(edited, member("paper", article(text))) == {frozenset({"office", "paper"})}


def first_of(*members: Member) -> tuple[str, float]:
    """Who it is and how sure, the same in any order."""
    found = {
        (said.member.history.site, said.confidence) for said in map(first_publisher, itertools.permutations(members))
    }
    assert len(found) == 1
    return found.pop()


def test_the_stated_source_was_first() -> None:
    text = body(1)
    who, sure = first_of(
        member("late", article(text, source="甲州日报"), names=("晚晴网",), seen=0),
        member("paper", article(text), names=("甲州日报",), seen=5),
        member("portal", article(text, source="来源：甲州日报社"), names=("门户",), seen=1),
    )
    assert (who, sure > 0.8) == ("paper", True)


def test_the_earliest_publication_was_first() -> None:
    text = body(1)
    who, sure = first_of(
        member("one", article(text, **published(3)), seen=0),
        member("two", article(text, **published(1)), seen=5),
        member("three", article(text, **published(2)), seen=1),
    )
    assert (who, 0.5 < sure < 0.9) == ("two", True)


def test_a_day_is_no_minute() -> None:
    """A page that gives the day alone is not later than one that gives an hour of it: the office, unsurely."""
    text = body(1)
    office = member("office", article(text, **published(0, Precision.DAY)), official=True, seen=2)
    paper = member("paper", article(text, **published(1)), seen=1)
    who, sure = first_of(office, paper)
    assert (who, sure <= 0.5) == ("office", True)


def test_without_evidence_the_first_seen_is_taken_and_hardly_sure() -> None:
    text = body(1)
    who, sure = first_of(
        member("one", article(text), seen=3), member("two", article(text), seen=1), member("x", article(text), seen=2)
    )
    assert who == "two"
    assert sure < 0.5


def test_doubt_is_said() -> None:
    text = body(1)
    found = first_publisher(
        [
            member("one", article(text, source="某通讯社", **published(1)), names=("一报",)),
            member("two", article(text, source="某通讯社", **published(2)), names=("二报",)),
        ]
    )
    assert found.member.history.site == "one"
    assert any("某通讯社" in reason.zh and "某通讯社" in reason.en for reason in found.reasons)
    assert found.confidence < 0.6
