"""头等网, a commercial portal on WordPress that carries others' articles."""

from domain.site import Entry, Expectation, Site
from parsers.declare import absent, text
from parsers.platforms import WordPress


class Reader(WordPress):
    # 2024年05月15日 in the masthead is the day of the visit. No page seen gives a publication date.
    published = absent("the only date on the page is today's")
    summary = text("div.entry-summary", optional=True)


SITE = Site(
    name="toudeng",
    title="头等网",
    publisher="头等网",
    platform="wordpress",
    homepage="https://www.toudeng.cc/",
    entries=(Entry(url="https://www.toudeng.cc/culture", more="https://www.toudeng.cc/culture/page/{page}"),),
    article=r"/archives/\d+$",
    readers=(Reader,),
    expect=Expectation(links=1),
    tags=("media", "portal", "reprints"),
)
