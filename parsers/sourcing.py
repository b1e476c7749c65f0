"""Where an article comes from: what the page states (来源, 稿源, 转自), and whose page it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml import html

from parsers import bylines, counters, dates, furniture
from parsers.document import Document, Found
from parsers.plain import plain
from parsers.publication import SENTENCE, Surroundings
from parsers.tree import Line

_METAS = ("contentsource", "source", "article:source", "mediaid", "dc.source", "copyrightowner", "ld:source")
_PUBLISHERS = ("og:site_name", "sitename", "ld:publisher", "application-name", "apple-mobile-web-app-title")
_HINT = re.compile(
    r"(?i)(?:^|[\s_-])(?:source|media(?:-?name)?|laiyuan|ly|origin|from|copyfrom|weibo_user|pubname)(?:$|[\s_-])"
)
_MEDIUM = re.compile(
    r"(?:网|报|社|台|站|客户端|新闻|传媒|集团|中心|在线|频道|杂志|周刊|画报|文摘|时代|观察|财经|办公室|局|厅|委员会|政府|发布)$"
)
_OWN_NAME = re.compile(r"[\u4e00-\u9fff]{4,10}(?<!时间)(?<!日期)")
_LABEL = re.compile(rf"(?:{bylines.LABELS['source']})\s*[:：]?")
_LOOKED_AT = 60  # elements of a line, texts of an element
_EDGES = " -—|·[]【】()（）:：,，、\t"
_COUNT = re.compile(r"(?:\s+|(?<=[网报社台站闻团心局厅府]))\d{1,8}$")
_CLOSED = re.compile(r"^[^()（）]*[)）]")


def source(
    doc: Document, around: Surroundings, region: Sequence[Line]
) -> tuple[Found[str] | None, tuple[Found[str], ...]]:
    """The stated source, and the candidates that were not taken. `region` are the lines of the body's element."""
    found = list(_once(_all(doc, around, region)))
    return (found[0] if found else None), tuple(found[1:4])


def publisher(doc: Document) -> Found[str] | None:
    """Whose page it is, as its metas say."""
    named = ((name, doc.metas[name]) for name in _PUBLISHERS if 1 < len(doc.metas.get(name, "")) <= 30)
    return next((Found(value, f"meta {name}", 0.8) for name, value in named), None)


def _all(doc: Document, around: Surroundings, region: Sequence[Line]) -> Iterator[Found[str]]:
    yield from _labelled(around.near, 0.9)
    yield from _hinted(around.near)
    yield from _unlabelled(around.near)
    yield from _labelled(around.after, 0.7)
    yield from _metas(doc)
    yield from _reported(region)


def _once(found: Iterable[Found[str]]) -> Iterator[Found[str]]:
    seen: set[str] = set()
    for item in found:
        if item.value not in seen:
            seen.add(item.value)
            yield item


def source_name(text: str) -> str | None:
    """A source as stated, without the time, tools or reporter that follow on the same line."""
    first = next(dates.stamps(text), None)
    text = text[: first.span[0]] if first and first.span[0] > 0 else ("" if first else text)
    closed = _CLOSED.match(text)
    text = text[: closed.end() - 1] if closed else text
    text = _own(re.split(r"[|｜】\]]|\s{2,}", text.strip(_EDGES))[0].strip())
    text = _COUNT.sub("", text[: counters.begin(plain(text))]).strip()
    return text if 1 < len(text) <= 40 and not SENTENCE.search(text) else None


def _own(text: str) -> str:
    """Without the words after a name that say something else: 甲日报 记者 乙某, 甲网 阅读 1.2万."""
    words = text.split(" ")
    for number, word in enumerate(words[1:], 1):
        if bylines.has_role(word) or furniture.is_tool(plain(" ".join(words[number:]))):
            return " ".join(words[:number])
    return text


def _labelled(lines: Sequence[Line], confidence: float) -> Iterator[Found[str]]:
    for place, line in enumerate(lines):
        if SENTENCE.search(line.text):
            continue
        if _LABEL.fullmatch(line.plain) and place + 1 < len(lines) and line.element is not lines[place + 1].element:
            value = source_name(lines[place + 1].text)
            if value and not bylines.labelled(value):
                yield Found(value, f"line {line.number} {line.text}", confidence)
        pairs = bylines.labelled(line.text)
        for number, pair in enumerate(pairs):
            value = source_name(pair.value) if pair.kind == "source" else None
            if value:
                second = pairs[number + 1] if number + 1 < len(pairs) else None
                yield Found(_whole(line.text, value, second), f"line {line.number} {pair.word}", confidence)


def _whole(text: str, value: str, second: bylines.Labelled | None) -> str:
    """A source that names its own, 来源：甲网，摘自：乙报, as stated."""
    if second is None or second.kind != "source" or not second.value:
        return value
    told = source_name(second.value)
    if told is None:
        return value
    whole = text[text.index(value) : text.index(told, second.start) + len(told)]
    return whole if text[second.start - 1] in ",，" and len(whole) <= 40 else value


def _hinted(near: Iterable[Line]) -> Iterator[Found[str]]:
    """An element that its name calls the source: <span class="source">, <p class="media-name">."""
    seen: set[html.HtmlElement] = set()
    for line in near:
        for element in islice(line.element.iter(), _LOOKED_AT):
            if element in seen:
                continue
            seen.add(element)
            name = f"{element.get('class') or ''} {element.get('id') or ''}" if isinstance(element.tag, str) else ""
            if len(name) > 1 and _HINT.search(name):
                value = source_name(" ".join("".join(map(str, islice(element.itertext(), _LOOKED_AT))).split()))
                if value and len(value) <= 20 and not bylines.labelled(value) and not bylines.has_role(value):
                    yield Found(value, f"line {line.number} <{name.strip()[:30]}>", 0.75)


def _unlabelled(near: Iterable[Line]) -> Iterator[Found[str]]:
    """中华宽带网 2020-08-21 15:43:49: a medium's name beside the time."""
    for line in near:
        begin, end = _time(line)
        if end == 0 or line.linked > 0.6 or len(line.text) > 80:
            continue
        for side in (line.text[:begin], _next_word(line.text[end:])):
            name = side.strip(_EDGES)
            if bylines.labelled(name + ":") or bylines.has_role(name) or " " in name or not 2 < len(name) <= 16:
                continue
            if _MEDIUM.search(name) or _OWN_NAME.fullmatch(name):
                yield Found(name, f"line {line.number}", 0.5)


def _time(line: Line) -> tuple[int, int]:
    """Where a publish line's time stands, (0, 0) where it has none with the time of day."""
    first = next(dates.stamps(line.text), None)
    if first is not None:
        return first.span if first.precision.value != "day" else (0, 0)
    told = next((" ".join("".join(item.itertext()).split()) for item in line.element.iter("time")), "")
    return (line.text.find(told), line.text.find(told) + len(told)) if told and told in line.text else (0, 0)


def _next_word(text: str) -> str:
    return next(iter(text.split()), "")


def _reported(region: Sequence[Line]) -> Iterator[Found[str]]:
    """The medium that the opening of the text says reported it."""
    for line in region[:3]:
        name = bylines.medium(line.text)
        if name:
            yield Found(name, f"line {line.number} dateline", 0.5)


def _metas(doc: Document) -> Iterator[Found[str]]:
    for name in _METAS:
        text = doc.metas.get(name, "")
        pairs = bylines.labelled(text)
        value = source_name(pairs[0].value if pairs and pairs[0].start == 0 else text) if text else None
        if value and "://" not in value:
            yield Found(value, f"meta {name}", 0.7)
