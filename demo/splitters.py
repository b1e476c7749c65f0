"""One splitter a site: from the text a reader sees to its pieces.

Each works from the form of the page alone (labels, dates, boilerplate words), so that any other text
of the same form is served as well.
"""

import re
from collections.abc import Callable

from demo.texts import (
    COLON,
    DATE,
    Parts,
    crumbs_in,
    cut,
    cut_credits,
    first,
    lines_of,
    loose,
    moment_in,
    value,
)

_HEAD = 12  # no publish line stands lower than this
_TIME = r"\d{4}-\d\d?-\d\d?\s+\d\d?:\d\d"
_MORE = loose("来源|來源|作者|编辑|編輯|责任编辑|責任編輯|时间|時間|发布时间|發布時間")
_NEXT = rf"\s+{_MORE}{COLON}|\s*\d{{4}}-\d\d?-\d\d?"


def split(site: str, text: str) -> Parts:
    """The pieces of one page of `site`. Raises KeyError for a site that is none of the five."""
    return _SPLITTERS[site](lines_of(text) or [""])


def _qidian(lines: list[str]) -> Parts:
    """您的位置: … / title / SOURCE TIME 字号:- + / body / 编辑: / 分享至: and licences."""
    crumbs = crumbs_in(re.sub(rf"^.*?位置{COLON}", "", lines.pop(0))) if "位置" in lines[0][:6] else []
    at = first(lines, rf".*{DATE.pattern}\s*(?:字号|浏览|点击|$)|[^。]{{0,40}}{_TIME}[^。]{{0,60}}$", 1, _HEAD) or 0
    line = lines[at] if at else ""
    found = DATE.search(line)
    body, tail = cut(lines[at + 1 :], first(lines[at + 1 :], r"分享(?:至|到)|扫码下载|\S{2,12}广播电视台主办"))
    body, notes = cut_credits(body)
    title = " ".join(lines[: at or 1])
    return Parts(
        headline=title,
        title=title,
        crumbs=tuple(crumbs),
        published=found.group().strip() if found else "",
        moment=moment_in(line),
        source=(line[: found.start()].strip() or value("来源", line, r"\s")) if found else "",
        body=tuple(body),
        notes=tuple(notes),
        tail=tuple(tail),
    )


def _commerce(lines: list[str]) -> Parts:
    """首页 / >政务公开>… / title / 发布日期: … 信息来源:S / 信息来源:S / 浏览次数 字体:【 / body / 版权."""
    crumbs: list[str] = []
    while len(lines) > 1 and re.match(rf"[>＞]|首页\s*(?:[>＞]|$)|.{{0,3}}位置{COLON}", lines[0]):
        crumbs += crumbs_in(re.sub(rf"^.*?位置{COLON}", "", lines.pop(0)))
    at = first(lines, rf"(?:发布日期|发布时间|发文日期|日期|时间){COLON}", 1, _HEAD) or 0
    line, rest = lines[at] if at else "", lines[at + 1 :]
    while at and rest and re.match(rf"(?:信息)?来源{COLON}|浏览次数|字体{COLON}|【\s*大|大\s*中\s*小", rest[0]):
        rest.pop(0)
    body, tail = cut(rest, first(rest, r"山东商务网版权|版权与免责声明"))
    title = " ".join(lines[: at or 1])
    return Parts(
        headline=title,
        title=title,
        crumbs=tuple(crumbs),
        published=line,
        moment=moment_in(line),
        source=value("来源", line),
        body=tuple(body),
        tail=tuple(tail),
    )


def _iqilu(lines: list[str]) -> Parts:
    """[title] / 來源:S / TIME / [作者:] [编辑:] / [原标题:…] / body / 来源:S / 想爆料?…"""
    start = first(lines, rf"{_MORE}{COLON}|\d{{4}}-\d\d?-\d\d?\s", 0, 4)
    title, rest = cut(lines, start) if start is not None else cut(lines, 1)
    end = 0
    while end < len(rest) and re.match(rf"{_MORE}{COLON}|\d{{4}}-\d\d?-\d\d?(?:\s+\d|$)", rest[end]):
        end += 1
    head = " ".join(rest[:end])
    body, tail = cut(rest[end:], first(rest[end:], loose("想爆料")))
    body, notes = cut_credits(body)
    found = DATE.search(head)
    label = title or [value("原标题|原標題", line) for line in body[:1]]
    return Parts(
        headline=" ".join(label) or (body or [""])[0][:40],
        title=" ".join(title),
        published=found.group().strip() if found else "",
        moment=moment_in(head),
        source=value("来源|來源", head, _NEXT),
        authors=value("作者", head, _NEXT),
        editor=value("编辑|編輯|责任编辑|責任編輯", head, _NEXT),
        body=tuple(body),
        notes=tuple(notes),
        tail=tuple(tail),
    )


def _diyang(lines: list[str]) -> Parts:
    """title / TIME AUTHORS 编辑:login / body / 来源: / 编辑: / 热门评论 …"""
    at = first(lines, rf"(?:发布时间{COLON})?(?:{DATE.pattern}(?:\s|$)|{_TIME})", 1, _HEAD) or 0
    line = lines[at] if at else ""
    found = DATE.search(line)
    credit = line[found.end() :].strip() if found else ""
    body, tail = cut(lines[at + 1 :], first(lines[at + 1 :], r"热门评论|打开\S{2,8}查看更多评论|热门推荐|没看够"))
    body, notes = cut_credits(body)
    title = " ".join(lines[: at or 1])
    return Parts(
        headline=title,
        title=title,
        published=found.group().strip() if found else "",
        moment=moment_in(line),
        authors=re.sub(rf"\s*编辑{COLON}.*$", "", credit),
        editor=value("编辑", credit),
        body=tuple(body),
        notes=tuple(notes),
        tail=tuple(tail),
    )


def _toudeng(lines: list[str]) -> Parts:
    """股票代码 N / the masthead's day / title / 摘要 … / body with image names / 编辑: / 版权声明 …"""
    mast = 0
    while mast + 1 < len(lines) and re.match(r"股票代码|\d{4}年\d\d?月\d\d?日(?:\s*星期.)?$", lines[mast]):
        mast += 1
    title, *rest = lines[mast:]
    summary = rest.pop(0) if rest and re.match(r"摘要(?:\s|[:：]|$)", rest[0]) else ""
    if summary == "摘要" and rest:
        summary = rest.pop(0)
    body, tail = cut(rest, first(rest, r"版权声明"))
    return Parts(
        headline=title,
        title=title,
        crumbs=tuple(lines[:mast]),
        seen=moment_in(" ".join(lines[:mast])),
        summary=re.sub(r"^摘要[\s:：]*", "", summary),
        body=tuple(body),
        tail=tuple(tail),
    )


_SPLITTERS: dict[str, Callable[[list[str]], Parts]] = {
    "qidian-zibo": _qidian,
    "shandong-commerce": _commerce,
    "iqilu-jining": _iqilu,
    "diyang-keqiao": _diyang,
    "toudeng": _toudeng,
}
SITES = tuple(_SPLITTERS)
