"""Hanweb JCMS (大汉), on commerce.shandong.gov.cn and hundreds more."""

from parsers.declare import blocks
from parsers.platforms.platform import Marks, Platform


class HanwebJcms(Platform):
    """Tables; `#zoom` holds the article.

    Set `title` and, where the site's template names it otherwise, `body`. The publish line is left to
    the generic reader: templates differ, and it reads 发布日期 and 信息来源 in all that were seen. Scripts
    under /module/ or /script/ of `hanweb` and `jcms` are from memory; `<meta name="Maketime">` was seen.
    """

    marks = Marks(generator=r"hanweb|大汉|jcms", asset=r"/(?:jcms|hanweb)[/_.]|/module/(?:web/)?jslib/")
    body = blocks("#zoom", "div.bt-content", drop=("script", ".fenxiang", ".bshare-custom"))
