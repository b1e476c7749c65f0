"""What is asked of the desk where subscriptions are kept, and what it answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from pydantic import Field, SecretStr

from domain.article import Frozen
from domain.subscription import Language, Match, Rhythm, Via


class Draft(Frozen):
    """A subscription as somebody wants it: see domain.subscription.Subscription. `team` None: it is their own.
    `timezone` and `language` None: theirs."""

    name: str
    query: str = ""
    team: str | None = None
    channels: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = Field(8, ge=0, le=23)
    quiet_from: int | None = Field(None, ge=0, lt=1440)
    quiet_to: int | None = Field(None, ge=0, lt=1440)
    timezone: str | None = None
    language: Language | None = None


class Mark(NamedTuple):
    """A place in a list that has the newest first: what comes after is older. `at` is aware, UTC."""

    at: datetime
    id: str


class ChannelDraft(Frozen):
    """A channel as somebody wants it. `address`: a URL, an e-mail address, an Apprise URL. `secret` signs."""

    via: Via
    address: SecretStr
    name: str = ""
    secret: SecretStr | None = None
    team: str | None = None


class Explained(Frozen):
    """A query as a plain sentence, in both languages."""

    chinese: str
    english: str


class Tested(Frozen):
    """Whether the last change of a page is for a query; `title` is the article's. `why` says what decided it."""

    matches: bool
    title: str
    why: Explained


class Day(Frozen):
    """A day (Asia/Shanghai) of a backtest: changes that the query matches, messages that would have been made."""

    day: date
    changes: int
    messages: int


class Hour(Frozen):
    """An hour of a backtest, which begins `at`, and messages that would have left in it."""

    at: datetime
    messages: int


class Load(Frozen):
    """What one kind of channel would have had: messages, and of those the `estimated`: parts of digests that were not
    laid out, but judged by others."""

    via: Via
    messages: int
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """When messages would have been sent: as domain.subscription.Subscription has it."""

    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = 8
    quiet_from: int | None = None
    quiet_to: int | None = None
    timezone: str = "Asia/Shanghai"


class Backtest(Frozen):
    """What a query would have told in the last `days` days. `looked` changes were held against it; not `complete`:
    the time allowed was over before all were. `days_told` has every day with a change; `newest` the last of them.

    `messages` are those to one channel of the kind `via`, of which so many are `estimated` (see Load); `loads` has
    every kind that was asked for. `busiest_day` and `busiest_hour` have the most messages, the latest such; None where
    there is no message."""

    days: int
    looked: int
    changes: int
    messages: int
    complete: bool
    days_told: tuple[Day, ...] = ()
    newest: tuple[Match, ...] = ()
    via: Via = Via.EMAIL
    estimated: int = 0
    loads: tuple[Load, ...] = ()
    busiest_day: Day | None = None
    busiest_hour: Hour | None = None
