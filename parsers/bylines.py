"""Who wrote and edited: labelled publish lines, reporters' lines, datelines.

Names are taken by what stands around them (记者, 通讯员, 编辑:), never from a list of people.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers import counters
from parsers.plain import plain

_ROLES = (
    "全媒体记者|融媒体记者|首席记者|特约记者|特派记者|见习记者|实习记者|本报记者|本网记者|摄影记者|视频记者|记者|通讯员"
    "|特约撰稿人|特约通讯员|实习生|报道员|评论员|撰稿人|撰稿|撰文|作者|文字|摄影|摄像|供图|图片|编导|主播|主持人|主持"
)
_ROLE = re.compile(
    rf"[^\s、,，;；/|]*?(?:{_ROLES})\s*[:：]?"
    r"|(?<![\u4e00-\u9fff])(?:文|图|摄)(?:\s*[/、和]\s*(?:文|图|摄影?|视频))*\s*(?:[:：]|$|(?=\s))"
)
_MEDIA = re.compile(
    r"(?:日报|晚报|早报|晨报|商报|时报|周报|党报|导报|快报|都市报|青年报|报社|报|网|网站|新闻|客户端|电视台|广播电台|电台|台|社"
    r"|传媒|集团|中心|融媒体?|频道|杂志|编辑部|公众号|微信|微博|发布|在线|号|部|局|办|厅|委|公司|学院|大学|栏目|报道组?)$"
)
_HANZI = r"\u3400-\u9fff"
_NAME = re.compile(rf"[{_HANZI}]{{2,4}}|[{_HANZI}]{{1,8}}(?:[·•‧・][{_HANZI}]{{1,8}})+")
_SPLIT = re.compile(rf"[\s、,，;；/|&]+|(?<=[{_HANZI}])和(?=[{_HANZI}]{{2,4}}$)")
_ACCOUNT = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,30}")
_NOT_NAMES = frozenset(
    ("佚名", "网络", "本站", "原创", "转载", "未知", "管理员", "综合", "集体", "本报讯", "匿名", "来源", "小编", "编辑")
)

LABELS = {
    "source": (
        "信息来源|文章来源|新闻来源|稿件来源|内容来源|来源单位|来源媒体|来源网站|原文来源|来源于|来源自|来源|稿源|出处|转自|转载自"
        "|摘自|信息提供|供稿单位|供稿|发布机构|发布单位|发稿单位"
    ),
    "author": "原作者|作者|撰稿|撰文|记者|通讯员|文字|供稿人",
    "editor": (
        "责任编辑|网络编辑|值班编辑|本期编辑|见习编辑|实习编辑|文字编辑|图文编辑|本文编辑|新媒体编辑|执行编辑|编辑整理|编辑|责编"
        "|网编|美编"
    ),
    "date": (
        "发布时间|发布日期|发表时间|发表日期|发稿时间|刊发时间|上传时间|录入时间|添加时间|公开日期|公布日期|发布于|发表于|日期"
        "|时间"
    ),
    "updated": "更新时间|更新日期|最后更新|最近更新|修改时间|更新于|编辑于",
    "made": "成文日期|生成日期|发文日期|印发日期|成文时间|生成时间|发文时间|实施日期|失效日期|有效期",
    "staff": (
        "审核|校对|监制|终审|复审|初审|二审|三审|一审|主编|编审|策划|统筹|总监|审读|审校|审稿|签发|录入|发布者|发布人|发稿人|值班主任"
    ),
    "photo": "摄影记者|摄影|摄像|供图|图片来源|图片提供|摄",
    "other": (
        "浏览次数|浏览量|浏览|阅读次数|阅读量|阅读"
        "|点击数|点击次数|点击率|点击量|点击|访问量|访问次数|人气|字体大小|字体|字号|分享到|分享至|分享|评论数|评论|打印|收藏"
        "|关键词|关键字|标签|索引号|文号|发文字号|主题分类|分类|栏目|视频|图片|制图|电话|邮箱|热线|扫码|保存"
        "|视力保护色|大小|字级|列印|转寄"
    ),
}
_KINDS = {word: kind for kind, words in LABELS.items() for word in words.split("|")}
_LABEL = re.compile(
    "(?P<word>"
    + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
    + r")\s*[:：︰]|(?:^|[|｜])\s*(?P<bare>来源于?|作者|编辑)(?=\s*[\w\u4e00-\u9fff]+\s*(?:[|｜]|$))"
    + r"|(?P<at>发布于|发表于|更新于|编辑于)\s*(?=\d)"
    + r"|字号|字体|【\s*字体|我要评论|参与互动|分享到|打印本页|关闭窗口|【\s*打印|查看评论|评论\("
)
_MAY_LABEL = re.compile(r"[:：︰|｜]|[布表新辑輯][于於]")
_PHOTO = re.compile(r"(?:摄|摄影|供图|资料图|图)\s*$")
_TAKEN = re.compile("[摄攝]|供[图圖]")
_PHOTO_BY = re.compile(
    r"(?P<who>[\u4e00-\u9fff·、,，\s/]{2,40}?)\s*(?:[/／]?\s*(?:摄影报道|摄影|摄|供图))\s*[)）\]】]?\s*[。.]?\s*$"
)
_REPORTED = re.compile(
    r"(?:(?:文[／/]?\s*)?记者\s*(?P<who>[\u4e00-\u9fff、\s]{2,16}?)|[\u4e00-\u9fff]{2,6}中心)"
    r"\s*[／/]\s*[\u4e00-\u9fff]{2,8}?(?:报导|报道)"
)
_MEDIUM = re.compile(
    r"[【\[(（〔]?\s*(?P<medium>(?!本)[\u4e00-\u9fff]{2,8}?(?:日报|晚报|时报|晨报|早报|商报|青年报|报|社|网|台|新闻))"
    r"(?:(?:[\u4e00-\u9fff]{0,6}\s*\d{1,2}月\d{1,2}日\s*[讯电])|\s*(?:见习|实习|特约)?记者[^。，]{2,24}?(?:报导|报道|[】\])）]))"
)
_LONGEST = 400  # characters of a byline: the longest seen names forty people
_EDGES = " \t|｜丨【】[]()（）<>《》〔〕—-·,，;；、/。\u3000"
_DATELINE = re.compile(r"^[^。！!？?]{0,24}?(?:讯|电|消息|报道)\s*[(（]([^)）]{2,60})[)）]")
_CLOSING = re.compile(
    r"[(（]\s*((?:[^()（）]{0,16}?(?:记者|通讯员|作者|实习生|供稿)|[^()（）]{1,16}?台)\s*[:：]?\s*[^()（）。]{2,60})[)）]\s*$"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled value of a line: kind as in LABELS, the label's word, the value, where the label begins."""

    kind: str
    word: str
    value: str
    start: int = 0


