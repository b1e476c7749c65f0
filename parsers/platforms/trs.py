"""TRS WCM (拓尔思), behind many provincial governments and news sites."""

from parsers.declare import blocks, date, meta, one, text
from parsers.platforms.platform import Marks, Platform


class TrsWcm(Platform):
    """`div.TRS_Editor`, often nested in another and with an inline <style>; tYYYYMMDD_N.html.

    Newer editors write `TRS_UEDITOR` or `trs_editor_view` instead, as seen in public readers of 湖北省
    sites. The metas ArticleTitle, PubDate and ContentSource are those the State Council's office asks of
    every government site (政府网站发展指引, 2017, 附件3); media sites on TRS have none of them.
    """

    marks = Marks(names=frozenset((".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view")))
    title = one(meta("ArticleTitle"), optional=True)
    published = date(meta("PubDate"), optional=True)
    source = text(meta("ContentSource"), optional=True)
    body = blocks("div.TRS_Editor", "div.TRS_UEDITOR", "div.trs_editor_view", drop=("style", "script"))
