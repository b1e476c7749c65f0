"""How sites stand, for the foot of every message: so that whoever hears nothing knows whether that means silence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Connection, Engine, select

from alerts import schema
from alerts.kinds import Payload
from catalogue.connection import transaction
from domain.clock import iso
from domain.health import Standing, State

_columns = schema.site_health.c
_MOST = 10
Titles = Mapping[str, str]
_NONE: Titles = MappingProxyType({})


def standings(source: Engine) -> dict[str, Standing]:
    """How each site stood when it was last looked at; nothing of sites that never were."""
    with transaction(source) as connection:
        return within(connection)


def within(connection: Connection) -> dict[str, Standing]:
    found = connection.execute(select(_columns.site, _columns.standing).where(_columns.standing.is_not(None)))
    return {row.site: Standing.model_validate(row.standing) for row in found}


def concerns(sites: Collection[str], site: str) -> bool:
    """Whether a site is of those that a subscription is about; none named are all."""
    return not sites or site in sites


def unwell(standings: Iterable[Standing], sites: Collection[str] = (), titles: Titles = _NONE) -> list[Payload]:
    """Of a subscription's sites (all where none are named) those whose silence says nothing, for the foot of every
    message, by name. `titles` are sites' names for people."""
    ill = (one for one in standings if one.unwell and concerns(sites, one.site))
    return [shape(one, titles.get(one.site, "")) for one in sorted(ill, key=lambda one: one.site)]


def shape(standing: Standing, title: str = "") -> Payload:
    """`site`, `title`, `state`, `stale`, `since`, `reason` (in both languages), and that in each: `zh`, `en`."""
    signs = standing.why[:3]
    return {
        "site": standing.site,
        "title": title or standing.site,
        "state": standing.state.value,
        "stale": standing.stale,
        "since": iso(standing.since),
        "reason": standing.reason,
        "zh": "；".join(sign.zh for sign in signs),
        "en": "; ".join(sign.en for sign in signs),
    }


def foot(ill: Sequence[Payload]) -> list[str]:
    """The lines below a message: none where silence means silence."""
    if not ill:
        return []
    lines = [f"  {one['site']}: {State(one['state']).chinese} {one['state']}: {one['reason']}" for one in ill[:_MOST]]
    more = [f"  …另有 {len(ill) - _MOST} 个 and as many more"] if len(ill) > _MOST else []
    head = "以下站点没有消息不等于没有变化 No news from these sites does not mean that nothing happened:"
    return ["", head, *lines, *more]
