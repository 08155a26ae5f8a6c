"""A real browser and real installations: what scripts/run starts, on a database and folder of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from subsidy import clock
from subsidy.app import create_app
from subsidy.db import db
from subsidy.models import User
from subsidy.services import accounts, grants
from tests.conftest import migrated, new_database, settings_for
from tests.e2e.visitor import PATIENCE
from tests.factories import give_mandate
from workflows.permissions import SYSTEM, Role

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a-password-for-tests"
STAFF = {
    "officer": Role.OFFICER,
    "second": Role.OFFICER,
    "reviewer1": Role.REVIEWER,
    "reviewer2": Role.REVIEWER,
    "reviewer3": Role.REVIEWER,
    "evaluator": Role.EVALUATOR,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the crawl: it takes longest, and at the end one worker would be left alone with it."""
    items.sort(key=lambda item: item.path.name != "test_crawl.py")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each visitor has a session of their own in it.

    What is expected of a page has as much time as the page itself: a machine may be busy.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an office that begins: accounts of its people, and not one round."""
    folder = tmp_path_factory.mktemp("office")
    with new_database(folder) as url:
        app = migrated(create_app(settings_for(folder, url)))
        with app.app_context():
            for name, role in STAFF.items():
                user = add_staff(name, role)
                if name == "second":
                    give_mandate(user)
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        with running(folder, url) as address:
            yield address


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation on its first start, so with the demo in it."""
    folder = tmp_path_factory.mktemp("demo")
    with new_database(folder) as url, running(folder, url) as address:
        yield address


def add_staff(name: str, role: Role) -> User:
    """Make an account with this role on all rounds, and no other."""
    now = clock.read()
    user = accounts.create(
        email=f"{name}@office.example", name=name.title(), password=PASSWORD, locale="en", now=now
    )
    for row in list(user.grants):
        grants.take(SYSTEM, user, grant_id=row.id, now=now)
    grants.give(SYSTEM, user, role=role, round_id=None, now=now)
    return user


@contextlib.contextmanager
def running(folder: Path, database_url: str, **more: str) -> Iterator[str]:
    """Run web server, worker, scheduler and Redis as one tree, with these settings; gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    log = folder / "installation.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "scripts/supervise.py"],
            cwd=ROOT,
            env={
                **kept,
                "VAR_DIR": str(folder),
                "DATABASE_URL": database_url,
                "SECRET_KEY": "test-secret-key",
                "AUDIT_KEY": "ab" * 32,
                "PORT": str(port),
                "BASE_URL": address,
                "WEB_WORKERS": "2",
                **more,
            },
            stdout=said,
            stderr=said,
        )
    try:
        while f"Open {address}" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        yield address
        assert process.poll() is None, log.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
