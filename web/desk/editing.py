"""The form of a subscription: shown, tried, with what came of trying it."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from domain.desk import Backtest, Draft, Tested, Timing
from domain.errors import ConfigurationError, NotFound
from domain.subscription import Channel, Match, Rhythm, Subscription
from web.desk.charts import HEIGHT, WIDTH, chart
from web.desk.differing import Difference, differences
from web.desk.explaining import Problem, problem, reading
from web.desk.forms import kept
from web.desk.hours import clock
from web.desk.messages import seen
from web.desk.owners import owners
from web.desk.signed import Asker
from web.desk.throttling import Wait
from web.desk.versions import version
from web.room import Room

_MATCHES = 10
_WAYS = 200
# Offered; any other that IANA has may be typed.
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Europe/Berlin", "UTC")
DAYS, SECONDS = 90, 8.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is shown with the form: at most one of these. `problem` is why it was not saved, `trouble` why it could not
    be tried. `url` was tested; `feed` is a feed's new address, without its form. `overtaken`: not saved, as somebody
    else had changed it; `differences` says where."""

    problem: Problem | None = None
    trouble: Problem | None = None
    tested: Tested | None = None
    backtest: Backtest | None = None
    missing: str = ""
    url: str = ""
    feed: str = ""
    overtaken: bool = False
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody before a form. `subscription` is the one that is changed; None: a new one. `read` is the version that
    they began with; none: the one that is shown now."""

    room: Room
    request: Request
    asker: Asker
    subscription: Subscription | None = None
    read: str = ""

    def answer(self, draft: Draft, outcome: Outcome | None = None, status: int = 200) -> Response:
        """The form with `draft` in it."""
        desk = self.asker.desk
        said = {
            "draft": draft,
            "outcome": outcome or Outcome(),
            "subscription": self.subscription,
            "version": self.read or (version(kept(self.subscription)) if self.subscription else ""),
            "reading": reading(desk, draft.query),
            "channels": self._ways(draft),
            "owners": (whose := owners(self.asker)),
            "may": self.subscription is None or whose.writes(self.subscription),
            "rhythms": tuple(Rhythm),
            "zones": ZONES,
            "clock": clock,
            **self._below(outcome),
        }
        return self.room.templates.TemplateResponse(self.request, "desk/subscription.html", said, status_code=status)

    def refused(self, draft: Draft, error: ConfigurationError) -> Response:
        """The form again, with what is wrong with it."""
        return self.answer(draft, Outcome(problem=problem(error)), 422)

    def overtaken(self, draft: Draft) -> Response:
        """The form again with what they wrote, and what somebody else has saved meanwhile. Saved again, it stands."""
        assert self.subscription is not None
        now = kept(self.subscription)
        ways = self.asker.desk.channels_of(self.asker.who, {*now.channels, *draft.channels})
        names = {one.id: one.name or one.shown for one in ways}
        return self.answer(draft, Outcome(overtaken=True, differences=differences(now, draft, names)), 409)

    def tested(self, draft: Draft, url: str) -> Response:
        """Whatever came of it, the answer is 200: htmx shows no other."""
        try:
            outcome = Outcome(tested=self.asker.desk.test(draft.query, url), url=url)
        except NotFound as error:
            outcome = Outcome(missing=str(error), url=url)
        except ConfigurationError as error:
            outcome = Outcome(trouble=problem(error), url=url)
        return self.answer(draft, outcome)

    def backtested(self, draft: Draft) -> Response:
        """The same."""
        try:
            with self.asker.slots.taken():
                found = self._looked_back(draft)
        except ConfigurationError as error:
            return self.answer(draft, Outcome(trouble=problem(error)))
        except Wait as wait:
            return self.answer(draft, Outcome(trouble=Problem(wait.chinese, wait.english, "")))
        return self.answer(draft, Outcome(backtest=found))

    def _looked_back(self, draft: Draft) -> Backtest:
        desk, who = self.asker.desk, self.asker.who
        zone, language = draft.timezone or who.timezone, draft.language or who.language
        timing = Timing(draft.rhythm, draft.hour, draft.quiet_from, draft.quiet_to, zone)
        vias = tuple(one.via for one in desk.channels_of(who, draft.channels))
        more: dict[str, Any] = {"timing": timing, "vias": vias, "language": language}
        return desk.backtest(draft.query, days=DAYS, rhythm=draft.rhythm, seconds=SECONDS, **more)

    def _ways(self, draft: Draft) -> list[Channel]:
        """Those chosen, and the newest others: an operator may see thousands."""
        desk, who = self.asker.desk, self.asker.who
        chosen = desk.channels_of(who, draft.channels)
        others = (one for one in desk.channel_page(who, _WAYS, None) if one not in chosen)
        return [one for one in (*chosen, *others) if self._may_tell_by(one)]

    def _may_tell_by(self, channel: Channel) -> bool:
        """One's own, the team's, and those that it tells by already; an operator may take anybody's."""
        held, who = self.subscription, self.asker.who
        if held is None or who.operator or channel.person == who.id:
            return True
        return channel.id in held.channels or (channel.team is not None and channel.team == held.team)

    def _below(self, outcome: Outcome | None) -> dict[str, Any]:
        found = outcome.backtest if outcome else None
        drawn = {"chart": chart(found), "newest": seen(found.newest)} if found else {}
        last: tuple[Match, ...] = ()
        if self.subscription:
            last = self.asker.desk.matches(self.asker.who, self.subscription.id, _MATCHES)
        return {"chart": None, "newest": (), "bar": (WIDTH, HEIGHT), "matches": seen(last), **drawn}
