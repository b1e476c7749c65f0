"""The publish line: when, from where, by whom. Looked for around the headline, never in neighbours."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
)
_SOURCES = ("contentsource", "source", "article:source", "mediaid", "dc.source", "copyrightowner")
_SENTENCE = re.compile(r"[。！？!?；]")
_COPYRIGHT = re.compile(r"(?i)copyright|©|版权所有|ICP|截至|有效期|许可证")
_MEDIUM = re.compile(r"(?:网|报|社|台|客户端|新闻|传媒|集团|中心|在线|频道|杂志|周刊|办公室|局|厅|委员会|政府|发布)$")
_DATE_WORD = re.compile(
    "(?P<made>" + bylines.LABELS["made"] + ")|(?P<date>" + bylines.LABELS["date"] + r")\s*[:：]?\s*[\[【]?\s*$"
)
_OWN_NAME = re.compile(r"[\u4e00-\u9fff]{4,10}(?<!时间)(?<!日期)")
_NEAR = 120
_MOVED = re.compile(r"更新|修改|编辑于")


@dataclass(frozen=True, slots=True)
class Publication:
    """What the lines around the headline say."""

    published: Found[Stamp] | None = None
    source: Found[str] | None = None
    authors: Found[tuple[str, ...]] | None = None
    editors: Found[tuple[str, ...]] | None = None


def find(doc: Document, title: Line | None, region: Sequence[Line]) -> Publication:
    """The publication fields of a page whose headline and region are known, either possibly not."""
    near = _near(doc, title, region)
    after = _after(doc, region)
    published = _published(near, after, title, doc.at) or _from_metas(doc) or _from_address(doc)
    return replace(_credits(near, after), published=published, source=_source(near, after) or _meta_source(doc))


def _near(doc: Document, title: Line | None, region: Sequence[Line]) -> tuple[Line, ...]:
    """The lines from a little above the headline to the first sentence of the body."""
    body = next((line.number for line in region if _is_prose(line)), None)
    if body is None:
        body = region[min(len(region), 8) - 1].number if region else len(doc.lines)
    start = title.number if title is not None and title.number < body else body - 14
    return tuple(line for line in doc.lines[max(start - 4, 0) : body][:_NEAR] if line.chars <= 260)


def _after(doc: Document, region: Sequence[Line]) -> tuple[Line, ...]:
    end = region[-1].number if region else 0
    return tuple(line for line in doc.lines[max(end - 5, 0) : end + 10] if line.chars <= 120 and region)


def _is_prose(line: Line) -> bool:
    return line.chars >= 30 and _SENTENCE.search(line.text) is not None and not bylines.labelled(line.text[:20])


def _published(
    near: Iterable[Line], after: Iterable[Line], title: Line | None, at: datetime | None
) -> Found[Stamp] | None:
    ranked: list[tuple[float, int, Stamp]] = []
    for place, lines in ((0, near), (1, after)):
        for line in lines:
            before = title is not None and line.number < title.number
            for stamp in dates.stamps(line.text):
                score = _rank(line, stamp) - 3 * before - 2.5 * place
                if dates.plausible(stamp, at) and score >= 1:
                    ranked.append((score, -line.number, stamp))
    if not ranked:
        return None
    score, number, stamp = max(ranked, key=lambda entry: entry[:2])
    return Found(stamp, f"line {-number}", min(0.5 + score / 14, 0.97))


def _rank(line: Line, stamp: Stamp) -> float:
    """How much a time in a line looks like the publication's."""
    if line.linked > 0.6 or _COPYRIGHT.search(line.text):
        return -9.0
    begin, end = stamp.span
    lead = line.text[max(begin - 12, 0) : begin]
    word = _DATE_WORD.search(lead)
    score = 1.0 + (2.0 if stamp.precision.value in ("minute", "second") else 0.0)
    if word:
        score += 4.0 if word["date"] else -2.0
        score -= 1.5 if _MOVED.search(lead) else 0.0
    elif _SENTENCE.search(line.text) or len(line.text) - (end - begin) > 60:
        return -9.0
    kinds = {pair.kind for pair in bylines.labelled(line.text)}
    score -= 2.0 if line.text.startswith(("(", "（")) and score < 3 else 0.0
    return score + (1.5 if kinds & {"source", "author", "editor", "other"} else 0.0)