@lru_cache(maxsize=4096)
def labelled(text: str) -> tuple[Labelled, ...]:
    """The label:value pairs of a publish line such as `2012-01-12 来源: 中新网 作者: 编辑: 毛长久`."""
    if not _MAY_LABEL.search(text):
        return ()
    bare = plain(text)
    marks = list(_LABEL.finditer(bare))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    pairs = []
    for mark, end in zip(marks, ends, strict=False):
        word = mark["word"] or mark["bare"] or mark["at"]
        if word:
            value = text[mark.end() : min(end, counters.begin(bare, mark.end()))]
            pairs.append(Labelled(_KINDS[word], word, value.strip(_EDGES), mark.start()))
    return tuple(pairs)


def names(text: str) -> tuple[str, ...]:
    """People's names in a byline, without their titles and media: 浙江日报记者 甲某 全媒体记者 乙某."""
    tokens = [token.strip(_EDGES) for token in _SPLIT.split(_without_roles(text[:_LONGEST]))]
    found = [name for name in _joined(tokens) if is_name(name)]
    return tuple(dict.fromkeys(found))


def is_name(token: str) -> bool:
    """True for two to four hanzi that are no medium's or office's name, and for names with ·."""
    bare = plain(token)
    return _NAME.fullmatch(bare) is not None and not _MEDIA.search(bare) and bare not in _NOT_NAMES


