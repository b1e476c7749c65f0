"""CMS families, each a reader that a site's file inherits in a line and corrects where the site differs."""

from parsers.declare import SiteReader, blocks, date, names, one, text


class HanwebJcms(SiteReader):
    """Hanweb JCMS (commerce.shandong.gov.cn and hundreds more): tables; `#zoom` holds the article.

    Set `title` and, where the site's template names it otherwise, `body`. The publish line is left to
    the generic reader: templates differ, and it reads 发布日期 and 信息来源 in all that were seen.
    """

    body = blocks("#zoom", drop=("script", ".fenxiang", ".bshare-custom"))


class WordPress(SiteReader):
    """WordPress themes that keep the names of the default ones."""

    title = one("h1.entry-title")
    body = blocks("div.entry-content", drop=(".sharedaddy", ".post-copyright", ".entry-meta", ".wp-block-buttons"))


class Chinamcloud(SiteReader):
    """华栖云, which serves county media centres. Credits close the body: 来源, 编辑."""

    title = one("h1.article-title")
    published = date("div.article-info span.time")
    authors = names("div.article-info span.author", optional=True)
    body = blocks("div.article-content", drop=("div.comments", "div.recommend", "div.app"))


class Iqilu(SiteReader):
    """齐鲁网 and its city hosts (jining., zibo., weifang.iqilu.com). `h1` may be missing on mirrored pages."""

    title = one("h1", optional=True)
    published = date("#pubtime_baidu")
    source = text("#source_baidu")
    authors = names("#author_baidu", optional=True)
    editors = names("#editor_baidu", optional=True)
    body = blocks("#context")
