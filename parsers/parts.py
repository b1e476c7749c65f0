"""An article's further pages (分页): where its own pager says they are, and the pages made one article.

The shapes of addresses seen in the wild: `12345_2.html`, `12345-2.html`, `12345_p2.html` (most CMSs), `12345_1.html`
for page 2 (TRS WCM counts from 0), `12345_0.shtml` → `12345_1.shtml`, `?page=2`, `/archives/12345/2` (WordPress).
"""

import re
from collections.abc import Iterator
from typing import AnyStr

from lxml import html

from parsers import tree
from parsers.addresses import safe_absolute
from parsers.joining import join
from parsers.numbering import PAGE_WORDS, Address

__all__ = ["MAX_PARTS", "continuations", "following", "hinted", "is_continuation", "join"]

MAX_PARTS = 30
"""Further pages of one article that are fetched and read; a pager that promises more is cut there."""

_OCCURRENCES = 100
_FIGURES = "一二三四五六七八九十"
_OPEN, _SHUT = r"^[\s\[【(（<«‹·.]*", r"[\s\]】)）>»›·.]*$"
_NUMBER = re.compile(
    rf"{_OPEN}(?:第\s*)?(\d{{1,2}}|[{_FIGURES}])\s*(?:页|頁)?{_SHUT}|^第\s*(\d{{1,2}})\s*[页頁]",
)
_NEXT = re.compile(rf"{_OPEN}(?:下一?[页頁]|[后後]一?[页頁]|next(?: page)?){_SHUT}|^[»›>]{{1,2}}$", re.IGNORECASE)
_LAST = re.compile(rf"{_OPEN}(?:[末尾][页頁]|最[后後]一?[页頁]|last){_SHUT}", re.IGNORECASE)
_NEIGHBOURS = re.compile(r"comment|reply|pinglun|remark|relat|recommend|sidebar|hotlist", re.IGNORECASE)
# TRS WCM: createPageHTML(5, 0, "t20190107_12345", "html"), some with the place to write to before it.
_CALL = re.compile(
    r"createPage\w{0,10}\(\s*(?:['\"][^'\"()]{0,40}['\"]\s*,\s*)?(\d{1,3})\s*,\s*(\d{1,3})\s*,"
    r"\s*['\"]([^'\"]{1,120})['\"]\s*,\s*['\"](\w{2,6})['\"]"
)
_COUNT = re.compile(r"\bcountPage\s*=\s*['\"]?(\d{1,3})\b")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*['\"]?0\b")
_SECOND = re.compile(rb"=2(?![\d.])")
# Behind the stem of the page's own address: a small number, or what TRS's scripts go on with.
_BEHIND = re.compile(
    rb"(?:\.\w{2,6}|/page)?[_/-]p?\d{1,2}(?![\d-])|['\"]\s*(?:\+\s*['\"]|,\s*['\"](?:s?html?|jsp|aspx?|php)['\"])",
    re.IGNORECASE,
)
_QUOTES = b"\"'> "
_LONGEST = 300  # bytes of an address


def hinted(page: AnyStr, url: str) -> bool:
    """True where a page may have further ones: a test of microseconds that `continuations` makes sure of.

    `page` as text, or as bytes of any encoding that keeps ASCII.
    """
    address = Address.of(url)
    if address is None:
        return False
    data = page if isinstance(page, bytes) else page.encode("utf-8", "replace")
    return any(_numbered(data, stem) for stem in address.stems) or _counted(data, address)


def _counted(page: bytes, address: Address) -> bool:
    """True where the page's own address is somewhere with ?page=2 or the like."""
    for found in _SECOND.finditer(page):
        before = page[max(found.start() - _LONGEST, 0) : found.start()]
        if before[-12:].lower().endswith(PAGE_WORDS):
            link = before[max(before.rfind(quote) for quote in _QUOTES) + 1 :]
            place = link.partition(b"?")[0].removeprefix(b"href=")
            if not place or address.stem.encode("utf-8", "replace") in place or place.endswith(b"/"):
                return True
    return False


def _numbered(page: bytes, stem: bytes) -> bool:
    """True where the stem of the page's own address stands somewhere with a small number behind it."""
    place = page.find(stem)
    for _ in range(_OCCURRENCES):
        if place < 0:
            return False
        if _BEHIND.match(page, place + len(stem)):
            return True
        place = page.find(stem, place + len(stem))
    return True


def continuations(text: str, url: str) -> tuple[str, ...]:
    """The addresses of an article's pages 2, 3, …, in order, as the pager of its first page tells; at most 30.

    Empty for a page without a pager of its own, and for one that is itself a further page. Only addresses made
    from the page's own are taken, and only from links that are called by a number or 下一页: a pager of comments,
    上一篇 and 下一篇 are none. Call it for articles alone: a list's pager has the same shape.
    """
    address = Address.of(url)
    if address is None or not hinted(text, url):
        return ()
    scripted = _scripted(text, address)
    found = scripted or _linked(text, url, address)
    return tuple(found[number] for number in range(2, MAX_PARTS + 2) if number in found)


def is_continuation(url: str, first: str) -> bool:
    """True where `url` has the shape of a further page of the article at `first`."""
    address = Address.of(first)
    return address is not None and address.number(url) is not None


def _scripted(text: str, address: Address) -> dict[int, str]:
    """The pages that a script of TRS WCM writes links to: its page 2 is number 1."""
    for call in _CALL.finditer(text):
        total, current, stem, ending = call.groups()
        if stem == address.stem and current == "0" and address.ending in ("", ending):
            return {page: address.at(page - 1) for page in range(2, int(total) + 1)}
    count = _COUNT.search(text)
    if count and _CURRENT.search(text) and re.search(rf"['\"/]{re.escape(address.stem)}['\"_]", text):
        return {page: address.at(page - 1) for page in range(2, int(count[1]) + 1)}
    return {}


def following(text: str, url: str, first: str) -> tuple[str, ...]:
    """The pages behind the further page `url` of the article at `first`, in order, as its own pager tells: some
    pagers show no more than 下一页."""
    address = Address.of(first)
    here = address.number(url) if address else None
    if address is None or here is None or not hinted(text, first):
        return ()
    pager = _pager(text, url, address)
    links = {number: target for number, _, target in pager if number is not None and number > here}
    if here + 1 not in links:
        return ()
    numbers = range(here + 1, min(max(links), here + MAX_PARTS) + 1)
    return tuple(links.get(number) or address.like(links[here + 1], number) for number in numbers)


def _linked(text: str, url: str, address: Address) -> dict[int, str]:
    """The pages that links lead to, those between them included: 1 2 3 … 9."""
    links: dict[int, str] = {}
    shifts: list[int] = []
    for number, page, target in _pager(text, url, address):
        if number is None:
            return {}  # this page is itself a further one
        links.setdefault(number, target)
        if page is not None:
            shifts.append(page - number)
    shift = max(set(shifts), key=shifts.count, default=0)
    if shift not in address.shifts or 2 - shift not in links:
        return {}
    sample, last = links[2 - shift], min(max(links) + shift, MAX_PARTS + 1)
    return {page: links.get(page - shift) or address.like(sample, page - shift) for page in range(2, last + 1)}


def _pager(text: str, url: str, address: Address) -> Iterator[tuple[int | None, int | None, str]]:
    """The links of a pager: the number in the address, the page it stands for (None for 末页), and the address.

    下一页 is taken for page 2. The number is None where page 1 is at the address without this one's own number.
    """
    root = tree.parse(text).root
    base = safe_absolute(url, next(iter(root.xpath("//base/@href")), "")) or url
    for label, target in _anchors(root, base):
        shown = _shown(label) or (2 if _NEXT.match(label) else None)
        if shown == 1 and address.bare(target):
            yield None, shown, target
        number = address.number(target)
        if number is not None and (shown or _LAST.match(label)):
            yield number, shown, target


def _anchors(root: html.HtmlElement, base: str) -> Iterator[tuple[str, str]]:
    """What links are called and where they lead; the options of a select are links too."""
    for element in root.iter("a", "option"):
        href = element.get("href") if element.tag == "a" else element.get("value")
        label = tree.clean("".join(element.itertext())[:60]) or element.get("title") or ""
        if href and label and (target := safe_absolute(base, href)) and not _is_neighbour(element):
            yield label, target


def _is_neighbour(element: html.HtmlElement) -> bool:
    """True in the mark-up of comments and of related articles, which have pagers of their own."""
    above = zip(range(8), element.iterancestors("div", "ul", "ol", "section", "p"), strict=False)
    return any(_NEIGHBOURS.search(f"{item.get('class') or ''} {item.get('id') or ''}") for _, item in above)


def _shown(label: str) -> int | None:
    found = _NUMBER.match(label)
    if found is None:
        return None
    figure = found[1] or found[2]
    return int(figure) if figure.isdigit() else _FIGURES.index(figure) + 1
