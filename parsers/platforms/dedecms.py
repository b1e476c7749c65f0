"""DedeCMS (织梦), on the portals of counties, trades and companies."""

from parsers.declare import blocks, date, one, text
from parsers.platforms.platform import Marks, Platform


class DedeCms(Platform):
    """/plus/view.php?aid=N, /html/…, /a/…/YYYY/MMDD/N.html; `div.info` with 时间, 来源, 作者, 点击 in <small>,
    the last filled by /plus/count.php (seen in public template sheets). `div.viewbox` around it, with
    `div.title h2`, `div.intro` and `div.content`, is the default theme's, from memory."""

    marks = Marks(generator=r"dedecms|织梦", asset=r"/plus/(?:count|ad_js|disdls)\.php|/templets/default/js/")
    title = one("div.viewbox div.title h2", "div.title h2", optional=True)
    published = date("div.viewbox div.info", "div.info", optional=True)
    source = text("div.viewbox div.info", "div.info", optional=True)
    summary = text("div.viewbox div.intro", optional=True)
    body = blocks("div.viewbox div.content", "div.content", "#content", drop=("div.dede_pages",), optional=True)
