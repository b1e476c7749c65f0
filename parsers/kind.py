"""What a page is: an article, or one of the things that answer with 200 in its place."""

import re
from urllib.parse import urlsplit

from domain.article import Block, Kind
from domain.site import Site
from parsers.document import Document

_THING = r"(?:页面|网页|文章|内容|信息|资源|新闻|文件|地址|链接|稿件|资讯)"
_MISSING = re.compile(
    rf"(?:您?所?(?:访问|查看|请求|浏览|查找|寻找|要找)的?|该|此|本|这个|这篇)?{_THING}.{{0,12}}?"
    r"(?:不存在|未找到|找不到|已(?:经)?(?:被)?(?:删除|下线|移除|撤销|失效|过期|撤稿)|无法找到|丢失|不见了|走丢|没有?找到|没有显示)"
    rf"|(?:找不到|没有?找到|未找到|无法找到).{{0,16}}{_THING}|(?<!\d)404(?!\d)|page not found|\bnot found\b",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"(?:访问|请求|操作)(?:过于频繁|太频繁|被拒绝|被拦截|被阻断|异常|受限|禁止)|(?:拒绝|禁止|限制)(?:访问|您的)"
    r"|安全(?:验证|检查|防护|拦截)|人机(?:验证|识别)|滑动.{0,6}验证|请输入.{0,4}验证码|请完成.{0,6}验证"
    r"|Web应用防火墙|网站防火墙|\bWAF\b|创宇盾|安全狗|云盾|access denied|forbidden|captcha|too many requests"
    r"|请(?:开启|启用|打开).{0,6}(?:javascript|cookie)|checking your browser",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"登录|登陆|log ?in|sign ?in", re.IGNORECASE)
_SHORT = 400
_PROSE = 80


def judge(doc: Document, title: str | None, body: tuple[Block, ...], site: Site | None) -> tuple[Kind, float]:
    """The kind of a page and how sure that is. Notices count only where there is no article's worth of text."""
    size = sum(len(block.text) for block in body)
    whole = sum(line.chars for line in doc.lines)
    notice = " ".join((doc.head_title, title or "", *(line.text for line in doc.lines[:60] if line.linked < 0.5)))
    if size < _SHORT or whole < _SHORT:
        told = _notice(doc, notice[:1500], whole)
        if told is not None:
            return told
    if site is not None:
        return _of_site(doc, site, title, size)
    return _by_looks(doc, title, size)


def _notice(doc: Document, text: str, whole: int) -> tuple[Kind, float] | None:
    unlinked = sum(line.chars - line.links for line in doc.lines)
    short = unlinked < _SHORT
    if _BLOCKED.search(text) and short:
        return Kind.BLOCKED, 0.9
    if _MISSING.search(text) and short:
        return Kind.MISSING, 0.9
    if doc.password and short and _LOGIN.search(text):
        return Kind.LOGIN, 0.9
    if not whole and not doc.body.xpath(".//img"):
        return Kind.OTHER, 0.8
    return None


def _of_site(doc: Document, site: Site, title: str | None, size: int) -> tuple[Kind, float]:
    if site.is_front(doc.url):
        front = _bare(doc.url) in (_bare(site.homepage), _bare(urlsplit(doc.url)._replace(path="").geturl()))
        return (Kind.HOME if front else Kind.LIST), 0.95
    if site.is_article(doc.url):
        return (Kind.ARTICLE, 0.95) if title and (size or doc.body.xpath(".//img")) else (Kind.OTHER, 0.5)
    return _by_looks(doc, title, size)


def _bare(url: str) -> str:
    return url.split("?", 1)[0].rstrip("/")


def _by_looks(doc: Document, title: str | None, size: int) -> tuple[Kind, float]:
    links = sum(line.links for line in doc.lines)
    whole = sum(line.chars for line in doc.lines)
    path = urlsplit(doc.url).path
    linked = sum(line.linked > 0.5 and line.chars >= 8 for line in doc.lines)
    mostly_links = linked >= 10 and links > 0.5 * whole and size < 0.25 * whole
    if path in ("", "/", "/index.html", "/index.htm", "/index.shtml", "/index.php") and (mostly_links or size < _PROSE):
        return Kind.HOME, 0.8
    if mostly_links:
        return Kind.LIST, 0.6
    if title and size >= _PROSE:
        return Kind.ARTICLE, 0.8
    return (Kind.ARTICLE, 0.5) if title and size else (Kind.OTHER, 0.5)
