"""Who is told what: people and their subscriptions, matching, an outbox, and the channels it leaves by."""

from alerts.channels import Channels, channels
from alerts.composing import compose
from alerts.delivery import Delivered, deliver
from alerts.kinds import Delivery, Matter, State, Subscription, Via
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
    "compose",
    "deliver",
    "upgrade",
]
