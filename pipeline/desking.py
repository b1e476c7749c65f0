"""The desk where subscriptions are kept, made from a house: for the command line and for the reading room."""

from typing import TYPE_CHECKING

from pipeline.house import House

if TYPE_CHECKING:
    from alerts.desk import Desk


def desk(house: House) -> "Desk":
    """Over the house's database, its tables brought to their newest form. Raises CatalogueError; ConfigurationError
    where the keys that seal addresses cannot be read, or a setting of channels is wrong."""
    from alerts.channels import channels
    from alerts.desk import Desk
    from alerts.sealing import Keyring
    from alerts.upgrading import upgrade
    from sites import load

    chosen = house.settings
    upgrade(house.catalogue.engine)
    return Desk(house.catalogue.engine, Keyring.load(chosen), channels(chosen), load(), chosen.web)
