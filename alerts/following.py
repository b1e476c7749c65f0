"""Which pages somebody follows."""

from sqlalchemy import Engine, select

from alerts import schema
from catalogue.connection import transaction

_deliveries, _subscriptions = schema.deliveries.c, schema.subscriptions.c


def followed(source: Engine, site: str) -> frozenset[str]:
    """The urlkeys of a site's pages of which a delivery was made to a subscription that is active: those it matched."""
    wanted = (
        select(_deliveries.urlkey)
        .join(schema.subscriptions, _subscriptions.id == _deliveries.subscription)
        .where(_deliveries.site == site, _subscriptions.active)
        .distinct()
    )
    with transaction(source) as connection:
        return frozenset(connection.scalars(wanted))
