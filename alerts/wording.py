"""What changed, in words: the `summary` of a message, for receivers that read JSON."""

from collections.abc import Iterator

from alerts.kinds import Matter
from alerts.placing import placed, readable
from domain.change import Change, ChangeType, FieldEdit

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
EXCERPT = 200
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
        yield excerpt(matter.text)
    elif not (change.reason or change.reverts_to or change.fields):
        yield _bare(change)


def excerpt(text: str) -> str:
    """How a text begins, on one line."""
    whole = " ".join(text[: 4 * EXCERPT].split())
    return whole if len(whole) <= EXCERPT else whole[:EXCERPT] + "…"


def _bare(change: Change) -> str:
    return f"第 {change.version} 版 version {change.version}"


def _edit(edit: FieldEdit) -> Iterator[str]:
    name = _FIELDS.get(edit.name, edit.name)
    before, after = (readable(edit.name, side or "") for side in (edit.before, edit.after))
    if len(before) <= _SHORT and len(after) <= _SHORT and "\n" not in before + after:
        yield f"{name}: {before or '(无 none)'} → {after or '(无 none)'}"
        return
    found, more = placed([edit], _MOST_PLACES)
    yield f"{name}:"
    yield from (f"  {place}" for _, place in found)
    if more:
        yield f"  …另有 {more} 处 and as many more places"
