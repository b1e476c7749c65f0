"""Hanweb JCMS lists: records in CDATA inside a <datastore>, on the column's page and from its proxy.

    <script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?
    startrecord=16&endrecord=30&perpage=15&unitid=…&webid=…&columnid=…"></a>]]></nextgroup>
    <recordset><record><![CDATA[<li><a href="/art/2019/1/7/art_21482_4415480.html">…]]></record>…

as on http://commerce.shandong.gov.cn/col/col21482/index.html. Browsers never parse it as HTML, so it is
taken from the text by its marks.
"""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from parsers import tree
from parsers.addresses import safe_absolute
from parsers.listing import anchors
from parsers.listing.model import Link, Listing, Page

_STORE = re.compile(r"<datastore\b.*?(?:</datastore>|\Z)", re.IGNORECASE | re.DOTALL)
_GROUP = re.compile(r"<nextgroup\b[^>]*>(.*?)</nextgroup>", re.IGNORECASE | re.DOTALL)
_RECORD = re.compile(r"<record\b[^>]*>(.*?)</record>", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>|\btotalRecord\s*:\s*[\"']?(\d{1,9})", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s>]+))""", re.IGNORECASE)
_PROXY = re.compile(r"""\bproxyUrl["']?\s*:\s*["']([^"'\s]+)["']""")
_PARAMS = re.compile(r"\bproxyParam[\"']?\s*:\s*\{([^{}]{1,2000})\}")
_PARAM = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|(\d+))""")
_PER = re.compile(r"\bperPage[\"']?\s*:\s*[\"']?(\d{1,4})")
_ROW = re.compile(r"\s*<t[rd]\b", re.IGNORECASE)


def read(page: Page) -> Listing:
    """The records' links; a column without a datastore is read as plain HTML."""
    store = _STORE.search(page.text)
    if store is None:
        return anchors.read(page)
    records = [_inner(record) for record in _RECORD.findall(store[0])]
    base = _site_root(page.url)
    links: list[Link] = []
    for record in records:
        markup = f"<table>{record}</table>" if _ROW.match(record) else record
        links.extend(anchors.found(tree.parse(markup).root, base, page))
    return Listing(tuple(links), _next(page, store[0], len(records)))


def _inner(record: str) -> str:
    """What a record holds: its CDATA sections joined, or mark-up escaped once more than it need be."""
    parts = _CDATA.findall(record)
    text = "".join(parts) if parts else record
    return unescape(text) if "<" not in text and "&lt;" in text else text


def _site_root(url: str) -> str:
    """Records write their links from the root; the proxy's own path would mislead relative ones."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _next(page: Page, store: str, count: int) -> tuple[str, ...]:
    """The proxy's address for the records after these, none past the entry's pages or the column's end."""
    template = _template(page, store)
    if template is None or not count:
        return ()
    asked, own = _numbers(template), _numbers(page.url)
    per = asked.get("perpage") or count
    stated = _TOTAL.search(store) or _TOTAL.search(page.text)
    total = int(stated[1] or stated[2]) if stated else None
    if "startrecord" not in asked and "page" in asked:
        return _next_page(page, template, own.get("page", 1), count, total)
    end = own["startrecord"] + count - 1 if "startrecord" in own else count
    over = (total is not None and end >= total) or (total is None and "startrecord" in own and count < per)
    if over or end >= page.entry.pages * per:
        return ()
    return (_with(template, startrecord=end + 1, endrecord=end + per),)


def _next_page(page: Page, template: str, here: int, count: int, total: int | None) -> tuple[str, ...]:
    """The older proxy, /module/jpage/dataproxy.jsp, and 更多 (morecolumndataproxy.jsp) count pages."""
    if here >= page.entry.pages or (total is not None and here * count >= total):
        return ()
    return (_with(template, page=here + 1),)


def _template(page: Page, store: str) -> str | None:
    """An address of the proxy: the page's own, that of the next group, or what the page's script would post.

    The proxy answers GET as it answers the POST of jquery.jpage.js, which splits the same parameters
    between query and form (both forms in public readers of one and the same system).
    """
    own = _numbers(page.url)
    if "startrecord" in own or ("page" in own and "dataproxy" in page.url):
        return page.url
    group = _GROUP.search(store)
    href = _HREF.search(_inner(group[1])) if group else None
    if href:
        return safe_absolute(page.url, unescape(next(filter(None, href.groups()))))
    proxy, params = _PROXY.search(page.text), _PARAMS.search(page.text)
    if proxy is None or params is None:
        return None
    per = _PER.search(page.text)
    pairs = {name: double or single or number for name, double, single, number in _PARAM.findall(params[1])}
    numbers = {"startrecord": "1", "endrecord": per[1], "perpage": per[1]} if per else {"page": "1"}
    return safe_absolute(page.url, f"{unescape(proxy[1]).split('?')[0]}?{urlencode(numbers | pairs)}")


def _numbers(url: str) -> dict[str, int]:
    query = parse_qs(urlsplit(url).query)
    names = ("startrecord", "endrecord", "perpage", "page")
    return {name: int(query[name][0]) for name in names if _is_number(query, name)}


def _is_number(query: dict[str, list[str]], name: str) -> bool:
    return name in query and query[name][0].isdecimal() and len(query[name][0]) < 9


def _with(url: str, **numbers: int) -> str:
    """An address with some of its numbers changed and every other sign as it was: `webname` may be gbk."""
    for name, value in numbers.items():
        url, changed = re.subn(rf"(?<=[?&]){name}=[^&#]*", f"{name}={value}", url, count=1)
        url = url if changed else f"{url}{'&' if '?' in url else '?'}{name}={value}"
    return url
