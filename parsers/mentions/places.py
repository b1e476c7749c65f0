"""Places: China's divisions to the county, from divisions.txt; a chain (浙江省绍兴市柯桥区, 山东淄博) is one place.

Full names count anywhere. Short ones (淄博) count where nothing around them makes them part of another name;
those that are also words (来宾, 白银, 长治) only beside their province or where the text has the full name too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from domain.mention import Mention, MentionKind
from parsers.mentions.units import lines

Path = tuple[str, ...]
_SUFFIX = re.compile(
    r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:(?!自治)[\u4e00-\u9fff]){2,12}?族自治[州县旗]|自治[州县旗]|地区|省|市|盟|县|林区)$"
)
_ETHNIC = re.compile(
    r"(?:(?:蒙古|哈萨克|柯尔克孜|朝鲜|土家|苗|彝|藏|羌|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回|黎|满|维吾尔|东乡|撒拉|保安|土|瑶|仫佬|毛南"
    r"|水|仡佬|畲|拉祜|佤|布朗|纳西|普米|怒|独龙|塔吉克|锡伯|达斡尔|鄂温克|裕固|各)族?)+(?=自治)"
)
_NOT_AFTER = re.compile(
    r"[东西南北中]?[一二三四]?(?:路|街(?!道|头)|大道|大街|大桥|高架|立交)|大学|学院|师范|理工|[农工医科财]{1,2}大|日报|晚报|晨报|商报|时报|早报|快报"
    r"|都市报|青年报|卫视|电视台|广播|电台|银行|证券|时间|脚|茅台|话|菜|烤鸭|[东西南北]?站|机场|国际机场|海关|军区|铁路局|大厦|宾馆|饭店|酒店|广场|体育场"
    r"|体育馆|奥运|世博|亚运|冬奥|国安|申花|鲁能|恒大|队|籍|版|证券|通用|大众|汽车|股份|集团|有限|方言|大剧院|新闻网|[分在]网|在线|网(?![络格点民友上])|师大|投资(?=[,、。])|科技馆|音乐厅|博物|图书馆|模式|宣言|条约"
    r"|共识|精神|会议纪要|人寿|啤酒|石化|钢铁|航空|电力|移动|联通|电信|中学|[一二三四五六七八九十]中|[甲乙]级|海峡|半岛|盆地|平原|高原|丘陵"
)
_BODY = (
    "有限公司|有限责任公司|公司|集团|师大|大学|学院|医院|银行|中学|小学|研究院|研究所|出版社|俱乐部|幼儿园|博物馆|博物院|纪念馆|科技馆|美术馆|体育场|中心|联合会"
    "|学会|协会|商会|基金会|保健院|卫生院|诊所|委员会|青年宫|少年宫|图书馆|地院|醒报|新闻网|事务所|指挥部|警察局|管理局|监管局|支队|总队|文联|作协|总工会|妇联|律所"
)
_NAME_GOES_ON = re.compile(
    rf"(?:(?![的在和及有等对将已举召开一多各家所名地级内外市到从为是至向做成建打按把被给让])[\u4e00-\u9fff]){{1,14}}?(?:{_BODY})"
    r"|分?公司|分[社局院校会行店]|办事处|集团|文联|总工会|工商联|团[市省]委"
)
# 黄河南岸, 中山东路, 上海南站: the second sign of one name begins another.
_COMPASS = re.compile(r"[河湖山江海云广济安淮陕][东南西北苏宁阳]$")
_BEFORE_COMPASS = frozenset(
    "黄运沿大淮辽渭太洞两泰昆中华长珠浦九上渤经国佛唐千平秦房香祁天巴密青白南东北临深过内入出登下全"
)
_CITY_GOES_ON = re.compile(r"[民场值面容区郊内井价花况盈占]|政(?![府协])|长(?![期远久荣庚])")
_CITY_STILL = re.compile(r"区(?:委|政府|人)|场监|内")
_DISTRICT_GOES_ON = re.compile(r"[域别块间]|位优")
# 应城市, 海城市 …: not after these, with which their first sign makes a word.
_CITIES = {
    "应": "适响相供对反因",
    "海": "沿上滨临近环珠东南北",
    "兴": "复振新中",
    "白": "长",
    "项": "各一",
    "运": "海货",
}


@dataclass(slots=True)
class _Gazetteer:
    """`full` and `short`: names and the paths they may stand for; `heads`: first two signs to the lengths to try."""

    full: dict[str, list[Path]] = field(default_factory=dict)
    short: dict[str, list[Path]] = field(default_factory=dict)
    below: dict[str, list[Path]] = field(default_factory=dict)
    heads: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        name = path[-1]
        self.full.setdefault(name, []).append(path)
        brief = short(name)
        county = len(path) == 3 or (len(path) == 2 and path[0][-1:] == "市") or name[-1] in "县旗"
        if len(brief) >= 2 and brief != name:
            (self.below if county else self.short).setdefault(brief, []).append(path)

    def index(self) -> None:
        lengths: dict[str, set[int]] = {}
        for name in (*self.full, *self.short, *self.below):
            lengths.setdefault(name[:2], set()).add(len(name))
        self.heads = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A span and the division it names, from the province down; the names written where several could be meant.

    `is_full`: with its rank (市, 县). `is_part`: of another name, a firm's, a street's: it can place an office only.
    """

    start: int
    end: int
    path: Path
    is_full: bool
    is_part: bool = False


def short(name: str) -> str:
    """A division's name without its rank: 淄博, 延边, 内蒙古; districts keep theirs, they have no other."""
    if name[-1] == "区" and not name.endswith(("自治区", "特别行政区", "地区", "林区")):
        return name
    peopled = "自治" in name and not name.endswith("自治区")
    return _SUFFIX.sub("", _ETHNIC.sub("", name) if peopled else name)


