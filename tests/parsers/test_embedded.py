"""Articles in a page's scripts: linked data, states of frameworks, variables; and scripts that mean no good."""

import html
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.article import Precision
from parsers.document import document
from parsers.embedded import Embedded, Script, find, literals
from parsers.embedded.texts import MAX_BODY
from parsers.fold import folded

URL = "http://news.example.cn/a/1.html"
TITLE = "甲市开建一座跨江新桥"
HEAD = f"{TITLE}_乙网"
FIRST = "记者今天从甲市交通部门了解到，跨江新桥已经开工，全长三千二百米，双向六车道，预计三年内建成通车。"
SECOND = "建成以后，两岸往来的时间将由一个小时缩短到十分钟，沿线十二个乡镇的群众都将受益。"
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
AT = datetime(2026, 5, 2, 1, 30, tzinfo=UTC)


def run(*texts: str, head: str = HEAD) -> Embedded | None:
    return find([Script("", "", text) for text in texts], URL, head)


def page(*scripts: str, head: str = HEAD) -> Embedded | None:
    markup = f"<html><head><title>{head}</title></head><body><div id='app'></div>{''.join(scripts)}</body></html>"
    return document(markup, URL).embedded


def script(text: str, attributes: str = "") -> str:
    return f"<script {attributes}>{text}</script>"


