"""Tables for people: Asia/Shanghai times, Chinese titles, a word for each type of change."""

from collections.abc import Sequence

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
}
WORDS = {kind: f"{kind.chinese} {kind.value}" for kind in ChangeType}


def detail(change: Change) -> str:
    """What changed, short: the fields of an edit, the reason of a removal, the version it reverts to."""
    parts = [change.reason] if change.reason else []
    if change.fields and change.type is not ChangeType.NEW:
        parts.append(", ".join(edit.name for edit in change.fields))
    if change.reverts_to:
        parts.append(f"= version {change.reverts_to}")
    if change.cosmetic:
        parts.append("cosmetic")
    return "; ".join(parts)


def changes_table(found: Sequence[Change]) -> None:
    """Changes, a line each, whole addresses; a sentence where there are none."""
    if not found:
        err.print("no changes")
    for change in found:
        word = f"[{COLOURS.get(change.type, 'white')}]{WORDS[change.type]:<10}[/]"
        more = detail(change).replace("[", r"\[")
        out.print(
            f"{shown(change.at)}  {word} v{change.version}  {change.site:18} {change.url}"
            + (f"  ({more})" if more else "")
        )
