"""The minutes of a meeting, through the pages of the chair and the committee."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from subsidy import jobs
from subsidy.db import db
from subsidy.models import AccessLog, PanelAdvice, User
from tests.conftest import Clock
from tests.factories import MOMENT, make_interest, make_user
from tests.pages import parse, words
from tests.services.minuted import Held, hold
from tests.views.declaring import declared_first
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def as_user(as_user: LogIn) -> LogIn:
    """Log people in who declared their interests."""
    return declared_first(as_user)


@pytest.fixture
def held(clock: Clock, app: object) -> Held:  # the store has to be there
    """A meeting that is open, with a chair who reads English."""
    found = hold()
    found.chair.locale = found.late.locale = "en"
    clock.now = MOMENT + timedelta(hours=3)
    return found


def url(held: Held, rest: str = "") -> str:
    return f"/commissie/vergaderingen/{held.meeting.id}/verslag{rest}"


def text(answer: TestResponse) -> str:
    return words(parse(answer.get_data(as_text=True)))


def work() -> None:
    db.session.commit()
    jobs.drain_here(300)


def test_a_concept_can_be_read_while_the_meeting_runs(held: Held, as_user: LogIn) -> None:
    client = as_user(held.chair)
    assert "There are no minutes yet" in text(client.get(url(held)))
    assert client.get(url(held, ".pdf")).status_code == 404
    for _click in range(2):
        assert client.post(url(held)).status_code == 303
    assert "Look again" in text(client.get(url(held)))
    work()
    assert "This is a concept" in text(client.get(url(held)))
    with client.get(url(held, ".pdf")) as pdf:
        assert pdf.data.startswith(b"%PDF-")
        assert pdf.headers["Cache-Control"] == "no-store"
    looks = db.session.scalars(db.select(AccessLog.what)).all()
    assert f"minutes {held.meeting.id}" in looks


def test_the_chair_ticks_that_they_were_read_and_confirms_once(held: Held, as_user: LogIn) -> None:
    held.close()
    work()
    client = as_user(held.chair)
    db.session.refresh(held.meeting)
    digest = held.meeting.minutes_sha256 or ""
    assert "Waits for the chair" in text(client.get(url(held)))
    unread = client.post(url(held, "/bevestigen"), data={"minutes_sha256": digest})
    assert unread.status_code == 422
    assert "Read the minutes first" in text(unread)
    data = {"minutes_sha256": digest, "read": "y"}
    assert client.post(url(held, "/bevestigen"), data=data).status_code == 303
    page = text(client.get(url(held)))
    assert "Vera Voorzit confirmed these minutes on" in page
    again = client.post(url(held, "/bevestigen"), data=data, follow_redirects=True)
    assert "confirmed already" in text(again)
    assert client.post(url(held)).status_code == 303


def test_minutes_that_are_no_longer_right_are_not_confirmed(held: Held, as_user: LogIn) -> None:
    held.close()
    work()
    client = as_user(held.chair)
    db.session.refresh(held.meeting)
    data = {"minutes_sha256": held.meeting.minutes_sha256 or "", "read": "y"}
    db.session.get_one(PanelAdvice, held.applications[0].id).reason = "Anders gezegd."
    db.session.commit()
    answer = client.post(url(held, "/bevestigen"), data=data)
    assert answer.status_code == 422
    assert "Something changed after these minutes were made" in text(answer)
    assert "Make the minutes anew" in text(client.get(url(held)))


def test_who_may_read_them_reads_them_and_does_nothing_else(held: Held, as_user: LogIn) -> None:
    held.close()
    work()
    client = as_user(held.late)
    page = text(client.get(url(held)))
    assert "The chair confirms the minutes." in page
    assert "Make the minutes anew" not in page
    with client.get(url(held, ".pdf")) as pdf:
        assert pdf.status_code == 200
    assert client.post(url(held)).status_code == 404
    assert client.post(url(held, "/bevestigen"), data={"read": "y"}).status_code == 404


@pytest.mark.parametrize("rest", ["", ".pdf"])
def test_who_left_the_room_or_has_an_interest_reads_none(held: Held, as_user: LogIn, rest: str) -> None:
    held.close()
    work()
    conflicted = make_user(Role.CHAIR)
    make_interest(held.applications[2], conflicted)
    for person in (held.member, conflicted):
        assert as_user(person).get(url(held, rest)).status_code == 404
    held.scene.round.state = "decided"
    with as_user(conflicted).get(url(held, rest)) as answer:
        assert answer.status_code == 200
