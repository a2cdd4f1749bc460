"""Run by Alembic with the open connection that `core.store.database.migrate` passes in."""

from alembic import context

from core.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata
)
with context.begin_transaction():
    context.run_migrations()
