"""What moves by itself makes no version: known by its words, learned from two looks, or said by the site's file."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.article import Article, Block
from domain.change import Observation, Outcome
from domain.mask import MaskRule
from monitor.context import Context
from monitor.judge import judge
from monitor.learning import Twice, learned
from monitor.volatile import mask_of, shape, steady

AT = datetime(2026, 3, 1, tzinfo=UTC)


def article(*blocks: str, **said: object) -> Article:
    return Article.model_validate({"title": "招商大会", "body": [Block(text=text) for text in blocks], **said})


def texts(read: Article, *rules: MaskRule) -> list[str]:
    return [block.text for block in steady(read, mask_of(rules)).body]


def rule(kind: str, value: str, urlkey: str | None = None) -> MaskRule:
    return MaskRule.model_validate({"site": "a", "kind": kind, "value": value, "urlkey": urlkey, "learned": AT})


@pytest.mark.parametrize(
    "noise",
    [
        "浏览次数：1,024",
        "阅读 1.2万",
        "[点击量：88次]",
        "已有12人浏览",
        "您是第 10086 位访问者",
        "今天是2026年3月1日 星期日",
        "3分钟前",
    ],
)
def test_known_by_its_words(noise: str) -> None:
    assert texts(article("正文。", noise)) == ["正文。"]
    assert texts(article(f"会议闭幕。（{noise.strip('[]')}）"))[0].startswith("会议闭幕。")


@pytest.mark.parametrize(
    "told",
    [
        "景区当天接待游客1.2万人次。",
        "全网阅读量超过3亿次，创历史新高。",
        "今天是植树节，全市种下3万棵树。",
        "3年前，这里还是一片荒地。",
        "2024年3月1日",
    ],
)
def test_what_an_article_tells_stays(told: str) -> None:
    assert texts(article("正文。", told)) == ["正文。", told]


def test_a_shape_is_learned_from_two_looks() -> None:
    first, second = article("正文。", "本页已开启 17 次"), article("正文。", "本页已开启 18 次")
    (found,) = learned("a", [Twice("cn,a)/1", first, second, ("c1", "c2"), AT)])
    assert (found.kind, found.value, found.evidence) == ("shape", "本页已开启 # 次", ("c1", "c2"))
    assert texts(article("正文。", "本页已开启 2,300 次"), found) == ["正文。"]
    assert texts(article("正文。", "本页已关闭 17 次"), found) == ["正文。", "本页已关闭 17 次"]


def test_a_list_that_turns_needs_two_pages_and_ends_at_a_heading() -> None:
    def looks(page: int) -> Twice:
        first, second = (
            article("正文。", "大家都在看", f"甲{page}", f"乙{page}"),
            article("正文。", "大家都在看", f"丙{page}"),
        )
        return Twice(f"cn,a)/{page}", first, second, (f"c{page}", f"d{page}"), AT)

    assert not learned("a", [looks(1)])
    (found,) = learned("a", [looks(1), looks(2)])
    assert (found.kind, found.value) == ("after", "大家都在看")
    below = Article(
        title="招商大会",
        body=(Block(text="大家都在看"), Block(text="丁"), Block(kind="heading", text="二"), Block(text="戊")),
    )
    assert texts(below, found) == ["大家都在看", "二", "戊"]


def test_a_field_is_silent_on_its_page_alone() -> None:
    first, second = (article("正文。", images=[f"http://a.cn/{name}.jpg"]) for name in "ab")
    (found,) = learned("a", [Twice("cn,a)/1", first, second, ("c1", "c2"), AT)])
    assert (found.kind, found.value, found.urlkey) == ("field", "images", "cn,a)/1")
    mask = mask_of([found])
    assert steady(first, mask, "cn,a)/1").digest == steady(second, mask, "cn,a)/1").digest
    assert steady(first, mask, "cn,a)/2").digest != steady(second, mask, "cn,a)/2").digest


def test_the_operator_has_the_last_word() -> None:
    read = article("正文。", "今日气温 12 度", "浏览次数：3")
    assert texts(read, rule("always", "^今日气温")) == ["正文。"]
    assert texts(read, rule("never", "浏览次数"), rule("always", "浏览")) == ["正文。", "今日气温 12 度", "浏览次数：3"]
    assert texts(read, rule("shape", shape("今日气温 9 度")), rule("never", "气温")) == ["正文。", "今日气温 12 度"]


def test_what_moves_by_itself_makes_no_version_and_what_is_edited_beside_it_one() -> None:
    states = [article(f"奖励{amount}万元。", f"本页已开启 {count} 次") for amount, count in ((20, 1), (20, 2), (30, 3))]
    seen = [
        Observation(capture=f"c{n}", at=AT + timedelta(hours=n), outcome=Outcome.ARTICLE, digest=state.digest)
        for n, state in enumerate(states)
    ]
    around = Context(volatile=mask_of([rule("shape", "本页已开启 # 次")]))
    history = judge("a", "http://a.cn/1", "cn,a)/1", seen, {one.digest: one for one in states}, context=around)
    assert [change.type.value for change in history.changes] == ["new", "edited"]
    (edit,) = history.changes[1].fields
    assert (edit.before, edit.after) == ("奖励20万元。", "奖励30万元。")
