"""The store under the tests' feet: what both databases must do alike."""

from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import URL, NullPool, create_engine, select, text
from sqlalchemy.exc import StatementError

from subsidy import db as store
from subsidy.db import ExactDecimal, db
from subsidy.models import AccessLog
from tests.conftest import MOMENT


def test_instants_come_back_aware_and_equal(app: Flask) -> None:
    db.session.add(AccessLog(at=MOMENT, what="toets", user_id=None))
    db.session.flush()
    db.session.expire_all()
    found = db.session.scalars(select(AccessLog.at)).one()
    assert (found, found.utcoffset()) == (MOMENT, MOMENT.utcoffset())


def test_naive_instant_is_refused(app: Flask) -> None:
    db.session.add(AccessLog(at=datetime(2026, 1, 1), what="toets", user_id=None))  # noqa: DTZ001
    with pytest.raises(StatementError, match="without offset"):
        db.session.flush()


@pytest.mark.parametrize("number", ["0.1", "1E+3", "-3.140", "12345678901234.567890123"])
def test_decimals_stay_exact(app: Flask, number: str) -> None:
    kind = ExactDecimal()
    stored = kind.process_bind_param(Decimal(number), db.engine.dialect)
    assert kind.process_result_value(stored, db.engine.dialect) == Decimal(number)


def test_lost_connection_is_replaced_unseen(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database server that restarted costs nobody a page, once the connection rested."""
    monkeypatch.setattr(store, "IDLE_SECONDS", 0.0)
    with real_app.app_context():
        db.session.execute(text("SELECT 1"))
        db.session.remove()
        lose_connections(db.engine.url)
        assert db.session.scalars(text("SELECT 1")).one() == 1


def lose_connections(url: URL) -> None:
    """End every connection to this database, as a restart does; SQLite has no server to lose."""
    if url.get_backend_name() == "sqlite":
        return
    admin = create_engine(url, poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
