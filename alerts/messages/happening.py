"""What happened, in sentences: what the places of a change do not say."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.messages import words
from alerts.messages.safe import clean
from alerts.messages.words import Word

Said = Mapping[str, Any]


def severity(said: Said) -> int:
    """1 to 5, also of what is no change: a site that broke weighs as much as a page that is gone."""
    stated = said.get("severity") or (4 if is_grave(said) else 1)
    return min(max(int(stated), 1), 5)


def is_grave(said: Said) -> bool:
    """True of a message that something of ours does not work."""
    return said["type"] == "channel" or (said["type"] == "health" and said.get("state") == "broken")


def signs(said: Said) -> Iterator[Word]:
    """What is odd about a site."""
    yield from (Word(clean(one.get("zh"), 200), clean(one.get("en"), 200)) for one in said.get("signs") or ())


def happened(said: Said) -> Iterator[Word]:
    """The sentences about a change, or about a site among changes."""
    type, version = said["type"], said.get("version")
    # Taken down, or put down by an older house.
    if said.get("withdrawn") or ("places" not in said and type != "health"):
        yield from (Word(line, line) for line in map(clean, str(said.get("summary") or "").splitlines()[:12]) if line)
        return
    if type == "health":
        yield from signs(said)
    elif type == "diverged":
        yield _diverged(said)
    elif said.get("reason"):
        yield _because(said)
    if type in ("removed", "moved") and version:
        yield Word(f"留存的最后一版是第 {version} 版", f"The last version kept is number {version}")
    if type == "restored":
        yield Word("曾消失，现又可见", "It was gone and is back")
    if type == "republished":
        yield Word("正文未变，只是发布时间改了", "Only the publication time changed, not the text")
    if back := said.get("reverts_to"):
        yield Word(f"改回了第 {back} 版的内容", f"It reads as version {back} did")


def _because(said: Said) -> Word:
    known = words.reason(str(said["reason"]))
    zh, en = clean(known.zh, 300), clean(known.en, 300)
    times = len(said.get("evidence") or ())
    if said["type"] not in ("removed", "moved") or times < 2:
        return Word(zh, en)
    return Word(f"{zh}（{times} 次抓取为证）", f"{en} ({times} captures say so)")


def _diverged(said: Said) -> Word:
    if said.get("fields"):
        return Word("此页与首发不同", "This copy differs from the first publisher")
    return Word("首发已删，此页仍在", "The first publisher removed it, this copy is still there")
