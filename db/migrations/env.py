"""Runs migrations on the connection that ``db.migrate`` hands over; there is no other way in."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run `appusers migrate`: it holds the lock and the limits a migration needs.")

context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