def _from_metas(doc: Document) -> Found[Stamp] | None:
    for name in _METAS:
        stamp = dates.parse(doc.metas[name]) if name in doc.metas else None
        if stamp is not None and dates.plausible(stamp, doc.at):
            return Found(stamp, f"meta {name}", 0.75)
    return None


def _from_address(doc: Document) -> Found[Stamp] | None:
    stamp = dates.in_address(doc.url)
    return Found(stamp, "address", 0.4) if stamp and dates.plausible(stamp, doc.at) else None


def _source(near: Iterable[Line], after: Iterable[Line]) -> Found[str] | None:
    for confidence, lines in ((0.9, near), (0.7, after)):
        for line in lines:
            for pair in _pairs(line.text):
                value = source_name(pair.value) if pair.kind == "source" else None
                if value and line.linked < 0.9:
                    return Found(value, f"line {line.number} {pair.word}", confidence)
    return _unlabelled(near)


def source_name(text: str) -> str | None:
    """A source as stated, without the time, tools or reporter that follow on the same line."""
    first = next(dates.stamps(text), None)
    text = text[: first.span[0]] if first and first.span[0] > 0 else ("" if first else text)
    text = re.split(r"[|｜]|\s{2,}", text.strip(" -—|[]【】()（）:："))[0].strip()
    return text if 1 < len(text) <= 40 and not _SENTENCE.search(text) else None


def _unlabelled(near: Iterable[Line]) -> Found[str] | None:
    """中华宽带网 2020-08-21 15:43:49: a medium's name beside the time."""
    for line in near:
        first = next(dates.stamps(line.text), None)
        if first is None or first.precision.value == "day" or line.linked > 0.6 or len(line.text) > 80:
            continue
        begin, end = first.span
        for side in (line.text[:begin], line.text[end:].split(" ")[1] if " " in line.text[end:] else ""):
            name = side.strip(" -—|[]【】()（）")
            if bylines.has_role(name):
                continue
            if 2 < len(name) <= 16 and (_MEDIUM.search(name) or _OWN_NAME.fullmatch(name)) and " " not in name:
                return Found(name, f"line {line.number}", 0.5)
    return None


def _meta_source(doc: Document) -> Found[str] | None:
    named = ((name, source_name(doc.metas[name])) for name in _SOURCES if name in doc.metas)
    return next((Found(value, f"meta {name}", 0.7) for name, value in named if value), None)


def _credits(near: Sequence[Line], after: Sequence[Line]) -> Publication:
    lines = (*near, *after)
    authors = [(line, _named(line.text, "author", bylines.names)) for line in lines]
    authors += [(line, bylines.reporters(_beside_time(line.text))) for line in near]
    editors = [(line, _named(line.text, "editor", bylines.editors)) for line in lines]
    return Publication(authors=_first(authors), editors=_first(editors))


def _named(text: str, kind: str, rule: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """Everybody a line names under labels of one kind: 编辑:甲某 责任编辑:乙某."""
    return tuple(dict.fromkeys(name for pair in _pairs(text) if pair.kind == kind for name in rule(pair.value)))


def _pairs(text: str) -> list[bylines.Labelled]:
    """A line's labelled values; none of a sentence that merely uses such a word."""
    return [] if _SENTENCE.search(text) else bylines.labelled(text)


def _beside_time(text: str) -> str:
    """What follows the time on a publish line, up to the first label: 全媒体记者 甲某 通讯员 乙某."""
    first = next(dates.stamps(text), None)
    rest = text[first.span[1] :] if first else ""
    pairs = bylines.labelled(rest)
    return rest[: rest.index(pairs[0].word)] if pairs else rest


def _first(found: Sequence[tuple[Line, tuple[str, ...]]]) -> Found[tuple[str, ...]] | None:
    return next((Found(names, f"line {line.number}", 0.8) for line, names in found if names), None)
