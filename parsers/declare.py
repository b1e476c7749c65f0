"""Site readers by declaration, each dated by the layout it reads.

    class Reader(SiteReader):
        title = one("h1.title")
        published = date("span.time")
        source = text("span.source")
        authors = names("span.author")
        body = blocks("div#content", drop=("div.share",))
        summary = absent("the page repeats its first paragraph")

A selector is CSS and must match exactly one element. Where it matches none or several, the generic
reader answers for that field and the article carries the issue. Fields not declared come from the
generic reader. `valid_until` is the last day (Asia/Shanghai) that a layout was served; None while it
still is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from functools import lru_cache
from typing import Literal, cast

from cssselect import SelectorError
from lxml import html
from lxml.cssselect import CSSSelector

from domain.clock import SHANGHAI
from domain.errors import ConfigurationError
from domain.site import Layout
from parsers import bylines, dates, generic, publication, tree
from parsers.document import Document, Found
from parsers.generic import Fields

NAMES = ("title", "published", "source", "authors", "editors", "summary", "breadcrumb", "body")
_SURE = 0.95
_HEADING_WORD = re.compile(r"^(?:摘要|导读|核心提示|内容提要)\s*[:：]?\s*")


@dataclass(frozen=True, slots=True)
class Spec:
    """One declared field: how to read it, from where. Made by the functions below."""

    kind: Literal["one", "date", "text", "names", "crumbs", "blocks", "absent"]
    selector: str = ""
    drop: tuple[str, ...] = ()
    optional: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        for selector in filter(None, (self.selector, *self.drop)):
            _compiled(selector)


def one(selector: str, *, optional: bool = False) -> Spec:
    """The text of the one element a selector matches. `optional`: no issue where it matches none."""
    return Spec("one", selector, optional=optional)


def text(selector: str, *, optional: bool = False) -> Spec:
    """As `one`, without a label such as 来源: or 摘要 before it; empty text is no value."""
    return Spec("text", selector, optional=optional)


def date(selector: str, *, optional: bool = False) -> Spec:
    """The first time in the one element; without zone it is Asia/Shanghai."""
    return Spec("date", selector, optional=optional)


def names(selector: str, *, optional: bool = False) -> Spec:
    """People's names in the one element, without titles and media."""
    return Spec("names", selector, optional=optional)


def crumbs(selector: str, *, optional: bool = False) -> Spec:
    """The steps of a breadcrumb."""
    return Spec("crumbs", selector, optional=optional)


def blocks(selector: str, *, drop: Sequence[str] = ()) -> Spec:
    """The body: the one element, without what `drop` matches in it. Credits at its ends are still lifted out."""
    return Spec("blocks", selector, drop=tuple(drop))


def absent(reason: str) -> Spec:
    """A field this layout never has, with the reason: the generic reader is not to look for it."""
    return Spec("absent", reason=reason)


class SiteReader(Layout):
    """Base of declared readers; a subclass sets fields to what the functions of this module make."""

    @classmethod
    def specs(cls) -> dict[str, Spec]:
        """The declared fields, inherited ones included."""
        declared = {name: getattr(cls, name, None) for name in NAMES}
        return {name: spec for name, spec in declared.items() if isinstance(spec, Spec)}

    @classmethod
    def read(cls, doc: Document) -> Fields:
        """What the declared selectors find in a page."""
        values: dict[str, object] = {}
        issues: list[str] = []
        specs = cls.specs()
        for name, spec in specs.items():
            if spec.kind != "absent":
                _take(name, spec, doc, values, issues)
        gone = frozenset(name for name, spec in specs.items() if spec.kind == "absent")
        return Fields(**values, absent=gone, issues=tuple(issues))  # type: ignore[arg-type]


def chosen(readers: Sequence[type[Layout]], at: datetime | None) -> type[SiteReader] | None:
    """The reader of the layout served at a time: the soonest to end of those not yet over then.

    Without a time, the one still served.
    """
    day = at.astimezone(SHANGHAI).date() if at else Day.max
    fit = [reader for reader in readers if (reader.valid_until or Day.max) >= day]
    best = min(fit, key=lambda reader: reader.valid_until or Day.max, default=None)
    if best is not None and not issubclass(best, SiteReader):
        raise ConfigurationError(f"{best.__name__} is no SiteReader", hint="Inherit from parsers.declare.SiteReader.")
    return best


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ConfigurationError(f"«{selector}» is no CSS selector: {error}") from error


def _matches(selector: str, root: html.HtmlElement) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", _compiled(selector)(root))


def _take(name: str, spec: Spec, doc: Document, values: dict[str, object], issues: list[str]) -> None:
    matches = _matches(spec.selector, doc.body)
    if len(matches) != 1:
        if matches or not spec.optional:
            issues.append(f"reader: {name}: expected one {spec.selector}, found {len(matches)}")
        return
    if spec.kind == "blocks":
        values["region"] = Found(matches[0], spec.selector, _SURE)
        values["drop"] = tuple(element for selector in spec.drop for element in _matches(selector, matches[0]))
        return
    value = _value(spec, matches[0])
    if value:
        values[name] = Found(value, spec.selector, _SURE)
    elif spec.kind in ("one", "date") and not spec.optional:
        issues.append(f"reader: {name}: nothing to read in {spec.selector}")


def _value(spec: Spec, element: html.HtmlElement) -> object:
    content = tree.clean("".join(element.itertext()))
    if spec.kind == "date":
        return dates.parse(content)
    if spec.kind == "names":
        labelled = bylines.labelled(content)
        return bylines.names(labelled[0].value if labelled and content.startswith(labelled[0].word) else content)
    if spec.kind == "crumbs":
        return generic.crumbs(content)
    if spec.kind == "text":
        labelled = bylines.labelled(content)
        return publication.source_name(labelled[0].value) if labelled else _HEADING_WORD.sub("", content) or None
    return content or None
