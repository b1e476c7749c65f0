"""Which pages somebody follows."""

from sqlalchemy import Engine, select

from alerts import schema
from catalogue.connection import transaction

_matches, _subscriptions, _told = schema.matches.c, schema.subscriptions.c, schema.told.c


def followed(source: Engine, site: str) -> frozenset[str]:
    """The urlkeys of a site's pages that a subscription which is active matched."""
    wanted = (
        select(_told.urlkey)
        .join(schema.matches, _matches.change_id == _told.change_id)
        .join(schema.subscriptions, _subscriptions.id == _matches.subscription)
        .where(_told.site == site, _subscriptions.active)
        .distinct()
    )
    with transaction(source) as connection:
        return frozenset(connection.scalars(wanted))
