"""What a channel is, and the ways it can fail.

DeliveryError
├── Away      the endpoint takes nothing at present: others of its lane need not be tried now
│   └── Closed    no key here opens its address: nothing was asked of it, and others are not concerned
├── Refused   the endpoint works and does not want this message
└── Gone      the endpoint wants no message ever again (HTTP 410, a robot that was taken away)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from alerts.kinds import Payload
from domain.errors import DeliveryError
from domain.subscription import Language, Via


class _Later(DeliveryError):
    """`retry_after`: how long the endpoint asks to be left alone, where it says so."""

    def __init__(self, message: str, *, hint: str | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Away(_Later): ...


class Closed(Away): ...


class Refused(_Later): ...


class Gone(DeliveryError): ...


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a message goes to, with the address and secret opened: never logged, never shown."""

    kind: Via
    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    language: Language = "both"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes: so many `messages` in each `per`, and in each `second`, each of so many `bytes`; None is no
    limit known. `folds`: many changes at once become a digest, as people want it; programs want each by itself."""

    messages: int | None
    per: timedelta
    bytes: int | None
    folds: bool
    second: int | None = None


class Channel(Protocol):
    """One way to tell somebody. Safe to share between threads."""

    @property
    def limits(self) -> Limits: ...

    def check(self, address: str, secret: str | None) -> str:
        """The address in its normal form. Raises ConfigurationError, which repeats nothing secret."""

    def lane(self, address: str) -> str:
        """What is down together: the lanes are served side by side, so that one cannot hold up another. It may hold
        what is secret: keep its fingerprint."""

    def fits(self, payload: Payload, language: Language) -> bool:
        """Whether the message made of it is within `limits.bytes`; one that is not comes shortened."""

    def send(self, target: Target, id: str, payload: Payload) -> str:
        """Hands a message over under its idempotency key; gives what the endpoint answered, in a few words.

        Returns only after the endpoint accepted. Raises Away, Refused, Gone, which hold nothing secret.
        """


Channels = Mapping[Via, Channel]
