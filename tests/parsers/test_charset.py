"""Every way in which a page's declaration and its bytes agree or do not."""

import codecs
from itertools import product

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


# --- the matrix: what a page is × what its header says × what its meta says × how much text it has

RARE = "市政府昨天召开会议，讨论了明年的工作安排和经济发展目标，㛃、䶮、𬭚和喆、堃二人到会。"
CANTON = "市政府昨日召開會議，討論咗明年嘅工作安排同經濟發展目標，要求各部門抓好落實。"
PAGES = {
    "utf-8": ("utf-8", (TEXT, HANT, RARE)),
    "utf-8-sig": ("utf-8", (TEXT,)),
    "gb18030": ("gb18030", (TEXT, HANT, RARE)),
    "gbk": ("gbk", (TEXT, HANT)),
    "gb2312": ("gb2312", (TEXT,)),
    "big5": ("big5", (HANT,)),
    "big5-hkscs": ("big5-hkscs", (HANT, CANTON)),
    "utf-16-le": ("utf-16le", (TEXT, HANT)),
    "utf-16-be": ("utf-16be", (TEXT, HANT)),
}
WRONG = ("utf-8", "gbk", "big5", "iso-8859-1", "euc-kr")
HEADERS = ("right", "wrong", "absent", "unknown")
METAS = ("right", "wrong", "absent", "late", "after 1024", "after 5000", "http-equiv", "wrong first", "wrong last")


def family(name: str) -> str:
    return name[:2] if name.startswith("gb") else name.replace("-", "")[:4]


def head(kind: str, name: str, wrong: str) -> str:
    right, false = f'<meta charset="{name}">', f"<meta charset={wrong}>"
    return {
        "right": right,
        "wrong": false,
        "after 1024": f"<!--{'x' * 1500}-->{right}",
        "after 5000": f"<style>{'p{}' * 1700}</style>{right}",
        "http-equiv": f"<META content='text/html;charset={name}' http-equiv=content-type>",
        "wrong first": false + right,
        "wrong last": right + false,
    }.get(kind, "")


def bodies(text: str) -> dict[str, str]:
    items = (f'<li><a href="/art/2019/{n}/{n}.html">{text[n : n + 6]}</a>2019-01-{n:02}</li>' for n in range(1, 12))
    return {
        "short": f"<p>{text[:30]}</p>",
        "list": "".join(items),
        "long": f'<p class="a">{text}</p>' * 80,
        "after scripts": f"<script>{'var a=1;' * 4000}</script>" + f"<p>{text}</p>" * 6,
    }


def headers(kind: str, name: str, wrong: str) -> str:
    charset = {"right": name, "wrong": wrong, "unknown": "x-foo"}.get(kind)
    return f"text/html; charset={charset}" if charset else "text/html"


@pytest.mark.parametrize("http", HEADERS)
@pytest.mark.parametrize("real", PAGES)
def test_the_text_decides_whatever_is_declared(real: str, http: str) -> None:
    name, texts = PAGES[real]
    missed = []
    for text, meta, wrong in product(texts, METAS, (wrong for wrong in WRONG if family(wrong) != family(name))):
        for size, body in bodies(text).items():
            late = f"<meta charset={name}>" if meta == "late" else ""
            html = f"<html><head>{head(meta, name, wrong)}<title>{text[:6]}</title></head><body>{body}{late}</body>"
            found = decode(html.encode(real), headers(http, name, wrong))
            if found.text != html or found.fidelity < 1 or any("replacement" in note for note in found.issues):
                missed.append((meta, wrong, size, found.decoded_as, found.issues))
    assert not missed


