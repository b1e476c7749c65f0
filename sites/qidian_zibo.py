"""齐点淄博, the portal of 淄博市广播电视台."""

from domain.site import Entry, Expectation, Site
from parsers.declare import SiteReader, blocks, crumbs, date, one, text


class Reader(SiteReader):
    # The source stands before the time, without a label. Editors are left to the generic reader: a page
    # may have several div.editor, and 编辑: is often empty.
    title = one("h1.title")
    published = date("div.info span.time")
    source = text("div.info span.source", optional=True)
    breadcrumb = crumbs("div.position")
    # Captions are paragraphs of their own; a body may close with a broadcast timetable, which belongs to it.
    body = blocks("div#content")


SITE = Site(
    name="qidian-zibo",
    title="齐点淄博",
    publisher="淄博市广播电视台",
    region="山东省淄博市",
    platform="zibotv",
    # Unconfirmed: the host and its addresses are our best guess until a run against the real site.
    homepage="http://www.zibotv.com/",
    entries=(
        Entry(
            url="http://www.zibotv.com/qdzb/zbgd/ds/yspd/",
            more="http://www.zibotv.com/qdzb/zbgd/ds/yspd/index_{page}.html",
        ),
    ),
    article=r"/\d{4}/\d{4}/\d+\.html$",
    readers=(Reader,),
    expect=Expectation(links=1),
    tags=("media", "television", "shandong"),
)
