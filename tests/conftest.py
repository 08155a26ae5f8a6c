"""What every test stands on: a database built by the migrations, rolled back after each test.

TEST_DATABASE_URL names a PostgreSQL server on which each pytest worker makes a database of its own;
without it each worker uses an SQLite file. Both are copies of one that the real migrations made, so
constraints and triggers are really there.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, event, text

from config import Settings, from_environment
from subsidy.app import SubsidyFlask, create_app
from subsidy.db import db
from subsidy.models import User
from subsidy.services import answers, reference
from tests import factories
from tests.pages import CheckedClient
from workflows.permissions import Role

# The suite draws the same examples every time; scripts/soak draws new ones, and many more.
hypothesis.settings.register_profile("sample", derandomize=True, deadline=None)
hypothesis.settings.register_profile("soak", max_examples=5_000, deadline=None)
hypothesis.settings.load_profile("sample")

# A Tuesday morning in Amsterdam on which the rounds of the factories are open.
MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long what is played at random goes on: scripts/soak asks for more of it."""
    parser.addoption("--award-plays", type=int, default=25, help="random rounds in which officers award")
    parser.addoption("--letter-kills", type=int, default=4, help="workers killed while letters go out")
    parser.addoption("--letter-seed", type=int, help="another order of the same kills")


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never again among the modules: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = MOMENT

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now


def settings_for(folder: Path, database_url: str, **more: str) -> Settings:
    """Settings of an installation below `folder`."""
    return from_environment(
        {
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "test-secret-key",
            "AUDIT_KEY": "ab" * 32,
            **more,
        }
    )


@contextmanager
def new_database(folder: Path, like: str | None = None) -> Iterator[str]:
    """The address of a new database, removed afterwards: empty, or a copy of one that nobody is using."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        path = folder / f"{uuid4().hex}.db"
        if like:
            shutil.copyfile(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    name = f"subsidy_test_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        template = f" TEMPLATE {like.rpartition('/')[2]}" if like else ""
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    try:
        yield server.rpartition("/")[0] + "/" + name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def migrated(app: Flask) -> Flask:
    """Run the migrations and install the packaged reference data."""
    with app.app_context():
        upgrade()
        reference.install_packaged(now=MOMENT)
        db.session.commit()
        db.session.remove()
    return app


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """Compile each template once, for all workers: an application of a test's own would do it all again."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "templates"
    folder.mkdir(exist_ok=True)
    SubsidyFlask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that the migrations built, once per worker: others are copies of it."""
    folder = tmp_path_factory.mktemp("migrated")
    with new_database(folder) as url:
        _close(migrated(_made(settings_for(folder, url))))
        yield url


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory, migrated_database: str) -> Iterator[Flask]:
    """One application per worker."""
    folder = tmp_path_factory.mktemp("var")
    with new_database(folder, like=migrated_database) as url:
        app = _made(settings_for(folder, url))
        yield app
        _close(app)


@pytest.fixture
def app(whole_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back: whatever a test commits is gone after it."""
    whole_app.config["CLOCK"] = clock
    whole_app.extensions.pop(reference.CACHED, None)  # a test may bring in a version of its own
    factories.numbers.start()
    answers.forget()
    with whole_app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            transaction = connection.begin()
            db.engines[None] = connection  # type: ignore[assignment]  # the documented way to isolate tests
            try:
                yield whole_app
            finally:
                db.session.remove()
                db.engines[None] = engine
                transaction.rollback()


@pytest.fixture
def real_app(tmp_path: Path, migrated_database: str) -> Iterator[Flask]:
    """An application on a database of its own, with real commits: for tests with several connections."""
    with new_database(tmp_path, like=migrated_database) as url:
        app = _made(settings_for(tmp_path, url))
        factories.numbers.start()
        answers.forget()
        yield app
        _close(app)


@pytest.fixture
def clock() -> Clock:
    """Return the clock that the application reads."""
    return Clock()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a visitor; every page that they get is checked."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> Callable[[User | Role], FlaskClient]:
    """Return a function that gives a client logged in as this person, or as a new one with this role."""

    def log_in(who: User | Role) -> FlaskClient:
        user = factories.make_user(role=who) if isinstance(who, Role) else who
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
        return client

    return log_in


@pytest.fixture
def count_queries() -> Callable[[], "QueryCount"]:
    """Return a context manager that counts the statements sent to the database."""
    return QueryCount


class QueryCount:
    """Counts SELECT, INSERT, UPDATE and DELETE statements while it is entered."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.statements)

    def _seen(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().split(" ", 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            self.statements.append(statement)

    def __enter__(self) -> Self:
        event.listen(Engine, "before_cursor_execute", self._seen)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._seen)


def _made(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = CheckedClient
    return app


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
