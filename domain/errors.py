"""Every error this house raises, in one tree:

TongjianError
├── ConfigurationError   a setting, a site file or a port is wrong; the message says what to change
├── FetchError           a site could not be reached or answered badly
├── ReadError            a payload could not be turned into an article
├── StorageError         the bucket or the local spool
│   ├── EndpointDown     the endpoint gave no usable answer; nothing acknowledged is lost
│   ├── Conflict         another writer holds that key with other bytes
│   └── IntegrityError   kept bytes are not what was recorded
├── CatalogueError       the database
│   └── Overtaken        another process compared the site, or switched its generation, meanwhile
├── DeliveryError        a message could not be handed over
├── Forbidden            who asks may see it, and may not do that
└── NotFound             no such page, capture or version is kept
    └── TakenDown        it was kept, and removed or withheld for a legal reason; its tombstone says why
"""


class TongjianError(Exception):
    """The root. `hint` says what to do next, in one sentence."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class ConfigurationError(TongjianError): ...


class FetchError(TongjianError): ...


class ReadError(TongjianError): ...


class StorageError(TongjianError): ...


class EndpointDown(StorageError): ...


class Conflict(StorageError): ...


class IntegrityError(StorageError): ...


class CatalogueError(TongjianError): ...


class Overtaken(CatalogueError): ...


class DeliveryError(TongjianError): ...


class Forbidden(TongjianError): ...


class Stale(TongjianError):
    """Somebody else has changed it since it was read."""


class NotFound(TongjianError): ...


class TakenDown(NotFound): ...
