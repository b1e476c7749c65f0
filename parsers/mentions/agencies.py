"""Agencies: 山东省商务厅, 市发展改革委, 国务院办公厅, 市人大常委会, 淄博市中级人民法院.

An office is known by what it is for (offices.txt) or by its one name (organs.txt); party committees, governments,
congresses and courts by the place or 省, 市, 区, 县 before them. The value is the name in full.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from domain.mention import Mention, MentionKind
from parsers.mentions.places import Place, brief_county, short
from parsers.mentions.units import lines

_ENDING = re.compile(
    r"总局|总署|分局|委员会|办公室|厅(?!级|局)|局(?!面|部|势|限|级|促|域|外|促)|部(?![门队署分级属位件落])|署(?!名|理)|委(?![员托屈派任会])|办(?![法理公事学案])"
)
_WHOLE = {"委": "委员会", "办": "办公室"}
_UNDER = re.compile(
    r"(?:人民)?政府(?:办公厅|办公室|新闻办公室|新闻办|研究室|参事室|外事办公室|外事办)?(?!采购|网|性|部门|工作报告|引导|购买|补贴|投资|债|职能|机关|领导|基金|主导)"
    r"|委(?:、|(?=市政府|县政府|区政府|省政府))?(?:办公厅|办公室|组织部|宣传部|统战部|政法委|编办|网信办|党校)?(?<!、)(?![员托屈派任培会])"
    r"|纪委监委|纪委|监委(?!员)|人民代表大会常务委员会|人民代表大会|人大常委会(?:办公室)?|人大(?!代表|附|学|工作|毕业|会议)|政协(?!委员|会议|文)"
    r"|(?:高级|中级)?人民法院|(?:高级|中级)法院|人民检察院|检察院|管委会|管理委员会"
)
_ORGAN_ENDS = {"政府": "人民政府", "人大常委会": "人民代表大会常务委员会", "人大": "人民代表大会"}
_NOT_ONE = re.compile(r"[各全两三几多县]$")
_FOREIGN = re.compile(
    r"(?:美国?|英国?|法国?|德国?|日本?|俄罗斯|俄|韩国?|印度|印尼|泰国|越南|朝鲜|巴西|意大利|西班牙|加拿大|澳大利亚|伊朗|以色列|乌克兰|土耳其"
    r"|菲律宾|马来西亚|新加坡|联邦|希腊|波兰|荷兰|瑞典|瑞士|埃及|伊拉克|叙利亚|巴基斯坦|阿富汗|缅甸|老挝|柬埔寨|欧盟|墨西哥|阿根廷)$"
)
_NO_CITY = frozenset("北县城都股超闹楼门上车夜黑集菜")
_NO_DISTRICT = frozenset("社小城地景园片牧灾疫山校厂战辖库特禁闽")
_ZONE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}(?:开发区|新区|保税区|示范区|工业园区|产业园|度假区|高新区|经开区|试验区))$"
)
_ZONE_STOPS = re.compile(r".*[的在和与由及对向从到为是、,]")
_COUNTRY = ("国务院", "国家", "中国", "全国", "中共")


@dataclass(frozen=True, slots=True)
class Agency:
    start: int
    end: int
    value: str
    is_placed: bool


@dataclass(frozen=True, slots=True)
class _Office:
    name: str
    endings: frozenset[str]


@lru_cache(maxsize=1)
def _offices() -> dict[str, _Office]:
    known = {}
    for name, others, endings in lines("offices.txt"):
        office = _Office(name, frozenset(endings.split()))
        known.update(dict.fromkeys((name, *others.split()), office))
    return known


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _offices()))


@lru_cache(maxsize=1)
def _organs() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {fields[0]: fields[1] for fields in lines("organs.txt")}
    ordered = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))), names


def agencies(plain: str, places: list[Place]) -> list[Agency]:
    """Every agency of a folded text in order; `places` are those found in it."""
    ends = {place.end: place for place in places}
    found = [*_named(plain), *_placed(plain, ends), *_specialised(plain, ends)]
    found.sort(key=lambda agency: (agency.start, -agency.end))
    kept: list[Agency] = []
    for agency in found:
        if kept and agency.start < kept[-1].end:
            continue
        if kept and agency.start == kept[-1].end and _is_part(plain, agency):
            kept[-1] = Agency(kept[-1].start, agency.end, kept[-1].value + agency.value, True)
        elif agency.is_placed or plain[agency.start - 2 : agency.start] != "政府":
            kept.append(agency)
    return kept


def _is_part(plain: str, agency: Agency) -> bool:
    """国家税务总局|浙江省税务局, 省政府|国资委: one office, written with the one it belongs to."""
    above = plain[agency.start - 2 : agency.start]
    return above.endswith(("局", "行", "署")) if agency.is_placed else above.endswith("政府")


def mentions(text: str, found: list[Agency]) -> Iterator[Mention]:
    for agency in found:
        yield Mention(MentionKind.AGENCY, text[agency.start : agency.end], agency.start, agency.end, agency.value)


def _named(plain: str) -> Iterator[Agency]:
    rule, names = _organs()
    for found in rule.finditer(plain):
        if found[0] == "央行" and not (plain.endswith("中国", 0, found.start()) or "人民银行" in plain):
            continue
        if not _FOREIGN.search(plain, max(0, found.start() - 6), found.start()):
            yield Agency(found.start(), found.end(), names[found[0]], False)


def _placed(plain: str, ends: dict[int, Place]) -> Iterator[Agency]:
    """Party committees, governments, congresses, courts: they need a place before them."""
    for found in _UNDER.finditer(plain):
        start = _prefix(plain, found.start(), ends, countries=())
        if start < found.start() and not _NOT_ONE.search(plain, max(0, start - 1), start):
            organ = found[0].rstrip("、")
            value = plain[start : found.start()] + _organ(organ)
            yield Agency(start, found.start() + len(organ), value, True)


def _organ(organ: str) -> str:
    if organ.startswith("政府"):
        return "人民" + re.sub(r"办$", "办公室", organ)
    return _ORGAN_ENDS.get(organ, organ)


def _specialised(plain: str, ends: dict[int, Place]) -> Iterator[Agency]:
    for found in _ENDING.finditer(plain):
        hit = _office(plain, found)
        if hit is None:
            continue
        begin, office = hit
        start = _prefix(plain, begin, ends)
        if _FOREIGN.search(plain, max(0, start - 6), start) or _NOT_ONE.search(plain, max(0, start - 1), start):
            continue
        cut = start == begin and plain[begin - 1 : begin] in ("省", "市", "区", "县", "州") and begin > 0
        bare = start == begin and found[0] in ("委", "办", "办公室", "分局")
        if cut or (bare and plain[begin - 2 : begin] != "政府"):
            continue
        ending = _WHOLE.get(found[0], found[0])
        yield Agency(start, found.end(), plain[start:begin] + office.name + ending, start < begin)


def _office(plain: str, ending: re.Match[str]) -> tuple[int, _Office] | None:
    """Where the name of an office that ends here begins."""
    at = ending.start()
    for length in range(min(_longest(), at), 1, -1):
        office = _offices().get(plain[at - length : at])
        if office and ending[0] in office.endings:
            return at - length, office
    return None


def _prefix(plain: str, at: int, ends: dict[int, Place], countries: tuple[str, ...] = _COUNTRY) -> int:
    """Where the words that place an office begin: 国家, a place, 市; `at` itself where there are none."""
    start = at
    for word in countries:
        if plain.endswith(word, 0, at):
            return at - len(word)
    zone = _zone(plain, at)
    if zone is not None:
        start = zone
    elif place := ends.get(at):
        start = place.start
    elif path := brief_county(plain, at):
        start = at - len(short(path[-1]))
    elif plain.endswith("自治区", 0, at):
        start = at - 3
    elif at and plain[at - 1] in "省市区县" and _is_generic(plain, at):
        start = at - 1
    if start < at and (place := ends.get(start)):
        start = place.start
    return start - 2 if start < at and plain.endswith("中共", 0, start) else start


def _is_generic(plain: str, at: int) -> bool:
    before = plain[at - 2 : at - 1]
    return not (plain[at - 1] == "市" and before in _NO_CITY) and not (plain[at - 1] == "区" and before in _NO_DISTRICT)


def _zone(plain: str, at: int) -> int | None:
    if plain[at - 1 : at] not in ("区", "园"):
        return None
    from_ = max(0, at - 10)
    found = _ZONE.search(plain, from_, at)
    if found is None:
        return None
    stop = _ZONE_STOPS.match(found[0])
    return found.start() + (stop.end() if stop else 0)
