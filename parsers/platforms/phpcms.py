"""PHPCMS v9, on city portals and companies' sites."""

from parsers.declare import blocks, date, own, text
from parsers.platforms.platform import Marks, Platform


class Phpcms(Platform):
    """show-CATID-ID-PAGE.html, content_ID; a counter from api.php?op=count (seen in public lists of its
    template tags). `#Article > h1`, which holds the title and in a <span> the publish line, and
    `div.content` are of the default theme's show.html, from memory."""

    marks = Marks(generator=r"phpcms", asset=r"api\.php\?op=count|/statics/js/(?:jquery\.sgallery|cookie)\.js")
    title = own("#Article > h1", optional=True)
    published = date("#Article > h1 span", optional=True)
    source = text("#Article > h1 span", optional=True)
    summary = text("#Article div.summary", optional=True)
    body = blocks("#Article div.content", "div.content", drop=("#pages", ".related", ".fj-list"), optional=True)
