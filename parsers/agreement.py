"""Where a site's own reader and the generic one say different things: the first sign of a changed layout."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from lxml import html

from domain.article import Precision
from domain.clock import SHANGHAI
from parsers import wording
from parsers.dates import Stamp
from parsers.document import Found
from parsers.fields import Fields

T = TypeVar("T")
_SURE = 0.8  # below this the generic reader is not heard
_ALIKE = 0.6
# A region within the other is a matter of edges, unless it is a scrap.
_COMMON, _PART = 0.5, 0.1
_SENTENCES = 3
_READ = 40_000  # characters of a region that are compared
_FORMS = {Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d"}


def disagreements(given: Fields, generic: Fields) -> tuple[str, ...]:
    """An issue for each of title, published, source and body that both give and give differently.

    `given` is what the site's reader found, `generic` what the generic reader finds by itself; it is heard
    where it is sure (0.8 or more; of a body always). Titles and sources are the same where their letters
    and digits are, or where one holds most of the other; times to the coarser precision of the two, and
    seconds never count; bodies where more than half of the characters are common, or a tenth where one lies
    within the other.
    """
    notes = (
        _note("title", given.title, generic.title, _same_name, str),
        _note("published", given.published, generic.published, _same_time, _told),
        _note("source", given.source, generic.source, _same_name, str),
        _bodies(given.region, generic.region),
    )
    return tuple(filter(None, notes))


def _note(
    name: str,
    given: Found[T] | None,
    generic: Found[T] | None,
    same: Callable[[T, T], bool],
    told: Callable[[T], str],
) -> str | None:
    if given is None or generic is None or generic.confidence < _SURE or same(given.value, generic.value):
        return None
    return f"reader: {name}: «{told(given.value)}» here, «{told(generic.value)}» by the generic reader"


def _same_name(one: str, other: str) -> bool:
    short, long = sorted((wording.norm(one), wording.norm(other)), key=len)
    return short == long or (short in long and len(short) >= _ALIKE * len(long))


def _same_time(one: Stamp, other: Stamp) -> bool:
    coarser = next((way for way in _FORMS if way in (one.precision, other.precision)), Precision.MINUTE)
    return _form(one, coarser) == _form(other, coarser)


def _told(stamp: Stamp) -> str:
    return _form(stamp, stamp.precision)


def _form(stamp: Stamp, precision: Precision) -> str:
    return stamp.at.astimezone(SHANGHAI).strftime(_FORMS.get(precision, "%Y-%m-%d %H:%M"))


def _bodies(given: Found[html.HtmlElement] | None, generic: Found[html.HtmlElement] | None) -> str | None:
    if given is None or generic is None or given.value is generic.value:
        return None
    one, other = _characters(given.value), _characters(generic.value)
    if other["。"] < _SENTENCES:
        return None  # of a line or two the generic reader cannot be sure
    longer = max(one.total(), other.total())
    share = (one & other).total() / longer if longer else 1.0
    nested = given.value in generic.value.iterdescendants() or generic.value in given.value.iterdescendants()
    if share > (_PART if nested else _COMMON):
        return None
    return f"reader: body: only {share:.0%} of it is also the generic reader's"


def _characters(region: html.HtmlElement) -> Counter[str]:
    return Counter("".join("".join(region.itertext()).split())[:_READ])
