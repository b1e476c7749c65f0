"""The fields of a query, their names, and the values that some of them can have; Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.query.tree import Kind, Zone
from domain.change import ChangeType, EditClass, Status

HEALTH = "health"
"""The type of what is told of a site's own health; no type of change."""


@dataclass(frozen=True, slots=True)
class Field:
    """`holds` is what it is compared with: a text (Zone), whole values (Kind), or the severity (None). `values` are
    the names of its values, folded, and the value that each names; empty where any may be written."""

    name: str
    chinese: str
    holds: Zone | Kind | None
    values: Mapping[str, str]


_TYPES = {
    **{one.chinese: one.value for one in ChangeType},
    "新增": "new",
    "修改": "edited",
    "删除": "removed",
    "恢复": "restored",
    "移动": "moved",
    "站况": HEALTH,
}
_STATUS = {"在线": "live", "已改": "edited", "存疑": "suspect", "消失": "gone", "已恢复": "restored"}
_CLUSTER = {"首发": "first", "转载": "copy", "独家": "alone"}
_CLASSES = {one.chinese: one.value for one in EditClass}

_VALUES: Mapping[Kind, Mapping[str, str]] = {
    Kind.TYPE: {**{one.value: one.value for one in ChangeType}, HEALTH: HEALTH, **_TYPES},
    Kind.STATUS: {**{one.value: one.value for one in Status}, **_STATUS},
    Kind.CLUSTER: {"first": "first", "copy": "copy", "alone": "alone", **_CLUSTER},
    Kind.CLASS: {**{one.value: one.value for one in EditClass}, **_CLASSES},
}
SEVERITY = Field("severity", "级别", None, {})
FIELDS = (
    Field("site", "站点", Kind.SITE, {}),
    Field("region", "地区", Zone.REGION, {}),
    Field("title", "标题", Zone.TITLE, {}),
    Field("body", "正文", Zone.BODY, {}),
    Field("source", "来源", Zone.SOURCE, {}),
    Field("author", "作者", Zone.AUTHOR, {}),
    Field("number", "文号", Kind.NUMBER, {}),
    Field("type", "类型", Kind.TYPE, _VALUES[Kind.TYPE]),
    SEVERITY,
    Field("status", "状态", Kind.STATUS, _VALUES[Kind.STATUS]),
    Field("cluster", "转载", Kind.CLUSTER, _VALUES[Kind.CLUSTER]),
    Field("class", "涉及", Kind.CLASS, _VALUES[Kind.CLASS]),
)
NAMES = {name: one for one in FIELDS for name in (one.name, one.chinese)}
OF = {one.holds: one for one in FIELDS}
# Of these a page has one value at a time.
SINGLE = frozenset({Kind.SITE, Kind.TYPE, Kind.STATUS, Kind.CLUSTER})


def said(kind: Kind, value: str) -> str:
    """A value's Chinese name; itself where it has none."""
    return next((name for name, named in OF[kind].values.items() if named == value and name != value), value)
