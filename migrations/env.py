"""Alembic's environment: runs the migrations of this folder on the application's own engine.

On PostgreSQL a migration gives up quickly when it cannot get a lock, so that a deploy never blocks the
requests that wait behind it; it can simply be run again.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

config = context.config
database = current_app.extensions["migrate"].db

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "15min"


def run(connection: Connection) -> None:
    """Configure the context and run in one transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


with database.engine.connect() as engine_connection:
    run(engine_connection)
