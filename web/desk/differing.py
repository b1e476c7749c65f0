"""Two who changed a subscription at once: what is kept now beside what was about to be saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.desk import Draft
from web.desk.hours import clock
from web.words import Word

_WORDS = {
    "name": Word("名称", "name"),
    "query": Word("查询", "query"),
    "channels": Word("渠道", "channels"),
    "rhythm": Word("节奏", "rhythm"),
    "hour": Word("每日几点", "daily at"),
    "quiet": Word("免打扰", "quiet"),
    "timezone": Word("时区", "time zone"),
    "language": Word("语言", "language"),
}
_LANGUAGES = {"both": "中文与英文 both", "zh": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: as it is kept `now`, and as it would be saved (`yours`)."""

    field: Word
    now: str
    yours: str


def differences(kept: Draft, wanted: Draft, channels: Mapping[str, str]) -> tuple[Difference, ...]:
    """Where the two differ; `channels` are names by id."""
    now, yours = (_told(one, channels) for one in (kept, wanted))
    return tuple(Difference(_WORDS[name], now[name], yours[name]) for name in _WORDS if now[name] != yours[name])


def _told(draft: Draft, channels: Mapping[str, str]) -> dict[str, str]:
    quiet = f"{clock(draft.quiet_from)}–{clock(draft.quiet_to)}" if draft.quiet_from is not None else ""
    return {
        "name": draft.name,
        "query": draft.query,
        "channels": ", ".join(sorted(channels.get(id, id) for id in draft.channels)),
        "rhythm": f"{draft.rhythm.chinese} {draft.rhythm.value}",
        "hour": f"{draft.hour:02}:00",
        "quiet": quiet,
        "timezone": draft.timezone or "",
        "language": _LANGUAGES.get(draft.language or "", ""),
    }
