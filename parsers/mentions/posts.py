"""Posts and who holds them: 市委书记王某某, 任命赵某为市商务局局长, 免去孙某的市长职务, 李某当选县长.

A name is a family name of the list and one or two signs, ended by punctuation or by a word that follows names
(说, 表示, 出席 …); where its end is not plain, nothing is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.mention import Mention, MentionKind
from parsers.mentions.agencies import Agency
from parsers.mentions.names import name_at
from parsers.mentions.places import Place

_TITLE = re.compile(
    r"(?:总书记|书记(?!员)|秘书长|检察长|董事长|理事长|监事长|总经理|总裁|总编辑|总工程师|总经济师|总会计师|首席执行官|总理|国务委员|政委|司令员|参谋长"
    r"|巡视员|调研员|新闻发言人|发言人|大使|主席|(?<!班)主任(?![医护编记科])|[省市县区州盟旗厅局处科部司署院校会行社台馆所站关庭镇乡村队团厂组](?:委员)?长(?![期远久者辈江沙春城官江安])"
    r"|委员(?!会)|常委(?!会)|党组成员|主编)"
)
_MODIFIER = re.compile(
    r"(?:常务副|第一副|副|代理|代|党组|党委|党工委|党总支|党支部|纪检组|纪委|第一|执行|名誉|荣誉|首席|办公室|总队|支队|大队|组织部|宣传部|统战部|政法委|法院|检察院)$"
)
_FORMER = re.compile(r"(?:时任|原|前|现任|新任)$")
_GENERIC = frozenset("省市区县镇乡村")
_AFTER_TITLE = re.compile(r"(?:兼任|兼)|[、,]")
_APPOINT = re.compile(r"(?:任命|决定任命|提名|推选|选举|聘任|聘请|推举) ?:? ?(?=[\u3400-\u9fff])")
_REMOVE = re.compile(r"(?:免去|免除|撤销|罢免|接受) ?(?=[\u3400-\u9fff])")
_TOOK = re.compile(r"(?:同志)?(?:当选为?|担任|出任|任(?!务|期|职|何|命|意|教))")
_AS = re.compile(r"(?:同志|\([^()]{1,6}\))?为")
_OF = re.compile(r"(?:同志)?(?:辞去)?(?:的)?")
_CLAUSE = re.compile(r"[^,。;!?\n、:(]{1,40}")
_STOP = re.compile(r"职务|的请求|后|期间|时(?!任)|,|。")
_REACH = 40


@dataclass(frozen=True, slots=True)
class _Around:
    """A text and where its agencies, places and titles end; `starts` leads from a title's end to its start."""

    plain: str
    ends: dict[int, int]
    starts: dict[int, int]


def posts(text: str, plain: str, agencies: list[Agency], places: list[Place]) -> list[Mention]:
    """Every post with its holder, in order, none overlapping another."""
    titles = [found.span() for found in _TITLE.finditer(plain)]
    ends = {place.end: place.start for place in places} | {agency.end: agency.start for agency in agencies}
    around = _Around(plain, ends, {end: start for start, end in titles})
    found = [*_acts(text, around, titles), *_held(text, around, titles)]
    found.sort(key=lambda mention: (mention.role is None, mention.start))
    taken: list[Mention] = []
    used: set[int] = set()
    for mention in found:
        span = range(mention.start, mention.end)
        if used.isdisjoint((span.start, span.stop - 1)):
            used.update(span)
            taken.append(mention)
    return sorted(taken, key=lambda mention: mention.start)


def _held(text: str, around: _Around, titles: list[tuple[int, int]]) -> Iterator[Mention]:
    """市长李某; 副市长张某、刘某和孙某: each further name is a mention by itself."""
    for start, end in titles:
        at = end + around.plain.startswith(" ", end)
        name = name_at(around.plain, at)
        if name is None:
            continue
        begin = _begin(around, start)
        value = _value(around.plain[begin:end])
        yield _mention(text, (begin, name.end), value, name.value, None)
        while (
            (sign := around.plain[name.end : name.end + 1])
            and sign in "、和"
            and (more := name_at(around.plain, name.end + 1))
        ):
            yield _mention(text, (name.end + 1, more.end), value, more.value, None)
            name = more


def _acts(text: str, around: _Around, titles: list[tuple[int, int]]) -> Iterator[Mention]:
    """任命甲某为…, 免去甲某的…, 甲某当选…."""
    for rule, link, role in ((_APPOINT, _AS, "appointed"), (_REMOVE, _OF, "removed")):
        for found in rule.finditer(around.plain):
            name = name_at(around.plain, found.end(), loose=True)
            linked = link.match(around.plain, name.end) if name else None
            if name and linked and (span := _title_within(around, linked.end())):
                yield _mention(text, (found.end(), span[1]), _value(around.plain[slice(*span)]), name.value, role)
    for found in _TOOK.finditer(around.plain):
        span = _title_within(around, found.end())
        begin = _name_before(around.plain, found.start()) if span else None
        if span and begin is not None:
            value = _value(around.plain[slice(*span)])
            yield _mention(text, (begin, span[1]), value, _person(around.plain[begin : found.start()]), "appointed")


def _person(text: str) -> str:
    return text.removesuffix("同志").replace(" ", "")


def _name_before(plain: str, at: int) -> int | None:
    """Where a name that stands between punctuation and `at` begins."""
    for length in (3, 2, 4):
        start = at - length
        edge = start == 0 or (start > 0 and plain[start - 1] in ",。;:、\n )!?上")
        if edge and start >= 0 and (name := name_at(plain, start, loose=True)) and name.end == at:
            return start
    return None


def _title_within(around: _Around, at: int) -> tuple[int, int] | None:
    """From `at` to the end of the last title in its clause."""
    clause = _CLAUSE.match(around.plain, at)
    if clause is None:
        return None
    stop = _STOP.search(clause[0])
    limit = at + (stop.start() if stop else len(clause[0]))
    ends = [end for end in range(at + 2, limit + 1) if end in around.starts]
    return (at, ends[-1]) if ends and limit - ends[-1] <= 6 else None


def _begin(around: _Around, start: int) -> int:
    """Where a title with what belongs to it begins: its office, its place, 副, and the titles joined to it by 、."""
    floor = max(0, start - _REACH)
    while start > floor:
        before = _step(around, start)
        if before is None:
            break
        start = before
    return start


def _step(around: _Around, at: int) -> int | None:
    plain = around.plain
    if at in around.ends:
        return around.ends[at]
    if found := _MODIFIER.search(plain, max(0, at - 5), at):
        return found.start()
    if plain[at - 1] in "、兼" and at - 1 in around.starts:
        return around.starts[at - 1]
    if found := _FORMER.search(plain, max(0, at - 2), at):
        return found.start() if found[0] not in ("原", "前") or _is_edge(plain, found.start()) else None
    if plain[at - 1] in _GENERIC and _is_edge(plain, at - 1):
        return at - 1
    return None


def _is_edge(plain: str, at: int) -> bool:
    return at == 0 or plain[at - 1] in ",。;:、\n (由经向和与及对被该我据"


def _value(title: str) -> str:
    return re.sub(r"^(?:时任|原|前|现任|新任)", "", title).replace(" ", "")


def _mention(text: str, span: tuple[int, int], value: str, person: str, role: str | None) -> Mention:
    return Mention(MentionKind.POST, text[slice(*span)], *span, value, None, role, person)
