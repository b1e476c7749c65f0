"""A payload made readable once: its tree, its lines, its metas. What every reader starts from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from lxml import html

from parsers import embedded, fold, tree
from parsers.addresses import safe_absolute
from parsers.embedded import Embedded
from parsers.tree import Line

T = TypeVar("T")
_LINKED_DATA = re.compile(r'"(?P<name>datePublished|pubDate|headline)"\s*:\s*"(?P<value>[^"\\]{1,200})"')
_METAS_READ = 400
_SCRIPTS_READ = 400_000  # characters of inline script that are kept
_ASSETS_READ = 200


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, where it was found, and how sure that is, 0..1."""

    value: T
    where: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """`url` is the page's address, `base` what its links are relative to; `metas` by lower-case name.

    `head_title` is the text of <title>. `folded` is True where traditional characters with readings were
    turned back. `at` is when the page was captured, where known. `scripts` are the texts of inline scripts,
    `assets` the addresses of scripts and style sheets as written: neither is in the tree any more. `embedded`
    is the article that the scripts hold.
    """

    url: str
    base: str
    root: html.HtmlElement
    body: html.HtmlElement
    lines: tuple[Line, ...]
    metas: Mapping[str, str]
    head_title: str
    folded: bool
    password: bool
    deep: bool = False
    at: datetime | None = None
    scripts: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    embedded: Embedded | None = None


def document(text: str, url: str, *, fold_always: bool = False, at: datetime | None = None) -> Document:
    """Read a page's text into a Document. Pure; never raises on bad mark-up."""
    parsed = tree.parse(text)
    root = parsed.root
    folding = fold_always or fold.is_mirrored(text)
    if folding:
        fold.fold_tree(root)
    head_title = tree.clean("".join(root.xpath("//title[1]//text()")[:20]))
    metas = _linked_data(root) | _metas(root)
    base = _base(root, url)
    password = bool(root.xpath("//input[@type='password']"))
    scripts, assets = _scripts(root), _assets(root)
    held = embedded.find(embedded.scripts(root), url, head_title or metas.get("og:title", ""))
    body = tree.visible(root)
    lines = tuple(tree.lines(body))
    return Document(
        url, base, root, body, lines, metas, head_title, folding, password, parsed.deep, at, scripts, assets, held
    )


def _metas(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.xpath("//meta[@content]")[:_METAS_READ]:
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        value = tree.clean(meta.get("content"))
        if name and value:
            found.setdefault(name.strip().lower(), value)
    return found


def _linked_data(root: html.HtmlElement) -> dict[str, str]:
    scripts = root.xpath("//script[@type='application/ld+json']/text()")[:5]
    hits = (hit for script in scripts for hit in _LINKED_DATA.finditer(script))
    return {f"ld:{hit['name'].lower()}": hit["value"] for hit in hits}


def _scripts(root: html.HtmlElement) -> tuple[str, ...]:
    found, room = [], _SCRIPTS_READ
    for script in root.iter("script"):
        if script.text and room > 0:
            found.append(script.text[:room])
            room -= len(script.text)
    return tuple(found)


def _assets(root: html.HtmlElement) -> tuple[str, ...]:
    named = (element.get("src") or element.get("href") for element in root.iter("script", "link"))
    return tuple(islice(filter(None, named), _ASSETS_READ))


def _base(root: html.HtmlElement, url: str) -> str:
    href = next(iter(root.xpath("//base/@href")), "")
    return safe_absolute(url, href) or url
