"""Notices become messages: one matter one message, and for people many at once a digest instead of a flood."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from alerts import messages, schema, unwell
from alerts.channels import Channel, Channels, Limits
from alerts.folding import MOST, WINDOW, groups, is_digest, is_full, matters
from alerts.kinds import Payload
from alerts.notices import Notice, family, names, notice
from alerts.payload import addressed, copy, delivery_id
from catalogue.connection import transaction
from domain.clock import now as real_now
from domain.health import Standing
from domain.subscription import Language, Rhythm, State, Via

log = logging.getLogger(__name__)

# Nothing waits longer than this by itself: a time beyond it was put down by a clock that went wrong.
HORIZON = timedelta(hours=49)
_MOMENT = timedelta(microseconds=1)
_notices, _deliveries, _channels, _told = schema.notices, schema.deliveries, schema.channels, schema.told


@dataclass(frozen=True, slots=True)
class Setting:
    """What all of a round's messages are made with. `titles` are sites' names for people."""

    channels: Channels
    web: str
    now: datetime
    standing: tuple[Standing, ...]
    titles: Mapping[str, str]

    def unwell(self, sites: Collection[str]) -> list[Payload]:
        """The foot of a message about these sites, or about all."""
        return unwell.unwell(self.standing, sites, self.titles)


def compose(
    source: Engine, channels: Channels, web: str, now: datetime, titles: Mapping[str, str] | None = None
) -> int:
    """Makes messages of what is due at `now`, channel by channel, each in a transaction; gives how many. `titles` are
    sites' names for people.

    Notices of a channel that is switched off stay, and are told when it is switched on again.
    """
    with transaction(source) as connection:
        setting = Setting(channels, web, now, tuple(unwell.within(connection).values()), titles or {})
        ready = connection.scalars(_ready(now)).all()
    made = 0
    for id in ready:
        with transaction(source) as connection:
            made += _Composer(connection, id, setting).compose()
    return made


def is_due(column: ColumnElement[datetime], now: datetime, horizon: timedelta = HORIZON) -> ColumnElement[bool]:
    """True of times that have come, and of those that no rule of ours puts so far ahead: the clock jumped back."""
    return or_(column <= now, column > now + horizon)


def _ready(now: datetime) -> Any:
    due = and_(_notices.c.delivery.is_(None), is_due(_notices.c.due_at, now))
    joined = select(_notices.c.channel).join(_channels, _channels.c.id == _notices.c.channel)
    return joined.where(due, _channels.c.active).distinct().order_by(_notices.c.channel)


def in_parts(whole: Payload, changes: list[Payload], way: Channel, language: Language, whom: str) -> list[Payload]:
    """A digest of these changes as a channel takes it."""
    try:
        return messages.split(whole, lambda payload: way.fits(payload, language))
    except Exception:  # one change that cannot be shown must not hold up all others, each round anew
        log.exception("a digest for %s cannot be made: its changes come one by one", whom)
        return changes


class _Composer:
    """One channel's messages within one transaction."""

    def __init__(self, connection: Connection, id: str, setting: Setting) -> None:
        self._connection, self._id, self._setting = connection, id, setting
        self._now, self._web = setting.now, setting.web

    def compose(self) -> int:
        held = select(_channels).where(_channels.c.id == self._id, _channels.c.active)
        row = self._connection.execute(held.with_for_update(key_share=True, skip_locked=True)).mappings().first()
        if row is None:  # another notifier has it
            return 0
        self._way = self._setting.channels[Via(row["via"])]
        limits = self._way.limits
        due = self._folded(self._due())
        if not due or (limits.folds and self._is_full(limits)):
            return 0
        self._named = names(self._connection, due)
        return sum(self._put(group, limits) for group in groups(due, folds=limits.folds))

    def _due(self) -> list[Notice]:
        wanted = (
            select(_notices, _told.c.site, _told.c.urlkey, _told.c.payload)
            .join(_told, _told.c.change_id == _notices.c.change_id)
            .where(_notices.c.channel == self._id, _notices.c.delivery.is_(None), is_due(_notices.c.due_at, self._now))
            .order_by(_notices.c.at, _notices.c.change_id)
            .limit(MOST)
            # Against a takedown (alerts.withdrawing): it blanks what is read here before, or the message after.
            .with_for_update(read=True, key_share=True, of=_told)
        )
        return [notice(row) for row in self._connection.execute(wanted).mappings()]

    def _folded(self, due: list[Notice]) -> list[Notice]:
        """The matters among them: what belongs to one that was told goes into that message, what comes together
        into one."""
        before = self._told_before({one.matter for one in due})
        for one in due:
            if one.matter in before:
                self._assign([one.change], before[one.matter])
        return [family(kin) for kin in matters(due, before).values()]

    def _told_before(self, matters: set[str]) -> dict[str, str]:
        """The message that a matter went into, by matter: not one that was given up, which nobody has read."""
        gone = exists().where(_deliveries.c.id == _notices.c.delivery, _deliveries.c.state == State.DEAD.value)
        known = select(_notices.c.matter, func.min(_notices.c.delivery)).where(
            _notices.c.channel == self._id, _notices.c.matter.in_(matters), _notices.c.delivery.is_not(None), ~gone
        )
        return {row[0]: row[1] for row in self._connection.execute(known.group_by(_notices.c.matter))}

    def _is_full(self, limits: Limits) -> bool:
        moment = real_now()
        lately = _deliveries.c.made_at.between(moment - WINDOW, moment + WINDOW)
        # What was only refused holds nothing up: the endpoint is there.
        away = _deliveries.c.attempts > _deliveries.c.refusals
        stuck = and_(_deliveries.c.state == State.WAITING.value, away)
        counted = select(func.count().filter(lately), func.count().filter(stuck)).where(
            _deliveries.c.channel == self._id, or_(lately, stuck)
        )
        recent, waiting = self._connection.execute(counted).one()
        return is_full(recent, waiting)

    def _put(self, group: tuple[Rhythm, list[Notice]], limits: Limits) -> int:
        rhythm, notices = group
        ids = list(dict.fromkeys(id for one in notices for kin in one.family for id in kin.subscriptions))
        language = self._named.language(ids)
        at = min(kin.at for one in notices for kin in one.family)
        if not is_digest(rhythm, notices):
            payloads = [self._single(notices[0])]
        else:
            payloads = self._digest(rhythm, notices, ids, language)
            at = max(at, self._latest_before(notices) or at)
        for number, payload in enumerate(payloads):
            self._insert(payload, notices, language, at + number * _MOMENT)
        return len(payloads)

    def _latest_before(self, notices: list[Notice]) -> datetime | None:
        """A time after all messages that wait and share a page with these. A digest's earliest change may be of
        another page, and earlier: by that one it would overtake them."""
        pages = sorted({kin.page for one in notices for kin in one.family})
        waits = select(func.max(_deliveries.c.at)).where(
            _deliveries.c.channel == self._id,
            _deliveries.c.state == State.WAITING.value,
            _deliveries.c.pages.overlap(pages),
        )
        latest: datetime | None = self._connection.scalar(waits)
        return latest and latest + _MOMENT

    def _single(self, one: Notice, *, foot: bool = True) -> Payload:
        ids = list(dict.fromkeys(id for kin in one.family for id in kin.subscriptions))
        said = ((id, kin.change) for kin in one.family for id in kin.subscriptions)
        notes = [line for key in said for line in self._named.notes.get(key, ())]
        also = [copy(kin.payload) for kin in one.kin]
        health = self._unwell(ids) if foot else []
        return addressed(one.payload, self._named.of(ids), self._web, notes=notes, also=also, health=health)

    def _unwell(self, ids: Sequence[str]) -> list[Payload]:
        return self._setting.unwell(self._named.sites_of(ids))

    def _digest(self, rhythm: Rhythm, notices: list[Notice], ids: list[str], language: Language) -> list[Payload]:
        changes = [self._single(one, foot=False) for one in notices]
        whole = messages.digest(
            changes,
            rhythm=rhythm,
            since=notices[0].at,
            at=self._now,
            id=delivery_id(self._id, *sorted(one.change for one in notices)),
            name="、".join(one.name for one in self._named.of(ids)),
            link=f"{self._web.rstrip('/')}/deliveries",
            health=self._unwell(ids),
        )
        return in_parts(whole, changes, self._way, language, f"channel {self._id}")

    def _insert(self, payload: Payload, notices: list[Notice], language: Language, at: datetime) -> None:
        """The message, and its notices marked as in it. `at` is its place among the channel's messages."""
        told = {change["id"] for change in payload.get("changes", [payload])}
        leads = [one for one in notices if one.payload["id"] in told]
        inside = [kin for one in leads for kin in one.family]
        # Of its matters alone: told again after a restore, with copies that came later, it is the same message.
        id = delivery_id(self._id, *sorted(one.change for one in leads))
        row = {
            "id": id,
            "channel": self._id,
            "pages": sorted({one.page for one in inside}),
            "changes": len(inside),
            "at": at,
            "language": language,
            "payload": payload,
            "state": State.WAITING.value,
            "attempts": 0,
            "refusals": 0,
            "next_try_at": self._now,
            "made_at": real_now(),
        }
        self._connection.execute(insert(_deliveries).values(row).on_conflict_do_nothing())
        self._assign([one.change for one in inside], id)

    def _assign(self, changes: Sequence[str], delivery: str) -> None:
        mine = and_(_notices.c.channel == self._id, _notices.c.change_id.in_(changes))
        self._connection.execute(update(_notices).where(mine).values(delivery=delivery))
