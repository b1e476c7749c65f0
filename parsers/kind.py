"""What a page is: an article, or one of the things that answer with 200 in its place."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.article import Kind
from domain.site import Site
from parsers.addresses import path_and_query
from parsers.document import Document
from parsers.fields import Reading
from parsers.plain import plain

_THING = r"(?:页面|网页|文章|内容|信息|资源|新闻|文件|地址|链接|稿件|资讯)"
_MISSING = re.compile(
    rf"(?:您?所?(?:访问|查看|请求|浏览|查找|寻找|要找)的?|该|此|本|这个|这篇)?{_THING}.{{0,12}}?"
    r"(?:不存在|未找到|找不到|已(?:经)?(?:被)?(?:删除|下线|移除|撤销|失效|过期|撤稿)|无法找到|丢失|不见了|走丢|没有?找到|没有显示)"
    rf"|(?:找不到|没有?找到|未找到|无法找到).{{0,16}}{_THING}"
    r"|404 (?:not found|error|错误|页面)|page not found|\bnot found\b",
    re.IGNORECASE,
)
# A counter may stand at 404: the number alone counts only in a heading.
_CODE = re.compile(r"(?<!\d)404(?!\d)")
_H = ("h1", "h2", "h3")
_BLOCKED = re.compile(
    r"(?:访问|请求|操作)(?:过于频繁|太频繁|被拒绝|被拦截|被阻断|异常|受限|禁止)|(?:拒绝|禁止|限制)(?:访问|您的)"
    r"|安全(?:验证|检查|防护|拦截)|人机(?:验证|识别)|滑动.{0,6}验证|请输入.{0,4}验证码|请完成.{0,6}验证"
    r"|Web应用防火墙|网站防火墙|\bWAF\b|创宇盾|安全狗|云盾|access denied|forbidden|captcha|too many requests"
    r"|请(?:开启|启用|打开).{0,6}(?:javascript|cookie)|checking your browser",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"登录|登陆|登入|log ?in|sign ?in", re.IGNORECASE)
_FRONTS = ("", "/", "/index.html", "/index.htm", "/index.shtml", "/index.php", "/default.html", "/index")
_ARTICLE = 160
_NOTICE = 60
_PROSE = 80
_SHORT, _ROWS = 30, 3


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for an article: its headline, characters of text, a time on a publish line of its own."""

    titled: bool
    sure: bool
    size: int
    dated: bool

    @property
    def told(self) -> bool:
        """A headline over a publish line over some text: no notice looks like that."""
        return self.sure and self.dated and self.size >= _SHORT


def judge(doc: Document, reading: Reading, site: Site | None) -> tuple[Kind, float]:
    """The kind of a page and how sure that is. Notices count only where there is no article's worth of text."""
    seen = _evidence(reading)
    front = site is not None and site.is_front(doc.url)
    if seen.size < _ARTICLE and not seen.told and not (front and len(doc.lines) > 20):
        told = _notice(doc, reading.fields.title.value if reading.fields.title else None)
        if told is not None:
            return told
    if site is not None:
        return _of_site(doc, site, seen)
    return _by_looks(doc, seen)


def _evidence(reading: Reading) -> _Evidence:
    title, published = reading.fields.title, reading.fields.published
    return _Evidence(
        titled=title is not None,
        sure=title is not None and title.confidence >= 0.7,
        size=sum(len(block.text) for block in reading.body.blocks),
        dated=published is not None and published.confidence >= 0.6 and published.where != "address",
    )


def _notice(doc: Document, title: str | None) -> tuple[Kind, float] | None:
    """What the page's short unlinked lines and its headings say instead of an article."""
    headings = " ".join((doc.head_title, title or "", *(line.text for line in doc.lines if line.element.tag in _H)))
    short = (line.text for line in doc.lines[:60] if line.linked < 0.5 and len(line.text) <= _NOTICE)
    told = plain("\n".join((headings, *short)))
    if _BLOCKED.search(told):
        return Kind.BLOCKED, 0.9
    if _MISSING.search(told) or _CODE.search(headings):
        return Kind.MISSING, 0.9
    if doc.password and _LOGIN.search(told):
        return Kind.LOGIN, 0.9
    return (Kind.OTHER, 0.8) if not doc.lines and not doc.body.xpath(".//img") else None


def _of_site(doc: Document, site: Site, seen: _Evidence) -> tuple[Kind, float]:
    if site.is_front(doc.url):
        front = _bare(doc.url) in (_bare(site.homepage), _bare(urlsplit(doc.url)._replace(path="").geturl()))
        return (Kind.HOME if front else Kind.LIST), 0.95
    if site.is_article(doc.url):
        return (Kind.ARTICLE, 0.95) if seen.titled and (seen.size or doc.body.xpath(".//img")) else (Kind.OTHER, 0.5)
    return _by_looks(doc, seen)


def _bare(url: str) -> str:
    return url.split("?", 1)[0].rstrip("/")


def _by_looks(doc: Document, seen: _Evidence) -> tuple[Kind, float]:
    links = sum(line.links for line in doc.lines)
    whole = sum(line.chars for line in doc.lines)
    linked = sum(line.linked > 0.5 and line.chars >= 8 for line in doc.lines)
    mostly_links = linked >= 10 and links > 0.5 * whole and seen.size < 0.25 * whole
    if doc.url and path_and_query(doc.url)[0] in _FRONTS and (mostly_links or seen.size < _PROSE):
        return Kind.HOME, 0.8
    if seen.told or (seen.sure and seen.size >= 4 * _PROSE):
        return Kind.ARTICLE, 0.9 if seen.told else 0.8
    if mostly_links or (linked >= _ROWS and seen.size < _SHORT and links > 0.3 * whole):
        return Kind.LIST, 0.6
    if seen.titled and seen.size >= _PROSE:
        return Kind.ARTICLE, 0.8
    return (Kind.ARTICLE, 0.5) if seen.titled and seen.size >= _SHORT else (Kind.OTHER, 0.5)
