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

_THING = r"(?:页面|网页|文章|内容|信息|资源|新闻|文件|文档|地址|链接|稿件|资讯|帖子|公告|记录)"
_GONE = r"(?:删除|下线|下架|移除|撤销|撤回|失效|过期|撤稿|屏蔽|关闭)"
_MISSING = re.compile(
    rf"(?:您?所?(?:访问|查看|请求|浏览|查找|寻找|要找)的?|该|此|本|这个|这篇)?{_THING}.{{0,12}}?"
    rf"(?:不存在|未找到|找不到|已(?:经)?(?:被[\u4e00-\u9fff]{{0,6}})?{_GONE}|无法找到|丢失|不见了|走丢|没有?找到|没有显示)"
    rf"|(?:找不到|没有?找到|未找到|无法找到).{{0,16}}{_THING}|^\W*(?:没有|暂无)相关{_THING}\W*$"
    rf"|{_THING}.{{0,6}}(?:尚未|还未)(?:发布|审核)"
    r"|404 (?:not found|error|错误|页面)|^\W*404\s*[,，:：!！。]|page not found|\bnot found\b"
    r"|\b(?:could not|couldn.t|can.?t|cannot) be found\b|\bno longer (?:exists?|available)\b"
    r"|\b(?:page|article|content|story|resource)\b.{0,30}\b(?:removed|deleted|not available|does(?: not|n.t) exist)\b",
    re.IGNORECASE | re.MULTILINE,
)
# A counter may stand at 404: the number alone counts only in a heading.
_CODE = re.compile(r"(?<!\d)404(?!\d)")
_H = ("h1", "h2", "h3")
_BLOCKED = re.compile(
    r"(?:访问|请求|操作)(?:过于频繁|太频繁|被拒绝|被拦截|被阻断|异常|受限|禁止)|(?:拒绝|禁止|限制)(?:访问|您的)"
    r"|安全(?:验证|检查|防护|拦截)|人机(?:验证|识别)|滑动.{0,6}验证|请输入.{0,4}验证码|请完成.{0,6}验证"
    r"|Web应用防火墙|网站防火墙|\bWAF\b|创宇盾|安全狗|云盾|access denied|forbidden|captcha|too many requests"
    r"|请(?:开启|启用|打开).{0,6}(?:javascript|cookie)|checking (?:your browser|if the site)|^\W*just a moment\W*$"
    r"|正在(?:检查|检测|验证)您?的?浏览器|上网认证|输入手机号.{0,12}验证码",
    re.IGNORECASE | re.MULTILINE,
)
# What says that the server is out of order: nothing of the page that was asked for.
_FAULT = re.compile(
    r"(?:系统|网站|服务|平台|页面).{0,6}(?:升级|维护|检修).{0,40}(?:稍[后候]|谅解|恢复)|^\W*(?:系统|网站)(?:升级)?维护中?\W*$"
    r"|服务器?(?:内部)?(?:错误|出错|繁忙|异常)|数据库.{0,6}(?:失败|错误|出错|异常)|流量(?:已)?(?:超限|用尽|超出)"
    r"|(?:站点|网站|主机)(?:已|被)(?:暂停|停止|停用|关闭)|internal server error|bad gateway|gateway time-?out"
    r"|service (?:temporarily )?unavailable|\b(?:java|javax|org|com)\.[\w.]+Exception\b|\bfatal error\b"
    r"|error establishing a database",
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
    """What speaks for an article: its headline, characters of text, a time on a publish line of its own, pictures."""

    titled: bool
    sure: bool
    size: int
    dated: bool
    pictured: bool

    @property
    def told(self) -> bool:
        """A headline over a publish line over some text: no notice looks like that."""
        return self.sure and self.dated and self.size >= _SHORT

    @property
    def empty(self) -> bool:
        """A template with no article in it: nothing but the site's name and a line of its foot."""
        return not (self.sure or self.dated or self.pictured) and self.size < _SHORT


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
        pictured=any(block.kind == "image" for block in reading.body.blocks),
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
    if _FAULT.search(told):
        return Kind.OTHER, 0.8
    if doc.password and _LOGIN.search(told):
        return Kind.LOGIN, 0.9
    return (Kind.OTHER, 0.8) if not doc.lines and not doc.body.xpath(".//img") else None


def _of_site(doc: Document, site: Site, seen: _Evidence) -> tuple[Kind, float]:
    if site.is_front(doc.url):
        front = _bare(doc.url) in (_bare(site.homepage), _bare(urlsplit(doc.url)._replace(path="").geturl()))
        return (Kind.HOME if front else Kind.LIST), 0.95
    if site.is_article(doc.url):
        holds = seen.size or doc.body.xpath(".//img")
        return (Kind.ARTICLE, 0.95) if seen.titled and holds and not seen.empty else (Kind.OTHER, 0.5)
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
