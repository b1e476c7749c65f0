"""Hanweb JCMS lists: records in CDATA inside a <datastore>, on the column's page and from its proxy.

    <script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?
    startrecord=16&endrecord=30&perpage=15&unitid=…&webid=…&columnid=…"></a>]]></nextgroup>
    <recordset><record><![CDATA[<li><a href="/art/2019/1/7/art_21482_4415480.html">…]]></record>…

as on http://commerce.shandong.gov.cn/col/col21482/index.html. Browsers never parse it as HTML, so it is
taken from the text by its marks.
"""

import re
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from parsers import tree
from parsers.addresses import safe_absolute
from parsers.listing import anchors
from parsers.listing.model import Link, Listing, Page

_STORE = re.compile(r"<datastore\b.*?(?:</datastore>|\Z)", re.IGNORECASE | re.DOTALL)
_GROUP = re.compile(r"<nextgroup\b[^>]*>(.*?)</nextgroup>", re.IGNORECASE | re.DOTALL)
_RECORD = re.compile(r"<record\b[^>]*>(.*?)</record>", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE)


def read(page: Page) -> Listing:
    """The records' links; a column without a datastore is read as plain HTML."""
    store = _STORE.search(page.text)
    if store is None:
        return anchors.read(page)
    records = [_inner(record) for record in _RECORD.findall(store[0])]
    base = _site_root(page.url)
    links: list[Link] = []
    for record in records:
        links.extend(anchors.found(tree.parse(record).root, base, page))
    return Listing(tuple(links), _next(page, store[0], len(records)))


def _inner(record: str) -> str:
    found = _CDATA.search(record)
    return found[1] if found else record


def _site_root(url: str) -> str:
    """Records write their links from the root; the proxy's own path would mislead relative ones."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _next(page: Page, store: str, count: int) -> tuple[str, ...]:
    """The proxy's address for the records after these, none past the entry's pages or the column's end."""
    group = _GROUP.search(store)
    href = _HREF.search(_inner(group[1])) if group else None
    here = page.url if "startrecord" in page.url else None
    template = here or (safe_absolute(page.url, href[1].replace("&amp;", "&")) if href else None)
    if template is None or not count:
        return ()
    asked, own = _numbers(template), _numbers(page.url)
    per = asked.get("perpage") or count
    end = own["startrecord"] + count - 1 if "startrecord" in own else count
    total = _TOTAL.search(store)
    over = (total is not None and end >= int(total[1])) or (total is None and "startrecord" in own and count < per)
    if over or end >= page.entry.pages * per:
        return ()
    return (_with(template, startrecord=end + 1, endrecord=end + per),)


def _numbers(url: str) -> dict[str, int]:
    query = parse_qs(urlsplit(url).query)
    return {name: int(query[name][0]) for name in ("startrecord", "endrecord", "perpage") if _is_number(query, name)}


def _is_number(query: dict[str, list[str]], name: str) -> bool:
    return name in query and query[name][0].isdecimal() and len(query[name][0]) < 9


def _with(url: str, **numbers: int) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    changed = query | {name: str(value) for name, value in numbers.items()}
    return urlunsplit(parts._replace(query=urlencode(changed)))
