"""Offices by their names and by their abbreviations (机关代字), out of what runs up to a document number.

Nothing is known of single offices: what counts is how names end, and the words that lead up to them.
"""

import re

from parsers.plain import plain

HANZI = "\u3400-\u9fff"
_LONGEST = 40
_LONGEST_NAME = 24
_LOOK_BACK = 120
_ENDINGS = (
    "政府|厅|局|署|委|部|院|会|银行|分行|支行|办|办公室|中心|处|队|所|站|馆|组|公司|集团|大学|学校|中学|小学|医院|海关|校|室"
    "|主席|团委|总社|工会|[河林田]长"
)
_NAME = re.compile(rf"[{HANZI}（）()·\dA-Za-z]{{2,{_LONGEST}}}")
_ENDS = re.compile(rf"(?:{_ENDINGS})$")
_NO_NAME = re.compile(
    r"(?:全部|有关|大会|机会|社会|协商会|[好到]处|教室|举办|主办|承办|协办|办公|聚会|宴会|发布会|座谈会|推进会|会议室)$"
    r"|^[（(]|[（(][^（）()]*$|记者|编辑|作者|通讯员|来源|摄"
)
_TITLE = re.compile("^中华人民共和国(?=.)")
_VERBS = (
    "根据|按照|依据|依照|遵照|参照|对照|比照|贯彻|落实|执行|印发|转发|下发|制发|签发|颁发|签署|发布|颁布|公布|出台|批准|经由|下达"
    "|制定|制订|废止|修订|修改|撤销|取消|替代|代替|通过|关于|收到|接到|传达|学习|引用|适用|详见|参见|附件|原文|上述|此前|同时"
    "|现将|文号|字号|编号|以及|要求|精神|分别|文件|通知|意见|规定|办法|条例|决定|方案|批复|通报|公告|纪要|请示|报告"
    "|[我本你贵全][省市县区局厅委部州盟旗校院处办]|号文|号|[你我他]们"
)
_WORDS = re.compile(rf"^.*(?:{_VERBS})(?:的|等)?[和与及]?")
_FOR_CODE = re.compile(
    rf"^.*(?:(?:{_VERBS})(?:的|等)?[和与及]?|[与及或由的了是为见以在从于按将曾并]|(?<!数)据)(?=[{HANZI}])"
)
_FOR_NAME = re.compile(r"^.*(?:中华人民共和国(?=.)|[与及或由的了是见以从于按将曾])|^(?:原|经|[和与及](?=.{3}))")
_FIRST = re.compile(r"^(?:文件?|原(?=..)|经(?![信贸济发运管办委])|[等又]?[和与及](?=...))+")
_NEVER_LAST = "与及或由的了是为见以在从于按据和至到"
_FORMER = re.compile("^原(?=...)")
_COUNTED = re.compile(r"^[年月日时号批次份个项条章款件种家期届版类级轮]")
_TAIL = re.compile(rf"[{HANZI}]{{2,{_LONGEST}}}\Z")
# 山东省人民政府办公厅鲁政办发: the office in full, then its abbreviation. 工信厅联电子函 is none such.
_IN_FULL = re.compile(
    r"^.*(?:办公厅|办公室|人民政府|委员会|政府|国务院|[省市区县州]委|党组|总局|[厅局部署])"
    rf"(?![联办发函明规令])(?=[{HANZI}]{{2,7}}[发字函呈报规通]$)"
)
_FULL_NAME = re.compile(r"^.*(?:[厅局部委府院室署]|会(?!议))")
_KIND = re.compile(r"(?:公告|通告|令)$")
# 京政令〔2019〕3号: an order numbered by the office's abbreviation.
_SHORT_ORDER = re.compile(rf"(?!人民|[省市县区])[{HANZI}]{{1,3}}[政府]令")
_RUN = re.compile(
    rf"(?:[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川黔贵云滇藏陕甘青宁新蒙国]\d{{2,4}}[{HANZI}]{{2,9}}"
    rf"|[{HANZI}]{{1,20}}[A-Z]{{0,2}})\Z"
)
_SPACED = re.compile(rf"(?:^|(?<=[^{HANZI}] )|(?<=[^{HANZI} ]))(?:[{HANZI}] ){{1,11}}[{HANZI}]$")


def is_agency(text: str) -> bool:
    """True for what ends as an office, a committee, a company or a school does, and is no sentence."""
    name = plain(text)
    return _NAME.fullmatch(name) is not None and _ENDS.search(name) is not None and not _NO_NAME.search(name)


def short(name: str) -> str:
    """中华人民共和国商务部 as 商务部, the name it is cited by."""
    return _TITLE.sub("", name)


def code(before: str) -> str | None:
    """The abbreviation that ends `before`, the text up to a bracket with a year; None where that is unsure."""
    text = _joined(before[-_LONGEST:].rstrip(" "))
    run = _RUN.search(text)
    if run is None:
        return None
    if _SHORT_ORDER.fullmatch(run[0]):
        return run[0]
    if kind := _KIND.search(run[0]):
        named = agencies(text[: -len(kind[0])])
        return "、".join(named) + kind[0] if named else None
    office = _FORMER.sub("", _IN_FULL.sub("", _FOR_CODE.sub("", run[0])))
    return _fitting(_opened(office, text[: run.start()]) if office == run[0] else office)


def agencies(before: str) -> tuple[str, ...]:
    """The offices that end `before`, as in 财政部 税务总局公告; none where the last is no office's name."""
    rest = before[-_LOOK_BACK:].rstrip()
    found: list[str] = []
    while token := _TAIL.search(rest):
        name = _FOR_NAME.sub("", _WORDS.sub("", token[0]))
        name = _COUNTED.sub("", name) if rest[token.start() - 1 : token.start()].isdigit() else name
        if not is_agency(name) or len(name) > _LONGEST_NAME:
            break
        found.append(short(name))
        left = rest[: token.start()]
        rest = left.rstrip("、 ")
        if name != token[0] or rest == left:
            break
    return tuple(reversed(found))


def is_led_up_to(before: str) -> bool:
    """True where nothing before a number can be a part of it: a boundary, or a word such as 根据."""
    run = re.search(rf"[{HANZI}]{{0,20}}\Z", before[-_LONGEST:])
    return run is None or not _FOR_NAME.sub("", _WORDS.sub("", run[0]))


def _joined(text: str) -> str:
    """鲁 政 办 发, letters set apart, as one word."""
    spaced = _SPACED.search(text)
    return text[: spaced.start()] + spaced[0].replace(" ", "") if spaced else text


def _opened(office: str, before: str) -> str:
    """Without what an abbreviation cannot open with after a digit (3日, 2批) or a sign other than a bracket."""
    if before[-1:].isdigit():
        return _COUNTED.sub("", office) if _COUNTED.match(office) else ""
    return office if not before or before[-1] in '（(《“"【' else _FIRST.sub("", office)


def _fitting(office: str) -> str | None:
    """At most eight characters are an abbreviation; of more, what follows an office's full name."""
    hanzi = sum(not char.isascii() for char in office)
    if hanzi > 8:
        office = _FULL_NAME.sub("", office)
        hanzi = len(office) if len(office) > 2 else 0
    return office if 2 <= hanzi <= 8 and office[-1] not in _NEVER_LAST and _WORDS.sub("", office) else None
