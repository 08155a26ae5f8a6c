"""A request to review, for who gets it: by the link, on the own list, and stopping."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import GrantRow, Mail, Membership, Round, RoundReviewer, User
from subsidy.services import reviewer_invitations
from subsidy.services.reviewer_invitations import Person, Terms
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_review, make_reviewer, make_round, make_user, serve
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
EMAIL = "anna@voorbeeld.nl"
NEW = {"name": "Anna de Vries", "password": "een lang wachtwoord", "secrecy": "y"}


@pytest.fixture
def round_(app: Flask) -> Round:
    return make_round()


@pytest.fixture
def asked(round_: Round) -> Callable[[], tuple[RoundReviewer, str]]:
    """Ask Anna, and give the request and its link."""

    def ask() -> tuple[RoundReviewer, str]:
        officer = actor_of(make_user(Role.OFFICER))
        terms = Terms("referent", 5, MOMENT.date().replace(day=25))
        reviewer_invitations.ask(round_, [Person(EMAIL, "Anna")], terms, actor=officer, now=MOMENT)
        row = db.session.scalars(select(RoundReviewer).filter_by(email=EMAIL, round_id=round_.id)).one()
        db.session.commit()
        body = db.session.scalars(select(Mail.body).order_by(Mail.id.desc())).first() or ""
        found = re.search(r"/beoordelen/uitnodiging/[\w-]+", body)
        assert found
        return row, found[0]

    return ask


Asked = Callable[[], tuple[RoundReviewer, str]]


def roles(email: str = EMAIL) -> set[str]:
    query = select(GrantRow.role).join(User, User.id == GrantRow.user_id).where(User.email == email)
    return set(db.session.scalars(query))


def test_who_has_no_account_makes_one_and_accepts_in_one_go(
    client: FlaskClient, asked: Asked, round_: Round
) -> None:
    row, link = asked()
    assert round_.title in client.get(link).text
    assert row.answer is None
    wrong = client.post(f"{link}/account", data={**NEW, "secrecy": ""})
    assert wrong.status_code == 422
    assert 'id="secrecy-error"' in wrong.text
    assert "Anna de Vries" in wrong.text
    assert db.session.scalars(select(User).filter_by(email=EMAIL)).one_or_none() is None
    answer = client.post(f"{link}/account", data=NEW)
    assert answer.location == "/beoordelen/profiel"
    db.session.expire_all()
    assert (row.answer, row.secrecy_at) == ("accepted", MOMENT)
    assert "reviewer" in roles()
    assert client.get("/beoordelen/profiel").status_code == 200
    assert client.get(link).location == f"/beoordelen/gevraagd/{row.id}"
    assert client.post("/beoordelen/profiel", data={"languages": "nl"}).location == "/beoordelen/"


def test_a_link_works_once(app: Flask, client: FlaskClient, asked: Asked) -> None:
    _row, link = asked()
    client.post(f"{link}/account", data=NEW)
    other = app.test_client()
    assert other.get(link).status_code == 410
    assert other.post(f"{link}/account", data=NEW).status_code == 410
    assert other.post(f"{link}/afwijzen").status_code == 410
    assert other.get("/beoordelen/uitnodiging/onbekend").status_code == 410


def test_a_bad_password_is_told_at_its_field(client: FlaskClient, asked: Asked) -> None:
    row, link = asked()
    answer = client.post(f"{link}/account", data={**NEW, "password": "kort"})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    db.session.expire_all()
    assert row.answer is None


def test_nobody_needs_an_account_to_decline(client: FlaskClient, asked: Asked) -> None:
    row, link = asked()
    assert client.post(f"{link}/afwijzen", data={"reason": "x" * 2001}).status_code == 422
    for _ in range(2):
        assert client.post(f"{link}/afwijzen", data={"reason": "Te druk"}).status_code == 200
    db.session.expire_all()
    assert (row.answer, row.decline_reason) == ("declined", "Te druk")
    assert client.get(link).status_code == 410


def test_who_has_an_account_logs_in_and_answers(
    client: FlaskClient, asked: Asked, as_user: AsUser, round_: Round
) -> None:
    user = make_user(Role.APPLICANT, email=EMAIL)
    row, link = asked()
    page = client.get(link).text
    assert "password" not in page
    assert "/account/inloggen?next=" in page
    assert client.post(f"{link}/account", data=NEW).status_code == 303
    assert row.answer is None
    anna = as_user(user)
    here = anna.get(link).location
    assert here == f"/beoordelen/gevraagd/{row.id}"
    assert anna.post(f"{here}/aannemen").status_code == 422
    for _ in range(2):
        assert anna.post(f"{here}/aannemen", data={"secrecy": "y"}).location == "/beoordelen/profiel"
    assert roles() == {"applicant", "reviewer"}
    assert anna.post(f"{here}/afwijzen").status_code == 422


def test_a_forwarded_link_gives_nobody_else_the_role(
    client: FlaskClient, asked: Asked, as_user: AsUser
) -> None:
    make_user(email=EMAIL)
    other = make_user(Role.APPLICANT)
    row, link = asked()
    stranger = as_user(other)
    page = stranger.get(link)
    assert page.status_code == 200
    assert "/aannemen" not in page.text
    here = f"/beoordelen/gevraagd/{row.id}"
    for step in ("", "/aannemen", "/afwijzen", "/stoppen"):
        method = "GET" if step == "" else "POST"
        assert stranger.open(here + step, method=method, data={"secrecy": "y"}).status_code == 404
    assert stranger.post(f"{link}/account", data=NEW).status_code == 303
    assert stranger.post(f"{link}/afwijzen").status_code == 303
    assert client.get(here).location.startswith("/account/inloggen")
    db.session.expire_all()
    assert row.answer is None
    assert roles(other.email) == {"applicant"}


def test_a_role_that_waits_for_its_owner_is_not_given_by_a_link(client: FlaskClient, asked: Asked) -> None:
    make_user(Role.FINANCE, email=EMAIL, email_confirmed_at=None)
    _row, link = asked()
    assert client.post(f"{link}/account", data=NEW).status_code == 303
    assert roles() == {"finance"}


def test_who_takes_part_is_asked_to_decline(asked: Asked, as_user: AsUser, round_: Round) -> None:
    user = make_user(Role.APPLICANT, email=EMAIL)
    application = make_application(round_)
    db.session.add(Membership(application_id=application.id, user_id=user.id, capacity="view"))
    row, _link = asked()
    anna, here = as_user(user), f"/beoordelen/gevraagd/{row.id}"
    page = anna.get(here).text
    assert f"{here}/aannemen" not in page
    assert f"{here}/afwijzen" in page
    assert anna.post(f"{here}/aannemen", data={"secrecy": "y"}).status_code == 422
    assert anna.post(f"{here}/afwijzen", data={"reason": ""}).location == here
    assert roles() == {"applicant"}


def test_the_own_list_leads_to_what_is_asked(asked: Asked, as_user: AsUser) -> None:
    user = make_reviewer(make_round(), email=EMAIL)
    row, _link = asked()
    client = as_user(user)
    assert f"/beoordelen/gevraagd/{row.id}" in client.get("/beoordelen/").text
    client.post(f"/beoordelen/gevraagd/{row.id}/aannemen", data={"secrecy": "y"})
    assert f"/beoordelen/gevraagd/{row.id}" in client.get("/beoordelen/").text


def test_a_round_that_is_over_stands_in_the_list_without_links(as_user: AsUser, round_: Round) -> None:
    reviewer = make_reviewer(round_)
    review = make_review(make_application(round_, "in_review"), reviewer, score=3)
    client = as_user(reviewer)
    assert f'href="/beoordelen/{review.id}"' in client.get("/beoordelen/").text
    round_.state = "decided"
    db.session.commit()
    page = client.get("/beoordelen/").text
    assert review.application.title in page
    assert f'href="/beoordelen/{review.id}"' not in page
    assert "/gevraagd/" not in page
    assert client.get(f"/beoordelen/{review.id}").status_code == 404


def test_stopping_closes_every_file_of_the_round(as_user: AsUser, round_: Round) -> None:
    reviewer = make_reviewer(round_)
    review = make_review(make_application(round_, "in_review"), reviewer, declared_at=MOMENT)
    row = db.session.scalars(select(RoundReviewer).filter_by(user_id=reviewer.id)).one()
    client, here = as_user(reviewer), f"/beoordelen/gevraagd/{row.id}"
    assert client.get(f"/beoordelen/{review.id}").status_code == 200
    assert client.post(f"{here}/stoppen", data={"reason": ""}).status_code == 422
    for _ in range(2):
        assert client.post(f"{here}/stoppen", data={"reason": "Ziek"}).location == here
    assert client.get(here).status_code == 200
    assert client.get(f"/beoordelen/{review.id}").status_code == 404
    assert client.get("/beoordelen/").status_code == 403


def test_the_profile_works_without_scripts_and_keeps_what_is_typed(as_user: AsUser, round_: Round) -> None:
    client = as_user(make_reviewer(round_))
    typed = {"languages": "nl", "about": "Arts", "away-0-first": "2026-05-01", "away-0-last": "2026-04-01"}
    page = client.post("/beoordelen/profiel", data={**typed, "add": "away"})
    assert page.status_code == 200
    assert 'name="away-1-first"' in page.text
    assert "Arts" in page.text
    assert client.post("/beoordelen/profiel", data=typed).status_code == 422
    kept = client.post("/beoordelen/profiel", data={**typed, "kvk": "12"})
    assert 'value="12"' in kept.text
    good = {**typed, "away-0-last": "2026-05-09", "known": "GM0637", "themes": "preventie"}
    assert client.post("/beoordelen/profiel", data=good).location == "/beoordelen/"
    assert 'value="2026-05-09"' in client.get("/beoordelen/profiel").text


def test_the_list_costs_the_same_for_one_and_for_three_requests(as_user: AsUser, app: Flask) -> None:
    user = make_user(Role.REVIEWER)
    client, key = as_user(user), user.id
    counted = []
    for more in (1, 2):
        for _ in range(more):
            person = db.session.get_one(User, key)
            serve(person, make_round(), answer=None, answered_at=None, secrecy_at=None)
        db.session.commit()
        db.session.expunge_all()
        with QueryCount() as queries:
            assert client.get("/beoordelen/").status_code == 200
        counted.append(queries.count)
    assert counted[0] == counted[1]
