"""What Alembic runs to apply the steps: on the connection that the index hands in, within its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
