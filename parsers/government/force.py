"""From when until when a document is in force, as its last articles say it.

自2019年5月1日起施行，有效期至2024年4月30日 · 自2019年5月1日起实施，有效期5年 · 自2019年5月1日至2024年4月30日施行.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from parsers import days, numerals
from parsers.document import Found
from parsers.plain import plain

_STOPS = re.compile(r"[。；;\n]")
_LONGEST = 400
_TEXTS_READ = 80
_OWN = r"(?:^|[，,、：:）)]|本[^，,。；;]{1,20}?|上述[^，,]{1,8}?|以上[^，,]{1,8}?|现予[^，,]{1,6}|[，,]并?)\s?"
_START = rf"(?:自|从|于|定于|将于)\s?(?P<start>{days.DAY})\s?(?:零时|0时|24时)?"
_EFFECTIVE = re.compile(
    rf"{_OWN}{_START}(?:起|开始|始)?[，,]?(?:正式)?(?:施行|实施|执行|生效|试行|启用)(?!的|以来|后|前|至今)"
)
_SPAN = re.compile(
    rf"{_OWN}(?:有效期(?:限)?(?:为|是)?|试行期(?:为)?)?[：:]?\s?{_START}(?:起|开始)?(?:施行|实施|执行|生效)?[，,]?"
    rf"(?:有效期(?:限)?)?[，,]?(?:至|到)\s?(?P<end>{days.DAY})\s?(?:止|施行|执行|有效|废止|失效)?"
)
_SUBJECT = r"(?:^|[，,、：:]|本[^，,。；;]{1,20}?)"
_UNTIL = re.compile(
    rf"{_SUBJECT}(?:有效期(?:限)?|试行期|执行期限|施行期限)"
    rf"(?:截至|截止至|截止到|截止|为?至|到|至)\s?(?P<end>{days.DAY})"
)
_YEARS = re.compile(
    rf"{_SUBJECT}(?:有效期(?:限)?|试行期|暂行期)(?:为|是|暂定)?\s?(?P<years>\d{{1,2}}|[一二三五十两]{{1,2}})\s?年"
)

Force = tuple[Found[date] | None, Found[date] | None]


def in_force(texts: Sequence[str]) -> Force:
    """The day a document takes effect and its last day, from the last 80 paragraphs of its text.

    For official documents only: a report on a law says the same of another document. 有效期5年 ends the day
    before the fifth anniversary. 自发布之日起施行 gives no day. Where sentences disagree the last one counts, at
    half the confidence. Sentences beyond 400 characters are passed over.
    """
    found = [item for text in texts[-_TEXTS_READ:] for sentence in _sentences(text) if (item := _read(sentence))]
    if not found:
        return None, None
    starts = [start for start, _, _ in found]
    sure = 0.7 if len(set(starts)) == 1 else 0.4
    start, end, counted = found[-1]
    last = Found(end, "text 有效期", min(sure, 0.6 if counted else 0.7)) if end else None
    return (Found(start, "text 施行", sure) if start else None), last


def _sentences(text: str) -> Iterator[str]:
    for sentence in _STOPS.split(plain(text)):
        if "年" in sentence and "日" in sentence and len(sentence) <= _LONGEST:
            yield " ".join(sentence.split())


def _read(sentence: str) -> tuple[date | None, date | None, bool] | None:
    """First day, last day, and whether the last was counted from 有效期N年."""
    span = _SPAN.search(sentence)
    if span:
        return days.parse(span["start"]), days.parse(span["end"]), False
    effective, until = _EFFECTIVE.search(sentence), _UNTIL.search(sentence)
    start = days.parse(effective["start"]) if effective else None
    if until and (start or "本" in until[0]):
        return start, days.parse(until["end"]), False
    years = _YEARS.search(sentence)
    if start and years:
        return start, _after(start, numerals.value(years["years"].replace("两", "二")) or 0), True
    return (start, None, False) if start else None


def _after(start: date, years: int) -> date | None:
    if not 0 < years <= 50:
        return None
    day = min(start.day, calendar.monthrange(start.year + years, start.month)[1])
    return start.replace(year=start.year + years, day=day) - timedelta(days=1)
