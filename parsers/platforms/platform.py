"""What a platform reader is: a declared reader that also knows its platform's marks."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, cast

from lxml import etree, html

from parsers.declare import SiteReader
from parsers.document import Document

_NUMBER = re.compile(r"[_-]?\d[\d_]*$")
_IDS = cast("Callable[[html.HtmlElement], list[str]]", etree.XPath(".//@id", smart_strings=False))
_CLASSES = cast("Callable[[html.HtmlElement], list[str]]", etree.XPath(".//@class", smart_strings=False))


@dataclass(frozen=True, slots=True)
class Marks:
    """What no other system's pages have; one of them is enough.

    `names` are `#id` (without a number at its end), `.class` or a tag of the platform's own; `generator`
    is searched for in the meta of that name, `asset` in the addresses of scripts and style sheets.
    """

    names: frozenset[str] = frozenset()
    generator: str = ""
    asset: str = ""

    def on(self, doc: Document, names: Set[str]) -> bool:
        """True where a page, whose `names` are given, bears one of these marks."""
        if not self.names.isdisjoint(names):
            return True
        if self.generator and _rule(self.generator).search(doc.metas.get("generator", "")):
            return True
        return bool(self.asset) and any(map(_rule(self.asset).search, doc.assets))


class Platform(SiteReader):
    """Base of the readers here; a site's file inherits one and corrects where the site differs."""

    marks: ClassVar[Marks] = Marks()


def names(doc: Document, tags: Set[str]) -> frozenset[str]:
    """The ids, the classes and those of the given tags that a page has, as Marks writes them."""
    ids = {"#" + _NUMBER.sub("", name) for name in _IDS(doc.body)}
    classes = {"." + name for value in set(_CLASSES(doc.body)) for name in value.split()}
    own = {tag for tag in tags if next(doc.body.iter(tag), None) is not None}
    return frozenset(ids | classes | own)


@lru_cache(maxsize=64)
def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
