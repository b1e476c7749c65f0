"""What is asked of the desk where subscriptions are kept, and what it answers."""

from datetime import date

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


class Backtest(Frozen):
    """What a query would have told in the last `days` days. `looked` changes were held against it; not `complete`:
    the time allowed was over before all were. `days_told` has every day with a change; `newest` the last of them."""

    days: int
    looked: int
    changes: int
    messages: int
    complete: bool
    days_told: tuple[Day, ...] = ()
    newest: tuple[Match, ...] = ()
