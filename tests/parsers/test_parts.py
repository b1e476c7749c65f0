"""Further pages of an article: where its pager says they are, and the pages made one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.article import Article, Attachment, Block, Kind, Signature
from parsers.parts import MAX_PARTS, continuations, following, hinted, is_continuation, join

HOST = "http://news.example.cn"
PROSE = "全市各级各部门认真贯彻落实会议精神，把这项工作作为当前的重要任务，统筹安排、明确责任、加强督导。" * 3


def page(pager: str, more: str = "") -> str:
    return (
        f"<html><head><title>甲市发布新规_乙网</title></head><body><h1>甲市发布新规</h1>"
        f"<div id='c'><p>{PROSE}</p></div>"
        f"<div class='pager'>{pager}</div>{more}"
        "<a href='/a/9981.html'>上一篇</a><a href='/a/9983.html'>下一篇</a></body></html>"
    )


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f'<a href="{href}">{label}</a>' for href, label in pairs)


SHAPES = {
    "underscore": (
        "/a/9982.html",
        links(("9982_2.html", "2"), ("9982_3.html", "3"), ("9982_2.html", "下一页")),
        ["/a/9982_2.html", "/a/9982_3.html"],
    ),
    "dash": ("/a/c1001-30507.html", links(("/a/c1001-30507-2.html", "【2】")), ["/a/c1001-30507-2.html"]),
    "with p": ("/a/12345.shtml", links(("12345_p2.shtml", "第2页")), ["/a/12345_p2.shtml"]),
    "another ending": ("/a/9982.shtml", links(("9982_2.html", "下一页")), ["/a/9982_2.html"]),
    "only onward": ("/a/9982.html", links(("9982_2.html", "下一页>")), ["/a/9982_2.html"]),
    "traditional": ("/a/9982.html", links(("9982_2.html", "下一頁")), ["/a/9982_2.html"]),
    "gaps": (
        "/a/9982.html",
        "<b>1</b>" + links(("9982_2.html", "2"), ("9982_3.html", "3"), ("9982_6.html", "末页")),
        [f"/a/9982_{number}.html" for number in range(2, 7)],
    ),
    "TRS links": (
        "/xw/202601/t20260107_12345.html",
        links(("./t20260107_12345_1.html", "2"), ("./t20260107_12345_2.html", "3")),
        ["/xw/202601/t20260107_12345_1.html", "/xw/202601/t20260107_12345_2.html"],
    ),
    "TRS onward": (
        "/xw/t20260107_12345.htm",
        links(("./t20260107_12345_1.htm", "下一页")),
        ["/xw/t20260107_12345_1.htm"],
    ),
    "TRS call": (
        "/xw/t20260107_12345.html",
        '<script>createPageHTML(3, 0, "t20260107_12345", "html");</script>',
        ["/xw/t20260107_12345_1.html", "/xw/t20260107_12345_2.html"],
    ),
    "TRS variables": (
        "/xw/t20260107_12345.htm",
        "<script>var currentPage = 0;var countPage = 3\n"
        'document.write("<a href=\'t20260107_12345"+"_"+nextPage)</script>',
        ["/xw/t20260107_12345_1.htm", "/xw/t20260107_12345_2.htm"],
    ),
    "repeats page one": (
        "/a/9982.html",
        links(("9982_1.html", "1"), ("9982_2.html", "2")),
        ["/a/9982_2.html"],
    ),
    "numbered from 0": (
        "/a/11945678_0.shtml",
        links(("11945678_0.shtml", "1"), ("11945678_1.shtml", "2"), ("11945678_2.shtml", "3")),
        ["/a/11945678_1.shtml", "/a/11945678_2.shtml"],
    ),
    "numbered from 1": (
        "/a/11945678_1.html",
        links(("11945678_2.html", "2"), ("11945678_3.html", "下一页")),
        ["/a/11945678_2.html", "/a/11945678_3.html"],
    ),
    "query": (
        "/show.php?id=5&catid=7",
        links(("show.php?catid=7&amp;id=5&amp;page=2", "2"), ("?catid=7&amp;id=5&amp;page=3", "3")),
        ["/show.php?catid=7&id=5&page=2", "/show.php?catid=7&id=5&page=3"],
    ),
    "query on a name": ("/a/9982.html", links(("/a/9982.html?page=2", "2")), ["/a/9982.html?page=2"]),
    "WordPress": (
        "/archives/39941",
        links(("/archives/39941/2", "2"), ("/archives/39941/3", "3")),
        ["/archives/39941/2", "/archives/39941/3"],
    ),
    "below a name": ("/a/9982.html", links(("/a/9982/2.html", "2")), ["/a/9982/2.html"]),
    "index": ("/2026/0107/9982/", links(("index_2.shtml", "2")), ["/2026/0107/9982/index_2.shtml"]),
    "a select": (
        "/a/9982.html",
        "<select><option value='9982.html'>第1页</option><option value='9982_2.html'>第2页：新规</option></select>",
        ["/a/9982_2.html"],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_pager_is_followed_in_order(shape: str) -> None:
    path, pager, wanted = SHAPES[shape]
    assert continuations(page(pager), HOST + path) == tuple(HOST + item for item in wanted)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_found_is_a_continuation_of_the_first_page_and_of_no_other(shape: str) -> None:
    path, _, wanted = SHAPES[shape]
    assert all(is_continuation(HOST + item, HOST + path) for item in wanted)
    assert not is_continuation(HOST + path, HOST + path)
    assert not is_continuation(HOST + path, HOST + wanted[0])
    assert not is_continuation("http://elsewhere.example" + wanted[0], HOST + path)


NO_PAGERS = {
    "neighbours": ("/a/9982.html", links(("9981.html", "上一页"), ("9983.html", "下一页"))),
    "numbered columns": ("/art/2026/1/7/art_21482_4415480.html", links(("/art/2026/1/7/art_21482_4415481.html", "2"))),
    "another's pages": ("/a/9982.html", links(("9981_2.html", "2"), ("9981_3.html", "下一页"))),
    "a headline": ("/a/9982.html", links(("9982_2.html", "甲市发布新规（续）"))),
    "comments": ("/a/9982.html", f"<div class='comment-list'>{links(('/a/9982.html?page=2', '2'))}</div>"),
    "comment pages": ("/archives/39941", links(("/archives/39941/comment-page-2", "2"))),
    "the second missing": ("/a/9982.html", links(("9982_7.html", "7"))),
    "a later page": ("/a/9982_2.html", links(("9982.html", "1"), ("9982_3.html", "3"), ("9982_3.html", "下一页"))),
    "a later page of TRS": (
        "/x/t20260107_12345_1.html",
        links(("t20260107_12345.html", "1"), ("t20260107_12345_2.html", "3")),
    ),
    "a later page in the query": ("/show.php?id=5&page=2", links(("show.php?id=5&page=3", "3"))),
    "a list's call": ("/x/t20260107_12345.html", '<script>createPageHTML(20, 0, "index", "html");</script>'),
    "called on page 2": (
        "/x/t20260107_12345.html",
        '<script>createPageHTML(5, 1, "t20260107_12345", "html");</script>',
    ),
    "one page": ("/x/t20260107_12345.html", '<script>createPageHTML(1, 0, "t20260107_12345", "html");</script>'),
    "no address": ("", links(("_2.html", "2"))),
}


@pytest.mark.parametrize("case", NO_PAGERS)
def test_other_links_are_no_pager(case: str) -> None:
    path, markup = NO_PAGERS[case]
    assert continuations(page(markup), HOST + path if path else "") == ()


def test_a_further_page_tells_of_those_behind_it() -> None:
    first, second = f"{HOST}/a/9982.html", f"{HOST}/a/9982_2.html"
    onward = links(("9982.html", "上一页"), ("9982_3.html", "下一页"))
    assert following(page(onward), second, first) == (f"{HOST}/a/9982_3.html",)
    last = links(("9982.html", "1"), ("9982_3.html", "3"), ("9982_5.html", "末页"))
    assert following(page(last), second, first) == tuple(f"{HOST}/a/9982_{number}.html" for number in (3, 4, 5))
    assert following(page(links(("9982.html", "上一页"))), second, first) == ()
    assert following(page(onward), f"{HOST}/a/9981_2.html", first) == ()


def test_a_pager_without_end_is_cut() -> None:
    many = links(*((f"9982_{number}.html", str(number)) for number in range(2, 80)))
    assert len(continuations(page(many), f"{HOST}/a/9982.html")) == MAX_PARTS
    call = '<script>createPageHTML(999, 0, "t20260107_12345", "html");</script>'
    assert len(continuations(page(call), f"{HOST}/x/t20260107_12345.html")) == MAX_PARTS


def test_a_page_without_further_ones_gives_no_hint() -> None:
    assert not hinted(page("").encode(), f"{HOST}/a/9982.html")
    assert not hinted(page(links(("9982.html", "分享"), ("9982.html#top", "顶部"))).encode(), f"{HOST}/a/9982.html")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_pager_is_hinted_at_in_bytes(shape: str, charset: str) -> None:
    path, pager, _ = SHAPES[shape]
    assert hinted(page(pager).encode(charset), HOST + path)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("<>a href=\"'9982_/2.html?page页下一(),createPageHTML")) | st.text(),
    url=st.sampled_from([f"{HOST}/a/9982.html", f"{HOST}/a/", "http://[", "http://x:y/9982_1.html", "", "ftp://a/b"]),
)
def test_no_text_and_no_address_is_too_odd(text: str, url: str) -> None:
    found = continuations(text, url)
    assert len(found) <= MAX_PARTS
    assert all(is_continuation(item, url) for item in found)


def test_hostile_pages_end_soon() -> None:
    url = f"{HOST}/a/9982.html"
    assert continuations("9982" * 400_000, url) == ()
    assert continuations("createPageHTML(" * 100_000, url) == ()
    assert continuations("<a href=9982_2.html>" * 50_000, url) == ()


# One article of several pages.


def article(*texts: str, **fields: object) -> Article:
    blocks = tuple(Block(text=text) for text in texts)
    return Article.model_validate({"title": "甲市发布新规", "body": blocks, **fields})


def test_texts_follow_one_another() -> None:
    whole = join(article("第一页的话。"), [article("第二页的话。"), article("第三页的话。")])
    assert whole.text == "第一页的话。\n第二页的话。\n第三页的话。"
    assert whole.issues == ()


def test_what_every_page_repeats_stands_once() -> None:
    first = article("引题在此", "第一页的话。", "1 2 3 下一页 末页", "本文共3页", kicker="引题在此", subtitle="副题")
    second = article("引题在此", "甲市发布新规（2）", "副题", "第二页的话。", "免责的话", "上一页 1 2 3 下一页")
    third = article("甲市发布新规 第3页", "【接上页】", "第三页的话。", "免责的话", "[1] [2] [3]")
    assert join(first, [second, third]).text == "引题在此\n第一页的话。\n第二页的话。\n第三页的话。\n免责的话"


def test_a_sentence_that_comes_again_is_kept() -> None:
    whole = join(article("一。", "同样的话。", "二。"), [article("三。", "同样的话。", "四。")])
    assert whole.text.count("同样的话。") == 2


def test_attachments_images_numbers_and_names_are_united() -> None:
    pdf, doc = Attachment(href=f"{HOST}/1.pdf", name="甲"), Attachment(href=f"{HOST}/2.doc", name="乙")
    picture = Block(kind="image", src=f"{HOST}/1.jpg")
    other = Block(kind="image", src=f"{HOST}/2.jpg")
    first = Article(
        title="甲",
        body=(picture, Block(text="一。")),
        attachments=(pdf,),
        document_numbers=("甲发〔2026〕1号",),
    )
    second = Article(
        title="甲",
        body=(picture, Block(text="二。"), other),
        attachments=(pdf, doc),
        document_numbers=("甲发〔2026〕2号", "甲发〔2026〕1号"),
        authors=("甲某",),
        source="甲报",
        signature=Signature(agencies=("甲市人民政府",)),
        fidelity=0.9,
    )
    whole = join(first, [second])
    assert whole.attachments == (pdf, doc)
    assert whole.images == (f"{HOST}/1.jpg", f"{HOST}/2.jpg")
    assert whole.document_numbers == ("甲发〔2026〕1号", "甲发〔2026〕2号")
    assert (whole.authors, whole.source, whole.fidelity) == (("甲某",), "甲报", 0.9)
    assert whole.signature == second.signature


def test_missing_pages_are_named_and_the_rest_is_kept() -> None:
    blocked = Article(kind=Kind.BLOCKED, body=(Block(text="请验证"),))
    whole = join(article("一。"), [article("二。"), None, blocked, article("五。")])
    assert whole.text == "一。\n二。\n五。"
    assert whole.issues == ("parts: page 3 of 5 is not there", "parts: page 4 of 5 is not there")


def test_a_site_that_answers_every_page_with_the_first_changes_nothing() -> None:
    first = article("一。", "二。")
    whole = join(first, [first, first])
    assert whole.digest == first.digest
    assert "says what an earlier one says" in whole.issues[0]


def test_joining_is_repeatable() -> None:
    first, parts = article("一。"), [article("二。"), None]
    assert join(first, parts) == join(first, parts)
    assert join(first, []) == first
