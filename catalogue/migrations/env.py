"""Alembic's way in. The connection, and its transaction, come from catalogue.upgrading."""

from alembic import context

from catalogue.schema import metadata
from catalogue.upgrading import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
