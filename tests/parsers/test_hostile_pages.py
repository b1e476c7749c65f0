"""Pages that mean harm or are merely broken: always an article, never a crash, never for ever.

Each is read in a child process that the kernel stops at 1.5 GB and at some seven times the CPU that the slowest of
them takes on a small machine (3 s; what is read again and again takes minutes): a page of 50 MB at 60 s, any other (up
to about 5 MB) at 20 s. A bait is a run of what some rule looks for; each is given as one line, as many short lines, and
as a title.
"""

import gzip
import os
import random
import resource
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from domain.errors import ReadError
from parsers import limits, read
from parsers.unpack import MAX_BYTES

URL = "http://www.example.cn/news/1.html"
P = "<p>会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>".encode()
TOP = "<title>会议讨论了工作安排</title><h1>会议讨论了工作安排</h1>".encode()
PAGE = TOP + P * 5
MB = 2**20
SECONDS, SECONDS_50, MEMORY = 20, 60, 1536 * MB


def bounded(make: Callable[[], bytes], seconds: int, content_type: str = "text/html; charset=utf-8") -> str:
    """Read a payload in a child of its own; how it ended: "read", or what stopped it."""
    read(PAGE, URL)  # what is loaded on first use is no part of the page's cost
    child = os.fork()
    if child == 0:
        os._exit(_confined(make, seconds, content_type))
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    ends = {0: "read", 1: "ReadError", 2: "MemoryError", 3: "another exception"}
    return ends.get(code, f"signal {-code} after {used.ru_utime + used.ru_stime:.1f} s")


def _confined(make: Callable[[], bytes], seconds: int, content_type: str) -> int:
    payload = make()
    with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123
        own = int(sizes.read().split()[0]) * resource.getpagesize()
    spent = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed + 1))
    try:
        read(payload, URL, content_type)
    except ReadError:
        return 1
    except MemoryError:
        return 2
    except Exception:  # noqa: BLE001
        return 3
    return 0


def many(unit: str, count: int) -> Callable[[], bytes]:
    return lambda: TOP + b"<div>" + unit.encode("utf-8", "surrogatepass") * count + P * 3


def numbered(unit: str, count: int) -> Callable[[], bytes]:
    return lambda: TOP + b"<div>" + "".join(unit % ((n,) * unit.count("%d")) for n in range(count)).encode() + P * 3


