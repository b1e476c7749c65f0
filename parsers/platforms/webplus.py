"""苏迪 WebPlus (网站群), behind universities and institutes."""

from parsers.declare import blocks, date, names, one, text
from parsers.platforms.platform import Marks, Platform


class SudyWebplus(Platform):
    """/YYYY/MMDD/cCOLUMNaID/page.htm. `h1.arti_title`, `p.arti_metas` with `span.arti_publisher` and
    `span.arti_update`, `div.wp_articlecontent`, as seen in public readers of several universities' sites."""

    marks = Marks(names=frozenset((".wp_articlecontent", ".arti_metas")))
    title = one(".arti_title", optional=True)
    published = date(".arti_update", ".arti_metas", optional=True)
    source = text(".arti_from", optional=True)
    authors = names(".arti_author", optional=True)
    body = blocks("div.wp_articlecontent", drop=("script", ".wp_pdf_player"), optional=True)
