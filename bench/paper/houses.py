"""The paper's four sites and the shape of their addresses. All hosts are of the reserved .example (RFC 2606)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class House:
    """One site. `article` is the regular expression of its articles' addresses; `templates` are two."""

    name: str
    title: str
    host: str
    article: str
    templates: tuple[str, str]
    office: str

    @property
    def home(self) -> str:
        return f"http://{self.host}/"

    @property
    def entry(self) -> str:
        return f"http://{self.host}/list/index.html"


HOUSES = (
    House("paper-gov", "清河市人民政府", "www.paper-gov.example", r"/art_\d+_\d+\.html$|/zwgk/\d{6}/t\d{8}_\d+\.html$",
          ("jcms", "gov"), "清河市人民政府办公室"),
    House("paper-news", "清河新闻网", "news.paper-city.example",
          r"/xwzx/\d{6}/t\d{8}_\d+\.shtml$|/a/shizheng/\d{4}/\d{4}/\d+\.html$",
          ("trs", "dede"), "清河市融媒体中心"),
    House("paper-daily", "云溪日报", "www.paper-daily.example",
          r"/html/\d{4}/yaowen_\d{4}/\d+\.html$|/content_\d+\.htm$",
          ("phpcms", "media"), "云溪日报社"),
    House("paper-town", "云溪在线", "www.paper-town.example", r"/archives/\d+$|/news/show-\d+\.html$",
          ("wordpress", "soup"), "云溪在线编辑部"),
)  # fmt: skip
TEMPLATES = tuple(template for house in HOUSES for template in house.templates)

_PATHS: dict[str, Callable[[datetime, int], str]] = {
    "jcms": lambda day, number: f"/art/{day.year}/{day.month}/{day.day}/art_1021_{number}.html",
    "gov": lambda day, number: f"/zwgk/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
    "trs": lambda day, number: f"/xwzx/{day:%Y%m}/t{day:%Y%m%d}_{number}.shtml",
    "dede": lambda day, number: f"/a/shizheng/{day:%Y}/{day:%m%d}/{number}.html",
    "phpcms": lambda day, number: f"/html/{day:%Y}/yaowen_{day:%m%d}/{number}.html",
    "media": lambda day, number: f"/content/{day:%Y-%m}/{day:%d}/content_{number}.htm",
    "wordpress": lambda day, number: f"/archives/{number}",
    "soup": lambda day, number: f"/news/show-{number}.html",
}


def path(template: str, published: datetime, number: int) -> str:
    """The address of an article under its site."""
    return _PATHS[template](published, number)


def site_file(house: House, pages: int) -> str:
    """The text of a site's file: entries and the form of addresses, no selector, no delay."""
    lists = max(1, -(-pages // LISTED))
    return f'''"""{house.title}, a site of bench/paper."""

from domain.site import Entry, Expectation, Manners, Site

SITE = Site(
    name="{house.name}",
    title="{house.title}",
    homepage="{house.home}",
    entries=(Entry(url="{house.entry}", pages={lists}, more="{house.home}list/index_{{page}}.html"),),
    article=r"{house.article}",
    manners=Manners(delay=0, concurrent=4),
    expect=Expectation(links=1),
)
'''


LISTED = 50
"""Articles on one list page."""
