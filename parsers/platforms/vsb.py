"""博达 VSB (网站群), behind universities and government offices in the north-west."""

from parsers.declare import blocks, date, meta, names, one, text
from parsers.platforms.platform import Marks, Platform


class BodaVsb(Platform):
    """info/COLUMN/ID.htm. A <form name="_newscontent_fromname"> around the article; the body in `#vsb_content`
    (or with a number: `#vsb_content_501`), within it `div.v_news_content`, its paragraphs marked
    `vsbcontent_start` … `vsbcontent_end`. As seen in public readers of many universities' sites; title, time
    and author classes that end in the component's number (`titlestyle44003`) are from memory."""

    marks = Marks(names=frozenset(("#vsb_content", ".v_news_content", ".vsbcontent_start")))
    title = one("form[name='_newscontent_fromname'] h1", "[class^='titlestyle']", meta("ArticleTitle"), optional=True)
    published = date("[class^='timestyle']", meta("PubDate"), optional=True)
    source = text(meta("ContentSource"), optional=True)
    authors = names("[class^='authorstyle']", optional=True)
    body = blocks("div.v_news_content", "div[id^='vsb_content']", drop=("script",))
