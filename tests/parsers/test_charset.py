"""Every way in which a page's declaration and its bytes agree or do not."""

import codecs

import pytest

from parsers.charset import decode

TEXT = "市政府昨天召开会议,讨论了明年的工作安排和经济发展目标,要求各部门抓好落实。"
HANT = "市政府昨天召開會議,討論了明年的工作安排和經濟發展目標,要求各部門抓好落實。"


def page(text: str, declared: str | None = None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text[:6]}</title></head><body><p>{text}</p></body></html>"


def test_gb2312_declared_holds_four_byte_gb18030() -> None:
    rare = TEXT + "与会的有于㛃、张䶮和𬭚和公司。"
    found = decode(page(rare, "gb2312").encode("gb18030"), "text/html; charset=gb2312")
    assert rare in found.text
    assert (found.decoded_as, found.fidelity, found.issues) == ("gb18030", 1.0, ())


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030", "gb_2312-80", "zh-cn"])
def test_labels_of_the_gb_family(label: str) -> None:
    found = decode(page(TEXT, label).encode("gb18030"))
    assert (TEXT in found.text, found.decoded_as, found.issues) == (True, "gb18030", ())


def test_the_euro_sign_of_gbk() -> None:
    assert (
        "一百€"
        in decode(
            page(TEXT + "一百", "gbk").encode("gb18030").replace("一百<".encode("gbk"), "一百".encode("gbk") + b"\x80<")
        ).text
    )


@pytest.mark.parametrize(
    "meta", ['<meta charset="gbk">', "<META content='text/html;charset=gbk' http-equiv=content-type>"]
)
def test_meta_only(meta: str) -> None:
    found = decode(f"<html><head>{meta}</head><body>{TEXT}</body>".encode("gbk"), "text/html")
    assert (TEXT in found.text, found.issues) == (True, ())


def test_xml_declaration() -> None:
    found = decode(f'<?xml version="1.0" encoding="gbk"?><html><body>{TEXT}</body></html>'.encode("gbk"))
    assert (TEXT in found.text, found.issues) == (True, ())


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_goes_before_everything(bom: bytes, encoding: str) -> None:
    found = decode(bom + page(TEXT, "gb2312").encode(encoding), "text/html; charset=big5")
    assert (TEXT in found.text, found.decoded_as, found.issues) == (True, encoding, ())
    assert not found.text.startswith("\ufeff")


@pytest.mark.parametrize(
    ("declared", "real"),
    [("gb2312", "utf-8"), ("utf-8", "gb18030"), ("big5", "gb18030"), ("iso-8859-1", "utf-8"), ("big5", "utf-8")],
)
def test_a_wrong_declaration_is_seen_in_the_text(declared: str, real: str) -> None:
    found = decode(page(TEXT, declared).encode(real), f"text/html; charset={declared}")
    assert TEXT in found.text
    assert (found.decoded_as, found.issues) == (real, (f"declared {declared}, is {real}",))


def test_header_and_meta_disagree_and_the_header_is_wrong() -> None:
    found = decode(page(TEXT, "gbk").encode("gbk"), "text/html; charset=utf-8")
    assert (TEXT in found.text, found.decoded_as) == (True, "gb18030")


@pytest.mark.parametrize("declared", ["big5", None])
def test_big5(declared: str | None) -> None:
    found = decode(page(HANT, declared).encode("big5-hkscs"))
    assert (HANT in found.text, found.decoded_as) == (True, "big5hkscs")


@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_no_declaration(real: str) -> None:
    found = decode(page(TEXT).encode(real))
    assert (TEXT in found.text, found.decoded_as, found.issues) == (True, real, ())


def test_an_unknown_label_counts_as_none() -> None:
    assert TEXT in decode(page(TEXT, "x-nonsense").encode("gb18030")).text


def test_broken_bytes_cost_fidelity_and_are_counted() -> None:
    found = decode(page(TEXT * 3, "utf-8").encode().replace("会议".encode(), b"\xff\xfe", 2))
    assert found.issues == ("replacement characters: 4",)
    assert 0.9 < found.fidelity < 1


def test_plain_ascii_and_nothing() -> None:
    assert decode(b"<p>plain</p>", "text/html; charset=gb2312").issues == ()
    assert decode(b"").text == ""


def test_icon_fonts_are_no_damage_in_utf8() -> None:
    assert decode(page(TEXT + "\ue601").encode()).fidelity == 1.0