def dumped(value: object) -> str:
    """As servers write JSON into a page: no tag can end the script."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("/", "\\/")


ARTICLE = {"title": TITLE, "content": BODY, "publishTime": "2026-05-02 09:30:00", "source": "乙报"}
LINKED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "alternativeHeadline": "两岸十分钟可达",
    "datePublished": "2026-05-02T09:30:00+08:00",
    "dateModified": "2026-05-02T10:00:00+08:00",
    "author": [{"@type": "Person", "name": "甲某"}, {"@type": "Person", "name": "乙某"}],
    "publisher": {"@type": "Organization", "name": "乙网", "logo": {"url": "http://x.example/l.png"}},
    "image": ["http://news.example.cn/1.jpg"],
    "articleBody": f"{FIRST}\n{SECOND}",
}
BASE_DATA = (
    "var BASE_DATA = {\n userInfo: {id: 0, userName: ''}, // who reads\n articleInfo: {\n"
    f"  title: '&quot;{TITLE}&quot;'.slice(6, -6),\n"
    "  content: '&quot;"
    + html.escape(BODY).replace("&lt;", "\\u003C").replace("&gt;", "\\u003E")
    + "&quot;'.slice(6, -6),\n"
    "  groupId: '1', itemId: '2', abstract: '',\n"
    "  subInfo: { isOriginal: false, source: '乙报', time: '2026-05-02 09:30:00' },\n"
    '  tagInfo: { tags: [{"name":"桥"}], }\n },\n commentInfo: { comments_count: 3 || 0 }\n};'
)
SECTIONS = [
    {"type": "text", "data": FIRST},
    {"type": "img", "url": "http://news.example.cn/1.jpg"},
    {"type": "text", "data": SECOND},
]
DEVALUED = [
    {"data": 1},
    {"detail": 2},
    {"title": 3, "content": 4, "publishTime": 5, "source": 6},
    TITLE,
    BODY,
    1777685400,
    "乙报",
]

POST = {
    "title": {"rendered": TITLE},
    "content": {"rendered": BODY},
    "date": "2026-05-02T09:30:00",
    "source": "乙报",
}

SHAPES: dict[str, list[str]] = {
    "JSON-LD": [script(dumped(LINKED), 'type="application/ld+json"')],
    "JSON-LD in a graph": [script(dumped({"@graph": [{"@type": "WebSite"}, LINKED]}), 'type="application/ld+json"')],
    "JSON-LD in a list": [script(dumped([{"@type": "BreadcrumbList"}, LINKED]), 'type="application/ld+json"')],
    "__NEXT_DATA__": [
        script(
            dumped(
                {
                    "props": {
                        "pageProps": {"detail": {**ARTICLE, "name": "x"}, "recommends": [ARTICLE | {"title": "别的"}]}
                    }
                }
            ),
            'id="__NEXT_DATA__" type="application/json"',
        )
    ],
    "__NUXT__ of 2": [
        script(
            'window.__NUXT__=(function(a,b,c){return {layout:"default",data:[{detail:{title:a,'
            "content:b,"
            'publishTime:c,source:"乙报",hits:void 0}}],state:{}}}'
            f"({dumped(TITLE)},{dumped(BODY)},1777685400000));"
        )
    ],
    "__NUXT_DATA__ of 3": [script(dumped(DEVALUED), 'type="application/json" id="__NUXT_DATA__"')],
    "__INITIAL_STATE__": [
        script(f"window.__INITIAL_STATE__={dumped({'article': {'info': ARTICLE}})};(function(){{}}())")
    ],
    "JSON.parse": [script(f"window.__INITIAL_DATA__ = JSON.parse({json.dumps(dumped(ARTICLE))})")],
    "JSON.parse, encoded": [script(f'window.DATA = JSON.parse(decodeURIComponent("{quote(dumped(ARTICLE))}"));')],
    "app router": [
        script("self.__next_f=self.__next_f||[]"),
        script(f"self.__next_f.push([1,{dumped('5:' + dumped(['$', 'div', None, {'article': ARTICLE}]))}])"),
    ],
    "a literal": [
        script(
            f"var articleData = {{title: '{TITLE}', 'content': '{BODY}', publishTime: \"2026-05-02 09:30\", "
            "source: '乙报', tags: [1,2,], show: function(a){ return {b: ')'} }, on: !0 /* on */,};"
        )
    ],
    "escaped mark-up": [script(BASE_DATA)],
    "mark-up as entities": [script(f"var ArticleInfo = {dumped(ARTICLE | {'content': html.escape(BODY)})}")],
    "a list of pieces": [
        script(f"window.jsonData = {dumped({'data': ARTICLE | {'content': {'contentList': SECTIONS}}})};")
    ],
    "sections": [
        script(f"var page = {dumped({'itemdata': {**ARTICLE, 'content': '', 'sections': [{'content': SECTIONS}]}})}")
    ],
    "plain text": [script(f"var contentData = {dumped(ARTICLE | {'content': FIRST + chr(10) + SECOND})}")],
    "JSON in a string": [script(f"var store = {dumped(ARTICLE | {'content': json.dumps(SECTIONS)})}")],
    "REST of WordPress": [script(f"var post = {dumped(POST)}")],
    "a decoder": [
        script(
            f"window.cgiDataNew = {{ nick_name: JsDecode('乙报'), title: JsDecode('{TITLE}'),"
            " create_time: JsDecode('2026-05-02 09:30'), content_noencode: "
            "JsDecode('" + BODY.replace("<", "\\x3c").replace(">", "\\x3e") + "'), }"
        )
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_article_is_found_in_its_script(shape: str) -> None:
    found = page(*SHAPES[shape])
    assert found is not None
    assert found.title == TITLE
    for said in (FIRST, SECOND):
        assert said in found.body_html
    assert "<p>" in found.body_html
    assert "&lt;p" not in found.body_html
    assert found.published is not None
    assert found.published.at == AT
    assert "乙" in f"{found.source}{found.publisher}"
    assert found.confidence >= 0.7
    assert found.where
    assert found.issues == ()


def test_linked_data_gives_its_fields() -> None:
    found = page(*SHAPES["JSON-LD"])
    assert found is not None
    assert found.subtitle == "两岸十分钟可达"
    assert found.authors == ("甲某", "乙某")
    assert found.publisher == "乙网"
    assert found.images == ("http://news.example.cn/1.jpg",)
    assert found.updated is not None
    assert found.updated.at == datetime(2026, 5, 2, 2, 0, tzinfo=UTC)
    assert found.where == "ld+json articleBody"


def test_the_way_to_the_body_is_named() -> None:
    found = page(*SHAPES["__NEXT_DATA__"])
    assert found is not None
    assert found.where == "__NEXT_DATA__ props.pageProps.detail.content"


def test_images_among_the_pieces_stay_in_their_place() -> None:
    found = page(*SHAPES["a list of pieces"])
    assert found is not None
    assert found.body_html.index(FIRST) < found.body_html.index("<img") < found.body_html.index(SECOND)


BROKEN = {
    "a comma too many": lambda text: text.replace("}", ",}"),
    "a line break in a string": lambda text: text.replace("\\n", "\n"),
    "a tab and a bell in a string": lambda text: text.replace("甲市", "甲\t\x07市", 1),
    "a quote in a string": lambda text: text.replace("跨江新桥已经", '"跨江新桥"已经'),
    "a comment": lambda text: "/* head */\n" + text,
    "a CDATA": lambda text: "//<![CDATA[\n" + text + "\n//]]>",
    "a semicolon": lambda text: text + ";",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_linked_data_is_mended(fault: str) -> None:
    found = run_linked(BROKEN[fault](json.dumps(LINKED, ensure_ascii=False)))
    assert found is not None
    assert "全长三千二百米" in found.body_html
    assert SECOND in found.body_html
    assert found.published is not None


def run_linked(text: str, head: str = HEAD) -> Embedded | None:
    return find([Script("application/ld+json", "", text)], URL, head)


def test_a_script_that_is_cut_off_says_so_and_gives_what_it_has() -> None:
    text = json.dumps(LINKED, ensure_ascii=False)
    found = run_linked(text[: text.index("沿线")])
    assert found is not None
    assert found.issues == ("embedded: ld+json ends before its end",)
    assert FIRST in found.body_html
    assert found.confidence < run_linked(text).confidence  # type: ignore[union-attr]


def test_fields_alone_come_from_linked_data_and_from_variables() -> None:
    text = json.dumps({"@context": "x", "title": TITLE, "pubDate": "2026-05-02T09:30:00"}, ensure_ascii=False)
    found = run_linked(text)
    assert found is not None
    assert (found.title, found.body_html, found.published and found.published.at) == (TITLE, "", AT)
    wechat = f"var nickname = '乙报';\nvar ct = \"1777685400\";\nvar msg_title = '{TITLE}'.html(false);// {FIRST}"
    found = run(wechat, head="")
    assert found is None  # nothing confirms that it is this page's title
    found = run(wechat)
    assert found is not None
    assert (found.title, found.publisher, found.published and found.published.at) == (TITLE, "乙报", AT)


def test_the_page_s_own_article_is_taken_among_others() -> None:
    others = [{"title": f"别的文章第{number}篇", "content": BODY * 3, "time": "2025-01-01"} for number in range(5)]
    found = run(f"var state = {dumped({'list': others, 'main': ARTICLE})}")
    assert found is not None
    assert found.title == TITLE


def test_comments_and_recommended_articles_are_not_looked_at() -> None:
    state = {
        "commentList": [ARTICLE],
        "recommend": {"item": ARTICLE},
        "hotNews": [ARTICLE],
        "relatedArticles": [ARTICLE],
    }
    assert run(f"var state = {dumped(state)}") is None


def test_publication_counts_before_creation_and_a_count_is_no_time() -> None:
    found = run(f"var a = {dumped(ARTICLE | {'createTime': '2026-05-01', 'time': 45, 'ctime': 1})}")
    assert found is not None
    assert found.published is not None
    assert found.published.at == AT
    assert found.published.precision is Precision.SECOND
    none = run(f"var a = {dumped({'title': TITLE, 'content': BODY, 'time': 45, 'date': True, 'ctime': '刚刚'})}")
    assert none is not None
    assert none.published is None


NOTHING = {
    "nothing": "",
    "short texts": f"var a = {dumped({'title': TITLE, 'content': '短短的一句话'})}",
    "code": "function a(b){ if (b) { return '甲乙丙丁' } }" * 40,
    "words without a place": f"// {FIRST * 3}",
    "settings": f"var config = {dumped({'agreement': {'title': '用户协议', 'content': BODY}})}",
}


@pytest.mark.parametrize("case", NOTHING)
def test_where_there_is_no_article_none_is_found(case: str) -> None:
    assert run(NOTHING[case]) is None


def test_pages_turned_into_traditional_with_readings_are_turned_back() -> None:
    turned = "跨江(jiāng)新橋(qiáo)" * 10
    text = script(dumped(LINKED | {"articleBody": FIRST + turned}), 'type="application/ld+json"')
    markup = f"<html><head><title>{HEAD}</title></head><body><p>{turned}</p>{text}</body></html>"
    found = document(markup, URL).embedded
    assert found is not None
    assert "跨江新桥" * 10 in found.body_html
    bare = Embedded(title="新橋", source="報", authors=("張某",), body_html="<p>新橋</p>").folded(folded)
    assert (bare.title, bare.source, bare.authors, bare.body_html) == ("新桥", "报", ("张某",), "<p>新桥</p>")


# The literals themselves.

LITERALS = {
    "{a: 1, 'b': [2, 3.5, -4,], \"c\": true, d: null, e: undefined, f: .5}": {
        "a": 1,
        "b": [2, 3.5, -4],
        "c": True,
        "d": None,
        "e": None,
        "f": None,
    },
    "{a: 'x' + \"y\" + `z`, b: '\\u4e2d\\x41\\u{1F600}\\n\\/\\''}": {"a": "xyz", "b": "中A😀\n/'"},
    "{a: f(1, {b: ')'}) || 2, c: x ? 'y' : 'z', d: 3}": {"a": None, "c": literals.Name("x"), "d": 3},
    "{a /* , */: 1, // b: 2\n c: /x/.test('}'), d: 4}": {"a": 1, "d": 4},
    "{a, b, c(){ return 1 }, ...rest, d: 5}": {"d": 5},
    "[1,,2]": [1, 2],
    "{a: function(){ var b = {c: 1}; return b }, d: 6}": {"a": None, "d": 6},
    "{a: new Date(2026, 1, 1), d: 7}": {"a": literals.Name("new"), "d": 7},
    "{a: '&quot;中&quot;'.slice(6, -6)}": {"a": "中"},
    "{a: decodeURIComponent('%E4%B8%AD'), b: '\\ud83d\\ude00'}": {"a": "中", "b": "😀"},
}


@pytest.mark.parametrize("text", LITERALS)
def test_literals_of_javascript_are_read_and_expressions_passed_over(text: str) -> None:
    found = literals.read(text + "; var next = {x: 1}", 0)
    wanted = LITERALS[text]
    got = found.value
    if isinstance(got, dict) and isinstance(wanted, dict):
        got = {key: value for key, value in got.items() if key in wanted}
    assert got == wanted
    assert not found.cut


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_reads_as_json(value: object) -> None:
    text = json.dumps([value], ensure_ascii=False)
    assert literals.read(text, 0).value == [value]
    assert literals.read(text + "tail", 0).end == len(text)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from("{}[]()'\"`\\/*:,;=+.<>!-u01ax中\n $")) | st.text())
def test_no_script_is_too_odd(text: str) -> None:
    literals.read("{" + text, 0)
    literals.read("[" + text, 0, lenient=True)
    run(f"var a = {{{text}", f"var b = JSON.parse('{text}", FIRST)
    run_linked("{" + text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000), st.sampled_from(sorted(SHAPES)))
def test_scripts_cut_anywhere_end_in_something_or_nothing(place: int, shape: str) -> None:
    whole = "".join(SHAPES[shape])
    page(whole[: place % len(whole)])


HOSTILE = {
    "brackets": "var a = " + "[" * 1_000_000,
    "braces": "var a = " + "{a:" * 500_000 + FIRST,
    "assignments": "a={" * 500_000 + FIRST,
    "strings without end": "a='" * 500_000 + FIRST,
    "comments without end": f"var a = {{b: {FIRST} " + "/*" * 800_000,
    "slashes": f"var a = {{b: {FIRST} " + "/" * 1_500_000,
    "quotes": f"var a = {{b: '{FIRST}', c: " + "\"'" * 700_000,
    "equals": "=" * 1_900_000 + FIRST,
    "names": "a" * 1_900_000 + FIRST,
    "escapes": 'var a = {"b": "' + "\\u4e2d" * 300_000 + '"}',
    "calls": f"var a = {{b: '{FIRST}', c: " + "f(" * 800_000,
    "functions": f"x=(function(a){{return {{b:'{FIRST}'}}}}(" * 20_000,
    "parsed again": "var a = JSON.parse('" + "{" * 1_000_000 + FIRST + "')",
    "many objects": "var a = ["
    + dumped({"title": TITLE, "b": [{"c": 1}]}) * 1
    + ("," + '{"a":{"b":{}}}') * 100_000
    + "]",
    "many bodies": "var a = [" + ",".join([dumped(ARTICLE)] * 4000) + "]",
    "digits": f"var a = {{c: '{FIRST}', b: " + "9" * 1_500_000 + "}",
    "less than": f"var a = {{title: '{TITLE}', content: '{FIRST}" + "<" * 1_000_000 + "'}",
    "entities": f"var a = {{title: '{TITLE}', content: '{FIRST}" + "&amp;lt;" * 200_000 + "'}",
    "blanks": f"var a = {{title: '{TITLE}', content: \"{FIRST}\"" + " " * 1_500_000 + "}",
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("linked", [False, True])
def test_hostile_scripts_end(case: str, linked: bool) -> None:
    """Two million characters of anything take seconds at most: the test's own time limit would end what does not."""
    text = HOSTILE[case].partition(" = ")[2] if linked else HOSTILE[case]
    found = find([Script("application/ld+json" if linked else "", "", text)], URL, HEAD)
    assert found is None or len(found.body_html) <= MAX_BODY


def test_no_more_than_two_million_characters_are_looked_at() -> None:
    late = f"var a = {dumped(ARTICLE)}"
    assert run("x" * 1_000_000, late) is not None
    assert run("x" * 1_999_999, late) is None
