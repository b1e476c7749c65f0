"""Who hears of which changes, by which channel, and when."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from domain.article import Frozen

Language = Literal["zh", "en", "both"]
# The person whom the command line acts for unless it names another: whoever runs the house.
OPERATOR = "operator"


class Role(StrEnum):
    """What a member may do in a team. READER sees its subscriptions, channels and deliveries; EDITOR changes them;
    OWNER says who is a member, too."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return {Role.OWNER: "负责人", Role.EDITOR: "编辑", Role.READER: "读者"}[self]


class Rhythm(StrEnum):
    """When a subscription tells: at once, or as a digest every full hour or every day at an hour."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return {Rhythm.INSTANT: "即时", Rhythm.HOURLY: "每小时", Rhythm.DAILY: "每日"}[self]


class Via(StrEnum):
    """What kind of endpoint a channel leads to. APPRISE is any service that Apprise knows."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    APPRISE = "apprise"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return _CHANNELS[self]


_CHANNELS = {
    Via.WEBHOOK: "网络钩子",
    Via.EMAIL: "邮件",
    Via.DINGTALK: "钉钉",
    Via.WECOM: "企业微信",
    Via.FEISHU: "飞书",
    Via.APPRISE: "其他",
}


class State(StrEnum):
    """WAITING: not accepted yet. DELIVERED: the endpoint accepted it. DEAD: given up, kept to be seen and sent anew."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return {State.WAITING: "待发", State.DELIVERED: "已达", State.DEAD: "未达"}[self]


class Person(Frozen):
    """Somebody who is told. `timezone` is an IANA name, the default of their subscriptions; an `operator` may do
    everything; nobody signs in as one who is not `active`."""

    id: str
    name: str
    language: Language = "both"
    timezone: str = "Asia/Shanghai"
    operator: bool = False
    active: bool = True
    created_at: datetime


class Member(Frozen):
    """A person's place in a team."""

    team: str
    person: str
    name: str
    role: Role


class Team(Frozen):
    """People who share subscriptions and channels."""

    id: str
    name: str
    created_at: datetime
    members: tuple[Member, ...] = ()


class Channel(Frozen):
    """A way to somebody: one endpoint. It belongs to a person or to a team. `shown` is its address without what is
    secret in it; the address itself is sealed. `failing_since`: since when it accepts nothing; `paused_until`: it is
    not tried before."""

    id: str
    name: str
    via: Via
    shown: str
    person: str | None = None
    team: str | None = None
    signed: bool = False
    active: bool = True
    disabled_why: str = ""
    failing_since: datetime | None = None
    failures: int = 0
    paused_until: datetime | None = None
    created_at: datetime


class Subscription(Frozen):
    """A saved query and whom it tells. `channels` are ids; without any it tells by its feed alone. `hour` is that of
    a daily digest; from `quiet_from` until `quiet_to` nobody is told, both minutes after midnight; all in `timezone`.
    Nothing that happened before `created_at` is told."""

    id: str
    name: str
    query: str
    person: str | None = None
    team: str | None = None
    channels: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = Field(8, ge=0, le=23)
    quiet_from: int | None = Field(None, ge=0, lt=1440)
    quiet_to: int | None = Field(None, ge=0, lt=1440)
    timezone: str = "Asia/Shanghai"
    language: Language = "both"
    active: bool = True
    has_feed: bool = False
    created_at: datetime


class Delivery(Frozen):
    """One message to one channel. `id` is the idempotency key: the same however often it is sent. `at` is the time of
    the earliest change in it, `changes` how many there are. Times aware, UTC."""

    id: str
    channel: str
    at: datetime
    payload: dict[str, Any] = Field(repr=False)
    state: State
    attempts: int
    next_try_at: datetime
    last_error: str | None
    delivered_at: datetime | None
    changes: int = 1


class Match(Frozen):
    """A change that a subscription matched: `payload` is the message's (docs/alerts.md). `at` is the change's;
    `found_at` when it was matched, which may be long after; None in a backtest."""

    change: str
    at: datetime
    payload: dict[str, Any] = Field(repr=False)
    found_at: datetime | None = None
