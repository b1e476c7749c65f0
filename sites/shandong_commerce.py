"""山东省商务厅 (山东商务网): 开发区典型案例, a column of 开发区管理处."""

from domain.site import Entry, Expectation, Site
from parsers.declare import one
from parsers.platforms import HanwebJcms


class Reader(HanwebJcms):
    # A page in tables, without h1. The publish line reads 发布日期: 2019- 01- 07 and gives 信息来源 twice;
    # 浏览次数 is filled in by script and moves on every visit.
    title = one("td.title")


SITE = Site(
    name="shandong-commerce",
    title="山东省商务厅",
    publisher="山东省商务厅",
    region="山东省",
    platform="hanweb-jcms",
    homepage="http://commerce.shandong.gov.cn/",
    # The column's page holds its first records in a <datastore>; the rest come from dataproxy.jsp.
    entries=(Entry(url="http://commerce.shandong.gov.cn/col/col21482/index.html", kind="jcms"),),
    article=r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
    readers=(Reader,),
    expect=Expectation(links=1),
    tags=("government", "commerce", "shandong"),
)
