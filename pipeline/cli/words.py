"""Tables for people: Asia/Shanghai times, Chinese titles, a word for each type of change."""

from collections.abc import Sequence

from rich.table import Table

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
WORDS = {
    ChangeType.NEW: "新 new",
    ChangeType.EDITED: "改 edited",
    ChangeType.REMOVED: "删 removed",
    ChangeType.RESTORED: "复 restored",
    ChangeType.REPUBLISHED: "重发 republished",
    ChangeType.MOVED: "移 moved",
    ChangeType.DIVERGED: "异 diverged",
}


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
    """Changes as a table; a sentence where there are none."""
    if not found:
        err.print("no changes")
        return
    table = Table("time 时间", "change 变化", "v", "site 站点", "page 页面", "what 内容", box=None, pad_edge=False)
    for change in found:
        table.add_row(
            shown(change.at),
            f"[{COLOURS.get(change.type, 'white')}]{WORDS[change.type]}[/]",
            str(change.version),
            change.site,
            change.url,
            detail(change),
        )
    out.print(table)
