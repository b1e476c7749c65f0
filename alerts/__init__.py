"""Who is told what: subscriptions, matching, an outbox, and the channels it leaves by."""

from alerts.channels import Channels, channels
from alerts.delivery import Delivered, deliver
from alerts.kinds import Delivery, Matter, State, Subscription, Via
from alerts.matching import matches
from alerts.upgrading import upgrade

__all__ = [
    "Channels",
    "Delivered",
    "Delivery",
    "Matter",
    "State",
    "Subscription",
    "Via",
    "channels",
    "deliver",
    "matches",
    "upgrade",
]
