"""The JSON that scripts get. Times: ISO 8601, UTC with a Z; never an address's secret part, never a token."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from domain.clock import iso
from domain.desk import Backtest
from domain.subscription import Channel, Delivery, Match, Subscription, Team
from web.desk.hours import clock


def subscription(one: Subscription) -> dict[str, Any]:
    hours = {"quiet_from": clock(one.quiet_from) or None, "quiet_to": clock(one.quiet_to) or None}
    return _shape(one) | hours


def channel(one: Channel) -> dict[str, Any]:
    return _shape(one)


def delivery(one: Delivery) -> dict[str, Any]:
    return _shape(one)


def match(one: Match) -> dict[str, Any]:
    return _shape(one)


def team(one: Team) -> dict[str, Any]:
    return _shape(one)


def backtest(found: Backtest) -> dict[str, Any]:
    return _shape(found) | {"newest": [match(one) for one in found.newest]}


def _shape(one: BaseModel) -> dict[str, Any]:
    times = {name: iso(value) for name, value in one if isinstance(value, datetime)}
    return one.model_dump(mode="json") | times
