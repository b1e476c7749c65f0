"""WordPress, on portals that carry others' articles."""

from parsers.declare import attribute, blocks, date, meta, one
from parsers.platforms.platform import Marks, Platform


class WordPress(Platform):
    """Themes that keep the names of the default ones; `time.published` and, where edited, `time.updated`, as
    wp_posted_on of the default themes writes them."""

    marks = Marks(generator=r"^WordPress\b", asset=r"/wp-(?:content|includes)/")
    title = one("h1.entry-title")
    published = date(attribute("time.entry-date.published", "datetime"), meta("article:published_time"), optional=True)
    updated = date(attribute("time.updated:not(.published)", "datetime"), meta("article:modified_time"), optional=True)
    body = blocks("div.entry-content", drop=(".sharedaddy", ".post-copyright", ".entry-meta", ".wp-block-buttons"))
