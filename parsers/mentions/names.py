"""Names of people as they stand after a post: a family name, one or two further signs, and a plain end."""

import re
from dataclasses import dataclass

_FAMILY = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔"
    "白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐沿梅莫庄辛管祝左涂谷"
    "祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来"
    "嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明"
    "沙薄伏岑习胥保和蔺肖闫付代涂戢佘苍隆雍慕茹蒲萨麻宿揣"
) - frozenset("和都台来官全位时成计应向关党连单原明保代都宇植沿")
_RISKY = frozenset("任于安方常高强文金江万成华石路解古米管简边项车查单白盛花木景席谈阳左商")
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "东方",
    "独孤",
    "端木",
)
_NO_GIVEN = frozenset(
    "的了在是和与及等将说也都们这那不副但而或即者再已又其被把让为对向到从就还并以市省县区局厅委部会人年月日上下个次第名家位部门今昨两各此该"
)
_WORDS = (
    "公开|承诺|坦承|曾经|一直|正在|正式|带队|当场|反映|补充|号召|批示|主动|专程|专门|前来|颁发|签发|认定|时|表示|指出|强调|介绍|主持|出席|参加|带领|率领|率队|率团|陪同|会见|作了|讲话|致辞|致词|发言|宣布|告诉|认为|要求|透露|来到|深入|调研|代表|一行|同志|先生|女士"
    "|分别|主讲|通报|汇报|部署|回答|接受|签署|检查|视察|看望|慰问|走访|实地|亲自|先后|一同|共同|当选|担任|兼任|日前|近日|对此|解读|解释|分析|坦言|呼吁|提出|涉嫌"
    "|前往|督导|督查|现场|应邀|传达|总结|点评|授|颁|揭|致启|启动|参观|考察|围绕|结合|首先|随后|今天|昨天|今日|昨日|上午|下午|当天|到会|列席|听取|作|做|称|说|在"
    "|率|与|和|及|对|向|到|赴|就|将|也|还|等|任|曾|已|因|被|并|从|以|带|陪|为|的|是|则|又|亦|会上|会后|谈|讲|问|答|看|开|领|见|同|给|把|获|受|由|出|访|抵|接"
)
# Words that begin like names do: 主任解释说, 班长查看了.
_NO_NAMES = re.compile(
    "解释|解读|解答|解决|查验|查看|查询|查处|查明|查找|安排|安全|任命|任职|任期|强调|强化|高兴|高度|高级|方面|方才|关注|关于|关心|贺信|贺电|成立|成功|明确|明白"
    "|常常|常务|常年|常委|管理|全体|全面|全程|全国|金额|金融|水平|车辆|单位|路上|温馨|应当|应该|应邀|支持|万一|施行|施工|席上|古代|文件|文化|文明|武装|白天|花费"
    "|于是|于近|房间|包括|包含|项目|时任|时间|容易|计划|江苏|江西|江北|安徽|海|马上|华东|华南|石油|米|边|简单|简介|商务|商业|阳光|左右|景区|谈到|谈及|谈起|盛会"
    "|任何|任务|向|龙头|汪洋大|水利|水务|林业|农|江河|田间|雷同|万元|万人|陈述|宣布|宣传|宣读|连续|童年|习惯|严格|严肃|严厉|毛利|牛奶|元|年|马路|车间|党"
)
_WORD = re.compile(_WORDS)
_SINGLE = re.compile(
    r"[作做称说在率与和及对向到赴就将也还等任曾已因被并从以带陪为的是则又亦谈讲问答看开领见同给把获受由出访抵接授颁揭](?=[、,。;:!?\n)]|$)"
)
_EDGE = re.compile(r"[^\u3400-\u9fff]|$")
_ANONYMOUS = re.compile(r"某[某甲乙丙丁\u3400-\u9fff]?")
_FOREIGN = re.compile(r"[\u3400-\u9fff]{1,6}·[\u3400-\u9fff]{1,8}")
_OFTEN_GIVEN = frozenset("和为以见同开将领任华等")


@dataclass(frozen=True, slots=True)
class Name:
    end: int
    value: str


def name_at(plain: str, at: int, *, loose: bool = False) -> Name | None:
    """The name that begins at `at`. `loose`: something before it said that a name comes, any end will do."""
    family = 2 if plain.startswith(_COMPOUND, at) else 1
    if family == 1 and (plain[at : at + 1] not in _FAMILY or _NO_NAMES.match(plain, at)):
        return None
    if plain[at + family : at + family + 1] == "某":
        return _anonymous(plain, at, family)
    if plain[at + 1 : at + 2] == " " and _is_given(plain[at + 2 : at + 3]) and _ends(plain, at + 3):
        return Name(at + 3, plain[at] + plain[at + 2])
    ends = [at + family + given for given in (1, 2) if _is_given(plain[at + family : at + family + given], given)]
    plausible = [end for end in ends if _ends(plain, end, strict=plain[at] in _RISKY and not loose)]
    chosen = _choose(plain, ends, plausible, loose=loose)
    return Name(chosen, plain[at:chosen]) if chosen else None


def _anonymous(plain: str, at: int, family: int) -> Name:
    """王某, 王某某, 王某甲."""
    end = at + family + 1
    end += plain[end : end + 1] in ("某", "甲", "乙", "丙", "丁")
    return Name(end, plain[at:end])


def _choose(plain: str, ends: list[int], plausible: list[int], *, loose: bool) -> int | None:
    """Of a shorter and a longer name the one whose end is plainer: 李明|说, but 张志和|,."""
    if len(plausible) == 2:
        short, long = plausible
        last = plain[short]
        given = last in _OFTEN_GIVEN and _EDGE.match(plain, long) is not None and last != "等"
        return long if given else short
    if plausible:
        return plausible[0]
    return ends[-1] if loose and ends else None


def _is_given(text: str, length: int = 1) -> bool:
    return (
        len(text) == length
        and all("\u3400" <= sign <= "\u9fff" for sign in text)
        and text[0] not in _NO_GIVEN
        and (length == 1 or text[1] not in _NO_GIVEN or text[1] in _OFTEN_GIVEN)
    )


def _ends(plain: str, at: int, *, strict: bool = False) -> bool:
    if _EDGE.match(plain, at):
        return True
    found = _WORD.match(plain, at)
    if found is None or (strict and len(found[0]) == 1 and found[0] not in "说在率等"):
        return False
    return _SINGLE.match(plain, at) is None or found[0] in "说等称"
