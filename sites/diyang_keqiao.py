"""笛扬新闻, the app of 柯桥传媒集团 on 华栖云."""

from domain.site import Entry, Expectation, Site
from parsers.platforms import Chinamcloud

_LIST = "http://api.csp.chinamcloud.com/api/cms/list?catalog=keqiao&page="

SITE = Site(
    name="diyang-keqiao",
    title="笛扬新闻",
    publisher="柯桥传媒集团",
    region="浙江省绍兴市柯桥区",
    platform="chinamcloud",
    # Unconfirmed: both hosts and the API's address are our best guess until a run against the real site.
    homepage="http://h5.csp.chinamcloud.com/keqiao/",
    entries=(Entry(url=f"{_LIST}1", kind="json", more=f"{_LIST}{{page}}"),),
    article=r"/keqiao/news/\d+\.html$",
    # The editor's account (编辑:fengdi) heads the page, the name (编辑:冯娣) closes the body. 热门推荐 lists
    # other articles with their times, this one among them.
    readers=(Chinamcloud,),
    expect=Expectation(links=1),
    tags=("media", "county", "zhejiang"),
)
