"""Browsers of real people on real connections, that press at the same moment."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from unittest.mock import patch

from flask import Flask
from flask.signals import request_started
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, func, select
from werkzeug.test import TestResponse

from subsidy import access
from subsidy.db import db
from subsidy.models import User
from workflows.permissions import Actor, Can, Target, may


@dataclass(frozen=True)
class Press:
    """A button: whose session presses it (None: a visitor), where it goes and what goes with it."""

    session: str | None
    url: str
    data: Mapping[str, object] = field(default_factory=dict)


def browser(app: Flask, session: str | None) -> FlaskClient:
    """Open a browser in which the person of this session is logged in."""
    client = app.test_client()
    if session is not None:
        with client.session_transaction() as stored:
            stored["_user_id"], stored["_fresh"] = session, True
    return client


def at_once(app: Flask, presses: Sequence[Press]) -> list[TestResponse]:
    """Let all press at the same moment, and meet where it hurts most.

    On PostgreSQL each request goes on when every other one has read what it is about and may be done: all
    have seen that it was not done yet. On SQLite a second writer does not get that far, and they meet at
    the door.
    """
    door, desk = Barrier(len(presses)), Barrier(len(presses))
    asked = threading.local()
    many_writers = db.engine.dialect.name == "postgresql"

    def wait_at_door(_sender: Flask, **_more: object) -> None:
        door.wait(timeout=60)

    def wait_at_desk(actor: Actor, can: Can, target: Target) -> bool:
        answer = may(actor, can, target)
        if many_writers and not hasattr(asked, "before"):
            asked.before = True
            desk.wait(timeout=60)
        return answer

    def press(one: Press) -> TestResponse:
        return browser(app, one.session).post(one.url, data=one.data)

    with (
        request_started.connected_to(wait_at_door, app),
        patch.object(access, "may", wait_at_desk),
        ThreadPoolExecutor(len(presses)) as pool,
    ):
        return list(pool.map(press, presses))


def follow(app: Flask, press: Press, answer: TestResponse) -> int:
    """Give the status of the page on which a person ends after pressing."""
    if answer.status_code not in {302, 303}:
        return answer.status_code
    return browser(app, press.session).get(answer.location).status_code


def session_of(user_id: int | None) -> str:
    """Give the session of a person."""
    return str(db.session.get_one(User, user_id).get_id())


def count(model: type[object], *where: ColumnElement[bool]) -> int:
    """Count rows."""
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
