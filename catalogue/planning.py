"""What the recheck plan asks the catalogue: which pages are due, how a site's pages change, when it publishes.

The urgency of a page is monitor.plan's, said in SQL, so that a million pages need not leave the database.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    SmallInteger,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Float

from catalogue import schema
from catalogue.connection import transaction
from catalogue.kinds import Asked, PageState
from catalogue.pages import state
from catalogue.values import within
from domain.change import Status
from domain.resting import (
    CHURN,
    ENOUGH,
    FOLLOWED,
    GONE,
    LADDER,
    LATE,
    LEAST,
    MOST,
    NUMBERED,
    SHAPE,
    WORTH,
    YOUNG,
    Ladder,
)
from domain.tempo import AGES, BANDS

_pages, _captures = schema.pages.c, schema.captures.c
_DAY = timedelta(days=1)
_SHANGHAI = "Asia/Shanghai"
# What comes to lie at 1 in Python may lie a hair below it in SQL.
_DUE = 0.999999


def due(source: Engine, site: str, asked: Asked) -> tuple[PageState, ...]:
    """The most urgent of a site's due pages and those left alone longest, as many of each as the budget has: what the
    plan chooses from these it would choose from all. By urlkey."""
    found = _waiting(site, asked).cte("waiting").c
    urgent = select(found.urlkey).order_by(found.urgency.desc(), found.urlkey).limit(asked.budget)
    oldest = select(found.urlkey).order_by(found.last_checked, found.urlkey).limit(asked.budget)
    among = union(select(urgent.subquery().c.urlkey), select(oldest.subquery().c.urlkey))
    with transaction(source) as connection:
        # Asked for by name: joined to what was found, PostgreSQL would read the site's pages once more.
        chosen = within(_pages.urlkey, connection.scalars(among))
        wanted = select(schema.pages).where(_pages.site == site, chosen).order_by(_pages.urlkey)
        return tuple(state(row) for row in connection.execute(wanted))


def count_due(source: Engine, site: str, asked: Asked) -> int:
    """How many of a site's pages are due, whatever the budget."""
    waiting = _waiting(site, asked).subquery()
    with transaction(source) as connection:
        return connection.execute(select(func.count()).select_from(waiting)).scalar_one()


def upcoming(source: Engine, site: str, limit: int) -> tuple[PageState, ...]:
    """The pages of a site that the plan has to look at first, the earliest first."""
    order = (_pages.next_check.asc().nulls_first(), _pages.urlkey)
    wanted = select(schema.pages).where(_pages.site == site).order_by(*order).limit(limit)
    with transaction(source) as connection:
        return tuple(state(row) for row in connection.execute(wanted))


def _waiting(site: str, asked: Asked) -> Any:
    """The pages that are due. Of most `next_check` says that they cannot be; OFFSET keeps PostgreSQL from working the
    urgency of the others out twice."""
    urgency = _urgency(asked).label("urgency")
    early = or_(_pages.next_check <= asked.now, _pages.next_check.is_(None))
    looked = select(_pages.urlkey, _pages.last_checked, urgency).where(_pages.site == site, early).offset(0).subquery()
    return select(looked).where(looked.c.urgency >= _DUE)


def _urgency(asked: Asked) -> ColumnElement[float]:
    """As monitor.plan.urgency, line by line."""
    age = _since(asked, _pages.first_seen)
    rested = _since(asked, _pages.last_checked) * (0.9 + 0.2 * _pages.phase / 1000.0)
    gone = and_(_pages.status == Status.GONE.value, _pages.changed_at.is_not(None))
    suspect = _pages.status == Status.SUSPECT.value
    untried = or_(_pages.checks < ENOUGH, age <= YOUNG.total_seconds())
    rest = case((untried, _rung(LADDER, age)), else_=literal(MOST.total_seconds(), Float))
    return case(
        (and_(suspect, _pages.changed_at.is_not(None)), cast(literal("Infinity"), Float)),
        (gone, _squared(rested / _rung(GONE, _since(asked, _pages.changed_at)))),
        (suspect, _squared(rested / _rung(LADDER, age))),
        (rested < LEAST.total_seconds(), literal(0.0, Float)),
        else_=func.greatest(_gain(asked, age, rested) / WORTH, _squared(rested / rest)),
    )


