"""Tables for people: Asia/Shanghai times, Chinese titles, a word for each type of change."""

from collections.abc import Sequence

from rich.cells import cell_len

from domain.change import Change, ChangeType
from domain.clock import shown
from pipeline.cli.output import err, out

COLOURS = {
    ChangeType.NEW: "green",
    ChangeType.EDITED: "yellow",
    ChangeType.REMOVED: "red",
    ChangeType.RESTORED: "cyan",
    ChangeType.REPUBLISHED: "yellow",
    ChangeType.MOVED: "magenta",
    ChangeType.DIVERGED: "red",
}
WORDS = {kind: f"{kind.chinese} {kind.value}" for kind in ChangeType}


def word(change: Change) -> str:
    """The type's word in its colour, as wide as the widest (Chinese characters take two cells)."""
    text = WORDS[change.type]
    return f"[{COLOURS.get(change.type, 'white')}]{text}[/]" + " " * (16 - cell_len(text))


def detail(change: Change) -> str:
    """What changed, short: what an edit touched and its weight, the reason of a removal, the version it reverts to."""
    parts = [change.reason] if change.reason else []
    if change.type is ChangeType.MOVED and change.fields:
        parts.append(f"now at {change.fields[0].after}")
    elif change.fields and change.type is not ChangeType.NEW:
        parts.append(", ".join(edit.name for edit in change.fields))
    if change.classes:
        told = " ".join(f"{one.chinese} {one.value}" for one in change.classes)
        parts.append(f"severity {change.severity}: {told}")
    if change.reverts_to:
        parts.append(f"= version {change.reverts_to}")
    if change.cosmetic:
        parts.append("cosmetic")
    if change.reread:
        parts.append("found by re-reading")
    return "; ".join(parts)


def changes_table(found: Sequence[Change]) -> None:
    """Changes, a line each, whole addresses; a sentence where there are none."""
    if not found:
        err.print("no changes")
    for change in found:
        more = detail(change).replace("[", r"\[")
        out.print(
            f"{shown(change.at)}  {word(change)} v{change.version}  {change.site:18} {change.url}"
            + (f"  ({more})" if more else "")
        )
