"""What people said of sites' health: an object each, `v1/care/<site>/<time>_<hash>.json`, never changed, never deleted.

Not derivable from anything else, and part of the record: a site that was silent for a month while somebody had
silenced its alarms is another matter than one that was silent.
"""

import hashlib
from collections.abc import Iterator

from domain.errors import IntegrityError
from domain.health import HealthOrder
from storage import keys
from storage.bucket import Bucket


def put_order(bucket: Bucket, order: HealthOrder) -> None:
    """Puts an order down; the same one twice is there once. Raises EndpointDown."""
    data = order.model_dump_json(indent=1).encode()
    bucket.put_once(keys.care(order.site, order.at, hashlib.sha256(data).hexdigest()), data)


def orders(bucket: Bucket, site: str = "") -> tuple[HealthOrder, ...]:
    """What was said of one site, or of all, in time order. Raises EndpointDown, IntegrityError where an object is no
    order on the site that it lies under."""
    return tuple(sorted(_orders(bucket, f"{keys.CARE}{site}/" if site else keys.CARE), key=lambda order: order.at))


def _orders(bucket: Bucket, prefix: str) -> Iterator[HealthOrder]:
    for key, _ in bucket.list(prefix):
        try:
            found = HealthOrder.model_validate_json(bucket.get(key).data)
        except ValueError as error:
            raise IntegrityError(f"{key}: no order on a site's health: {error}") from error
        if not key.startswith(f"{keys.CARE}{found.site}/"):
            raise IntegrityError(f"{key}: an order on another site, {found.site}")
        yield found
