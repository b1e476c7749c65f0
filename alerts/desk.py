"""The desk where subscriptions are kept: every call for somebody, who does only what they may (alerts.rights).

It is what the reading room asks for (web/desk/protocol.py); the command line speaks to it, too.
"""

from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, Engine, Table

from alerts import checks, endpoints, ledger, past, people, schema, sessions, subscriptions, teams
from alerts.backtest import Telling, backtest
from alerts.channels import Channels
from alerts.listening import document
from alerts.payload import delivery_id, trial
from alerts.query import Query, holds, parse
from alerts.reasons import explained, reasons
from alerts.rights import Action, Roles, ask, roles, seen
from alerts.sealing import Keyring
from catalogue.text import clean
from domain.clock import iso, now
from domain.desk import Backtest, ChannelDraft, Draft, Explained, Mark, Tested, Timing
from domain.errors import DeliveryError
from domain.subscription import Channel, Delivery, Language, Match, Person, Rhythm, Role, State, Subscription, Team, Via


class Desk:
    """Over one database. `ways` are the channels that messages leave by, `sites` those configured, by name; `web` is
    where the reading room is, for links. Safe to share between threads."""

    def __init__(self, source: Engine, keyring: Keyring, ways: Channels, sites: past.Sites, web: str) -> None:
        self._source, self._keyring, self._ways, self._sites, self._web = source, keyring, ways, sites, web

    # Who it is

    def sign_in(self, token: str) -> str | None:
        who = people.by_token(self._source, token)
        return sessions.sign_in(self._source, who.id) if who else None

    def sign_out(self, session: str) -> None:
        sessions.sign_out(self._source, session)

    def session(self, session: str) -> Person | None:
        return sessions.who(self._source, session)

    def bearer(self, token: str) -> Person | None:
        return people.by_token(self._source, token)

    def feed(self, token: str, limit: int) -> tuple[Subscription, tuple[Match, ...]]:
        found = subscriptions.by_feed_token(self._source, token)
        return found, subscriptions.matches(self._source, found.id, limit)

    # People and teams

    def teams(self, who: Person) -> tuple[Team, ...]:
        return teams.every(self._source) if who.operator else teams.of(self._source, who.id)

    def people(self, who: Person) -> tuple[Person, ...]:
        return tuple(one for one in people.every(self._source) if one.active)

    def add_team(self, who: Person, name: str) -> Team:
        return teams.add(self._source, name, who.id)

    def put_member(self, who: Person, team: str, person: str, role: Role) -> Team:
        self._ask_of_team(who, Action.GOVERN, team)
        return teams.put_member(self._source, team, held(person), role)

    def remove_member(self, who: Person, team: str, person: str) -> Team:
        """Whoever may say who is a member; and everybody themselves."""
        self._ask_of_team(who, Action.SEE if person == who.id else Action.GOVERN, team)
        return teams.remove_member(self._source, team, held(person))

    # Subscriptions

    def subscriptions(self, who: Person) -> tuple[Subscription, ...]:
        return subscriptions.every(self._source, *self._seen(who, schema.subscriptions))

    def subscription_page(self, who: Person, limit: int, after: Mark | None) -> tuple[Subscription, ...]:
        return subscriptions.page(self._source, *self._seen(who, schema.subscriptions), limit=limit, after=after)

    def subscription_count(self, who: Person) -> int:
        return subscriptions.count(self._source, *self._seen(who, schema.subscriptions))

    def subscription(self, who: Person, id: str) -> Subscription:
        return self._subscription(who, Action.SEE, id)

    def add(self, who: Person, draft: Draft) -> Subscription:
        if draft.team:
            self._ask_of_team(who, Action.CHANGE, draft.team)
        self._query(draft.query)
        return subscriptions.add(self._source, _holdable(draft), who)

    def change(self, who: Person, id: str, draft: Draft, was: Subscription | None = None) -> Subscription:
        draft = _holdable(draft)
        if draft.query.strip() != self._subscription(who, Action.CHANGE, id).query:
            self._query(draft.query)
        return subscriptions.change(self._source, id, draft, who, was)

    def switch(self, who: Person, id: str, *, active: bool, was: Subscription | None = None) -> Subscription:
        self._subscription(who, Action.CHANGE, id)
        return subscriptions.switch(self._source, id, active=active, was=was)

    def remove(self, who: Person, id: str, was: Subscription | None = None) -> None:
        self._subscription(who, Action.CHANGE, id)
        subscriptions.remove(self._source, id, was)

    def renew_feed(self, who: Person, id: str) -> str:
        self._subscription(who, Action.CHANGE, id)
        return subscriptions.renew_feed(self._source, id)

    def matches(self, who: Person, id: str, limit: int) -> tuple[Match, ...]:
        self._subscription(who, Action.SEE, id)
        return subscriptions.matches(self._source, id, limit)

    # Queries

    def explain(self, query: str) -> Explained:
        return explained(self._query(query))

    def test(self, query: str, url: str) -> Tested:
        asked = self._query(query)
        matter = past.last(self._source, self._sites, held(url))
        about = document(matter)
        return Tested(matches=holds(asked, about), title=matter.title, why=reasons(asked, about))

    def backtest(
        self,
        query: str,
        *,
        days: int,
        rhythm: Rhythm,
        seconds: float | None,
        timing: Timing | None = None,
        vias: tuple[Via, ...] = (),
        language: Language = "both",
        step: Callable[[], object] | None = None,
    ) -> Backtest:
        """`timing` beside the rhythm, `vias` and `language`: a subscription's own; `step` is called after each day."""
        timing = timing or Timing(rhythm)
        checks.zone(timing.timezone), checks.quiet(timing.quiet_from, timing.quiet_to)
        return backtest(
            self._source,
            self._sites,
            self._query(query),
            days=days,
            telling=Telling(timing, vias, language, self._ways),
            seconds=seconds,
            web=self._web,
            step=step,
        )

    # Channels and deliveries

    def channels(self, who: Person) -> tuple[Channel, ...]:
        return endpoints.every(self._source, *self._seen(who, schema.channels))

    def channel_page(self, who: Person, limit: int, after: Mark | None) -> tuple[Channel, ...]:
        return endpoints.page(self._source, *self._seen(who, schema.channels), limit=limit, after=after)

    def channel_count(self, who: Person) -> int:
        return endpoints.count(self._source, *self._seen(who, schema.channels))

    def channels_of(self, who: Person, ids: Collection[str]) -> tuple[Channel, ...]:
        mine = schema.channels.c.id.in_(list(map(held, ids)))
        return endpoints.every(self._source, mine, *self._seen(who, schema.channels))

    def used(self, who: Person, channels: Collection[str]) -> dict[str, int]:
        return subscriptions.using(self._source, channels, *self._seen(who, schema.subscriptions))

    def add_channel(self, who: Person, draft: ChannelDraft) -> Channel:
        if draft.team:
            self._ask_of_team(who, Action.CHANGE, draft.team)
        return endpoints.add(self._source, self._keyring, self._ways, draft, person=who.id)

    def enable_channel(self, who: Person, id: str) -> Channel:
        self._channel(who, Action.CHANGE, id)
        return endpoints.enable(self._source, id, self._web)

    def try_channel(self, who: Person, id: str) -> str:
        way = self._channel(who, Action.CHANGE, id)
        if way.via not in self._ways:
            raise DeliveryError(f"nothing here sends by {way.via.value}", hint="Install what it needs: docs/alerts.md.")
        target = endpoints.target(self._source, self._keyring, id, who.language)
        return self._ways[way.via].send(target, delivery_id(id, iso(now())), trial(way.name, self._web))

    def remove_channel(self, who: Person, id: str) -> None:
        self._channel(who, Action.CHANGE, id)
        endpoints.remove(self._source, id)

    def deliveries(
        self, who: Person, state: State | None, limit: int, after: Mark | None = None
    ) -> tuple[Delivery, ...]:
        ways = None if who.operator else [one.id for one in self.channels(who)]
        return ledger.listed(self._source, state, limit, ways, after=after)

    def resend(self, who: Person, ids: tuple[str, ...]) -> int:
        found = [ledger.get(self._source, held(id)) for id in ids]
        for channel in {one.channel for one in found}:
            self._channel(who, Action.CHANGE, channel)
        return ledger.resend(self._source, ids=[one.id for one in found]) if found else 0

    # Rights

    def _seen(self, who: Person, table: Table) -> tuple[ColumnElement[bool], ...]:
        return seen(who, self._roles(who), table)

    def _roles(self, who: Person) -> Roles:
        return {} if who.operator else roles(self._source, who.id)

    def _ask_of_team(self, who: Person, action: Action, team: str) -> None:
        absent = teams.unknown(team)
        if who.operator and team not in {one.id for one in teams.every(self._source)}:
            raise absent
        ask(who, self._roles(who), action, f"team {team}", absent, person=None, team=team)

    def _subscription(self, who: Person, action: Action, id: str) -> Subscription:
        found = subscriptions.get(self._source, held(id))
        absent = subscriptions.unknown(id)
        ask(who, self._roles(who), action, f"subscription {id}", absent, person=found.person, team=found.team)
        return found

    def _channel(self, who: Person, action: Action, id: str) -> Channel:
        found = endpoints.get(self._source, held(id))
        absent = endpoints.unknown(id)
        ask(who, self._roles(who), action, f"channel {id}", absent, person=found.person, team=found.team)
        return found

    def _query(self, text: str) -> Query:
        """Raises QueryError, for a site that there is not, too."""
        return parse(text, sites=self._sites)


def held(text: str) -> str:
    """What the database can hold of it: a request may have anything in it."""
    return str(clean(text))


def _holdable(draft: Draft) -> Draft:
    return draft.model_copy(update={"query": held(draft.query), "channels": tuple(map(held, draft.channels))})
