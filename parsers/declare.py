"""Site readers by declaration, each dated by the layout it reads.

    class Reader(SiteReader):
        title = one("h1.title", "div.bt")
        published = date("span.time", meta("PubDate"))
        source = text("span.source")
        authors = names("span.author")
        body = blocks("div#content", drop=("div.share",))
        summary = absent("the page repeats its first paragraph")

A place is a CSS selector, `attribute(css, name)`, `meta(name)` or `variable(name)` (of an inline script);
it must hold exactly one thing. Several places are tried in order, and the first that holds exactly one
and can be read is taken. Where none does, the generic reader answers for that field and the article
carries the issue. Fields not declared come from the generic reader. `valid_until` is the last day
(Asia/Shanghai) that a layout was served; None while it still is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from typing import Literal

from domain.clock import SHANGHAI
from domain.errors import ConfigurationError
from domain.site import Layout
from parsers import selecting, values
from parsers.document import Document, Found
from parsers.fields import Fields
from parsers.selecting import Match, attribute, meta, variable

__all__ = [
    "NAMES",
    "SiteReader",
    "Spec",
    "absent",
    "attribute",
    "blocks",
    "chosen",
    "crumbs",
    "date",
    "day",
    "meta",
    "names",
    "one",
    "own",
    "text",
    "validity",
    "variable",
]

NAMES = (
    "title",
    "kicker",
    "subtitle",
    "published",
    "updated",
    "source",
    "authors",
    "photographers",
    "editors",
    "channel",
    "summary",
    "breadcrumb",
    "index_number",
    "agency",
    "written_on",
    "effective_on",
    "expires_on",
    "validity",
    "body",
)
_SURE = 0.95
Reads = Literal["one", "own", "text", "date", "day", "names", "crumbs", "validity"]


@dataclass(frozen=True, slots=True)
class Spec:
    """One declared field: how to read it, from which places, in order. Made by the functions below."""

    kind: Reads | Literal["blocks", "absent"]
    places: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    optional: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        if self.kind != "absent" and not self.places:
            raise ConfigurationError(f"{self.kind}() names no place", hint="Give it a CSS selector.")
        for place in (*self.places, *self.drop):
            selecting.check(place)


def one(*places: str, optional: bool = False) -> Spec:
    """The text of the one element. `optional`: no issue where there is none."""
    return Spec("one", places, optional=optional)


def own(*places: str, optional: bool = False) -> Spec:
    """The text that stands in the one element itself, without that of the elements in it."""
    return Spec("own", places, optional=optional)


def text(*places: str, optional: bool = False) -> Spec:
    """As `one`, without a label such as 来源: or 摘要 before it; empty text is no value."""
    return Spec("text", places, optional=optional)


def date(*places: str, optional: bool = False) -> Spec:
    """The first time in the one element, or seconds since 1970; without zone it is Asia/Shanghai."""
    return Spec("date", places, optional=optional)


def day(*places: str, optional: bool = False) -> Spec:
    """The first day in the one element, as the calendar in Asia/Shanghai has it."""
    return Spec("day", places, optional=optional)


def names(*places: str, optional: bool = False) -> Spec:
    """People's names in the one element, without titles and media."""
    return Spec("names", places, optional=optional)


def crumbs(*places: str, optional: bool = False) -> Spec:
    """The steps of a breadcrumb."""
    return Spec("crumbs", places, optional=optional)


def validity(*places: str, optional: bool = False) -> Spec:
    """What is said of a document: 有效, 废止, 失效, 已修改, 尚未施行; anything else is no value."""
    return Spec("validity", places, optional=optional)


def blocks(*places: str, drop: Sequence[str] = (), optional: bool = False) -> Spec:
    """The body: the one element, without what `drop` matches in it. Credits at its ends are still lifted out."""
    return Spec("blocks", places, drop=tuple(drop), optional=optional)


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
        """What the declared places hold in a page."""
        taken: dict[str, object] = {}
        issues: list[str] = []
        specs = cls.specs()
        for name, spec in specs.items():
            if spec.kind != "absent":
                _take(name, spec, doc, taken, issues)
        gone = frozenset(name for name, spec in specs.items() if spec.kind == "absent")
        return Fields(**taken, absent=gone, issues=tuple(issues))  # type: ignore[arg-type]


def chosen(readers: Sequence[type[Layout]], at: datetime | None) -> type[SiteReader] | None:
    """The reader of the layout served at a time: the soonest to end of those not yet over then.

    Without a time, the one still served.
    """
    captured = at.astimezone(SHANGHAI).date() if at else Day.max
    fit = [reader for reader in readers if (reader.valid_until or Day.max) >= captured]
    best = min(fit, key=lambda reader: reader.valid_until or Day.max, default=None)
    if best is not None and not issubclass(best, SiteReader):
        raise ConfigurationError(f"{best.__name__} is no SiteReader", hint="Inherit from parsers.declare.SiteReader.")
    return best


def _take(name: str, spec: Spec, doc: Document, taken: dict[str, object], issues: list[str]) -> None:
    """The field from the first place that holds exactly one readable thing, or the issue."""
    tried: list[tuple[str, int]] = []
    empty = None
    for place in spec.places:
        matches = selecting.found(place, doc)
        if spec.kind == "blocks":
            matches = selecting.outermost(matches)
        tried.append((place, len(matches)))
        if len(matches) == 1:
            if _put(name, spec, matches[0], taken):
                return
            empty = empty or place
    if empty is None and not (spec.optional and all(count == 0 for _, count in tried)):
        issues.append(f"reader: {name}: expected {selecting.told(tried)}")
    elif empty is not None and spec.kind in ("one", "own", "date", "day") and not spec.optional:
        issues.append(f"reader: {name}: nothing to read in {empty}")


def _put(name: str, spec: Spec, match: Match, taken: dict[str, object]) -> bool:
    """Puts what a match holds; False where there is nothing in it to read."""
    if spec.kind == "blocks":
        if match.element is None:
            return False
        taken["region"] = Found(match.element, match.place, _SURE)
        taken["drop"] = tuple(part for rule in spec.drop for part in selecting.elements(rule, match.element))
        return True
    value = values.read(spec.kind, match)
    if value:
        taken[name] = Found(value, match.place, _SURE)
    return bool(value)
