"""华栖云, which serves county media centres."""

from parsers.declare import blocks, date, names, one
from parsers.platforms.platform import Marks, Platform


class Chinamcloud(Platform):
    """Credits close the body: 来源, 编辑."""

    marks = Marks(asset=r"//[\w.-]*\bchinamcloud\.com/")
    title = one("h1.article-title")
    published = date("div.article-info span.time")
    authors = names("div.article-info span.author", optional=True)
    body = blocks("div.article-content", drop=("div.comments", "div.recommend", "div.app"))
