"""Messages that are about no change: a site broke or mended, a channel was switched off, a test."""

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.messages import words
from alerts.messages.happening import Said, is_grave, signs
from alerts.messages.safe import clean, web_address
from alerts.messages.viewing import time
from alerts.messages.words import Word

_BROKEN = Word(
    "在它恢复之前，没有消息不等于没有变化。",
    "Until it mends, no news from this site does not mean that nothing happened.",
)
_MENDED = Word("此后没有消息，就是没有变化。", "From now on no news means that nothing happened.")


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its message shows it; `grave` where something does not work."""

    kind: Word
    grave: bool
    headline: Word
    said: tuple[Word, ...]
    at: str
    at_is: Word
    link: str


def notice_view(said: Said) -> NoticeView:
    name = clean(said.get("name") or said.get("site_title") or said.get("title"), 80)
    type = str(said["type"])
    return NoticeView(
        kind=words.TYPES.get(type, Word(clean(type, 20), clean(type, 20))),
        grave=is_grave(said),
        headline=_headline(said, name),
        said=tuple(_said(said)),
        at=time(said.get("since") or said.get("at")),
        at_is=Word("自", "since") if said.get("since") else Word("时间", "time"),
        link=web_address(said.get("link")),
    )


def _headline(said: Said, name: str) -> Word:
    type = said["type"]
    if type == "health" and (state := words.HEALTH.get(str(said.get("state")))):
        site = clean(said.get("site_title") or said.get("site"), 80)
        return Word(f"{site}：{state.zh}", f"{site}: {state.en}")
    if type == "channel" and said.get("name"):
        return Word(f"渠道「{name}」已停用", f"the channel «{name}» was switched off")
    if type == "test" and said.get("name"):
        return Word(f"{name}：测试消息", f"{name}: a test message")
    title = clean(said.get("title"), 200)
    return Word(title, title)


def _said(said: Said) -> Iterator[Word]:
    type = said["type"]
    if type == "test":
        yield Word("没有变化，只是测试：这条路是通的。", "Nothing changed: this only tests that messages reach you.")
    elif type == "health" and said.get("state"):
        yield from _health(said)
    elif type == "channel" and said.get("reason"):
        why = clean(said["reason"], 300)
        yield Word("此后不再向它发送，直到有人重新启用。", "Nothing is sent to it until somebody switches it on again.")
        yield Word(f"原因：{why}", f"Why: {why}")
    else:
        yield from (Word(line, line) for line in _lines(said.get("summary")))


def _health(said: Said) -> Iterator[Word]:
    yield _BROKEN if said["state"] == "broken" else _MENDED
    yield from signs(said)


def _lines(text: object) -> Iterator[str]:
    yield from (clean(line, 300) for line in str(text or "").splitlines()[:20])
