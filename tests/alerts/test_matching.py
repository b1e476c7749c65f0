"""Which change is for which subscription, and what a message says of it."""

from datetime import datetime, timedelta

import pytest
from making_matters import LATER, PAGE, edited, matter

from alerts.differences import places
from alerts.kinds import Matter
from alerts.listening import Listener, Listening, document, is_for_nobody
from alerts.payload import payload
from alerts.query import from_words, parse
from alerts.wording import summary
from domain.change import ChangeType
from domain.subscription import Rhythm


def heard(item: Matter, created_at: datetime = LATER, **more: tuple[str, ...]) -> bool:
    """Whether a subscription of these words, types and sites hears of it."""
    query = parse(from_words(more.get("words", ()), more.get("types", ()), more.get("sites", ())))
    one = Listener("s1", query, Rhythm.INSTANT, 8, None, None, "Asia/Shanghai", created_at)
    return bool(Listening(None, [one]).hearing(document(item), item.change.at)) and not is_for_nobody(item)


def test_an_empty_subscription_hears_of_everything() -> None:
    assert heard(matter())
    assert heard(matter(type=ChangeType.REMOVED))


@pytest.mark.parametrize(
    "words",
    [("招商引资",), ("开工", "2000万元"), ("２０００万元",), ("gdp",), ("ＧＤＰ增长",), ("GDP 增长",), ("商务局",)],
)
def test_words_occur_whatever_their_width_and_case(words: tuple[str, ...]) -> None:
    item = matter("招商引资项目开工，ＧＤＰ增长", "总投资2000万元。Gdp\n增长3%。商务局")
    assert heard(item, words=words)


def test_every_word_must_occur() -> None:
    assert not heard(matter(), words=("招商引资", "竣工"))
    assert not heard(matter(), words=("竣工",))


def test_words_occur_in_what_a_change_took_away() -> None:
    item = edited("body", "承诺全额退款。", "不再承诺。", title="公告", text="不再承诺。")
    assert heard(item, words=("退款",))
    assert heard(item, words=("退款", "不再", "公告"))


def test_types_and_sites_narrow() -> None:
    assert heard(matter(), types=("new", "removed"))
    assert not heard(matter(), types=("edited",))
    assert heard(matter(), sites=("beta", "alpha"))
    assert not heard(matter(), sites=("beta",))


def test_cosmetic_changes_are_for_nobody() -> None:
    item = edited("body", "好,", "好，", cosmetic=True)
    assert not heard(item)
    assert not heard(item, types=("edited",), words=("好",))


def test_only_what_happened_since_the_subscription_was_made() -> None:
    assert heard(matter(minutes=0))
    assert not heard(matter(), created_at=LATER + timedelta(microseconds=1))


def shown(before: str, after: str) -> tuple[str, ...]:
    return tuple(map(str, places(before, after)))


def test_an_amount_is_shown_whole_and_in_its_place() -> None:
    line = "淄博市商务局昨日通报，今年以来全市新签约项目总投资2000{}元，预计明年年底全部建成并投入使用，届时新增就业。"
    (place,) = shown("第一段。\n" + line.format("万"), "第一段。\n" + line.format("亿"))
    assert "今年以来全市新签约项目总投资【2000万元→2000亿元】，预计明年年底全部建成并投入使用" in place


def test_places_far_apart_in_one_line_are_shown_apart() -> None:
    old = "甲方为张三，" + "其余不变" * 10 + "，乙方为李四。"
    found = shown(old, old.replace("张三", "王五").replace("李四", "赵六"))
    assert ["张三→王五" in found[0], "李四→赵六" in found[1], len(found)] == [True, True, 2]


def test_lines_that_come_and_go() -> None:
    assert shown("一。\n二。", "一。\n二。\n三。") == ("【增 三。】",)
    assert shown("一。\n二。", "二。") == ("【删 一。】",)
    assert shown("一。", "一。\n") == ()


def test_huge_texts_do_not_take_long_and_still_show_the_place() -> None:
    old = "字" * 50_000 + "甲" + "词" * 50_000
    (place,) = shown(old, old.replace("甲", "乙"))
    assert "【甲→乙】" in place
    many = "\n".join(["同一行"] * 5_000)
    assert shown(many, many + "\n又一行") == ("【增 又一行】",)


def test_a_summary_says_what_changed() -> None:
    assert summary(edited("title", "旧标题", "新标题")) == "标题 title: 旧标题 → 新标题"
    assert summary(edited("source", None, "新华社")) == "来源 source: (无 none) → 新华社"
    assert summary(matter(type=ChangeType.REMOVED, reason="status 404")) == "原因 reason: status 404"
    assert summary(matter(text="正文很短。")) == "正文很短。"
    assert summary(matter(type=ChangeType.RESTORED, version=3)) != ""
    lines = "\n".join(f"{i}" + "长" * 20 for i in range(30))
    assert "另有 22 处" in summary(edited("body", lines, lines.replace("长", "短")))


def test_a_payload_is_the_shape_of_changes_and_more() -> None:
    item = edited("title", "旧标题", "新标题", title="新标题")
    said = payload(item, "http://room.example/")
    assert {"url", "site", "type", "at", "severity", "version", "cosmetic", "reprint_of", "fields"} <= said.keys()
    assert said["fields"] == [{"name": "title", "before": "旧标题", "after": "新标题"}]
    assert (said["url"], said["title"]) == (PAGE, "新标题")
    link = "http%3A%2F%2Fcommerce.example.cn%2F2026%2Fa1.html&site=alpha"
    assert said["link"] == f"http://room.example/diff?url={link}&a=1&b=2"
    assert payload(matter(), "http://room.example")["link"] == f"http://room.example/page?url={link}"


def test_a_payload_stays_small() -> None:
    item = edited("body", "甲" * 100_000, "乙" * 100_000)
    (field,) = payload(item, "http://room.example")["fields"]
    assert field["cut"] is True
    assert len(field["before"]) < 4_000
