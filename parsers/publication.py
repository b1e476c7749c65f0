"""The publish line: when. Looked for around the headline, never in neighbours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers import bylines, dates
from parsers.dates import Stamp
from parsers.document import Document, Found
from parsers.tree import Line

_METAS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "article:published_time",
    "datepublished",
    "og:release_date",
    "weibo:article:create_at",
    "publishtime",
    "publish-time",
    "firstpublishedtime",
    "releasedate",
    "createdate",
    "ld:datepublished",
    "ld:pubdate",
    "date",
    "dc.date",
    "dc.date.issued",
    "article:create_at",
    "_pubtime",
    "og:time",
    "publish_time",
    "publishedtime",
    "article:published",
    "pubtime",
    "ptime",
    "contentdate",
    "apub:time",
)
_UPDATES = (
    "article:modified_time",
    "og:updated_time",
    "lastmodified",
    "last-modified",
    "ld:datemodified",
    "dc.modified",
)
SENTENCE = re.compile(r"[。！？!?；]")
_COPYRIGHT = re.compile(r"(?i)copyright|©|版权所有|ICP|截至|有效期|许可证")
_DATE_WORD = re.compile(
    "(?P<made>"
    + bylines.LABELS["made"]
    + ")|(?P<updated>"
    + bylines.LABELS["updated"]
    + ")|(?P<date>"
    + bylines.LABELS["date"]
    + r")\s*[:：]?\s*[\[【]?\s*$"
)
_NEAR = 120
_MARKED = 4.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The lines around an article: from a little above the headline to its first sentence, and past its end."""

    title: Line | None
    near: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time that may be the publication's: how much it looks so, and whether it is said to be an update's."""

    score: float
    number: int
    stamp: Stamp
    updated: bool = False


def surroundings(doc: Document, title: Line | None, region: Sequence[Line]) -> Surroundings:
    """The lines to look in; `region` are those of the body's element, possibly none."""
    near = _near(doc, title, region)
    seen = near[-1].number if near else -1
    return Surroundings(title, near, tuple(line for line in _after(doc, region) if line.number > seen))


def _near(doc: Document, title: Line | None, region: Sequence[Line]) -> tuple[Line, ...]:
    body = next((line.number for line in region if is_prose(line)), None)
    if body is None:
        body = region[min(len(region), 8) - 1].number if region else len(doc.lines)
    start = title.number if title is not None and title.number < body else body - 14
    return tuple(line for line in doc.lines[max(start - 4, 0) : body][:_NEAR] if line.chars <= 260)


def _after(doc: Document, region: Sequence[Line]) -> tuple[Line, ...]:
    end = region[-1].number if region else 0
    return tuple(line for line in doc.lines[max(end - 5, 0) : end + 10] if line.chars <= 120 and region)


def is_prose(line: Line) -> bool:
    """True for a line of running text, not a publish line's."""
    return line.chars >= 30 and SENTENCE.search(line.text) is not None and not bylines.labelled(line.text[:20])


def published(doc: Document, around: Surroundings) -> tuple[Found[Stamp] | None, tuple[Found[str], ...]]:
    """The time of publication, and the candidates that were weighed and not taken."""
    found = sorted(_candidates(around, doc.at), key=lambda entry: (entry.score, -entry.number), reverse=True)
    chosen = [_as_found(entry) for entry in found if entry.score >= 1]
    chosen += [found for found in (_from_metas(doc, _METAS), _from_address(doc)) if found]
    if not chosen:
        return None, ()
    return chosen[0], tuple(Found(_shown(other.value), other.where, other.confidence) for other in chosen[1:4])


def updated(doc: Document, around: Surroundings) -> Found[Stamp] | None:
    """The time of the last update, where the page states one beside another time of publication."""
    entries = [entry for entry in _candidates(around, doc.at) if entry.updated]
    if entries:
        return Found(entries[0].stamp, f"line {entries[0].number}", 0.85)
    return _from_metas(doc, _UPDATES)


def _candidates(around: Surroundings, at: datetime | None) -> Iterator[Candidate]:
    for place, lines in ((0, around.near), (1, around.after)):
        for line in lines:
            before = around.title is not None and line.number < around.title.number
            for stamp in dates.stamps(line.text):
                score, moved = _rank(line, stamp)
                if dates.plausible(stamp, at):
                    yield Candidate(score - 3 * before - 2.5 * place, line.number, stamp, moved)
            marked = None if before or place else _marked(line)
            if marked is not None and dates.plausible(marked, at):
                yield Candidate(_MARKED, line.number, marked)


def _marked(line: Line) -> Stamp | None:
    """The time of a <time datetime> in a short line below the headline, as the HTML standard has it."""
    if line.chars > 80:
        return None
    times = (element.get("datetime") for element in line.element.iter("time"))
    return next((stamp for time in times if time and (stamp := dates.parse(time))), None)


def _as_found(entry: Candidate) -> Found[Stamp]:
    return Found(entry.stamp, f"line {entry.number}", max(0.0, min(0.5 + entry.score / 14, 0.97)))


def _shown(stamp: Stamp) -> str:
    return stamp.at.isoformat()


def _rank(line: Line, stamp: Stamp) -> tuple[float, bool]:
    """How much a time in a line looks like the publication's, and whether it is said to be an update's."""
    if line.linked > 0.95 or (line.linked > 0.6 and line.chars > 80) or _COPYRIGHT.search(line.plain):
        return -9.0, False
    begin, end = stamp.span
    word = _DATE_WORD.search(line.plain[max(begin - 12, 0) : begin])
    moved = bool(word and word["updated"])
    score = 1.0 + (2.0 if stamp.precision.value in ("minute", "second") else 0.0) - (1.0 if line.linked > 0.6 else 0.0)
    if word:
        score += -2.0 if word["made"] else 2.5 if moved else 4.0
    elif SENTENCE.search(line.text) or len(line.text) - (end - begin) > 60:
        return -9.0, False
    kinds = {pair.kind for pair in bylines.labelled(line.text)}
    aside = line.text.startswith(("(", "（")) and len(line.text) - (end - begin) > 2
    score -= 2.0 if aside and score < 3 else 0.0
    return score + (1.5 if kinds & {"source", "author", "editor", "other"} else 0.0), moved


def _from_metas(doc: Document, names: Iterable[str]) -> Found[Stamp] | None:
    for name in names:
        stamp = dates.parse(doc.metas[name]) if name in doc.metas else None
        if stamp is not None and dates.plausible(stamp, doc.at):
            return Found(stamp, f"meta {name}", 0.75)
    return None


def _from_address(doc: Document) -> Found[Stamp] | None:
    stamp = dates.in_address(doc.url)
    return Found(stamp, "address", 0.4) if stamp and dates.plausible(stamp, doc.at) else None