@lru_cache(maxsize=1)
def _doubtful() -> dict[str, frozenset[str]]:
    return {kind: frozenset(names.split()) for kind, names in lines("doubtful.txt")}


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    made = _Gazetteer()
    seen: set[Path] = set()
    for province, prefecture, counties in lines("divisions.txt"):
        above = (province, prefecture) if prefecture else (province,)
        for path in ((province,), above, *((*above, county) for county in counties.split())):
            if path not in seen:
                seen.add(path)
                made.add(path)
    made.index()
    return made


def brief_county(plain: str, end: int) -> Path | None:
    """A county named without its rank that ends here: 瑞丽 in 瑞丽发改局."""
    book = _gazetteer()
    paths = next((found for length in (3, 2) if (found := book.below.get(plain[max(0, end - length) : end]))), ())
    return paths[0] if len(paths) == 1 else None


def places(plain: str) -> list[Place]:
    """Every place in a folded text in order, those that are part of other names marked."""
    book = _gazetteer()
    starts = [at for at in range(len(plain) - 1) if plain[at : at + 2] in book.heads]
    found: list[Place] = []
    doubtful: list[Place] = []
    end = 0
    for at in starts:
        if at < end or (place := _chain(plain, at, book)) is None:
            continue
        end = place.end
        (doubtful if _is_doubtful(plain, place) else found).append(place)
    known = {place.path[:depth] for place in found for depth in range(1, len(place.path) + 1)}
    kept = [place for place in doubtful if place.path in known]
    return sorted([*found, *kept], key=lambda place: place.start)


def mentions(text: str, found: list[Place]) -> Iterator[Mention]:
    for place in (place for place in found if not place.is_part):
        value = "".join(place.path)
        yield Mention(MentionKind.PLACE, text[place.start : place.end], place.start, place.end, value)


def _is_doubtful(plain: str, place: Place) -> bool:
    name = plain[place.start : place.end]
    return not place.is_full and name in _doubtful()["short"] and len(place.path) == 2


def _chain(plain: str, at: int, book: _Gazetteer) -> Place | None:
    """The longest chain that begins here."""
    first = _first(plain, at, book)
    if first is None:
        return None
    end, paths, is_full = first
    while further := _further(plain, end, paths, book):
        end, paths, is_full = further
    names = plain[at:end]
    is_part = bool(_NAME_GOES_ON.match(plain, end) or (not is_full and _NOT_AFTER.match(plain, end)))
    path = paths[0] if len(paths) == 1 else _common(paths)
    return Place(at, end, path, is_full or len(names) > 5, is_part)


def _common(paths: list[Path]) -> Path:
    """What a name of several divisions says: itself."""
    provinces = [path for path in paths if len(path) == 1]
    return provinces[0] if provinces else paths[0][-1:]


def _first(plain: str, at: int, book: _Gazetteer) -> tuple[int, list[Path], bool] | None:
    for length in book.heads[plain[at : at + 2]]:
        name = plain[at : at + length]
        if len(name) < length:
            continue
        if name in book.full and name not in _doubtful()["full"] and _ends_well(plain, at + length, name):
            return at + length, book.full[name], True
        if name in book.short and not _is_torn(plain, at, name):
            ruled = _with_rank(plain, at + length, book.short[name])
            return (ruled, book.short[name], True) if ruled else (at + length, book.short[name], False)
    return None


def _with_rank(plain: str, end: int, paths: list[Path]) -> int | None:
    """甘孜州, 恩施州, 阿拉善盟: how prefectures with long names are called."""
    rank = paths[0][-1][-1]
    return end + 1 if rank in "州盟" and plain.startswith(rank, end) else None


def _ends_well(plain: str, end: int, name: str) -> bool:
    """北京市民 and 上海市场 name no 市; 柯桥区域 no 区; 适应城市 and 沿海城市 no 应城市, 海城市."""
    start = end - len(name)
    if name[-1] == "市" and _CITY_GOES_ON.match(plain, end):
        return _CITY_STILL.match(plain, end) is not None
    if name.endswith("城市") and len(name) == 3 and start and plain[start - 1] in _CITIES.get(name[0], ""):
        return False
    return not (name[-1] == "区" and _DISTRICT_GOES_ON.match(plain, end))


def _is_torn(plain: str, at: int, name: str) -> bool:
    before = plain[at - 1] if at else ""
    return (
        (_COMPASS.match(name) is not None and before in _BEFORE_COMPASS)
        or (name == "成都" and before in "组构变形造达完建生集合促做看当")
        or (name == "大连" and plain[at + 2 : at + 3] in "续接锁环同带")
        or (name == "海口" and before in "出入")
        or (name == "中山" and before == "孙")
        or (name == "台中" and (before in "舞柜讲平擂站" or plain[at + 2 : at + 3] in "央心间"))
        or (name == "南通" and plain[at + 2 : at + 3] in "州过")
        or (name == "吉林" and before == "朴")
    )


def _further(plain: str, at: int, paths: list[Path], book: _Gazetteer) -> tuple[int, list[Path], bool] | None:
    """The next name of a chain: a division below what was read so far."""
    for length in book.heads.get(plain[at : at + 2], ()):
        name = plain[at : at + length]
        for names, is_full in ((book.full, True), (book.short, False), (book.below, False)):
            under = [path for path in names.get(name, ()) if _is_under(path, paths)]
            if under and (not is_full or _ends_well(plain, at + length, name)):
                ruled = None if is_full else _with_rank(plain, at + length, under)
                return ruled or at + length, under, is_full
    return None


def _is_under(path: Path, above: list[Path]) -> bool:
    return any(len(path) > len(upper) and path[: len(upper)] == upper for upper in above)
