"""What changed, in its place: amounts and dates whole, lines beside their old selves, the subject that says it."""

from datetime import timedelta

import pytest
from making_matters import LATER, edited, matter
from message_stories import DESK, STORIES, WEB, changes, ill, moved, opening, removed, repealing, told
from message_stories import edited as amount_edited

from alerts.differences import places
from alerts.messages import render
from alerts.messages.safe import width
from alerts.payload import addressed, copy, evidence_link, payload, subscription_link
from alerts.placing import MOST, placed
from alerts.unwell import unwell
from domain.change import Change, ChangeType, EditClass, FieldEdit
from domain.clock import SHANGHAI


def shown(before: str, after: str) -> list[str]:
    return [str(one) for one in places(before, after)]


def test_dates_are_whole_too() -> None:
    (place,) = shown("请在2026年3月31日前办理备案。", "请在2026年6月30日前办理备案。")
    assert place == "请在【2026年3月31日→2026年6月30日】前办理备案。"


def test_places_near_each_other_are_one_that_reads_on() -> None:
    """The surroundings of one place never show what another one took away."""
    (place,) = shown("总投资2000万元，预计2027年3月底前建成。", "总投资2000亿元，预计2027年6月底前建成。")
    assert place == "总投资【2000万元→2000亿元】，预计【2027年3月→2027年6月】底前建成。"


def test_a_line_stands_beside_its_old_self() -> None:
    before = "第一条 奖励最高300万元，当年兑现。\n第二条 由商务局负责解释。"
    after = "前言从今年起执行，另有规定的除外。\n第一条 奖励最高500万元，当年兑现。\n第二条 由商务局负责解释。"
    assert shown(before, after) == [
        "【增 前言从今年起执行，另有规定的除外。】",
        "第一条 奖励最高【300万元→500万元】，当年兑现。",
    ]


def test_lines_that_have_nothing_in_common_are_told_whole() -> None:
    before, after = "会议由张局长主持，下午开。", "项目由李处长牵头，会同三个主管部门，十月底前办完。"
    assert shown(before, after) == [f"【{before}→{after}】"]


def test_many_lines_for_few_do_not_take_long() -> None:
    before = "\n".join(f"第{number}条 甲乙丙丁" for number in range(300))
    after = "\n".join(f"第{number}项 子丑寅卯" for number in range(500))
    assert len(shown(before, after)) >= 300


def test_of_too_many_places_those_with_numbers_are_kept() -> None:
    before = "\n".join([*(f"第{sign}条是旧的说法。" for sign in "甲乙丙丁戊己庚辛壬癸"), "总投资2000万元，当年到位。"])
    after = before.replace("旧的", "新的").replace("2000万元", "2000亿元")
    found, more = placed([FieldEdit(name="body", before=before, after=after)])
    assert (len(found), more) == (MOST, 11 - MOST)
    assert str(found[-1][1]) == "总投资【2000万元→2000亿元】，当年到位。"


def test_fields_are_told_in_one_order_and_values_whole() -> None:
    fields = [
        FieldEdit(name="published_at", before="2026-11-20T08:00:00+08:00", after=None),
        FieldEdit(name="source", before="甲报", after="乙报"),
        FieldEdit(name="body", before="一。", after="二。"),
        FieldEdit(name="title", before="旧题", after="新题"),
    ]
    assert [(name, str(place)) for name, place in placed(fields)[0]] == [
        ("title", "【旧→新】题"),
        ("body", "【一→二】。"),
        ("published_at", "【删 2026-11-20 08:00:00】"),
        ("source", "【甲→乙】报"),
    ]


def test_a_replaced_file_is_told_by_its_digest_a_renamed_one_by_its_name() -> None:
    one = "名单.xlsx http://a.example.cn/f/1.xlsx"
    replaced = FieldEdit(name="attachments", before=f"{one} sha256:aa", after=f"{one} sha256:bb")
    renamed = FieldEdit(name="attachments", before=one, after=one.replace("名单", "新名单"))
    assert "sha256" in str(placed([replaced])[0][0][1])
    assert str(placed([renamed])[0][0][1]) == "【增 新】名单.xlsx"