@pytest.mark.parametrize("real", ["utf-8", "gb18030", "big5-hkscs", "utf-16-le"])
@pytest.mark.parametrize("declared", [None, "utf-8", "gbk"])
def test_cut_anywhere_the_rest_is_whole_or_the_page_is_flagged(real: str, declared: str | None) -> None:
    whole = f"<html><body><p>{HANT}</p><p>{HANT}</p>"
    payload = whole.encode(real)
    for end in range(len(payload) - 20, len(payload)):
        found = decode(payload[:end], f"text/html; charset={declared}" if declared else None)
        kept = found.text.rstrip("\ufffd")
        assert whole.startswith(kept)
        assert len(kept) >= end // 3
        assert ("\ufffd" in found.text) == any(note.startswith("replacement") for note in found.issues)


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_broken_bytes_do_not_change_the_choice(real: str, declared: str | None) -> None:
    payload = page(TEXT * 6).encode(real)
    for lost in ("会议", "安排", "目标"):
        payload = payload.replace(lost.encode(real), lost.encode(real)[:-1], 2)
    found = decode(payload, f"text/html; charset={declared}" if declared else None)
    assert found.decoded_as == real
    assert 0.9 < found.fidelity < 1
    assert f"replacement characters: {found.text.count(chr(0xFFFD))}" in found.issues


MENU = "<ul>" + "<li>首页</li><li>新闻中心</li><li>政务公开</li>" * 5 + "</ul>"


@pytest.mark.parametrize("paragraphs", [1, 2, 8])
@pytest.mark.parametrize(("menu", "body"), [("utf-8", "gbk"), ("gbk", "utf-8"), ("utf-8", "big5")])
def test_a_template_in_one_encoding_with_a_body_in_another(menu: str, body: str, paragraphs: int) -> None:
    text = f"<p>{HANT if body == 'big5' else TEXT}</p>" * paragraphs
    found = decode(b"<meta charset=utf-8>" + MENU.encode(menu) + text.encode(body), "text/html")
    assert MENU + text in found.text
    assert found.fidelity == 1.0
    assert any(note.startswith("mixed: ") for note in found.issues)


def test_broken_utf8_is_not_taken_for_a_mixture() -> None:
    payload = page(TEXT * 4, "utf-8").encode().replace("议".encode(), "议".encode()[:2])
    found = decode(payload)
    assert found.issues == ("replacement characters: 4",)


# --- what is no Chinese

KOREAN = "<title>시정부</title><p>시정부는 어제 회의를 열어 내년도 사업 계획과 경제 발전 목표를 논의하였다.</p>"
JAPANESE = "<title>市政府</title><p>市政府は昨日会議を開き、来年の事業計画と経済発展の目標について議論した。</p>"
FRENCH = "<p>L’été dernier, le gouvernement a décidé de créer une société à côté de la forêt.</p>"
ENGLISH = "<p>The “city” held its meeting yesterday – everyone’s plans were discussed.</p>"
RUSSIAN = "<p>В городе состоялось заседание правительства, на котором обсуждали планы работы.</p>"


@pytest.mark.parametrize(
    ("text", "real", "declared"),
    [
        (KOREAN, "cp949", "euc-kr"),
        (KOREAN, "cp949", None),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "cp932", None),
        (JAPANESE, "cp932", "utf-8"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "euc_jp", None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", None),
        (FRENCH, "cp1252", "iso-8859-1"),
        (FRENCH, "cp1252", None),
        (FRENCH, "cp1252", "utf-8"),
        (FRENCH, "cp1252", "gb2312"),
        (FRENCH, "utf-8", "gb2312"),
        (ENGLISH, "cp1252", "iso-8859-1"),
        (ENGLISH, "cp1252", None),
        (ENGLISH, "cp1252", "gb2312"),
        (ENGLISH, "utf-8", "gb2312"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "utf-8", "gbk"),
    ],
)
def test_other_languages_are_not_turned_into_chinese(text: str, real: str, declared: str | None) -> None:
    assert decode(text.encode(real), f"text/html; charset={declared}" if declared else None).text == text


# --- seven bits, private use, codecs that are no encodings of pages


@pytest.mark.parametrize("header", ["text/html", "text/html; charset=hz-gb-2312", "text/html; charset=utf-8"])
def test_hz(header: str) -> None:
    assert decode(page(TEXT).encode("hz"), header).text == page(TEXT)


@pytest.mark.parametrize("header", ["text/html", "text/html; charset=iso-2022-cn"])
def test_iso_2022_cn(header: str) -> None:
    low = bytes(byte & 0x7F for byte in TEXT.replace(",", "，").encode("gb2312"))
    found = decode(b"<p>\x1b$)A\x0e" + low + b"\x0f</p>", header)
    assert (found.text, found.decoded_as) == (f"<p>{TEXT.replace(',', '，')}</p>", "iso-2022-cn")


