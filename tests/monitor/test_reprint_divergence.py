"""A copy that says something else is told once, of the page that differs; a cut or restyled one never."""

import pytest
from reprint_texts import article, body, member, mirrored, title

from domain.article import Article
from domain.change import Change, ChangeType, EditClass
from monitor.divergence import divergences
from monitor.reprints import Member

TEXT = [
    "市商务局近日印发通知，全年安排专项资金2000万元，支持外贸企业开拓市场。",
    "申报截止时间为2026年5月31日，逾期不再受理。",
    "市商务局局长张建国表示，企业应当如实提交材料，不得弄虚作假。",
    *body(4, paragraphs=4),
]


def swapped(old: str, new: str) -> list[str]:
    assert any(old in one for one in TEXT)
    return [one.replace(old, new) for one in TEXT]


def office(*states: Article, **more: object) -> Member:
    return member("office", *states, official=True, **more)  # type: ignore[arg-type]


def told(copy: Member, first: Member, *others: Member) -> list[Change]:
    found = divergences(copy, first, (copy, first, *others))
    assert all(one.type is ChangeType.DIVERGED and one.reprint_of == first.history.url for one in found)
    assert all(one.url == copy.history.url and first.history.url in one.reason for one in found)
    assert len({one.id for one in found}) == len(found)
    return list(found)


SUBSTANCE = {
    "an amount": ("2000万元", "2000亿元", EditClass.AMOUNT),
    "a deadline": ("5月31日", "6月30日", EditClass.DATE),
    "a name": ("张建国", "李晓梅", EditClass.PERSON),
    "an obligation": ("应当如实", "可以如实", EditClass.OBLIGATION),
    "a prohibition": ("不得弄虚作假", "鼓励弄虚作假", EditClass.OBLIGATION),
}


@pytest.mark.parametrize("kind", SUBSTANCE)
@pytest.mark.parametrize("is_official", [True, False])
def test_a_copy_that_differs_from_the_office_is_told(kind: str, is_official: bool) -> None:
    old, new, edit = SUBSTANCE[kind]
    copy = member("paper", article(swapped(old, new), title(1)), official=is_official, seen=3)
    (change,) = told(copy, office(article(TEXT, title(1))))
    assert edit in change.classes
    assert change.severity >= 4
    (field,) = change.fields
    assert old in (field.before or "")
    assert new in (field.after or "")
    assert change.evidence[0] == copy.history.versions[0].capture


NO_SUBSTANCE = {
    "another headline": lambda: article(TEXT, "换了一个标题的新闻"),
    "a source line": lambda: article([*TEXT, "来源：某某日报", "责任编辑：某某"], title(1)),
    "cut paragraphs": lambda: article(TEXT[:4], title(1)),
    "a first paragraph cut": lambda: article(TEXT[1:], title(1)),
    "typesetting": lambda: article([one.replace("，", ", ").replace("2000", "２０００") for one in TEXT], title(1)),
    "joined paragraphs": lambda: article(["".join(TEXT)], title(1)),
    "another wording": lambda: article(swapped("近日印发通知", "日前下发通知"), title(1)),
    "another unit": lambda: article(swapped("2000万元", "0.2亿元"), title(1)),
    "a note": lambda: article(["编者按：本网转载此文供读者参考，以主管部门发布为准，特此说明。", *TEXT], title(1)),
    "a clause cut": lambda: article(swapped("，支持外贸企业开拓市场", ""), title(1)),
    "an amount left out": lambda: article(swapped("专项资金2000万元", "专项资金"), title(1)),
    "the office in short": lambda: article(swapped("市商务局近日", "商务局近日"), title(1)),
    "a deadline in words": lambda: article(swapped("2026年5月31日", "5月31日"), title(1)),
    "mirrored": lambda: article(mirrored(TEXT), title(1)),
    "a sentence told otherwise": lambda: article(
        swapped("企业应当如实提交材料，不得弄虚作假。", "材料真实与否由企业负责，他还介绍了下一步的打算。"),
        title(1),
    ),
    "our city named": lambda: article(swapped("市商务局近日", "淄博市商务局近日"), title(1)),
}


@pytest.mark.parametrize("kind", NO_SUBSTANCE)
def test_a_press_copy_that_says_the_same_is_not_told(kind: str) -> None:
    copy = member("paper", NO_SUBSTANCE[kind](), seen=3)
    assert told(copy, office(article(TEXT, title(1)))) == []
    assert told(office(NO_SUBSTANCE[kind](), seen=3), member("paper", article(TEXT, title(1)))) == []


def test_a_paragraph_that_one_office_left_out_is_told() -> None:
    copy = member("county", article([*TEXT[:3], *TEXT[4:]]), official=True, seen=3)
    (change,) = told(copy, office(article(TEXT)))
    assert change.classes == (EditClass.PARAGRAPH_REMOVED,)
    assert change.fields[0].before == TEXT[3]
    assert change.fields[0].after is None


def test_two_papers_may_differ() -> None:
    copy = member("paper", article(swapped("2000万元", "200万元")), seen=3)
    assert told(copy, member("portal", article(TEXT))) == []


def test_the_first_publisher_edits_and_the_copy_stays() -> None:
    first = member("portal", article(TEXT), article(swapped("2000万元", "1200万元")), every=24)
    (change,) = told(member("paper", article(TEXT[:4]), seen=3), first)
    assert change.at == first.history.versions[1].first_seen
    assert change.evidence[0] == first.history.versions[1].capture
    assert "1200万元" in (change.fields[0].before or "")


def test_the_copy_follows_and_is_not_told_again() -> None:
    edited = swapped("2000万元", "1200万元")
    first = office(article(TEXT), article(edited), every=24)
    copy = member("paper", article(TEXT), article(edited), seen=3, every=48)
    assert len(told(copy, first)) == 1


def test_a_flapping_page_is_told_once_a_divergence() -> None:
    one, other = article(TEXT), article(swapped("2000万元", "200万元"))
    copy = member("paper", other, one, other, one, seen=3, every=5)
    assert len(told(copy, office(one))) == 1
    third = article(swapped("2000万元", "20万元"))
    assert len(told(member("paper", other, one, third, seen=3, every=5), office(one))) == 2


def test_the_first_publisher_removes_and_the_copy_stays() -> None:
    first = member("portal", article(TEXT), removed=30)
    (change,) = told(member("paper", article(TEXT), seen=3), first)
    assert change.evidence[0] == "portal-gone-2"
    assert change.fields == ()
    assert "首发已删" in change.reason
    gone = member("paper", article(TEXT), seen=3, removed=29)
    assert told(gone, first) == []


def test_a_move_within_the_site_is_no_removal() -> None:
    first = member("portal", article(TEXT), removed=30)
    moved = member("portal", article(TEXT), seen=20, path="b.html")
    assert told(moved, first) == []
    assert told(member("paper", article(TEXT), seen=3), first, moved) == []
