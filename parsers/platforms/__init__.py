"""CMS families, each a reader that a site's file inherits in a line and corrects where the site differs.

A file a platform. Mark-up is stated with where it was seen; what is from memory says so. On a page
without a site's file, `detect` tells the platform by unmistakable marks and `evidence` what its reader
finds there, for the generic reader to weigh.
"""

from dataclasses import fields, replace

from lxml import html

from parsers import tree
from parsers.document import Document, Found
from parsers.fields import Fields
from parsers.platforms.baidu import BaiduIds
from parsers.platforms.chinamcloud import Chinamcloud
from parsers.platforms.dedecms import DedeCms
from parsers.platforms.enorth import Enorth
from parsers.platforms.founder import FounderPaper
from parsers.platforms.hanweb import HanwebJcms
from parsers.platforms.iqilu import Iqilu
from parsers.platforms.phpcms import Phpcms
from parsers.platforms.platform import Marks, Platform, names
from parsers.platforms.siteserver import SiteServer
from parsers.platforms.trs import TrsWcm
from parsers.platforms.ucap import Ucap
from parsers.platforms.vsb import BodaVsb
from parsers.platforms.webplus import SudyWebplus
from parsers.platforms.wechat import WeChat
from parsers.platforms.wordpress import WordPress

__all__ = [
    "KNOWN",
    "BaiduIds",
    "BodaVsb",
    "Chinamcloud",
    "DedeCms",
    "Enorth",
    "FounderPaper",
    "HanwebJcms",
    "Iqilu",
    "Marks",
    "Phpcms",
    "Platform",
    "SiteServer",
    "SudyWebplus",
    "TrsWcm",
    "Ucap",
    "WeChat",
    "WordPress",
    "detect",
    "evidence",
]

KNOWN: tuple[type[Platform], ...] = (
    WeChat,
    Ucap,
    BodaVsb,
    SudyWebplus,
    FounderPaper,
    TrsWcm,
    HanwebJcms,
    WordPress,
    DedeCms,
    Phpcms,
    Chinamcloud,
    Iqilu,
    Enorth,
    SiteServer,
    BaiduIds,
)
"""Every platform, the ones with the surest marks first: the first whose mark is on a page is its platform."""

_TAGS = frozenset(name for platform in KNOWN for name in platform.marks.names if name[0] not in "#.")
_ENOUGH = 80  # characters of text, white space aside, below which a body is not worth believing
_LINKED = 0.4
_SURE = 0.85


def detect(doc: Document) -> type[Platform] | None:
    """The platform a page was made with, by marks that no other has; None where there is none of them."""
    here = names(doc, _TAGS)
    return next((platform for platform in KNOWN if platform.marks.on(doc, here)), None)


def evidence(doc: Document) -> Fields:
    """What the page's platform says of it, for a page without a site's own reader; empty for no platform.

    Only what its reader found exactly once; a body only where it holds text worth the name. Confidence is
    below that of a site's own reader, and what was not found is no issue.
    """
    platform = detect(doc)
    if platform is None:
        return Fields()
    told = platform.read(doc)
    values = {field.name: getattr(told, field.name) for field in fields(told)}
    found = {
        name: Found(value.value, f"{platform.__name__} {value.where}", _SURE)
        for name, value in values.items()
        if isinstance(value, Found) and (name != "region" or _is_body(value.value))
    }
    return replace(Fields(drop=told.drop if "region" in found else ()), **found)  # type: ignore[arg-type]


def _is_body(element: html.HtmlElement) -> bool:
    whole = _length(element)
    linked = sum(map(_length, element.iter("a")))
    return whole >= _ENOUGH and linked <= _LINKED * whole


def _length(element: html.HtmlElement) -> int:
    return sum(len("".join(tree.clean(part).split())) for part in element.itertext())
