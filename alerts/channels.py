"""What a channel is, and the ways it can fail.

DeliveryError
├── Away      the endpoint takes nothing at present: others of its lane need not be tried now
├── Refused   the endpoint works and does not want this message
└── Gone      the endpoint wants no message ever again (HTTP 410)
"""

from collections.abc import Mapping
from typing import Protocol

from alerts.kinds import Payload, Subscription, Via
from domain.errors import DeliveryError
from domain.settings import Settings


class Away(DeliveryError): ...


class Refused(DeliveryError): ...


class Gone(DeliveryError): ...


class Channel(Protocol):
    """One way to tell a subscriber."""

    def lane(self, subscription: Subscription) -> str:
        """What is down together: the lanes are served side by side, so that one cannot hold up another."""

    def send(self, subscription: Subscription, id: str, payload: Payload) -> str:
        """Hands a message over under its idempotency key; gives what the endpoint answered.

        Returns only after the endpoint accepted. Raises Away, Refused, Gone.
        """


Channels = Mapping[Via, Channel]


def channels(settings: Settings) -> Channels:
    """The channels as the settings have them."""
    from alerts.mail import Mail
    from alerts.webhook import Webhook

    return {Via.WEBHOOK: Webhook(), Via.EMAIL: Mail(settings.smtp, settings.mail_from)}
