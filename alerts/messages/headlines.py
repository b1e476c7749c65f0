"""The headline of a digest: of which time it is, and how many changes of which kind."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from alerts.messages import words
from alerts.messages.happening import Said
from alerts.messages.viewing import time
from alerts.messages.words import Word
from domain.clock import SHANGHAI, parse

_HOUR, _DAY = timedelta(minutes=90), timedelta(hours=36)
_NOON = 12


def headline(said: Said) -> Word:
    """`昨日 12 条变化：3 改 1 删 8 新`."""
    counts: Mapping[str, int] = said.get("counts") or Counter(str(one["type"]) for one in said.get("changes") or ())
    total = sum(counts.values())
    when = _when(said)
    if not total:
        return Word(f"{when.zh}没有变化", f"No changes {when.en}")
    order = [*words.COUNTED, *(one for one in counts if one not in words.COUNTED)]
    kinds = [(counts[one], words.COUNTED.get(one, Word(one, one))) for one in order if counts.get(one)]
    zh = " ".join(f"{count} {kind.zh}" for count, kind in kinds)
    en = ", ".join(f"{count} {kind.en}" for count, kind in kinds)
    noun = "change" if total == 1 else "changes"
    return Word(f"{when.zh} {total} 条变化：{zh}", f"{total} {noun} {when.en}: {en}")


def _when(said: Said) -> Word:
    """The time that a digest is about, as one would say it."""
    since, at = parse(str(said["since"])), parse(str(said["at"]))
    span = at - since
    if said.get("rhythm") == "daily" and span <= _DAY:
        today = at.astimezone(SHANGHAI).hour >= _NOON
        return Word("今日", "today") if today else Word("昨日", "yesterday")
    if said.get("rhythm") == "hourly" and span <= _HOUR:
        return Word("过去一小时", "in the last hour")
    begun = f"{since.astimezone(SHANGHAI):%m-%d %H:%M}"
    return Word(f"自 {begun} 起", f"since {begun}")


def span(said: Said) -> Word:
    since, at = time(said["since"]), time(said["at"])
    return Word(f"{since} 至 {at}，北京时间", f"{since} to {at}, Asia/Shanghai")
