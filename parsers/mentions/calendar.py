"""Dates as they are written, in parts: 2019年1月7日, 去年8月, 本月15日, 29日, 年底, 下周五, 昨日.

A piece is one such date with what it leaves open; parsers.mentions.resolving says which day it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.mentions.numerals import written

YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
MONTHS = {"上个月": -1, "上月": -1, "本月": 0, "这个月": 0, "下个月": 1, "下月": 1}
DAYS = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}
WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1}

_CN = "零一二三四五六七八九"
_M = rf"(?:1[0-2](?!\d)|0?[1-9](?!\d)|十[一二]?|[{_CN[1:]}])"
_D = rf"(?:3[01](?!\d)|[12]\d(?!\d)|0?[1-9](?!\d)|三十一?|二?十[{_CN[1:]}]?|[{_CN[1:]}])"
_Y = rf"(?:(?:1[89]|20)\d\d|[一二][零九八][{_CN}]{{2}})"
_PART = r"年?底|年?末|年?初|上半年|下半年|第?[一二三四1-4]季度|前三季度"
_THIRD = r"底|末|初|上旬|中旬|下旬"
_TO = r"\s?(?:-{1,2}|至|到)\s?"
_DAY_OF = rf"(?P<d>{_D})(?:日?{_TO}(?P<d2>{_D}))?\s?[日号](?![线台楼机店院馆令坑])"
_IN_MONTH = rf"(?:{_DAY_OF}|(?P<third>{_THIRD})|份)?"
_MONTH = rf"(?P<m>{_M})(?:月?份?{_TO}(?P<m2>{_M}))?\s?月(?![薪球饼牙光票租嫂]|亮|子)\s?{_IN_MONTH}"
_YEAR = rf"(?P<y>{_Y})(?:年?{_TO}(?P<y2>{_Y}))?\s?年(?!代|龄|轻|历史|来|间|期|限|租|的历史)度?"
_NO_NUMBER = rf"(?<![\d.{_CN}十百千万几第多个/])"
_PIECE = re.compile(
    rf"(?<![\d.A-Za-z/-])(?P<ny>(?:19|20)\d\d)(?P<s>[-/.])(?P<nm>1[0-2]|0?[1-9])(?P=s)(?P<nd>3[01]|[12]\d|0?[1-9])(?![\d./-])"
    rf"|(?:{_NO_NUMBER}{_YEAR}|(?P<yw>{'|'.join(YEARS)})度?)的?\s?(?:{_MONTH}|(?P<part>{_PART}))?"
    rf"|{_NO_NUMBER}{_MONTH}".replace("<m>", "<m_>")
    .replace("<m2>", "<m2_>").replace("<d>", "<d_>").replace("<d2>", "<d2_>").replace("<third>", "<third_>")
    + rf"|(?P<mw>{'|'.join(MONTHS)})(?:份|{_IN_MONTH})".replace("<d>", "<d__>").replace("<d2>", "<d2__>").replace("<third>", "<third__>")
)
