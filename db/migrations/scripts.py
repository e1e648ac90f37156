"""Runs a script of several statements inside a migration's transaction."""

from alembic import op
from sqlalchemy.util import await_only


def run(script: str) -> None:
    """Run every statement of ``script``, or none.

    SQLAlchemy prepares what it runs, and a prepared statement is one statement. Its first
    statement opens the transaction, which the driver's own ``execute`` then runs in.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations run on a connection, never offline")
    await_only(driver.execute(script))
