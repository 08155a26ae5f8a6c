"""An installation of its own for a journey that many people make, with each of them at a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from flask import Flask
from playwright.sync_api import Browser

from subsidy.app import create_app
from subsidy.db import db
from tests.conftest import migrated, new_database, settings_for
from tests.e2e.conftest import PASSWORD, running
from tests.e2e.visitor import Visitor

V = TypeVar("V", bound=Visitor)


class House(Generic[V]):
    """An installation that runs, and its people at their browsers; `kind` is what each of them can do."""

    kind: type[V]

    def __init__(self, app: Flask, address: str, browser: Browser) -> None:
        self.app = app
        self.address = address
        self.browser = browser
        self.here: dict[str, V] = {}

    def guest(self, name: str) -> V:
        """Somebody who is not logged in."""
        self.here[name] = self.kind(self.browser, self.address)
        return self.here[name]

    def __getitem__(self, name: str) -> V:
        """Somebody with an account, logged in; they come in when they are needed."""
        if name not in self.here:
            self.guest(name).log_in(email_of(name), PASSWORD)
        return self.here[name]


H = TypeVar("H", bound=House[Any])


@contextmanager
def opened(
    make: Callable[[Flask, str, Browser], H],
    folder: Path,
    browser: Browser,
    fill: Callable[[], None],
    **settings: str,
) -> Iterator[H]:
    """Run an installation that `fill` put something in, with these settings; afterwards everybody leaves."""
    with new_database(folder) as url:
        app = migrated(create_app(settings_for(folder, url)))
        with app.app_context():
            fill()
            db.session.commit()
            db.session.remove()
        with running(folder, url, **settings) as address:
            house = make(app, address, browser)
            yield house
            for visitor in house.here.values():
                visitor.close()
        with app.app_context():
            db.engine.dispose()


def email_of(name: str) -> str:
    """The address of somebody."""
    return f"{name}@office.example"
