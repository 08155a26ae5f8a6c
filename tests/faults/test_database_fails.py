"""A commit that fails is never a success, and a database that is away is a closed door, not a crash."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError

from subsidy.db import db
from subsidy.models import Application, Event, Membership, OutboxRow
from subsidy.services import accounts
from tests.conftest import MOMENT
from tests.factories import make_application, make_round, make_user
from tests.faults.together import browser, count
from tests.pages import parse, words
from workflows.permissions import Role

PASSWORD = "een lange zin om te onthouden"


@contextmanager
def failing_commits(error: Exception) -> Iterator[None]:
    """Within it every COMMIT fails."""

    def fail(_connection: object) -> None:
        raise error

    event.listen(db.engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(db.engine, "commit", fail)


DISK = OperationalError("COMMIT", {}, Exception("disk I/O error"))
RULE = IntegrityError("COMMIT", {}, Exception("a deferred rule"))


@pytest.mark.parametrize(("error", "status"), [(DISK, 503), (RULE, 500)], ids=["disk", "rule"])
def test_a_failed_commit_is_an_error_page(
    office: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr(office, "testing", False)
    member = make_user(Role.APPLICANT, locale="en")
    application = make_application(make_round(), "draft", member=member)
    application_id = application.id
    db.session.commit()
    client = browser(office, member.get_id())
    db.session.remove()
    with failing_commits(error):
        answer = client.post(f"/aanvragen/{application_id}/indienen")
    assert (answer.status_code, answer.location) == (status, None)
    assert db.session.get_one(Application, application_id).state == "draft"
    assert (count(Event), count(OutboxRow)) == (0, 0)
    page = words(parse(client.get(f"/aanvragen/{application_id}").text))
    assert "was sent in" not in page, "a message of success outlived the failure"
    assert client.post(f"/aanvragen/{application_id}/indienen").status_code == 303
    assert "Your application was sent in." in client.get(f"/aanvragen/{application_id}").text


def test_who_logs_in_with_a_failed_commit_is_not_logged_in(office: Flask) -> None:
    with office.test_request_context():
        accounts.create(email="anna@voorbeeld.nl", name="Anna", password=PASSWORD, now=MOMENT)
        db.session.commit()
    client = browser(office, None)
    typed = {"email": "anna@voorbeeld.nl", "password": PASSWORD}
    with failing_commits(DISK):
        assert client.post("/account/inloggen", data=typed).status_code == 503
    assert client.get("/account/").status_code == 302
    assert client.post("/account/inloggen", data=typed).status_code == 303
    assert client.get("/account/").status_code == 200


@contextmanager
def away(app: Flask) -> Iterator[None]:
    """Within it the database is not where it was."""
    nowhere = (
        "sqlite:////nergens/subsidy.db"
        if app.config["SETTINGS"].sqlite
        else "postgresql+psycopg://root@127.0.0.1:1/nergens"
    )
    here = db.engine
    db.session.remove()
    db.engines[None] = create_engine(nowhere)
    try:
        yield
    finally:
        db.session.remove()
        db.engines[None] = here


def person(app: Flask) -> FlaskClient:
    user = make_user(Role.OFFICER)
    application = make_application(make_round(), "draft", member=user)
    db.session.add(Membership(application_id=application.id, user_id=make_user().id, capacity="view"))
    db.session.commit()
    return browser(app, user.get_id())


@pytest.mark.parametrize("csrf", [False, True])
def test_a_database_that_is_away_closes_every_page(
    office: Flask, monkeypatch: pytest.MonkeyPatch, *, csrf: bool
) -> None:
    monkeypatch.setattr(office, "testing", False)
    monkeypatch.setitem(office.config, "WTF_CSRF_ENABLED", csrf)
    client = person(office)
    with away(office):
        for address in ("/", "/ronden", "/bureau/", "/account/", "/beheer/", "/nergens", "/account/inloggen"):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert "<h1" in answer.text
        for address in ("/aanvragen/1/indienen", "/account/wachtwoord", "/ronden/x/aanvragen"):
            assert client.post(address, data={"reason": "x"}).status_code == 503, address
        health = client.get("/gezond")
        assert (health.status_code, health.mimetype) == (503, "text/plain")
    assert client.get("/account/").status_code == 200


def test_a_visitor_finds_the_pages_that_need_no_database(office: Flask) -> None:
    client = office.test_client()
    with away(office):
        statuses = {
            one: client.get(one).status_code for one in ("/", "/ronden", "/nergens", "/account/inloggen")
        }
        login = {"email": "anna@voorbeeld.nl", "password": "x" * 12}
        assert client.post("/account/inloggen", data=login).status_code == 503
    assert statuses == {"/": 503, "/ronden": 503, "/nergens": 404, "/account/inloggen": 200}


def test_a_page_that_is_not_there_waits_for_no_writer(office: Flask) -> None:
    client = person(office)
    db.session.remove()
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        begun.append(statement)

    with db.engine.begin():  # on SQLite the one that writes, for as long as it likes
        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get("/nergens").status_code == 404
        assert client.get("/account/").status_code == 200
    assert begun
    assert "BEGIN IMMEDIATE" not in begun, "who begins so waits for the writer"


def test_no_connection_left_is_busy_not_broken(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "testing", False)
    client = person(office)
    db.session.remove()
    here = db.engine
    small = create_engine(here.url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.05)
    db.engines[None] = small
    try:
        with small.connect():
            assert client.get("/account/").status_code == 503
        assert client.get("/account/").status_code == 200
    finally:
        db.session.remove()
        db.engines[None] = here
        small.dispose()