def editors(text: str) -> tuple[str, ...]:
    """Editors' names after 编辑:; an account in letters where there is no name in hanzi."""
    return names(text) or tuple(token for token in _SPLIT.split(text.strip()) if _ACCOUNT.fullmatch(token))


def reporters(text: str) -> tuple[str, ...]:
    """Names in a text only where it also says what they are: 全媒体记者 甲某."""
    return names(text) if has_role(text) else ()


def byline(text: str) -> tuple[str, ...]:
    """Authors in a line that is nothing but a byline: 本报记者 甲某 乙某. A photo's credit (甲某 摄) is none."""
    bare = text.strip(_EDGES)
    if len(bare) > 60 or _PHOTO.search(plain(bare)) or _ROLE.match(plain(bare)) is None:
        return ()
    rest = [token.strip(_EDGES) for token in _SPLIT.split(_without_roles(bare)) if token.strip(_EDGES)]
    return names(bare) if all(map(is_name, _joined(rest))) else ()


def has_role(text: str) -> bool:
    """True where a text says what somebody is: 记者, 通讯员, 摄影."""
    return _ROLE.search(plain(text[:_LONGEST])) is not None


def dateline(text: str) -> tuple[str, ...]:
    """Authors in the line that opens a report: 本报讯(记者 甲某 通讯员 乙某) 8月29日…"""
    found = _DATELINE.search(plain(text))
    return names(text[slice(*found.span(1))]) if found else reported(text)


def closing(text: str) -> tuple[str, ...]:
    """Authors in the brackets that end a report: …圆满结束。(记者 甲某)"""
    found = _CLOSING.search(plain(text))
    return names(text[slice(*found.span(1))]) if found and not _PHOTO.search(found[1]) else ()


def is_reported(text: str) -> bool:
    """True for a line such as 记者甲某／台北报导, which heads reports in Taiwan."""
    return _REPORTED.fullmatch(plain(text.strip(_EDGES))) is not None


def reported(text: str) -> tuple[str, ...]:
    """The reporters that such a line names, none for a desk's (国际中心／综合报导)."""
    bare = text.strip(_EDGES)
    found = _REPORTED.fullmatch(plain(bare))
    return names(bare[slice(*found.span("who"))]) if found and found["who"] else ()


def medium(text: str) -> str | None:
    """The medium whose report a paragraph's opening says it is: 【醒报记者甲某台北报导】, 新华社北京5月1日电."""
    found = _MEDIUM.match(plain(text[:60]))
    return text[slice(*found.span("medium"))] if found else None


def photo(text: str) -> tuple[str, ...]:
    """Photographers as a caption's end names them: …现场。甲某 摄, (新华社记者 乙某 摄)."""
    if not _TAKEN.search(text, max(len(text) - 12, 0)):
        return ()
    last = re.split(r"[。！？;；(（\[【:：]", text[-60:].rstrip(" 。.)）]】"))[-1]
    found = _PHOTO_BY.search(plain(last))
    return names(last[slice(*found.span("who"))]) if found else ()


def _without_roles(text: str) -> str:
    """`text` with a blank for each word that says what somebody is."""
    kept, end = [], 0
    for found in _ROLE.finditer(plain(text)):
        kept.append(text[end : found.start()])
        end = found.end()
    return " ".join((*kept, text[end:]))


def _joined(tokens: list[str]) -> list[str]:
    """高 洁, a two-character name set to the width of three, is one name."""
    joined: list[str] = []
    alone = False
    for token in tokens:
        single = len(token) == 1 and "\u4e00" <= token <= "\u9fff"
        if single and alone:
            joined[-1] += token
            alone = False
            continue
        if token:
            joined.append(token)
            alone = single
    return joined
