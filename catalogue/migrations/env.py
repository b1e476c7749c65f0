"""Alembic's way in. The connection, and its transaction, come from catalogue.upgrading."""

from alembic import context

from catalogue.schema import metadata
from catalogue.upgrading import CATALOGUE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=CATALOGUE.table,
)
context.run_migrations()
