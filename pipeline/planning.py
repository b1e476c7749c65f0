"""What a run is to ask for: which entries, and which pages again. `tongjian plan` shows the same and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.following import followed
from alerts.upgrading import upgrade
from catalogue.kinds import Asked, PageState
from domain.capture import Validators
from domain.clock import planning_now
from domain.site import Entry, Site
from domain.urls import urlkey
from monitor.hours import WINDOW, Hours, entries_due, learn
from monitor.plan import Manner, budget, due, manner
from pipeline.house import House


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run asks for. `known` are the urlkeys that need no fetching when a list names them: a page that is gone
    counts as unknown, for a list that names it again is the first sign of its coming back."""

    entries: tuple[Entry, ...]
    known: frozenset[str]
    pages: tuple[Validators, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a site's plan goes by at `now` (UTC): how its pages change, when it publishes, when its entries were
    asked, and how many pages a run may fetch again."""

    now: datetime
    pace: float
    manner: Manner
    hours: Hours
    asked: dict[str, tuple[datetime, datetime]]
    budget: int

    @property
    def question(self) -> Asked:
        held = self.manner
        return Asked(self.now, self.pace, self.budget, held.rates, held.restless, held.followed)


def plan(house: House, site: Site, *, recheck: bool = False) -> Plan:
    """For the site's next run; with `recheck` every entry and every known page."""
    catalogue = house.catalogue
    known = frozenset(catalogue.known(site.name) - catalogue.gone(site.name))
    if recheck:
        return Plan(site.entries, known, tuple(state.validators for state in catalogue.page_states(site.name)))
    found = terms(house, site)
    entries = entries_due(site.entries, found.asked, found.hours, found.now, site.every)
    return Plan(entries, known, tuple(state.validators for state in chosen(house, site, found)))


def chosen(house: House, site: Site, found: Terms) -> list[PageState]:
    """The pages that a run fetches again, the most urgent first."""
    states = house.catalogue.due(site.name, found.question)
    return due(states, found.now, found.manner, pace=found.pace, budget=found.budget)


def terms(house: House, site: Site) -> Terms:
    """What the site's plan goes by now, from the catalogue and the subscriptions."""
    now, pace, catalogue = planning_now(), house.settings.pace, house.catalogue
    upgrade(catalogue.engine)
    asked = catalogue.entries_asked(site.name, [urlkey(entry.url) for entry in site.entries])
    held = manner(*catalogue.tempo(site.name), followed(catalogue.engine, site.name))
    return Terms(now, pace, held, _hours(house, site, asked, now), asked, _budget(house, site, now))


def _hours(house: House, site: Site, asked: dict[str, tuple[datetime, datetime]], now: datetime) -> Hours:
    """Nothing is learned at another pace than time's own: its days have no hours."""
    if not asked or house.settings.pace != 1:
        return Hours()
    since = max(now - WINDOW, min(first for first, _ in asked.values()))
    return learn(house.catalogue.publishing(site.name, since), since, now)


def _budget(house: House, site: Site, now: datetime) -> int:
    """For the time since the last run, or one run's rhythm where it was shorter."""
    last = house.catalogue.last_capture(site.name)
    passed = (now - last) * house.settings.pace if last else timedelta(0)
    return budget(site.rechecks, max(passed, site.every))
