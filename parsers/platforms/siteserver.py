"""SiteServer CMS, on city and county government sites."""

from parsers.declare import blocks
from parsers.platforms.platform import Marks, Platform


class SiteServer(Platform):
    """/contents/CHANNEL/ID.html; scripts under /SiteFiles/. Each site's template names its own elements, so
    only the likeliest bodies are asked for. All from memory, not seen on a stored page."""

    marks = Marks(generator=r"siteserver", asset=r"(?i)/sitefiles/(?:assets|bairong|services)/")
    body = blocks("#content", "div.content", "div.article-content", "div.conTxt", drop=("script",), optional=True)
