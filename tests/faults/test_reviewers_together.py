"""Asking, answering and stopping at the same moment, over real connections: done once, and no fault."""

import re

from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Event, GrantRow, Mail, Review, Round, RoundReviewer, User
from subsidy.services import events, reviewer_invitations
from subsidy.services.reviewer_invitations import Person, Terms
from tests.conftest import MOMENT
from tests.factories import make_application, make_review, make_reviewer, make_round, make_user
from tests.faults.together import Press, at_once, count, follow
from workflows.permissions import Role

EMAIL = "anna@voorbeeld.nl"
TYPED: dict[str, object] = {
    "new_people": f"Anna {EMAIL}\nbea@voorbeeld.nl",
    "body": "referent",
    "reply_by": "2026-03-20",
}
NEW: dict[str, object] = {"name": "Anna", "password": "een lang wachtwoord", "secrecy": "y"}


def pressed(app: Flask, presses: list[Press]) -> list[int]:
    """Let all press at once; the statuses, after a look at where everybody ends."""
    db.session.commit()
    db.session.remove()
    answers = at_once(app, presses)
    ends = [follow(app, press, answer) for press, answer in zip(presses, answers, strict=True)]
    # A visitor who follows without the session that was begun is sent to log in.
    assert set(ends) <= {200, 302, 404, 410, 422}, ends
    assert list(events.verify()) == []
    return sorted(answer.status_code for answer in answers)


def told(name: str) -> int:
    return count(Event, Event.name == name)


def ask_anna(round_: Round) -> tuple[RoundReviewer, str]:
    """A request to Anna, and its link."""
    officer = actor_of(make_user(Role.OFFICER))
    terms = Terms("referent", None, MOMENT.date().replace(day=20))
    reviewer_invitations.ask(round_, [Person(EMAIL, "Anna")], terms, actor=officer, now=MOMENT)
    body = db.session.scalars(select(Mail.body)).one()
    found = re.search(r"/beoordelen/uitnodiging/[\w-]+", body)
    assert found
    return db.session.scalars(select(RoundReviewer)).one(), found[0]


def test_two_officers_ask_the_same_people(office: Flask) -> None:
    round_ = make_round()
    url = f"/bureau/ronden/{round_.slug}/beoordelaars/vragen"
    presses = [Press(make_user(Role.OFFICER).get_id(), url, TYPED) for _ in range(2)]
    assert pressed(office, presses) == [303, 303]
    assert count(RoundReviewer) == count(Mail) == told("reviewer.asked") == 2


def test_accepting_twice(office: Flask) -> None:
    user = make_user(Role.APPLICANT, email=EMAIL)
    row, _link = ask_anna(make_round())
    press = Press(user.get_id(), f"/beoordelen/gevraagd/{row.id}/aannemen", {"secrecy": "y"})
    assert pressed(office, [press, press]) == [303, 303]
    assert told("reviewer.accepted") == told("grant.given") == 1
    assert count(GrantRow, GrantRow.role == "reviewer") == 1


def test_accepting_and_declining_is_one_of_both(office: Flask) -> None:
    user = make_user(Role.APPLICANT, email=EMAIL)
    row, _link = ask_anna(make_round())
    here = f"/beoordelen/gevraagd/{row.id}"
    presses = [
        Press(user.get_id(), f"{here}/aannemen", {"secrecy": "y"}),
        Press(user.get_id(), f"{here}/afwijzen"),
    ]
    assert pressed(office, presses) == [303, 422]
    assert told("reviewer.accepted") + told("reviewer.declined") == 1
    assert count(GrantRow, GrantRow.role == "reviewer") == told("reviewer.accepted")


def test_making_an_account_by_the_link_twice(office: Flask) -> None:
    _row, link = ask_anna(make_round())
    press = Press(None, f"{link}/account", NEW)
    statuses = pressed(office, [press, press])
    assert statuses[0] == 303
    assert set(statuses) <= {303, 410}
    assert count(User, User.email == EMAIL) == told("reviewer.accepted") == 1


def test_accepting_while_the_office_withdraws(office: Flask) -> None:
    user, officer = make_user(Role.APPLICANT, email=EMAIL), make_user(Role.OFFICER)
    round_ = make_round()
    row, _link = ask_anna(round_)
    presses = [
        Press(user.get_id(), f"/beoordelen/gevraagd/{row.id}/aannemen", {"secrecy": "y"}),
        Press(officer.get_id(), f"/bureau/ronden/{round_.slug}/beoordelaars/{row.id}/intrekken"),
    ]
    pressed(office, presses)
    assert told("reviewer.accepted") + told("reviewer.request_withdrawn") == 1
    assert count(GrantRow, GrantRow.role == "reviewer") == told("reviewer.accepted")


def test_both_sides_end_it_at_once(office: Flask) -> None:
    round_ = make_round()
    reviewer, officer = make_reviewer(round_), make_user(Role.OFFICER)
    make_review(make_application(round_, "in_review"), reviewer)
    make_review(make_application(round_, "in_review"), reviewer, declared_at=MOMENT)
    row = db.session.scalars(select(RoundReviewer)).one()
    presses = [
        Press(reviewer.get_id(), f"/beoordelen/gevraagd/{row.id}/stoppen", {"reason": "Ziek"}),
        Press(
            officer.get_id(), f"/bureau/ronden/{round_.slug}/beoordelaars/{row.id}/stoppen", {"reason": "Weg"}
        ),
    ]
    assert pressed(office, presses) == [303, 303]
    assert told("reviewer.dropped") == told("review.released") == told("review.unassigned") == 1
    assert count(Review) == count(Review, Review.released_at.is_not(None)) == 1
    assert count(Mail) == 1
