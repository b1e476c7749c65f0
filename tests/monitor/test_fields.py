"""Field edits, typesetting, severity."""

from datetime import UTC, datetime

import pytest

from domain.article import Article, Attachment, Block
from domain.change import ChangeType, EditClass, FieldEdit
from monitor.fields import edits, is_cosmetic
from monitor.folding import bare
from monitor.severity import OF_CLASS, OF_TYPE, severity

PLAIN = Article(title="通知", body=(Block(text="第一段"), Block(text="第二段")))
MIDNIGHT = datetime(2019, 1, 6, 16, tzinfo=UTC)


def edit(**changed: object) -> tuple[FieldEdit, ...]:
    return edits(PLAIN, PLAIN.model_copy(update=changed))


def test_each_field_as_it_is_shown() -> None:
    found = edit(
        title=None,
        source="淄博日报",
        authors=("张三", "李四"),
        published_at=MIDNIGHT,
        published_precision="day",
        body=(Block(text="第一段"),),
        document_numbers=("淄发〔2017〕17号",),
        attachments=(Attachment(href="http://a.cn/1.pdf", name="附件1"),),
        images=("http://a.cn/1.jpg?t=1",),
    )
    assert {item.name: (item.before, item.after) for item in found} == {
        "title": ("通知", None),
        "published_at": (None, "2019-01-07T00:00:00+08:00"),
        "source": (None, "淄博日报"),
        "authors": (None, "张三\n李四"),
        "body": ("第一段\n第二段", "第一段"),
        "document_numbers": (None, "淄发〔2017〕17号"),
        "attachments": (None, "附件1 http://a.cn/1.pdf"),
        "images": (None, "http://a.cn/1.jpg?t=1"),
    }


def test_what_carries_no_meaning_is_no_edit() -> None:
    assert edit(breadcrumb=("首页",), editors=("王五",), title="通知 ", published_at=MIDNIGHT) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("奖励2000万元。", "奖励 2,000 万元!"),
        ("“百日攻坚”行动", "「百日攻坚」 行动"),
        ("ＧＤＰ增长３％", "GDP增长3%"),
        ("2019- 01- 07", "2019-01-07"),
        ("2018-2019年", "2018—2019年"),
        ("淄发〔2017〕17号", "淄发[2017]17号"),
    ],
)
def test_typesetting(before: str, after: str) -> None:
    assert bare(before) == bare(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2000万元", "2000亿元"),
        ("增长3.5%", "增长35%"),
        ("增长3.5%", "增长3,5%"),
        ("增长5%", "增长5"),
        ("增长5%、3%", "增长5、3%"),
        ("增长-3%", "增长3%"),
        ("增长–3%", "增长3%"),
        ("第1、2名", "第12名"),
        ("10:30开会", "1030开会"),
        ("1/2", "12"),
        ("2 3", "23"),
        ("10,00", "1000"),
        ("5‰", "5%"),
    ],
)
def test_more_than_typesetting(before: str, after: str) -> None:
    assert bare(before) != bare(after)


def test_times_and_addresses_are_never_cosmetic() -> None:
    assert is_cosmetic(edit(title="《通知》"))
    assert not is_cosmetic(edit(images=("http://a.cn/a-b.jpg",)))
    assert not is_cosmetic((FieldEdit(name="attachments", before="a-b.pdf", after="ab.pdf"),))


def test_severity() -> None:
    def of(*classes: EditClass) -> int:
        return severity(ChangeType.EDITED, classes)

    assert of(EditClass.TITLE) == 4
    assert of(EditClass.TEXT) == 3
    assert of(EditClass.TYPO, EditClass.AMOUNT) == 5
    assert of(EditClass.IMAGE) == 2
    assert of(EditClass.DOCUMENT_NUMBER) == 5
    assert severity(ChangeType.EDITED, (EditClass.FORMAT,), cosmetic=True) == 1
    assert severity(ChangeType.NEW) == 2
    assert severity(ChangeType.REMOVED) == 4
    assert severity(ChangeType.REMOVED, official=True) == 5


def test_every_class_has_its_weight() -> None:
    assert set(OF_CLASS) == set(EditClass)
    assert set(OF_TYPE) == set(ChangeType)
