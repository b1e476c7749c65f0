"""Labelled noise: the same page spelt otherwise. Each row makes a page's mark-up, or its bytes, anew."""

import re
from collections.abc import Callable

Respelling = Callable[[str], str]


def _lines(markup: str) -> str:
    return markup.replace("><", ">\r\n   <").replace("</p>", "</p>\n\n\t")


def _one_line(markup: str) -> str:
    return re.sub(r">\s+<", "><", markup)


def _turned_attributes(markup: str) -> str:
    return re.sub(r"<(\w+) (\w+)='([^'<>]*)' (\w+)='([^'<>]*)'", r"""<\1 \4="\5" \2="\3" """, markup)


def _entities(markup: str) -> str:
    named = {"“": "&ldquo;", "”": "&#8221;", "、": "&#x3001;", "《": "&#12298;", "》": "&#x300b;", "·": "&middot;"}
    for sign, entity in named.items():
        markup = markup.replace(sign, entity)
    return markup


def _upper(markup: str) -> str:
    return re.sub(r"</?[a-z]+\d?", lambda found: found[0].upper(), markup)


def _random_names(markup: str) -> str:
    return re.sub(r"<(p|li|span|td|tr|img|ul)\b", r"<\1 id='x7f3a9' data-v-5bc1e2 data-spm='a1.b2'", markup)


def _comments(markup: str) -> str:
    return markup.replace("<p>", "<!-- 2300万元 --><p>").replace("</body>", "<!-- node 07 12ms --></body>")


def _scripts(markup: str) -> str:
    script = "<script>var views=88123,title='旧标题';document.write('<p>第九十九条 必须缴纳。</p>')</script>"
    return markup.replace("</body>", f"{script}</body>").replace("<h1", f"{script}<h1", 1)


RESPELT: tuple[tuple[str, Respelling], ...] = (
    ("line breaks between tags", _lines),
    ("all on one line", _one_line),
    ("attributes in another order and quotes", _turned_attributes),
    ("entities for punctuation", _entities),
    ("tags in capitals", _upper),
    ("random ids and data attributes", _random_names),
    ("comments", _comments),
    ("scripts that write", _scripts),
    ("indent by entities", lambda markup: markup.replace("　　", "&nbsp;&nbsp;&nbsp;&nbsp;")),
    ("indent by em blanks", lambda markup: markup.replace("　　", "&emsp;&emsp;")),
    ("no indent", lambda markup: markup.replace("　　", "")),
    ("paragraphs as divs", lambda markup: re.sub(r"<(/?)p\b", r"<\1div", markup)),
    ("spans in paragraphs", lambda m: re.sub(r"<p>([^<]+)</p>", r"<p><span style='x'>\1</span></p>", m)),
    ("bold openings", lambda m: re.sub(r"<p>　　([^<]{2})", r"<p>　　<strong>\1</strong>", m)),
    ("b for strong", lambda m: re.sub(r"<p>　　([^<]{2})", r"<p>　　<b>\1</b>", m)),
    ("breaks between paragraphs", lambda markup: markup.replace("</p>", "</p><br>")),
    ("empty paragraphs", lambda markup: markup.replace("</p>\n", "</p>\n<p>&nbsp;</p>")),
    ("zero-width signs", lambda markup: markup.replace("，", "，\u200b")),
    ("soft hyphens", lambda markup: markup.replace("改造", "改\u00ad造")),
    ("https in links", lambda markup: markup.replace("http://", "https://")),
    ("no scheme in links", lambda markup: markup.replace("http://", "//")),
    ("session token in links", lambda m: re.sub(r"href='(/[^'?]*)'", r"href='\1?_t=17150&sid=8f2'", m)),
    ("cache-busting images", lambda markup: markup.replace(".jpg", ".jpg?v=20240507&w=800")),
    ("lazy images", lambda m: re.sub(r"<img src='([^']+)'", r"<img src='/loading.gif' data-src='\1'", m)),
    ("images of known size", lambda markup: markup.replace("<img ", "<img width='640' loading='lazy' ")),
    ("another host of the same pictures", lambda markup: markup.replace("//img1.", "//img2.")),
    ("language said", lambda markup: markup.replace("<html>", "<html lang='zh-CN' class='js no-touch'>")),
    ("paragraphs unclosed", lambda markup: markup.replace("</p>", "")),
    ("print style", lambda m: m.replace("</head>", "<link rel=stylesheet href='/p.css?88'></head>")),
    ("a sheet over it all", lambda m: m.replace("<body>", "<body class='s1'><div id='app' data-x='1'>")),
    ("hidden form", lambda m: m.replace("</body>", "<form style='display:none'>验证码<input></form></body>")),
    ("title of another site part", lambda m: m.replace("</title>", "-要闻</title>")),
)

Rebytes = Callable[[str], bytes]
BYTES: tuple[tuple[str, Rebytes], ...] = (
    ("gb2312 to utf-8", lambda markup: markup.replace("gb2312", "utf-8").encode()),
    ("utf-8 to gb18030", lambda markup: re.sub("charset='[^']+'", "charset='gbk'", markup).encode("gb18030")),
    (
        "a byte order mark",
        lambda markup: b"\xef\xbb\xbf" + re.sub("charset='[^']+'", "charset='utf-8'", markup).encode(),
    ),
    ("utf-16", lambda markup: re.sub("<meta charset='[^']+'>", "", markup).encode("utf-16")),
    ("no charset said", lambda markup: re.sub("<meta charset='[^']+'>", "", markup).encode()),
    (
        "old meta",
        lambda m: re.sub(
            "<meta charset='[^']+'>", "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>", m
        ).encode("gb18030"),
    ),
)

REDESIGNS: tuple[tuple[str, str], ...] = (
    ("jcms", "trs"),
    ("trs", "soup"),
    ("trs", "columns"),
    ("phpcms", "gbk"),
    ("gbk", "trs"),
    ("soup", "notice"),
    ("ueditor", "trs"),
    ("dedecms", "media"),
    ("media", "dedecms"),
    ("columns", "mobile"),
    ("mobile", "jcms"),
    ("notice", "phpcms"),
)
"""Templates that show the same fields: from one to the other no article changes."""
