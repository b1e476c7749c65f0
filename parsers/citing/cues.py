"""What the words around a document say is done to it.

The nearest verb decides: before the document the last of its clause (根据《X》, 废止《X》), after it the first that
no other subject comes between (《X》同时废止, 将《X》第三条修改为).
"""

import re

from domain.citation import Relation
from parsers.plain import plain as as_plain

_FORMER = "此前|以前|之前|原|有关|其他|其它|本|凡|现行|与|过去|相关|今后|各|我|对|请|现[将就]"
# A clause that another subject opens is not about the document before it.
_REACH = rf"[^，,；;。]{{0,60}}?(?:[，,](?!{_FORMER})[^，,；;。]{{0,40}}?){{0,2}}?"
_REST = {
    Relation.REPEALS: (
        r"(?<![未不可])(?<!自行|自动|到期|届满)"
        r"(?:废止|废除|作废|(?<!日期)失效(?!日期|时间)|停止(?:执行|施行|实施|适用)|不再(?:执行|适用|施行|有效|实施))"
    ),
    Relation.EXTENDS: (
        r"有效期(?:限)?(?:予以|再|相应|均)?(?:延长|延期|延续|顺延|续期|展期|延至|延到)|延长(?:其|该)?[^，。]{0,6}期"
        r"|继续(?:有效|执行|施行|实施|适用)|延期(?:至|到|执行|实施|施行)|延续(?:实施|执行|施行)|延长(?:至|到)"
        r"|(?:实施|执行|施行)期限?延(?:长|续)"
    ),
    Relation.AMENDS: (
        r"作(?:出|了)?(?:如下|以下|相应|部分|局部|适当)?的?(?:修改|修订|修正|调整)"
        r"|(?:进行|予以|加以)(?:了|重新|相应|部分|全面)?(?:修改|修订|修正)"
        r"|(?:修改|修订|修正|调整)(?:为|如下)|一并(?:修改|修订)"
    ),
    Relation.FORWARDS: r"转发(?:给|如下|至)|批转(?:给|如下)",
    Relation.INTERPRETS: (
        r"(?:进行|作出?|予以)(?:政策)?解读|解读如下|^的?(?:政策)?(?:图解|解读|问答|起草说明|编制说明|政策说明|释义)"
    ),
    Relation.DRAFTS: r"(?:公开|向社会|广泛|现)[^，。]{0,10}(?:征求|征集|听取)[^，。]{0,16}(?:意见|建议)",
    Relation.ISSUES: (
        r"(?:印发|下发|公布|发布|颁布)(?:给|如下|施行|实施|你|[，,]?请)|(?:予以|现予)(?:印发|公布|发布|颁布)"
        r"|[已业][^，。]{0,60}(?:通过|同意|批准|审定)"
    ),
}
_AFTER = {relation: re.compile(rf"^{_REACH}(?:{words})") for relation, words in _REST.items()}
_NO = r"(?!的|后|过的|了的|以来|之日|时)"
_LEAD = re.compile(
    rf"(?P<repeals>(?<![未不])废止{_NO}(?:了)?|停止执行{_NO}|宣布失效{_NO})"
    rf"|(?P<amends>(?<!新)(?<!原)(?:修改|修订|修正){_NO}(?:了)?(?!印发))"
    rf"|(?P<forwards>转发{_NO}(?:了)?|批转{_NO}(?:了)?)"
    rf"|(?P<issues>(?:印发|下发|发布|公布|颁布|出台|制定|制发|制订){_NO}(?:了)?)"
    rf"|(?P<drafts>(?:起草|草拟|拟定|拟订){_NO}(?:形成)?(?:了)?|(?:征求|征集|听取)(?:对|关于)?{_NO})"
    rf"|(?P<extends>延长{_NO}|延续{_NO})"
    rf"|(?P<interprets>(?<!政策)解读{_NO}|读懂|看懂|图解)"
    r"|(?P<cites>根据|按照|依据|依照|遵照|参照|对照|贯彻|落实|执行|符合|结合|违反|适用|详见|参见|通过的|依|按|据|新修订)"
)
_TERM = re.compile(
    r"^[^，,。；;]{0,12}(?:有效期|施行期|执行期|实施期|期限|试行期|有效时间)|^[^，,。；;]{0,10}(?:实施|执行|施行)"
)
_CLAUSE = re.compile(r"[，,；;：:。]")


def relation(before: str, after: str) -> Relation | None:
    """What is done to the documents between two pieces of one sentence; None where the words do not say.

    CITES where a word such as 根据 leads up to them, whatever follows.
    """
    lead, follow = as_plain(before), as_plain(after)
    led = _led(lead, follow)
    if led is not None and led is not Relation.ISSUES:
        return led
    return _said(follow) or led


def _led(before: str, after: str) -> Relation | None:
    clause = _CLAUSE.split(before.rstrip())[-1]
    last = next(reversed(list(_LEAD.finditer(clause))), None)
    if last is None:
        return None
    found = Relation(last.lastgroup or "cites")
    if found is Relation.EXTENDS and not _TERM.match(after):
        return None
    return found


def _said(after: str) -> Relation | None:
    """The relation whose words come first after a document."""
    hits = [(found.end(), relation) for relation, rule in _AFTER.items() if (found := rule.match(after))]
    return min(hits, key=lambda item: item[0])[1] if hits else None


def listing(line: str) -> Relation | None:
    """What a line says of the list below it: 决定废止以下文件：, 二、宣布失效的规范性文件, 继续有效的文件目录."""
    plain = as_plain(line)
    if len(plain) > 300:
        return None
    hits = [
        (found.start(), relation)
        for relation in (Relation.REPEALS, Relation.AMENDS, Relation.EXTENDS)
        if (found := _LISTED[relation].search(plain))
    ]
    return min(hits, key=lambda item: item[0])[1] if hits else None


_LISTED = {
    Relation.REPEALS: re.compile(r"(?<![未不])(?:废止|失效|停止执行|不再执行)"),
    Relation.AMENDS: re.compile(r"(?:予以|决定|拟|需|进行)?(?:修改|修订|修正)"),
    Relation.EXTENDS: re.compile(r"继续(?:有效|执行|施行|实施)|延长有效期|有效期延"),
}
