"""Runs migrations inside the transaction that the caller opened."""

from alembic import context

from migrations.tables import everything

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=everything,
    include_schemas=True,
    version_table_schema="public",
)
with context.begin_transaction():
    context.run_migrations()
