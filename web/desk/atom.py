"""A feed as Atom, RFC 4287."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from domain.clock import iso
from web.desk.entries import Entry, Feed

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
register_namespace("", _ATOM)


def document(feed: Feed) -> bytes:
    """UTF-8. Without `rel="self"`: the feed's own address is a secret, and readers hand documents on."""
    root = Element(f"{{{_ATOM}}}feed", {_LANG: feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", iso(feed.updated))
    _add(_add(root, "author"), "name", "通鉴 Tongjian")
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _add(root, "generator", "Tongjian")
    for entry in feed.entries:
        _entry(_add(root, "entry"), entry)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(node: Element, entry: Entry) -> None:
    _add(node, "id", entry.id)
    _add(node, "title", entry.title)
    _add(node, "updated", iso(entry.at))
    _add(node, "published", iso(entry.at))
    _add(_add(node, "author"), "name", entry.author)
    _add(node, "link", rel="alternate", type="text/html", href=entry.link)
    if entry.outside:
        _add(node, "link", rel="via", href=entry.outside)
    for tag in entry.tags:
        _add(node, "category", term=tag)
    _add(node, "summary", entry.summary, type="text")
    _add(node, "content", entry.html, type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    node = SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    node.text = text or None
    return node
