"""开普云 (UCAP), behind government sites."""

from parsers.declare import blocks, date, meta, one, text
from parsers.platforms.platform import Marks, Platform


class Ucap(Platform):
    """Elements of its own, <UCAPTITLE> and <UCAPCONTENT>, the latter within `#zoom` or `#zoomcon`; long
    documents in `#UCAP-CONTENT`. As seen in public readers of 海南省, 四川省, 宿豫区 and 克拉玛依市 sites."""

    marks = Marks(names=frozenset(("ucapcontent", "ucaptitle", "#UCAP-CONTENT")))
    title = one("ucaptitle", meta("ArticleTitle"), optional=True)
    published = date(meta("PubDate"), optional=True)
    source = text(meta("ContentSource"), optional=True)
    body = blocks("ucapcontent", "#UCAP-CONTENT", "#zoomcon", drop=("script",))
