"""Platforms told by their marks, and what their readers find on pages without a site's file."""

import json
from pathlib import Path

import pytest

from parsers import platforms
from parsers.charset import decode
from parsers.document import Document, document
from parsers.platforms import detect, evidence

GOLDEN = Path(__file__).parent / "golden"
URL = "http://www.example.cn/news/1.html"
PROSE = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" for n in range(4))
TOLD = {
    "baidu": "BaiduIds",
    "chinamcloud": "Chinamcloud",
    "dedecms": "DedeCms",
    "founder": "FounderPaper",
    "hanweb": "HanwebJcms",
    "iqilu": "Iqilu",
    "phpcms": "Phpcms",
    "siteserver": "SiteServer",
    "trs": "TrsWcm",
    "ucap": "Ucap",
    "vsb": "BodaVsb",
    "webplus": "SudyWebplus",
    "wechat": "WeChat",
    "wordpress": "WordPress",
}
MARKED = [path.parent for path in sorted(GOLDEN.glob("*/*/page.html")) if path.parent.parent.name in TOLD]
# Nothing on these pages but the names in use everywhere, or in comments, tells who made them.
UNMARKED = {"news-with-metas"}


def of(folder: Path) -> Document:
    url = json.loads((folder / "about.json").read_text(encoding="utf-8"))["url"]
    return document(decode((folder / "page.html").read_bytes()).text, url)


@pytest.mark.parametrize("folder", MARKED, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_each_platform_is_told_by_its_marks(folder: Path) -> None:
    found = detect(of(folder))
    assert (found and found.__name__) == (None if folder.name in UNMARKED else TOLD[folder.parent.name])


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("shape/*")), ids=lambda folder: folder.name)
def test_no_platform_is_told_where_none_is_marked(folder: Path) -> None:
    assert detect(of(folder)) is None


@pytest.mark.parametrize("folder", MARKED, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_evidence_is_the_body_and_raises_no_issue(folder: Path) -> None:
    doc = of(folder)
    told = evidence(doc)
    assert (told.issues, told.absent) == ((), frozenset())
    if told.region is not None:
        wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["body"]
        text = "".join("".join(told.region.value.itertext()).split())
        assert all("".join(line.split()) in text for line in wanted)
        assert 0.8 <= told.region.confidence < 0.95


@pytest.mark.parametrize(
    "inside",
    ["<p>正文见附件。</p>", "".join(f"<p><a href='/{n}'>第{n}条新闻的标题写得很长很长很长</a></p>" for n in range(9))],
)
def test_a_body_without_text_worth_the_name_is_no_evidence(inside: str) -> None:
    told = evidence(document(f'<div id="vsb_content">{inside}</div><div>{PROSE}</div>', URL))
    assert (told.region, told.drop) == (None, ())


def test_two_bodies_are_none() -> None:
    beside = f'<div class="TRS_Editor">{PROSE}</div>' * 2
    assert evidence(document(beside, URL)).region is None
    nested = f'<div class="TRS_Editor"><div class="TRS_Editor">{PROSE}</div></div>'
    region = evidence(document(nested, URL)).region
    assert region is not None
    assert region.value.getparent().tag == "body"


def test_a_page_of_no_platform_has_no_evidence() -> None:
    told = evidence(document(f"<h1>会议讨论了工作安排</h1><div>{PROSE}</div>", URL))
    assert (told.title, told.region, told.published) == (None, None, None)


def test_every_reader_is_exact_in_css() -> None:
    for platform in platforms.KNOWN:
        assert platform.specs()
        assert platform.__doc__
        assert platform.marks != platforms.Marks()
