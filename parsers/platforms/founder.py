"""方正翔宇 (Founder) e-papers: the newspaper's pages as articles."""

from parsers.declare import blocks
from parsers.platforms.platform import Marks, Platform


class FounderPaper(Platform):
    """html/YYYY-MM/DD/content_N.htm?div=-1 or nw.D…_YYYYMMDD_N-NN.htm: the day stands in the address and the
    masthead, no time in the article. `#ozoom` (or `#ozoom1`), within it <founder-content>. As seen on saved
    pages and in public readers of 人民日报, 光明日报 and 中国环境报. Pages of other systems carry a
    <founder-content> that was pasted into them, so it is no mark by itself."""

    marks = Marks(names=frozenset(("#ozoom",)))
    body = blocks("#ozoom", "#ozoom1", drop=("script", "#pic_content"), optional=True)