def test_a_payload_says_who_when_and_of_which_documents() -> None:
    said = payload(matter(), WEB)
    assert (said["site_title"], said["published_at"], said["document_numbers"]) == ("alpha", None, [])
    said = amount_edited()
    assert (said["site_title"], said["region"], said["source"]) == ("云川市商务局", "云川市", "云川日报")
    assert said["published_at"] == "2026-11-21T06:30:00+08:00"
    assert said["document_numbers"] == ["云商发〔2026〕12号"]
    assert [place["field"] for place in said["places"]] == ["body", "body"]
    assert "【2000万元→2000亿元】" in said["places"][0]["text"]
    assert ["-", "2000万元"] in said["places"][0]["pieces"]


def test_the_evidence_is_the_capture_that_proves_the_change() -> None:
    """At the change's own time: the edited state, and the last of the answers by which a page was gone."""
    for said in (amount_edited(), removed(), moved()):
        at = LATER.fromisoformat(said["at"])
        hour = round((at.astimezone(SHANGHAI) - LATER.fromisoformat("2026-11-21T09:30:00+08:00")) / timedelta(hours=1))
        assert said["evidence_link"] == f"{WEB}/capture/{said['evidence'][-1]}"
        assert bytes.fromhex(said["evidence"][-1]).endswith(f" {hour}".encode())


def test_a_change_that_names_no_capture_has_no_evidence_link() -> None:
    change = Change(site="a", url="http://a/", urlkey="a", type=ChangeType.NEW, at=LATER, version=1)
    assert evidence_link(WEB, change) == ""
    assert "证据" not in render(payload(matter(evidence=()), WEB)).text


def test_who_is_told_is_told_why_and_how_to_end_it() -> None:
    said = addressed(payload(matter(), WEB), [DESK, DESK], WEB, notes=["甲", "甲", "乙"], health=ill())
    assert said["subscription"] == "招商项目"
    assert said["notes"] == ["甲", "乙"]
    assert said["summary"].splitlines()[:2] == ["甲", "乙"]
    text = render(said).text
    assert "订阅 subscription「招商项目」" in text
    assert subscription_link(WEB, DESK.id) in text


def test_the_message_says_what_is_done_to_a_followed_document() -> None:
    text = render(repealing()).text
    assert "对所关注文件" in text
    assert "废止 repeals 云政办发〔2023〕7号" in text


def test_a_copy_is_a_line_in_the_message_of_another() -> None:
    found = changes("jiangwan", "c7", opening())[0]
    said = told(found, also=[copy(told(found))])
    assert set(said["also"][0]) == {"url", "site", "site_title", "title", "at", "link"}
    assert "同文转载" in render(said).text


def test_sites_whose_silence_says_nothing_are_those_of_the_subscription() -> None:
    assert [one["title"] for one in ill()] == ["河西在线", "江湾日报"]
    assert unwell([], {"hexi"}) == []
    assert "久无抓取" in render(amount_edited()).text


@pytest.mark.parametrize("story", sorted(STORIES))
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_subject_is_one_short_line(story: str, language: str) -> None:
    subject = render(STORIES[story](), language).subject  # type: ignore[arg-type]
    assert width(subject) <= 78
    assert subject.isprintable()
    assert subject.startswith("[Tongjian" if language == "en" else "[通鉴")


def test_a_subject_says_what_is_urgent() -> None:
    urgent = {"severity": 5, "classes": (EditClass.AMOUNT,)}
    said = payload(edited("body", "共2000万元。", "共2000亿元。", title="一" * 100, **urgent), WEB)
    assert render(said).subject.startswith("[通鉴 紧要] 改 edited: 2000万元→2000亿元 一一")
    assert render(said, "en").subject.startswith("[Tongjian URGENT] edited: 2000万元→2000亿元")
    assert render(payload(edited("body", "甲。", "乙。", title="题"), WEB)).subject == "[通鉴] 改 edited: 题 · alpha"
    assert render(payload(matter("一\r\nBcc: x\x00"), WEB)).subject == "[通鉴] 新 new: 一 Bcc: x · alpha"