def laughs() -> bytes:
    entities = (f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    return f'<!DOCTYPE html [<!ENTITY a0 "ha">{"".join(entities)}]><body>{"&a19;" * 1000}'.encode() + P * 3


NEXT = '<script id="__NEXT_DATA__" type="application/json">'
FIFTY = {
    "paragraphs": lambda: PAGE + P * (50 * MB // len(P)),
    "one word": lambda: PAGE + b"<p>" + b"a" * (50 * MB),
    "tags": lambda: b"<b>" * (50 * MB // 3),
    "zeros": lambda: b"\0" * (50 * MB),
    "noise": lambda: random.Random(7).randbytes(MB) * 50,
    "gzip of zeros": lambda: gzip.compress(b"<p>" + b"\0" * (200 * MB), 1),
}
SHAPES: dict[str, Callable[[], bytes]] = {
    "deep div": lambda: b"<div>" * 100_000 + P,
    "deep and closed": lambda: b"<div>" * 100_000 + P + b"</div>" * 100_000,
    "deep tables": lambda: b"<table><tr><td>" * 100_000 + P,
    "deep lists": lambda: b"<ul><li><a href=x>x" * 100_000 + P,
    "deep headings": lambda: b"<h1>" * 100_000 + P,
    "deep quotes": lambda: b"<blockquote>" * 1500 + P * 1000,
    "deep named": lambda: b'<div class="share" style="display:none">x' * 1900 + P * 2000,
    "misnested": lambda: b"<b><p></b>x" * 50_000 + P,
    "attributes alike": lambda: b"<div " + b"a=b " * 1_000_000 + b">" + P,
    "attributes": lambda: b"<div " + b" ".join(b"a%d=b" % n for n in range(100_000)) + b">" + P,
    "million attributes": lambda: b"<div " + b" ".join(b"a%d=b" % n for n in range(1_000_000)) + b">" + P,
    "entities": many("&amp;&lt;&#x4e00;&nbsp;&copy;", 150_000),
    "broken references": many("&#xD800;&#0;&#x110000;&#99999999999;&unknown;", 20_000),
    "billion laughs": laughs,
    "outside entity": lambda: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;</p>' + P * 3,
    "million br": many("<br>", 1_000_000),
    "million lines": many("x<br>", 1_000_000),
    "half a million paragraphs": many("<p>x", 500_000),
    "5 MB line": many("会议讨论了工作安排,要求各部门抓好落实", 90_000),
    "5 MB sentences": many("会议讨论了工作安排，要求各部门抓好落实。", 87_000),
    "200,000 links": numbered('<li><a href="/a/%d.html">x%d</a></li>', 200_000),
    "links in a line": numbered('<a href="/a/%d.html">x%d</a>', 200_000),
    "wide table": lambda: TOP + b"<table>" + (b"<tr>" + b"<td>1</td>" * 500 + b"</tr>") * 1000 + b"</table>" + P * 3,
    "spans": many("<table><tr><td colspan=1000000000 rowspan=1000000000>x</td></tr>", 1000),
    "images": numbered("<p><img src=/%d.jpg></p>", 100_000),
    "attachments": numbered("<p><a href=/%d.doc>附件%d</a></p>", 50_000),
    "headlines": numbered("<h1>会议讨论%d</h1>", 50_000),
    "metas": numbered("<meta name=a%d content=b>", 50_000),
    "pager": numbered("<a href=1_%d.html>%d</a>", 100_000),
    "hidden": many('<div style="display:none">x</div>', 50_000),
    "names": many('<div class="content article body related hot share">x</div>', 30_000),
    "scripts": many("<script>var a={b:[1,2,{c:'d'}]};</script>", 50_000),
    "deep JSON": many(NEXT + '{"a":' * 100_000, 1),
    "deep lists in JSON": many(NEXT + "[" * 200_000, 1),
    "wide JSON": many(NEXT + '[{"title":"x","content":"<p>y</p>"}' + ',{"title":"x"}' * 60_000 + "]</script>", 1),
    "states": many("<script>" + "window.__INITIAL_STATE__={" * 50_000 + "</script>", 1),
    "quotes in a script": many('<script>var content="' + '\\\\\\"' * 300_000 + "</script>", 1),
    "comments": lambda: b"<!--" * 500_000,
    "sections": lambda: b"<![CDATA[" * 300_000 + P,
    "doctypes": lambda: b"<!DOCTYPE " * 300_000 + P,
    "a span a character": many("<span>会</span>", 150_000),
    "government tables": many("<table><tr><td>索引号</td><td>000014349/2019-00001</td></tr></table>", 15_000),
    "government labels": many("<p>索引号：1 发文机关：国务院 成文日期：2019年1月1日</p>", 20_000),
    "bylines": many("<p>记者 张三 李四 通讯员 王五</p>", 30_000),
    "bidi marks": many("<p>\u202e会议\u200e讨论\u2066", 50_000),
    "surrogates": many("<p>\ud800", 100_000),
    "readings": many("<p>濟(jì)寧(níng)市召開會議", 60_000),
    "a line of readings": many("濟(jì)", 400_000),
    "feed": lambda: b"<?xml version='1.0'?><rss>" + b"<item><title>x</title><link>http://a</link></item>" * 60_000,
    "noise": lambda: random.Random(7).randbytes(2 * MB),
}
SIGNS = (
    '( （ () [ 〔 【 《 《》 》 | : ： . 。 、 / - — · 市， 市· 第 一 万 次 年 日 a & = { " % “ 讯 政 局 1 20 2019 ０'
)
WORDS = (
    "来源: 来源 编辑 记者 通讯员、 首页> 责任编辑： 〔2017〕 鲁政发 1,234 年月日 附件： 上一篇： 的通知 版权 图/文 x: "
    "http:// ~{"
)
SPACED = (
    *(
        " ",
        "\u3000",
        "\xa0",
        "\n",
        "2019-01-07 ",
        "2019 ",
        "2019- 01- ",
        "12:30 ",
        "来源： ",
        "记者 ",
        "1 万元",
        "大 中 小 ",
    ),
    *(
        "浏览次数：1 ",
        "首页 > ",
        "A ",
        "- ",
        "&#",
        "[{",
        "索引号：1 ",
        "作者： ",
        "\u200b",
        "😀",
        "a\u0301",
        "濟(",
        "字(jì",
    ),
)
BAITS = (*SIGNS.split(" "), *WORDS.split(" "), *SPACED)


@pytest.mark.parametrize("make", FIFTY.values(), ids=FIFTY)
def test_fifty_megabytes(make: Callable[[], bytes]) -> None:
    assert bounded(make, SECONDS_50) == "read"


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_shapes(make: Callable[[], bytes]) -> None:
    assert bounded(make, SECONDS) == "read"


@pytest.mark.parametrize("header", ["text/html; charset=gb2312", "text/html; charset=big5", "text/html"])
@pytest.mark.parametrize(
    "unit", [b"\xff", b"\x80", b"<\xff\xfe\xfd\xfc", b"\xc4\xe3\xc4<", b"~{", b"~{ab", b"\x1b$)A\x0e"]
)
def test_bytes_of_no_encoding(unit: bytes, header: str) -> None:
    assert bounded(lambda: TOP + unit * (MB // len(unit)), SECONDS, header) == "read"


@pytest.mark.parametrize("bait", BAITS)
def test_baits_for_every_rule(bait: str) -> None:
    short, size = (bait * 100)[:100], len(bait.encode())
    pages = {
        "line": lambda: TOP + b"<div>" + P * 3 + bait.encode() * (MB // size) + P * 3,
        "lines": lambda: TOP + b"<div>" + P * 3 + f"<p>{short}</p>".encode() * 1500 + P * 3,
        "title": lambda: f"<title>{bait * 8000}</title><h1>{bait * 8000}</h1>".encode() + P * 5,
    }
    ends = {name: bounded(make, SECONDS) for name, make in pages.items()}
    assert set(ends.values()) == {"read"}, ends


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"<p>&#xD800;&#0;&#x110000;</p>" + P, id="references"),
        pytest.param(b"<p>2019-01-07 \xed\xa0\x80</p>" + P, id="surrogate"),
        pytest.param(random.Random(7).randbytes(30_000), id="random"),
        pytest.param(b"", id="empty"),
    ],
)
def test_the_same_article_twice(payload: bytes) -> None:
    first = read(payload, URL, "text/html")
    assert first.digest == read(payload, URL, "text/html").digest


def test_fifty_megabytes_are_read_up_to_a_stated_size() -> None:
    got = read(PAGE + P * (50 * 2**20 // len(P)), URL, "text/html; charset=utf-8")
    assert got.issues[0].endswith(f"bytes, only the first {MAX_BYTES} are read")
    assert got.title == "会议讨论了工作安排"


def test_nesting_beyond_the_parser_is_said() -> None:
    assert any("nested deeper" in issue for issue in read(b"<div>" * 3000 + P, URL).issues)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("zstd", zstandard.compress(PAGE)),
        (None, gzip.compress(PAGE, mtime=0)),
        ("identity", PAGE),
        ("gzip, identity", gzip.compress(PAGE, mtime=0)),
    ],
)
def test_content_codings(coding: str | None, packed: bytes) -> None:
    assert read(packed, URL, content_encoding=coding).title == "会议讨论了工作安排"


def test_a_coding_undone_by_somebody_else() -> None:
    got = read(PAGE, URL, content_encoding="gzip")
    assert (got.title, got.issues) == ("会议讨论了工作安排", ("declared gzip, is not",))


@pytest.mark.parametrize(
    ("coding", "payload"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)[:-40]),
        ("gzip", gzip.compress(PAGE, mtime=0)[:20] + b"\xff" * 40),
        ("zstd", zstandard.compress(PAGE)[:-20]),
        ("deflate", zlib.compress(PAGE)[:30]),
        ("aes128gcm", PAGE),
    ],
)
def test_what_cannot_be_unpacked_names_the_address(coding: str, payload: bytes) -> None:
    with pytest.raises(ReadError, match=URL):
        read(payload, URL, content_encoding=coding)


def test_a_gzip_bomb_is_cut() -> None:
    got = read(gzip.compress(b"<p>" + b"a" * 60 * 2**20), URL, content_encoding="gzip")
    assert "only the first" in got.issues[0]


def test_members_of_a_gzip_stream_are_one_page() -> None:
    assert read(gzip.compress(PAGE[:90]) + gzip.compress(PAGE[90:]), URL).title == "会议讨论了工作安排"
    assert read(gzip.compress(PAGE, mtime=0) + b"stray", URL).issues[0] == "5 bytes after the gzip payload"
    assert read(gzip.compress(PAGE, mtime=0) + b"\0" * 9, URL).issues == ()


def test_a_stream_of_empty_members_ends() -> None:
    got = read(gzip.compress(b"") * 5000, URL, content_encoding="gzip")
    assert "after the gzip payload" in got.issues[0]


def test_brotli() -> None:
    assert read(brotli.compress(PAGE), URL, content_encoding="br").title == "会议讨论了工作安排"
    assert read(PAGE, URL, content_encoding="br").issues == ("declared br, is not",)
    with pytest.raises(ReadError, match=URL):
        read(brotli.compress(PAGE)[:-9], URL, content_encoding="br")


def test_codings_without_end() -> None:
    with pytest.raises(ReadError, match="more than 4 content codings"):
        read(gzip.compress(PAGE, mtime=0), URL, content_encoding=", ".join(["gzip"] * 1000))


def test_what_is_beyond_the_limits_is_said() -> None:
    text, notes = limits.limited("<p>x" * 150_000)
    assert (text.count("<"), notes) == (100_000, ("page: 150000 tags, only the first 100000 are read",))
    text, notes = limits.limited("x" * 2_000_001)
    assert (len(text), notes) == (2_000_000, ("page: 2000001 characters, only the first 2000000 are read",))


def test_a_tag_of_too_many_attributes_loses_them_and_a_long_value_does_not() -> None:
    image = f'<p><img alt="x" src="data:image/png;base64,{"A" * 50_000}">text</p>'
    assert limits.limited(image) == (image, ())
    text, notes = limits.limited(f"<p><div {'abc=d ' * 2000}>text</div>")
    assert (text, notes) == ("<p><div>text</div>", ("page: a tag of more than 1000 attributes is read without them",))
