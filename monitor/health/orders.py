"""What people said of a site's health, and what of it is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.health import HealthOrder


@dataclass(frozen=True, slots=True)
class InForce:
    """`usual_from`: what was counted before is not held against the site any more."""

    silence: HealthOrder | None = None
    acknowledged: HealthOrder | None = None
    usual_from: datetime | None = None


def in_force(orders: Iterable[HealthOrder], now: datetime) -> InForce:
    """The last word counts, in whatever order they are given; a silence ends by itself."""
    said = sorted((order for order in orders if order.at <= now), key=lambda order: (order.at, order.model_dump_json()))
    last = next((order for order in reversed(said) if order.action in ("silence", "unsilence")), None)
    holds = last is not None and last.action == "silence" and (last.until is None or now < last.until)
    acknowledged = [order for order in said if order.action == "acknowledge"]
    usual = [order.at for order in acknowledged if order.usual]
    return InForce(last if holds else None, acknowledged[-1] if acknowledged else None, usual[-1] if usual else None)
