"""Whatever text a page, a person or a site brings, a message stays ours: in every form."""

import unicodedata
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from message_stories import STORIES, daily, diverged, edited, moved, removed

from alerts.messages import Dialect, Language, Rendered, render
from alerts.messages.safe import clean, flat, web_address, width

NASTY = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='position:fixed",
    "{{ 7*7 }}{% for x in y %}",
    "[点此领奖](http://evil.example/)",
    "![](http://evil.example/p.gif)",
    '<at id=all></at><at user_id="all">所有人</at><@all> @all @所有人 <!channel>',
    "**粗** _斜_ ~~删~~ `码` # 题\n# 标题\n- 项\n> 引\n1. 一\n---\n| 表 |",
    "\r\nBcc: victim@example.com\r\n\r\n正文",
    "\u202e倒序\u202c\u2066\u200b\u200f\ufeff\u00ad",
    "甲\u0301\u0301\u0301\u0301\u0301\u0301",
    "www.evil.example evil.example/x mailto:a@evil.example javascript:alert(1) https://evil.example/?a=b",
    "&lt;b&gt; &#x3c;b&#x3e; &amp;",
    "\\[x\\](y) \\",
    "\x00\x1b[31m\x7f\ud800\uffff",
    "标题" * 5_000,
    "】【→…",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=60), st.text(alphabet="<>&\"'[]()*_~`#@|\\{}%!/.:\n\u202e甲a", max_size=40)
)
DIALECTS: tuple[Dialect, ...] = ("commonmark", "dingtalk", "wecom", "feishu")
# Values of a payload that are not anybody's text: what it is, when, and our own addresses.
OURS = {"type", "at", "since", "rhythm", "link", "evidence_link", "id", "published_at", "severity", "classes", "state"}


def filled(value: Any, text: str, name: str = "") -> Any:
    """The payload with `text` in the place of every text that is not ours."""
    if name in OURS or value is None or isinstance(value, (bool, int)):
        return value
    if name == "pieces":
        return [[op, f"甲{text}甲"] for op, _ in value]
    if isinstance(value, dict):
        return {key: filled(item, text, key) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, text, name) for item in value]
    if name == "url":
        return f"http://a.example.cn/甲{text[:100]}"
    return f"甲{text}" if value else value


class Structure(HTMLParser):
    """Elements with their attributes, as a mail client sees them; the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...], str | None]] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.elements.append((tag, tuple(name for name, _ in attrs), said.get("class")))
        self.links += [said[name] or "" for name in ("href", "src") if name in said]

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", (), None))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def addresses(payload: Any) -> set[str]:
    """Every address in a payload, as a message writes it."""
    if isinstance(payload, dict):
        return {one for value in payload.values() for one in addresses(value)}
    if isinstance(payload, list):
        return {one for value in payload for one in addresses(value)}
    return {web_address(payload)} - {""}


def check(message: Rendered, harmless: Rendered, known: set[str]) -> None:
    assert message.html
    assert message.markdown
    seen, plain = Structure(message.html), Structure(harmless.html or "")
    assert seen.elements == plain.elements
    assert set(seen.links) <= known
    assert not seen.others
    for text in (message.subject, message.text, message.markdown, "".join(seen.said)):
        assert not [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign != "\n"]
    assert "\n" not in message.subject
    assert width(message.subject) <= 78
    assert "@" not in bare(message.text + message.markdown + message.subject, known)
    assert "://" not in bare(message.text + message.markdown + "".join(seen.said), known)
    assert "evil.example" not in bare(message.subject + message.text + message.markdown + "".join(seen.said), known)
    assert message.markdown.count("](") == (harmless.markdown or "").count("](")


def bare(text: str, known: set[str]) -> str:
    """A form without our own addresses, shown whole or by how they begin."""
    for one in sorted({*known, *(f"{one[:159]}…" for one in known)}, key=len, reverse=True):
        text = text.replace(one, "")
    return text


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.sampled_from(sorted(STORIES)), st.sampled_from(("zh", "en", "both")), st.sampled_from(DIALECTS))
def test_no_text_becomes_mark_up(text: str, story: str, language: Language, dialect: Dialect) -> None:
    made = STORIES[story]()
    said, harmless = filled(made, text), filled(made, "乙")
    message = render(said, language, dialect)
    check(message, render(harmless, language, dialect), addresses(said))
    for link in {said.get("link"), *(one["link"] for one in said.get("changes", ()))} - {None}:
        assert link in message.text


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("story", [edited, removed, moved, diverged, daily])
def test_as_commonmark_nothing_but_our_links_and_emphasis(text: str, story: Any) -> None:
    said = filled(story(), text)
    known = addresses(said)
    tokens = [
        one for token in MarkdownIt().parse(render(said).markdown or "") for one in (token, *(token.children or ()))
    ]
    kinds = {one.type for one in tokens}
    assert kinds <= {
        *("paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"),
        *("blockquote_open", "blockquote_close", "strong_open", "strong_close", "link_open", "link_close"),
        *("s_open", "s_close"),
    }
    led = {unquote(str(one.attrs["href"])) for one in tokens if one.type == "link_open"}
    assert led <= {unquote(one) for one in known}


@given(TEXTS)
def test_clean_text_is_one_line_of_signs_that_are_seen(text: str) -> None:
    said = clean(text)
    assert said == clean(said)
    assert said.isprintable()
    assert said == " ".join(said.split())
    assert not set(flat(said)) & set("@<>*_`[]\\~|#")


def test_what_harms_nobody_stays_as_it_is() -> None:
    for text in (
        "增长3.5%，达2000亿元（见附件1.2）",
        "GDP: A/B 2026-11-21 10:30",
        "云政办发〔2023〕7号",
        "附件：名单.xlsx",
    ):
        assert clean(text) == text
        assert flat(text) == text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.cn/",
        "//a.cn/",
        "http://",
        "",
        None,
        "http://[x/",
        f"http://a.cn/{'x' * 2_000}",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    assert web_address(url) == ""
    message = render(edited() | {"link": url, "evidence_link": url, "url": url})
    assert Structure(message.html or "").links


def test_an_address_cannot_end_its_mark_up() -> None:
    said = web_address('http://a.example.cn/x y"><b>)](z)\n中文')
    assert said == "http://a.example.cn/x%20y%22%3E%3Cb%3E%29%5D%28z%29%0A%E4%B8%AD%E6%96%87"


def test_a_missing_name_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        render({"title": "无类型"})
