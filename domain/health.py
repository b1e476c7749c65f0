"""A site's health: what its runs counted, what is odd about that, and how the site stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from domain.article import Frozen


class State(StrEnum):
    """How a site stands. QUIET: fewer articles than usual, while its entries answer and its pages are read as ever, so
    that silence means silence. SILENCED: somebody said, with a reason and until when, that nobody is to be told."""

    HEALTHY = "healthy"
    QUIET = "quiet"
    DEGRADED = "degraded"
    BROKEN = "broken"
    SILENCED = "silenced"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return _CHINESE[self]


_CHINESE = {
    State.HEALTHY: "正常",
    State.QUIET: "安静",
    State.DEGRADED: "异常",
    State.BROKEN: "故障",
    State.SILENCED: "静默",
}


class Sign(Frozen):
    """One thing that is odd, in both languages. `kind` is a stable word; `value` is what was found and `usual` what is,
    shares from 0 to 1; `entry` the entry page it is about. A note says nothing against the site."""

    kind: str
    level: Literal["note", "warning", "error"]
    zh: str
    en: str
    value: float | None = None
    usual: float | None = None
    entry: str | None = None


class Measure(Frozen):
    """A number of a site's last runs beside what is usual of it: `value` None where too little was found to say,
    `usual` None where too little is known. Shares from 0 to 1. `weekday`: the usual is that of the same weekday."""

    name: str
    zh: str
    en: str
    value: float | None = None
    usual: float | None = None
    spread: float | None = None
    samples: int = 0
    weekday: bool = False
    entry: str | None = None


class HealthOrder(Frozen):
    """What somebody said of a site's health, kept in the bucket. `until` (UTC) ends a silence. `usual`: what is found
    from now on is the usual; what was before is no longer held against it."""

    v: int = 1
    site: str
    action: Literal["acknowledge", "silence", "unsilence"]
    at: datetime
    by: str
    reason: str = ""
    until: datetime | None = None
    usual: bool = False


class Standing(Frozen):
    """How a site stood when it was looked at, `checked`. `beneath` is what it would be but for a silence; `since` is
    when that began. `silence` and `acknowledged` are the orders in force. Times aware, UTC."""

    site: str
    state: State
    beneath: State
    since: datetime
    checked: datetime
    signs: tuple[Sign, ...] = ()
    numbers: tuple[Measure, ...] = ()
    silence: HealthOrder | None = None
    acknowledged: HealthOrder | None = None

    @property
    def stale(self) -> bool:
        """True where no run has ended for long: the spider itself may be dead."""
        return any(sign.kind in ("stale", "never") for sign in self.signs)

    @property
    def unwell(self) -> bool:
        """True where the absence of news says nothing."""
        return self.stale or self.beneath is State.BROKEN

    @property
    def reason(self) -> str:
        """The gravest signs in words, Chinese and English."""
        return "；".join(f"{sign.zh} ({sign.en})" for sign in self.why[:3])

    @property
    def why(self) -> tuple[Sign, ...]:
        """The signs, the gravest first."""
        return tuple(sorted(self.signs, key=lambda sign: ("error", "warning", "note").index(sign.level)))


# Kinds of issues that mean: nothing came back (spiders.failures).
_UNANSWERED = frozenset({"dns", "refused", "timeout", "connection", "tls", "protocol", "truncated", "robots"})


@dataclass(frozen=True, slots=True)
class RunNumbers:
    """What one run of a site counted. `finished` is None of a run that was killed. `lists` are the links on the first
    page of each entry that answered, by the entry's address; `links` those on all list pages, None where unknown;
    `faults` the kinds of the run's own errors, one each. `counts`: see catalogue.tallying. Times aware, UTC."""

    run: str
    started: datetime
    finished: datetime | None = None
    reason: str = ""
    lists: Mapping[str, int] = field(default_factory=dict)
    links: int | None = None
    skipped: int = 0
    faults: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def counted(self) -> Mapping[str, int]:
        """The counts, where requests that got no answer at all, and so left no capture, are pages that failed."""
        lost = sum(kind in _UNANSWERED for kind in self.faults)
        return Counter(self.counts) + Counter(pages=lost, failed=lost) if lost else self.counts

    @property
    def says(self) -> bool:
        """False of a run in which nothing was due."""
        return bool(self.counts or self.lists or self.faults or not self.skipped)


class Arrivals(Frozen):
    """New articles of a site by spans of 24 hours before a moment: `days[0]` are the last 24 hours, `days[7]` the same
    a week before. `watched` are the spans in which the site was captured at all; `last` is when the newest came."""

    days: tuple[int, ...] = ()
    watched: frozenset[int] = Field(default_factory=frozenset)
    last: datetime | None = None
