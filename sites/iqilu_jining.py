"""齐鲁网济宁, a city host of 齐鲁网."""

from domain.site import Entry, Expectation, Site
from parsers.platforms import Iqilu

SITE = Site(
    name="iqilu-jining",
    title="齐鲁网济宁",
    publisher="山东广播电视台",
    region="山东省济宁市",
    platform="iqilu",
    homepage="http://jining.iqilu.com/",
    entries=(
        Entry(
            url="http://jining.iqilu.com/jnyaowen/list_564_1.shtml",
            more="http://jining.iqilu.com/jnyaowen/list_564_{page}.shtml",
        ),
    ),
    article=r"/\d{4}/\d{4}/\d+\.shtml$",
    # Declares gb2312 and holds gb18030, four-byte characters included. On mirrored pages h1 is missing and
    # 原标题: opens the body; the reporter stands in the dateline: 济宁新闻网讯(济宁台 …).
    readers=(Iqilu,),
    # Traditional characters, a reading in brackets after each changed one: 濟(jì)寧.
    fold=True,
    expect=Expectation(links=1),
    tags=("media", "news", "shandong"),
)
