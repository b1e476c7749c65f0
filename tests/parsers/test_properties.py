"""What must not matter does not: the same article under any mark-up, in any encoding, cut anywhere.

Pages are made here, of our own sentences, in the layouts that Chinese sites use.
"""

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.article import Article, Kind
from domain.errors import ReadError
from parsers import read

URL = "http://www.example.gov.cn/art/content_4415480.html"
TIMES = settings(
    max_examples=25, deadline=timedelta(seconds=20), derandomize=True, suppress_health_check=list(HealthCheck)
)

TITLES = (
    "全市重点项目建设推进会议召开",
    "关于做好冬季供暖保障工作的通知",
    "我市启动老旧小区改造三年行动",
    "秋粮收购进度过半 农户交售踊跃",
)
SENTENCES = (
    "会议听取了各区县重点项目进展情况的汇报，研究部署下一阶段的工作任务。",
    "供热企业要提前检修管网，备足燃料，确保按时达标供暖，让群众温暖过冬。",
    "截至目前，已有一百二十个小区完成外墙保温和管线更新，惠及居民两万余户。",
    "收购站点全部开通了预约服务，售粮农户不用排队，随到随收，当天结清货款。",
    "有关部门将加强监督检查，对推进不力的单位进行通报，并限期整改到位。",
    "技术人员走进田间地头，手把手讲解越冬管理要点，解答种植户提出的问题。",
    "新建的公园配套了健身步道和儿童活动区，周边居民早晚都来这里散步锻炼。",
    "活动现场设置了咨询台，工作人员向过往市民发放宣传手册三千多份。",
)
SOURCES = ("市政府办公室", "淄水日报", "县融媒体中心")
DATES = ("2019-01-07 15:43", "2021年3月9日 08:05", "2023-11-30 10:00:21")


@dataclass(frozen=True)
class Content:
    title: str
    date: str
    source: str
    paragraphs: tuple[str, ...]


@st.composite
def contents(draw: st.DrawFn) -> Content:
    lines = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=3, unique=True).map("".join)
    return Content(
        draw(st.sampled_from(TITLES)),
        draw(st.sampled_from(DATES)),
        draw(st.sampled_from(SOURCES)),
        tuple(draw(st.lists(lines, min_size=3, max_size=6, unique=True))),
    )


def _head(page: Content) -> str:
    return f"<!DOCTYPE html><html><head><title>{page.title}-示例网</title></head><body>"


def _paragraphs(page: Content) -> str:
    return "".join(f"<p>{text}</p>" for text in page.paragraphs)


def _divs(page: Content) -> str:
    return (
        f'{_head(page)}<div class="nav"><a href="/">首页</a><a href="/xw/">新闻</a></div><div class="main">'
        f'<h1 class="title">{page.title}</h1><div class="info"><span>{page.date}</span>'
        f'<span>来源：{page.source}</span></div><div class="content">{_paragraphs(page)}</div></div>'
        f'<div class="footer"><p>版权所有 示例网</p></div></body></html>'
    )


def _tables(page: Content) -> str:
    return (
        f'{_head(page)}<table width="100%"><tr><td><a href="/">首页</a></td></tr></table><table class="article">'
        f'<tr><td class="bt">{page.title}</td></tr><tr><td>发布时间：{page.date} 来源：{page.source}</td></tr>'
        f'<tr><td class="zw">{_paragraphs(page)}</td></tr></table></body></html>'
    )


def _nested(page: Content) -> str:
    return (
        f'{_head(page)}<div><div><div><article><header><h2 class="title">{page.title}</h2>'
        f"<p>来源：{page.source} 时间：{page.date}</p></header><div><div>{_paragraphs(page)}</div></div></article>"
        "</div></div></div></body></html>"
    )


def _breaks(page: Content) -> str:
    body = "<br><br>".join(f"\u3000\u3000{text}" for text in page.paragraphs)
    return (
        f'{_head(page)}<h1>{page.title}</h1><div class="date">{page.date} 来源：{page.source}</div>'
        f'<div id="zoom">{body}</div></body></html>'
    )


LAYOUTS: dict[str, Callable[[Content], str]] = {
    "div": _divs,
    "table": _tables,
    "nested": _nested,
    "breaks": _breaks,
}
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def _read(page: str, encoding: str = "utf-8", content_type: str = "text/html; charset=utf-8") -> Article:
    return read(page.encode(encoding), URL, content_type)


def _same(changed: str, page: str) -> None:
    """The two read alike; says what differs, not only that the digests do."""
    assert _read(changed).meaning() == _read(page).meaning()


# --- the ways in which the same page is written


def _attributes(page: str) -> str:
    """Each tag with more attributes, its own last."""
    return re.sub(r"<(div|p|td|span|h1|h2)\b([^>]*)>", r'<\1 data-v="7f3a" tabindex="0"\2>', page)


def _uppercase(page: str) -> str:
    return re.sub(r"</?([a-z][a-z0-9]*)", lambda tag: tag[0].upper(), page)


def _wrapped(page: str) -> str:
    return page.replace("<body>", "<body><div><div>").replace("</body>", "</div></div></body>")


def _spans(page: str) -> str:
    return re.sub(r"<p>([^<]+)</p>", r'<p><span style="font-size:16px">\1</span></p>', page)


def _comments(page: str) -> str:
    return page.replace("<p>", "<!-- 2001-01-01 来源：注释 --><p>").replace("</div>", "<!--/div--></div>")


def _scripts(page: str) -> str:
    return page.replace(
        "</head>", "<script>var t='2001-01-01 来源：脚本';document.write('<p>x</p>')</script></head>"
    ).replace("</body>", "<script>var hits = 4415;</script></body>")


