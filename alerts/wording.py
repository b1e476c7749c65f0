"""What a message says, in words: first what changed, then the rest."""

from collections.abc import Iterator

from alerts.differences import cut, places
from alerts.kinds import Matter
from domain.change import Change, ChangeType, FieldEdit

TYPES = {kind.value: f"{kind.chinese} {kind.value}" for kind in ChangeType} | {
    "test": "试 test",
    "health": "站况 health",
}
_FIELDS = {
    "title": "标题 title",
    "published_at": "发布时间 published",
    "source": "来源 source",
    "authors": "作者 authors",
    "body": "正文 body",
    "document_numbers": "文号 document numbers",
    "attachments": "附件 attachments",
    "images": "图片 images",
    "url": "地址 address",
}
_EXCERPT = 200
_SHORT = 60
_MOST_PLACES = 8


def summary(matter: Matter) -> str:
    """What changed, a line a place. New pages: how the text begins. Removed ones: the evidence."""
    return "\n".join(_lines(matter))


def _lines(matter: Matter) -> Iterator[str]:
    change = matter.change
    if change.reason:
        yield f"原因 reason: {change.reason}"
    if change.reverts_to:
        yield f"与第 {change.reverts_to} 版相同 the same as version {change.reverts_to}"
    for edit in change.fields:
        yield from _edit(edit)
    if change.classes:
        yield f"涉及 about: {', '.join(f'{one.chinese} {one.value}' for one in change.classes)} ({change.severity}/5)"
    if change.type is ChangeType.NEW and matter.text:
        yield _excerpt(matter.text)
    elif not (change.reason or change.reverts_to or change.fields):
        yield _bare(change)


def _excerpt(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= _EXCERPT else whole[:_EXCERPT] + "…"


def _bare(change: Change) -> str:
    return f"第 {change.version} 版 version {change.version}"


def _edit(edit: FieldEdit) -> Iterator[str]:
    name, before, after = _FIELDS.get(edit.name, edit.name), edit.before or "", edit.after or ""
    if len(before) <= _SHORT and len(after) <= _SHORT and "\n" not in before + after:
        yield f"{name}: {before or '(无 none)'} → {after or '(无 none)'}"
        return
    yield f"{name}:"
    found = places(before, after)
    yield from (f"  {place}" for place in found[:_MOST_PLACES])
    if len(found) > _MOST_PLACES:
        yield f"  …另有 {len(found) - _MOST_PLACES} 处 and as many more places"


def subject(type: str, title: str) -> str:
    """`[通鉴] 改 edited: 标题`, on one line, without control characters (RFC 5322, 2.2)."""
    plain = "".join(sign if sign.isprintable() else " " for sign in title)
    return f"[通鉴] {TYPES.get(type, type)}: {cut(' '.join(plain.split()), 120)}"