@pytest.mark.parametrize("script", ["a~{b}", "if(~{}~}", "x=~{1:2,3:4}~};"])
def test_tildes_in_scripts_are_no_hz(script: str) -> None:
    payload = f"<script>{script}</script>".encode()
    assert decode(payload).text == payload.decode()


def test_references_stay_for_the_parser_and_lost_ones_are_said() -> None:
    payload = "".join(f"&#x{ord(char):x};" for char in TEXT).encode()
    assert decode(payload, "text/html; charset=gb2312").issues == ()
    assert decode(payload + b"&#xFFFD;&#65533;").issues == ("replacement characters, as references: 2",)
    lost = b"&#0;&#xD800;&#57343;&#x110000;&#99999999999;&#x0;"
    assert decode(payload + lost).issues == ("replacement characters, as references: 6",)
    assert decode(payload + b"&#8226;&#xE001;&#x10FFFF;&nbsp;").issues == ()


def test_replacement_characters_that_were_served() -> None:
    assert decode(page(TEXT + "\ufffd").encode()).issues == ("replacement characters, as served: 1",)


def test_private_use_in_gb18030_is_noted_and_what_the_standard_names_is_not() -> None:
    found = decode(page(TEXT, "gbk").encode("gb18030").replace("。".encode("gbk"), b"\xaa\xa1\xf8\xa1"))
    assert found.issues == ("private use characters: 2",)
    assert found.fidelity < 1
    upright = decode(page(TEXT, "gbk").encode("gb18030").replace("。".encode("gbk"), b"\xa6\xd9\xa8\xbc\xfe\x59"))
    assert ("︐ḿ龴" in upright.text, upright.issues) == (True, ())


def test_the_middle_dot_and_the_wave_of_big5() -> None:
    payload = page(HANT, "big5").encode("big5-hkscs").replace("實".encode("big5"), b"\xa1\x45\xa1\xe3")
    assert "‧～" in decode(payload).text


@pytest.mark.parametrize(
    "name", ["base64", "rot13", "idna", "punycode", "undefined", "unicode_escape", "utf-7", "cp037", "zlib", '"', "\0"]
)
def test_no_codec_of_python_is_mistaken_for_an_encoding(name: str) -> None:
    payload = page(TEXT, name).encode("gbk")
    assert TEXT in decode(payload, f"text/html; charset={name}").text


def test_a_declared_utf16_that_is_none() -> None:
    assert decode(page(TEXT).encode("gbk"), "text/html; charset=utf-16").decoded_as == "gb18030"


def test_a_mark_before_bytes_that_are_something_else() -> None:
    found = decode(codecs.BOM_UTF8 + page(TEXT).encode("gbk"))
    assert (TEXT in found.text, found.decoded_as, found.where) == (True, "gb18030", "evidence")
    assert found.issues == ("declared a byte order mark, is gb18030",)


# --- where the choice came from


@pytest.mark.parametrize(
    ("payload", "header", "where", "sure"),
    [
        (codecs.BOM_UTF8 + page(TEXT).encode(), None, "bom", 0.99),
        (page(TEXT).encode(), "text/html; charset=utf-8", "http", 0.99),
        (page(TEXT, "gbk").encode("gbk"), "text/html", "meta", 0.99),
        (page(TEXT, "gbk").encode("gbk"), "text/html; charset=utf-8", "meta", 0.9),
        (page(TEXT).encode("gbk"), "text/html", "evidence", 0.9),
        (b"<p>plain</p>", "text/html; charset=gb2312", "http", 0.99),
        (b"<p>plain</p>", None, "evidence", 0.99),
    ],
)
def test_where_the_choice_came_from(payload: bytes, header: str | None, where: str, sure: float) -> None:
    found = decode(payload, header)
    assert found.where == where
    assert sure <= found.confidence <= 1


def test_a_page_too_short_to_tell_keeps_its_declaration_and_says_so() -> None:
    found = decode("<p>喆堃</p>".encode("gbk"), "text/html; charset=gbk")
    assert (found.decoded_as, found.where) == ("gb18030", "http")
    assert found.confidence < 0.8
