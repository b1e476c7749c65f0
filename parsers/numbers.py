"""Document numbers 发文字号: 鲁政办发〔2017〕58号.

GB/T 9704-2012 §7.2.5: the issuing office's abbreviation, the year in 〔〕, the running number, 号.
Pages also write [2017], 【2017】, （2017） and (2017); all are given back with 〔〕.
"""

import re

_NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{1,16})\s*(?P<open>[〔\[［【〈﹝(（])\s*(?P<year>(?:19|20)\d\d)\s*(?P<close>[〕\]］】〉﹞)）])"
    r"\s*(?:第\s*)?(?P<number>\d{1,5})\s*号"
)
_PAIRS = {"〔": "〕", "[": "]", "［": "］", "【": "】", "〈": "〉", "﹝": "﹞", "(": ")", "（": "）"}
# What runs up to a number in a sentence and is no part of it.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|贯彻|落实|执行|印发|转发|下发|发布|出台|文件|通知|意见|规定|办法|条例|决定|方案|批准|经由"
    r"|文号|字号|号文|编号|以及|和|与|及|或|由|的|了|是|为|见|以|经|在|从|于|按|据)(?=[\u4e00-\u9fff])"
)
_OFFICIAL = re.compile(r"(?:发|函|字|办|规|令|告|通|批|复|议|审|委|电|请|任|综|政|党|组|厅|局|法|财|税|环|建|土|商|号)$")


def document_numbers(text: str) -> tuple[str, ...]:
    """The document numbers of a text, each once, in order of first appearance."""
    found = (_normal(match) for match in _NUMBER.finditer(text))
    return tuple(dict.fromkeys(number for number in found if number))


def _normal(match: re.Match[str]) -> str | None:
    if _PAIRS[match["open"]] != match["close"]:
        return None
    office = _LEAD.sub("", match["office"])
    round_bracket = match["open"] in "(（"
    if round_bracket and not _OFFICIAL.search(office):
        return None
    return f"{office}〔{match['year']}〕{match['number']}号"
