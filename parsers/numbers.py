"""Document numbers 发文字号: 鲁政办发〔2017〕58号.

GB/T 9704-2012 §7.2.5: the issuing office's abbreviation, the year in 〔〕, the running number, 号.
Pages also write [2017], 【2017】, （2017） and (2017); all are given back with 〔〕.
"""

import re

_NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{1,16})\s*(?P<open>[〔\[［【〈﹝(（])\s*(?P<year>(?:19|20)\d\d)\s*"
    r"(?P<close>[〕\]］】〉﹞)）])\s*(?:第\s*)?(?P<number>\d{1,5})\s*号"
)
_PAIRS = {"〔": "〕", "[": "]", "［": "］", "【": "】", "〈": "〉", "﹝": "﹞", "(": ")", "（": "）"}
# What runs up to a number in a sentence and is no part of it.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|贯彻|落实|执行|印发|转发|下发|发布|出台|批准|经由|文号|字号|编号|以及"
    r"|(?:文件|通知|意见|规定|办法|条例|决定|方案|号文?)[和与及]?|[与及或由的了是为见以在从于按据])(?=[\u4e00-\u9fff])|^[和经]"
)
# 山东省人民政府办公厅鲁政办发〔2017〕58号: the office in full, then its abbreviation.
_IN_FULL = re.compile(
    r"^.*(?:办公厅|办公室|人民政府|委员会|政府|国务院|省委|市委|区委|县委|厅|局)(?=[\u4e00-\u9fff]{2,7}[发字函]$)"
)
_OFFICIAL = re.compile(r"[发函字办规令告批复电请任综政党厅局法财税环建土商号]$")


def document_numbers(text: str) -> tuple[str, ...]:
    """The document numbers of a text, each once, in order of first appearance."""
    found = (_normal(match) for match in _NUMBER.finditer(text))
    return tuple(dict.fromkeys(number for number in found if number))


def _normal(match: re.Match[str]) -> str | None:
    if _PAIRS[match["open"]] != match["close"]:
        return None
    office = _IN_FULL.sub("", _LEAD.sub("", match["office"]))
    round_bracket = match["open"] in "(（"
    if round_bracket and not _OFFICIAL.search(office):
        return None
    return f"{office}〔{match['year']}〕{match['number']}号"
