"""北方网's WebPublisher (Enorth), on city portals such as hangzhou.com.cn."""

from parsers.declare import blocks
from parsers.platforms.platform import Marks, Platform


class Enorth(Platform):
    """/system/YYYY/MM/DD/ID.shtml. Comments (<page cms="enorth webpublisher" …>) mark its pages, and they are
    gone once a page is parsed; what is left is a `#Content` or `#content` of the site's own template, seen on
    saved pages of 2012. Detected only by a generator."""

    marks = Marks(generator=r"enorth")
    body = blocks("#Content", "#content", drop=("script", "object"), optional=True)
