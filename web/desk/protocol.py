"""What the reading room asks of the desk where subscriptions are kept. It is handed in: this room does not know who
tells whom."""

from collections.abc import Collection
from typing import Protocol

from domain.desk import Backtest, ChannelDraft, Draft, Explained, Mark, Tested, Timing
from domain.subscription import Channel, Delivery, Language, Match, Person, Rhythm, Role, State, Subscription, Team, Via


class Desk(Protocol):
    """Every call but the first ones is made for somebody, and does only what they may: what they may not even see
    raises NotFound, what they may see but not do domain.errors.Forbidden; wrong words raise ConfigurationError."""

    def sign_in(self, token: str) -> str | None:
        """A session for who has this token: what their cookie holds. None where nobody has it."""

    def sign_out(self, session: str) -> None: ...

    def session(self, session: str) -> Person | None:
        """Who is signed in by this session."""

    def bearer(self, token: str) -> Person | None:
        """Who has this token."""

    def feed(self, token: str, limit: int) -> tuple[Subscription, tuple[Match, ...]]:
        """What a feed shows, the newest first. Raises NotFound for a token that nobody has."""

    def teams(self, who: Person) -> tuple[Team, ...]:
        """Theirs; an operator's are all."""

    def people(self, who: Person) -> tuple[Person, ...]:
        """Those whom they may put into a team: everybody."""

    def add_team(self, who: Person, name: str) -> Team: ...

    def put_member(self, who: Person, team: str, person: str, role: Role) -> Team: ...

    def remove_member(self, who: Person, team: str, person: str) -> Team: ...

    def subscriptions(self, who: Person) -> tuple[Subscription, ...]:
        """Their own and their teams', the oldest first; an operator's are all."""

    def subscription_page(self, who: Person, limit: int, after: Mark | None) -> tuple[Subscription, ...]:
        """The same, the newest first: so many at most, those after a mark (`created_at` and id)."""

    def subscription_count(self, who: Person) -> int: ...

    def subscription(self, who: Person, id: str) -> Subscription: ...

    def add(self, who: Person, draft: Draft) -> Subscription: ...

    def change(self, who: Person, id: str, draft: Draft, was: Subscription | None = None) -> Subscription:
        """Raises Stale where it is no longer as it `was`; so do the next two."""

    def switch(self, who: Person, id: str, *, active: bool, was: Subscription | None = None) -> Subscription: ...

    def remove(self, who: Person, id: str, was: Subscription | None = None) -> None: ...

    def renew_feed(self, who: Person, id: str) -> str:
        """A new token for its feed; the old one ends. It is shown this once."""

    def matches(self, who: Person, id: str, limit: int) -> tuple[Match, ...]:
        """The last changes that it matched, the newest first."""

    def explain(self, query: str) -> Explained: ...

    def test(self, query: str, url: str) -> Tested:
        """The query held against the last change of a page. Raises NotFound."""

    def backtest(
        self,
        query: str,
        *,
        days: int,
        rhythm: Rhythm,
        seconds: float,
        timing: Timing | None = None,
        vias: tuple[Via, ...] = (),
        language: Language = "both",
    ) -> Backtest:
        """What it would have told in the last days, looked at for so long at most, at these times by channels of these
        kinds."""

    def channels(self, who: Person) -> tuple[Channel, ...]: ...

    def channel_page(self, who: Person, limit: int, after: Mark | None) -> tuple[Channel, ...]:
        """The newest first: so many at most, those after a mark (`created_at` and id)."""

    def channel_count(self, who: Person) -> int: ...

    def channels_of(self, who: Person, ids: Collection[str]) -> tuple[Channel, ...]:
        """Those of these that they may see."""

    def used(self, who: Person, channels: Collection[str]) -> dict[str, int]:
        """How many of their subscriptions tell by each of these channels."""

    def add_channel(self, who: Person, draft: ChannelDraft) -> Channel: ...

    def enable_channel(self, who: Person, id: str) -> Channel:
        """Switched on again; what it missed waits to be sent."""

    def try_channel(self, who: Person, id: str) -> str:
        """Sends a test message now; what the endpoint answered. Raises DeliveryError."""

    def remove_channel(self, who: Person, id: str) -> None: ...

    def deliveries(
        self, who: Person, state: State | None, limit: int, after: Mark | None = None
    ) -> tuple[Delivery, ...]:
        """Messages to their channels, the newest first; those after a mark (`at` and id)."""

    def resend(self, who: Person, ids: tuple[str, ...]) -> int:
        """Those given up wait to be sent again under their old ids; gives how many."""
