"""What a declared field makes of the one thing found for it."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from lxml import html

from domain.article import Precision, Validity
from domain.clock import SHANGHAI
from parsers import bylines, dates, sourcing, trails, tree
from parsers.dates import Stamp
from parsers.selecting import Match

_HEADING_WORD = re.compile(r"^(?:摘要|导读|核心提示|内容提要)\s*[:：]?\s*")
_LABEL = re.compile(r"^[^\s:：]{2,8}[:：]\s*")
_SECONDS = re.compile(r"1\d{9}")
_MILLISECONDS = re.compile(r"1\d{12}")
_VALIDITY = (
    (re.compile(r"废止|作废|无效"), Validity.REPEALED),
    (re.compile(r"失效|过期"), Validity.EXPIRED),
    (re.compile(r"修改|修订|修正"), Validity.AMENDED),
    (re.compile(r"尚未(?:施行|生效)|未(?:施行|生效)"), Validity.PENDING),
    (re.compile(r"有效|现行"), Validity.IN_FORCE),
)


def read(kind: str, match: Match) -> object:
    """The value of a match as the kind of a declared field wants it; empty or None where it has none."""
    content = match.text if match.element is None else "".join(match.element.itertext())
    if kind == "own" and match.element is not None:
        content = _own(match.element)
    return _READERS[kind](tree.clean(content))


def moment(text: str) -> Stamp | None:
    """The first time in a text, or the seconds or milliseconds since 1970 that it is."""
    if _SECONDS.fullmatch(text) or _MILLISECONDS.fullmatch(text):
        return Stamp(datetime.fromtimestamp(int(text[:10]), UTC), Precision.SECOND)
    return dates.parse(text)


def _own(element: html.HtmlElement) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _plain(content: str) -> str | None:
    return content or None


def _unlabelled(content: str) -> str | None:
    pairs = bylines.labelled(content)
    stated = next((pair for pair in pairs if pair.kind == "source"), None)
    if stated is None and pairs and content.startswith(pairs[0].word):
        return _short(pairs[0].value)
    return sourcing.source_name(stated.value) if stated else _HEADING_WORD.sub("", content) or None


def _short(value: str) -> str | None:
    """A value that is no medium's name but stands after its label: an index number, a channel."""
    return value if value and len(value) <= 60 and next(dates.stamps(value), None) is None else None


def _names(content: str) -> tuple[str, ...]:
    labelled = bylines.labelled(content)
    return bylines.names(labelled[0].value if labelled and content.startswith(labelled[0].word) else content)


def _day(content: str) -> date | None:
    stamp = moment(content)
    return stamp.at.astimezone(SHANGHAI).date() if stamp and stamp.precision is not Precision.MONTH else None


def _validity(content: str) -> Validity | None:
    said = _LABEL.sub("", content)
    return next((meaning for rule, meaning in _VALIDITY if len(said) <= 20 and rule.search(said)), None)


_READERS: Mapping[str, Callable[[str], object]] = {
    "one": _plain,
    "own": _plain,
    "text": _unlabelled,
    "date": moment,
    "day": _day,
    "names": _names,
    "crumbs": trails.crumbs,
    "validity": _validity,
}