def _since(asked: Asked, moment: Any) -> Any:
    """Seconds, in the time of pace 1."""
    return func.date_part("epoch", literal(asked.now) - moment, type_=Float) * asked.pace


def _squared(ratio: Any) -> Any:
    return func.power(ratio, 2.0, type_=Float)


def _rung(ladder: Ladder, age: Any) -> Any:
    *rungs, (_, last) = ladder
    steps = ((age <= limit.total_seconds(), rest.total_seconds()) for limit, rest in rungs)
    return case(*steps, else_=literal(last.total_seconds(), Float))


def _gain(asked: Asked, age: Any, rested: Any) -> Any:
    days = _DAY.total_seconds()
    rate = _rate(asked, age)
    missed = rate * rested / days
    kept = func.least(rate, CHURN) + _DAY / LATE
    return _value(asked) * kept / rate * (1.0 - (1.0 + missed) * func.exp(-func.least(missed, 50.0)))


def _rate(asked: Asked, age: Any) -> Any:
    *bands, last = asked.rates
    base = case(
        *((age <= limit.total_seconds(), rate) for limit, rate in zip(AGES, bands, strict=True)),
        else_=literal(last, Float),
    )
    usual: Any = literal(0.0, Float)
    for number, rate in enumerate(asked.rates, 1):
        usual = usual + _pages.watched[number] * (rate / _DAY.total_seconds())
    return base * (SHAPE + _pages.changes) / (SHAPE + usual)


def _value(asked: Asked) -> Any:
    followed = case((_pages.urlkey == any_(literal(sorted(asked.followed), ARRAY(Text))), FOLLOWED), else_=1.0)
    numbered = case((_pages.numbered, NUMBERED), else_=1.0)
    return asked.restless * (followed if asked.followed else 1.0) * numbered


def tempo(source: Engine, site: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The changes found and the seconds watched in each band of age, over all pages of a site."""
    bands = range(1, BANDS + 1)
    columns = [func.coalesce(func.sum(column[n]), 0) for column in (_pages.found, _pages.watched) for n in bands]
    with transaction(source) as connection:
        sums = [int(value) for value in connection.execute(select(*columns).where(_pages.site == site)).one()]
    return tuple(sums[:BANDS]), tuple(sums[BANDS:])


def publishing(source: Engine, site: str, since: datetime) -> tuple[tuple[bool, int, int], ...]:
    """Since a time, by weekend or not and hour of Asia/Shanghai: on how many days a new page appeared in that hour.

    Days are counted, not pages: a first run finds hundreds at once. A page appeared when it says that it was
    published, where it says so to the minute and was found within a day of it, else when it was first seen.
    """
    exact = and_(
        _pages.published_precision.in_(("second", "minute")),
        _pages.published_at <= _pages.first_seen,
        _pages.published_at > _pages.first_seen - _DAY,
    )
    appeared = func.timezone(_SHANGHAI, case((exact, _pages.published_at), else_=_pages.first_seen))
    day = func.date_trunc("day", appeared)
    weekend = func.date_part("isodow", appeared) >= 6
    hour = cast(func.date_part("hour", appeared), SmallInteger)
    wanted = (
        select(weekend, cast(hour, Integer), func.count(day.distinct()))
        .where(_pages.site == site, _pages.first_seen >= since)
        .group_by(weekend, hour)
        .order_by(weekend, hour)
    )
    with transaction(source) as connection:
        return tuple((bool(free), int(at), int(days)) for free, at, days in connection.execute(wanted))


def entries_asked(source: Engine, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
    """When entries were asked for the first and for the last time, by urlkey; those that never were are left out."""
    wanted = (
        select(_captures.urlkey, func.min(_captures.at), func.max(_captures.at))
        .where(_captures.urlkey == any_(literal(list(urlkeys), ARRAY(Text))), _captures.site == site)
        .where(_captures.status == 200)
        .group_by(_captures.urlkey)
    )
    with transaction(source) as connection:
        return {urlkey: (first, last) for urlkey, first, last in connection.execute(wanted)}


def last_capture(source: Engine, site: str) -> datetime | None:
    """When anything of the site was last captured, as far as its ledger is read."""
    progress = schema.progress.c
    with transaction(source) as connection:
        return connection.scalar(select(progress.last_capture).where(progress.site == site))
