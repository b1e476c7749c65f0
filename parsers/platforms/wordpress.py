"""WordPress, on portals that carry others' articles."""

from parsers.declare import blocks, one
from parsers.platforms.platform import Marks, Platform


class WordPress(Platform):
    """Themes that keep the names of the default ones."""

    marks = Marks(generator=r"^WordPress\b", asset=r"/wp-(?:content|includes)/")
    title = one("h1.entry-title")
    body = blocks("div.entry-content", drop=(".sharedaddy", ".post-copyright", ".entry-meta", ".wp-block-buttons"))
