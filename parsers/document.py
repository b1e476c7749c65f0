"""A payload made readable once: its tree, its lines, its metas. What every reader starts from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from lxml import html

from parsers import embedded, fold, original, tree
from parsers.addresses import safe_absolute
from parsers.embedded import Embedded, Script
from parsers.original import Served
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
    `assets` the addresses of scripts and style sheets as written: neither is in the tree any more. `state`
    are the inline scripts with their types, for what holds the article there. `served` is what a folded page
    said before.
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
    state: tuple[Script, ...] = ()
    served: Served | None = None

    @property
    def embedded(self) -> Embedded | None:
        """The article that the scripts hold, looked for on every call."""
        return embedded.find(self.state, self.url, self.head_title or self.metas.get("og:title", ""))

    @property
    def linked_data(self) -> Embedded | None:
        """The same from the scripts that are data as a whole (JSON-LD, __NEXT_DATA__): quick, and mostly nothing."""
        data = tuple(script for script in self.state if script.is_data)
        return embedded.find(data, self.url, self.head_title or self.metas.get("og:title", "")) if data else None


def document(text: str, url: str, *, wanted: bool | str = False, at: datetime | None = None) -> Document:
    """Read a page's text into a Document. `wanted` is Site.fold. Pure; never raises on bad mark-up."""
    parsed = tree.parse(text)
    root = parsed.root
    folding = fold.switches(wanted, text)
    served = original.fold_tree(root, folding) if folding else None
    head_title = tree.clean("".join(root.xpath("//title[1]//text()")[:20]))
    metas = _linked_data(root) | _metas(root)
    base = _base(root, url)
    password = bool(root.xpath("//input[@type='password']"))
    scripts, assets = _scripts(root), _assets(root)
    state = embedded.scripts(root)
    body = tree.visible(root)
    lines = tuple(tree.lines(body))
    return Document(
        url,
        base,
        root,
        body,
        lines,
        metas,
        head_title,
        folding.script,
        password,
        parsed.deep,
        at,
        scripts,
        assets,
        state,
        served,
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
