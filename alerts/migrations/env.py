"""Alembic's way in. The connection, and its transaction, come from alerts.upgrading."""

from alembic import context

from alerts.schema import metadata
from alerts.upgrading import ALERTS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=ALERTS.table,
)
context.run_migrations()
