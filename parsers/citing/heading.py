"""What an article's title says it does, and to which documents: 《X》解读, 关于废止X的通知, X（征求意见稿）."""

import re
from dataclasses import dataclass

from domain.citation import Relation, policy_name
from parsers.plain import plain as as_plain

_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》)*)》")
_ENDS = r"(?:的?(?:通知|决定|公告|通告|函|说明|通报|命令|令|批复|请示|意见|公示|启事))"
_CLASSES = (
    (Relation.ISSUES, rf"关于(?:重新|联合)?(?:印发|下发|公布|发布|颁布).*{_ENDS}$"),
    (
        Relation.INTERPRETS,
        r"解读|图解|[一1]图|图文|问答|答记者问|释义|起草说明|编制说明|制定说明|政策说明|读懂|看懂|明白纸|政策说明|权威回应|政策吹风会|有话说",
    ),
    (
        Relation.DRAFTS,
        r"(?:征求|征集|听取|征询).{0,80}(?:意见|建议)|意见征(?:集|询|求)|征求意见|意见稿|[（(](?:草案|公示稿|讨论稿|送审稿)|草案.{0,12}[）)]?$",
    ),
    (
        Relation.EXTENDS,
        r"(?:延长|延续).*(?:期|执行|实施|施行)|继续(?:有效|执行|施行|实施)|有效期(?:的)?(?:延|续|展|顺延)|延期(?:执行|实施|施行)|(?:执行|实施|施行)延期",
    ),
    (Relation.REPEALS, r"(?:废止|宣布失效|失效|停止执行|停止施行|废除)(?!.{0,6}印发)"),
    (
        Relation.AMENDS,
        rf"(?:关于|^|决定)(?:对)?(?:修改|修订|修正)|(?:修改|修订|修正){_ENDS}$|(?:修改|修订|修正)《|》(?:的)?(?:修改|修订|修正)",
    ),
    (Relation.FORWARDS, r"转发|批转"),
    (Relation.ISSUES, r"(?:印发|公布|发布|颁布)(?:《|.*方案|.*办法)"),
)
_PATTERNS = tuple((relation, re.compile(rule)) for relation, rule in _CLASSES)
_UNQUOTED = {
    Relation.ISSUES: (rf"关于(?:修订|重新|联合)?(?:印发|下发|公布|发布|颁布)(.+?){_ENDS}$",),
    Relation.FORWARDS: (rf"(?:转发|批转)(.+?){_ENDS}$",),
    Relation.REPEALS: (rf"关于(?:宣布)?(?:废止|停止执行)(.+?){_ENDS}$", rf"关于(.+?)(?:废止|失效|停止执行){_ENDS}$"),
    Relation.AMENDS: (rf"关于(?:修改|修订|修正)(?:印发)?(.+?){_ENDS}$",),
    Relation.EXTENDS: (
        rf"关于(?:继续(?:执行|实施|施行)|延长|延续(?:执行|实施|施行)?)(.+?)(?:有效期限?|实施期限|执行期限|期限)?{_ENDS}$",
        rf"关于(.+?)(?:继续有效|有效期延续|延期(?:执行|实施)?|有效期延长){_ENDS}$",
    ),
    Relation.DRAFTS: (
        r"(?:征求|征集|听取)(?:社会公众|公众|社会各界|各界|各方)?(?:对|关于)?(.+?)(?:修改)?(?:的)?(?:意见|建议)",
        r"关于(?:对)?(.+?)(?:公开|向社会|面向社会)+(?:公开)?(?:征求|征集|听取)",
        r"^(.+?[（(][^（()）]*(?:稿|草案)[）)])",
    ),
    Relation.INTERPRETS: (
        r"(?:解读|图解|[一1]图读懂|[一1]图看懂|读懂|看懂|问答)[】\]]?\s*(?:[丨|｜:：—-]+\s*)?(.+)$",
        r"^(?:关于|对|【[^】]*】)?(.+?)(?:的)?(?:政策|图文|文字|文件|专家|媒体|主要负责人|简明)*(?:解读|问答|图解|起草说明|编制说明|制定说明)",
    ),
}
_RULES = {relation: tuple(map(re.compile, rules)) for relation, rules in _UNQUOTED.items()}
_DOCUMENT = re.compile(
    r"(?:办法|规定|条例|通知|意见|方案|规划|决定|细则|公告|目录|纲要|计划|措施|制度|规则|要点|清单|规程|章程|指南|指引|政策|预案|法|举措|行动|标准)"
    r"(?:[（(〔].{1,30}[）)〕])?$"
)
_AND = re.compile(r"(?<=办法|规定|细则|方案|意见|通知|规划)[和及、]")
_SEVERAL = re.compile(
    r"(?:废止|失效|修改|继续有效).*(?:部分|一批|有关|若干|目录|清理|等)|清理.*(?:结果|目录|决定|公告|通知)"
    r"|(?:部分|一批|若干).*(?:废止|失效|修改|继续有效)"
)
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """`relation` is what the article does by its title, None where that says nothing of the kind. `titles` are the
    documents it does that to; `sure` 0..1. `revises`: it brings a new wording (关于修订印发…)."""

    relation: Relation | None = None
    titles: tuple[str, ...] = ()
    sure: float = 0.0
    revises: bool = False

    def means(self, title: str) -> bool:
        """True where a text's 《title》 is the one that the article is about, whose title may leave out its place,
        or （试行）."""
        name = _plainer(policy_name(title))
        return any(_same(name, _plainer(policy_name(own))) for own in self.titles)


def _plainer(name: str) -> str:
    return re.sub(r"(?:试行|暂行)$", "", name)


def _same(named: str, own: str) -> bool:
    return named == own or (len(own) >= 8 and named.endswith(own))


def read(title: str | None) -> Heading:
    """What a title says. Never raises."""
    plain = "".join(as_plain(title or "").split())[:300]
    bare = re.sub(r"[（(][^（）()]{2,40}号[）)]$", "", plain)
    masked = _masked(bare)
    revises = re.search(r"关于(?:修订|修改|重新)(?:并|后)?(?:印发|公布|发布)", masked) is not None
    relation = next((relation for relation, rule in _PATTERNS if rule.search(masked)), None)
    if revises and "重新" not in masked:
        relation = Relation.AMENDS
    if relation is None and (drafts := _PATTERNS[2][1]).search(bare) and "稿" in bare:
        relation = Relation.DRAFTS if drafts.search(bare) else None
    if relation is None:
        return Heading()
    quoted = tuple(name for name in _QUOTED.findall(bare) if len(name) >= _SHORTEST - 2)
    if quoted:
        return Heading(relation, quoted, 0.9, revises)
    return Heading(relation, _unquoted(relation, bare), 0.7, revises)


def _masked(title: str) -> str:
    """The title without the words in 《》: what is done by the document named there is not done by this one."""
    return _QUOTED.sub("《》", title)


def _unquoted(relation: Relation, title: str) -> tuple[str, ...]:
    for rule in _RULES.get(relation, ()):
        found = rule.search(title)
        if found and len(found[1]) >= _SHORTEST and _DOCUMENT.search(found[1]):
            return tuple(name.strip("“”<>〈〉:：|丨 ") for name in _AND.split(found[1]))
    return ()


def is_several(title: str | None) -> bool:
    """True for 关于废止和修改部分文件的决定: its own lists say which are which."""
    masked = _masked(as_plain(title or ""))
    return _SEVERAL.search(masked) is not None
