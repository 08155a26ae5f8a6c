"""The session, the typed declarative base with named constraints, and the rule of one transaction.

SQLite and PostgreSQL behave alike because of three choices made here: a write on SQLite begins with
BEGIN IMMEDIATE (a deferred one fails or loses updates when two writers meet), instants travel through
UtcDateTime (SQLite gives them back naive), and exact numbers are stored as text (SQLite has floats).
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Engine, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. A naive value is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without offset for SQLite, which compares text."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant without offset cannot be stored"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as text, because ranks are computed on exact values and SQLite stores floats."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As plain digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Exactly what was stored."""
        return None if value is None else Decimal(value)


# A connection that rested longer than this is asked for a sign of life before it is used.
IDLE_SECONDS = 2.0

# How a row is locked on PostgreSQL (FOR NO KEY UPDATE): against every other writer, and not against rows that
# point at it. Else whoever holds the chain of events and adds an event waits for the lock on its round, whose
# holder waits for the chain.
LOCK: Final = {"key_share": True}

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Cents = BigInteger()


class Base(DeclarativeBase):
    """Base of every model: constraints have predictable names, so migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading(*, only: bool = True) -> Iterator[None]:
    """Within it a transaction only reads, so on SQLite it does not wait for the one writer."""
    token = _reading.set(only)
    try:
        yield
    finally:
        _reading.reset(token)


def init_db(app: Flask) -> None:
    """Bind the session to the application and set up each SQLite connection."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _check_after_idling(engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def _check_after_idling(engine: Engine) -> None:
    """Ask a pooled connection for a sign of life when it was idle for a while.

    The server may have restarted meanwhile. Asking each time costs every page a round trip.
    """

    @event.listens_for(engine, "checkin")
    def checkin(_connection: DBAPIConnection | None, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection: DBAPIConnection, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def insert_into(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what to do on a conflict; both databases can, each in words of its own."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(model)


def engine_options(database_url: str) -> dict[str, Any]:
    """Engine settings for a database address: JSON with exact text, and a few connections per process."""
    options: dict[str, Any] = {"json_serializer": json_text}
    if not database_url.startswith("sqlite"):
        options |= {"pool_size": 5, "max_overflow": 5, "pool_use_lifo": True}
    return options


def json_text(value: object) -> str:
    """JSON in one canonical spelling: keys sorted, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
