"""A subscription for people and for programs: never with a secret in it."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from domain.clock import iso, shown
from domain.desk import Explained
from domain.errors import ConfigurationError
from domain.subscription import Channel, Match, Rhythm, Subscription
from pipeline.cli.asking import clock
from pipeline.cli.desks import Office, owner
from pipeline.cli.output import out


def shape(room: Office, item: Subscription) -> dict[str, Any]:
    """For programs: times UTC. `channel`, `address` and `signed` are the first channel's."""
    ways = channels_of(room, item)
    first = ways[0] if ways else None
    said = explained(room, item.query)
    return {
        "id": item.id,
        "name": item.name,
        "query": item.query,
        "explained": {"zh": said.chinese, "en": said.english},
        "channel": first.via.value if first else None,
        "address": first.shown if first else None,
        "signed": first.signed if first else False,
        "channels": [channel_shape(one) for one in ways],
        "rhythm": item.rhythm.value,
        "hour": item.hour,
        "quiet": quiet(item) or None,
        "timezone": item.timezone,
        "language": item.language,
        "owner": owner(room.names, item.person, item.team),
        "feed": item.has_feed,
        "active": item.active,
        "created_at": iso(item.created_at),
    }


def channel_shape(item: Channel) -> dict[str, Any]:
    """A channel for programs."""
    return {
        "id": item.id,
        "name": item.name,
        "via": item.via.value,
        "address": item.shown,
        "signed": item.signed,
        "active": item.active,
        "disabled_why": item.disabled_why or None,
        "failing_since": iso(item.failing_since) if item.failing_since else None,
        "paused_until": iso(item.paused_until) if item.paused_until else None,
        "created_at": iso(item.created_at),
    }


def match_shape(item: Match) -> dict[str, Any]:
    """A match for programs: what the message says, in short."""
    said = {name: item.payload.get(name) for name in ("type", "title", "url", "site", "summary", "link")}
    return {"change": item.change, "at": iso(item.at), **said}


def channels_of(room: Office, item: Subscription) -> list[Channel]:
    return [room.ways[id] for id in item.channels if id in room.ways]


def explained(room: Office, query: str) -> Explained:
    """A query as a sentence; of one that is not understood any more, that."""
    try:
        return room.desk.explain(query)
    except ConfigurationError as error:
        return Explained(chinese=f"查询已不可读：{error}", english=f"The query is not understood any more: {error}")


def quiet(item: Subscription) -> str:
    if item.quiet_from is None or item.quiet_to is None:
        return ""
    return f"{clock(item.quiet_from)}-{clock(item.quiet_to)}"


def when(item: Subscription) -> str:
    """`每日 daily 08:00, quiet 22:00-07:00, Asia/Shanghai`."""
    at = f" {item.hour:02d}:00" if item.rhythm is Rhythm.DAILY else ""
    silent = f", 免打扰 quiet {quiet(item)}" if quiet(item) else ""
    zone = f", {item.timezone}" if at or silent else ""
    return f"{item.rhythm.chinese} {item.rhythm.value}{at}{silent}{zone}"


def by(ways: Sequence[Channel], item: Subscription, sign: str = ", ") -> str:
    """The ways it tells by."""
    told = [f"{one.via.value} {one.shown}{'' if one.active else ' (off 已停用)'}" for one in ways]
    return sign.join([*told, *(["feed 订阅源"] if item.has_feed else [])]) or "nobody: no channel 无渠道"


def tell(room: Office, item: Subscription) -> None:
    """A subscription for people."""
    said, whose = explained(room, item.query), owner(room.names, item.person, item.team)
    lines = [
        f"{item.id}: {item.name}{'' if item.active else '  (paused 已暂停)'}",
        f"  查询 query   {item.query or '(every change 全部)'}",
        f"               {said.chinese}",
        f"               {said.english}",
        f"  渠道 by      {by(channels_of(room, item), item)}",
        f"  时间 when    {when(item)}",
        f"  归属 whose   {whose['kind']} {whose['name']}",
        f"  自 since     {shown(item.created_at)}",
    ]
    for line in lines:
        out.print(line, markup=False)


def tell_matches(found: Sequence[Match]) -> None:
    """Its last matches for people."""
    out.print("  近期 last matches" if found else "  近期 last matches: none yet 暂无", markup=False)
    for one in found:
        said = one.payload
        where = said.get("site_title") or said.get("site")
        title = said.get("title") or said.get("url")
        out.print(f"    {shown(one.at)}  {said.get('type')}  {where}  {title}", markup=False)


def table(room: Office, found: Sequence[Subscription]) -> Table:
    """All of them, a row each."""
    made = folding("id", "name 名称", "query 查询", "by 渠道", "when 时间", "whose 归属", "since 起", "")
    for item in found:
        cells = (
            item.id,
            item.name,
            item.query or "every change 全部",
            by(channels_of(room, item), item, "\n"),
            when(item).replace(", ", "\n"),
            owner(room.names, item.person, item.team)["name"],
            shown(item.created_at),
            "" if item.active else "paused 暂停",
        )
        made.add_row(*(escape(cell) for cell in cells))
    return made


def folding(*heads: str) -> Table:
    """A table that folds what is too wide: an address or a reason cut short is of no use."""
    made = Table(box=None, pad_edge=False)
    for head in heads:
        made.add_column(head, overflow="fold")
    return made