def _styles(page: str) -> str:
    return page.replace("</head>", "<style>p{color:red}</style></head>").replace("<p>", "<p><style>.a{b:c}</style>", 1)


def _indented(page: str) -> str:
    return re.sub(r"(</?(?:div|p|table|tr|td|h1|h2|article|header|body)\b[^>]*>)", "\n    \\1\n\t", page)


def _windows(page: str) -> str:
    return _indented(page).replace("\n", "\r\n")


def _hidden(page: str) -> str:
    return page.replace("<p>", '<div style="display:none">打开客户端</div><p>', 1)


def _self_closing(page: str) -> str:
    return page.replace("<br>", "<br/>").replace("</div>", "<br /></div>")


def _unclosed(page: str) -> str:
    return page.replace("</p>", "").replace("</body></html>", "")


def _quotes(page: str) -> str:
    return re.sub(r'="([a-z]+)"', r"=\1", page)


def _bidi(page: str) -> str:
    return page.replace("会", "\u200e会\u200f").replace("，", "，\u200b")


def _references(page: str) -> str:
    return re.sub("[会议要]", lambda char: f"&#{ord(char[0])};" if ord(char[0]) % 2 else f"&#x{ord(char[0]):X};", page)


def _padding(page: str) -> str:
    return page.replace("<p>", "<p>\u3000\u3000&nbsp;").replace("</p>", "&nbsp;\u3000</p>")


WAYS = (
    _attributes,
    _uppercase,
    _wrapped,
    _spans,
    _comments,
    _scripts,
    _styles,
    _indented,
    _windows,
    _hidden,
    _self_closing,
    _unclosed,
    _quotes,
    _bidi,
    _references,
    _padding,
)


@layouts
@given(page=contents())
@TIMES
def test_the_pages_made_here_are_read(layout: Callable[[Content], str], page: Content) -> None:
    found = _read(layout(page))
    assert (found.kind, found.title, found.source) == (Kind.ARTICLE, page.title, page.source)
    assert found.published_at is not None
    assert found.text.splitlines() == list(page.paragraphs)


@layouts
@pytest.mark.parametrize("way", WAYS)
@given(page=contents())
@settings(TIMES, max_examples=6)
def test_how_a_page_is_written_does_not_matter(
    way: Callable[[str], str], layout: Callable[[Content], str], page: Content
) -> None:
    _same(way(layout(page)), layout(page))


@layouts
@given(
    page=contents(), ways=st.lists(st.sampled_from((_attributes, _wrapped, _comments, _scripts, _indented)), min_size=2)
)
@TIMES
def test_nor_do_several_ways_at_once(
    layout: Callable[[Content], str], page: Content, ways: list[Callable[[str], str]]
) -> None:
    changed = layout(page)
    for way in dict.fromkeys(ways):
        changed = way(changed)
    _same(changed, layout(page))


@pytest.mark.parametrize(
    "counter",
    ["浏览次数：{}", "阅读 {}", "点击率：<span id=hits>{}</span>", "已有{}人浏览", "<i>{}</i>次阅读", "访问量:{}次"],
)
@layouts
@given(page=contents(), numbers=st.tuples(st.integers(0, 99), st.integers(1000, 10**7)))
@settings(TIMES, max_examples=4)
def test_a_counter_moves_nothing(
    layout: Callable[[Content], str], counter: str, page: Content, numbers: tuple[int, int]
) -> None:
    one, other = (
        layout(page).replace(f"来源：{page.source}", f"来源：{page.source} {counter.format(number)}")
        for number in numbers
    )
    _same(one, other)


# --- encodings

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16")


@layouts
@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312"])
@given(page=contents(), encoding=st.sampled_from(ENCODINGS))
@settings(TIMES, max_examples=10)
def test_the_same_page_in_another_encoding(
    layout: Callable[[Content], str], declared: str | None, page: Content, encoding: str
) -> None:
    header = f"text/html; charset={declared}" if declared else "text/html"
    assert _read(layout(page), encoding, header).digest == _read(layout(page)).digest


# --- cut short

PACKERS: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.compress,
    "br": brotli.compress,
}


@layouts
@pytest.mark.parametrize("coding", PACKERS)
@given(page=contents(), place=st.floats(0, 1))
@settings(TIMES, max_examples=15)
def test_cut_anywhere_a_page_is_an_article_or_a_read_error(
    layout: Callable[[Content], str], coding: str | None, page: Content, place: float
) -> None:
    packed = PACKERS[coding](layout(page).encode())
    cut = packed[: int(place * (len(packed) - 1))]
    found = _outcome(cut, "text/html; charset=utf-8", coding)
    if isinstance(found, ReadError):
        assert (coding is not None, URL in str(found)) == (True, True)
        return
    assert coding is None or len(cut) < 2 or found.issues
    assert ("\ufffd" in found.model_dump_json()) <= any("replacement characters" in note for note in found.issues)


def _outcome(payload: bytes, header: str, coding: str | None = None) -> Article | ReadError:
    try:
        return read(payload, URL, header, content_encoding=coding)
    except ReadError as error:
        return error


@given(noise=st.binary(max_size=300), page=contents(), place=st.floats(0, 1))
@TIMES
def test_noise_anywhere_is_no_exception(noise: bytes, page: Content, place: float) -> None:
    whole = _divs(page).encode()
    cut = int(place * len(whole))
    assert read(whole[:cut] + noise + whole[cut:], URL, "text/html").digest.startswith("sha256:")


@given(
    payload=st.binary(max_size=400), header=st.sampled_from(("text/html", "text/html; charset=gbk", "", "image/png"))
)
@settings(TIMES, max_examples=150)
def test_any_bytes_at_all(payload: bytes, header: str) -> None:
    found = _outcome(payload, header)
    assert URL in str(found) if isinstance(found, ReadError) else found.digest.startswith("sha256:")
