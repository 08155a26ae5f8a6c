"""The pages of an account, as a visitor's browser meets them."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import LoginThrottle, Mail, User
from subsidy.services import accounts, passwords
from tests.conftest import Clock
from tests.factories import MOMENT, make_user
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
PASSWORD = "een lange zin om te onthouden"
OTHER = "nog een lange zin met woorden"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def anna(app: Flask) -> User:
    with app.test_request_context():
        user = accounts.create(email="anna@voorbeeld.nl", name="Anna", password=PASSWORD, now=MOMENT)
    db.session.commit()
    return user


def log_in(
    client: FlaskClient, password: str = PASSWORD, email: str = "anna@voorbeeld.nl", **more: str
) -> TestResponse:
    return client.post("/account/inloggen", data={"email": email, "password": password, **more})


def link_in_last_mail() -> str:
    body = db.session.scalars(select(Mail.body).order_by(Mail.id.desc())).first()
    return re.search(r"https?://[^/]+(/account/\S+)", body)[1]


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def test_from_registering_to_logged_in(client: FlaskClient) -> None:
    for page in ("registreren", "inloggen", "wachtwoord-vergeten", "mail-verstuurd"):
        assert client.get(f"/account/{page}").status_code == 200
    answer = client.post("/account/registreren", data={"name": "Anna", "email": "anna@voorbeeld.nl"})
    assert (answer.status_code, answer.location) == (303, "/account/mail-verstuurd")
    link = link_in_last_mail()
    assert client.get(link).status_code == 200
    assert not db.session.scalars(select(User)).one().is_active
    refused = client.post(link, data={"name": "Anna", "password": "kort"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert client.post(link, data={"name": "Anna de Boer", "password": PASSWORD}).status_code == 303
    assert is_logged_in(client)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"name": "Anna", "password": OTHER}).status_code == 410


def test_registering_answers_the_same_for_a_known_address(client: FlaskClient, anna: User) -> None:
    answers = [
        client.post("/account/registreren", data={"name": "Iemand", "email": email})
        for email in (anna.email, "nieuw@voorbeeld.nl")
    ]
    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    assert [user.name for user in db.session.scalars(select(User).order_by(User.id))] == ["Anna", "Iemand"]


def test_forgetting_answers_the_same_for_an_unknown_address(client: FlaskClient, anna: User) -> None:
    answers = [
        client.post("/account/wachtwoord-vergeten", data={"email": email})
        for email in (anna.email, "niemand@voorbeeld.nl")
    ]
    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1


@pytest.mark.parametrize(
    "data", [{}, {"name": "A", "email": "geen adres"}, {"name": " ", "email": "a@voorbeeld.nl"}]
)
def test_what_is_wrong_with_a_registration_is_said(client: FlaskClient, data: dict[str, str]) -> None:
    answer = client.post("/account/registreren", data=data)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert db.session.scalars(select(User)).all() == []


def test_logging_in_begins_a_fresh_session(client: FlaskClient, anna: User) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        before["csrf_token"] = "known"
    answer = log_in(client)
    assert (answer.status_code, answer.location) == (303, "/aanvragen")
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != "known"
        assert after.permanent


def test_a_wrong_password_is_counted_although_the_page_is_shown_again(
    client: FlaskClient, anna: User
) -> None:
    answer = log_in(client, "verkeerd")
    assert answer.status_code == 200
    assert "anna@voorbeeld.nl" in answer.text
    assert "verkeerd" not in answer.text
    db.session.rollback()
    assert sorted(row.failures for row in db.session.scalars(select(LoginThrottle))) == [1, 1]
    assert not is_logged_in(client)


def test_too_many_attempts_say_when_to_try_again(client: FlaskClient, anna: User, clock: Clock) -> None:
    for _ in range(5):
        log_in(client, "verkeerd")
    answer = log_in(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    clock.now += timedelta(seconds=3)
    assert log_in(client).status_code == 303


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("/account/", "/account/"),
        ("/account/?a=b&c=d#e", "/account/?a=b&c=d#e"),
        ("//elders.nl/", "/aanvragen"),
        ("///elders.nl", "/aanvragen"),
        ("/\\elders.nl", "/aanvragen"),
        ("/\t/elders.nl", "/aanvragen"),
        ("/\n/elders.nl", "/aanvragen"),
        ("https://elders.nl/", "/aanvragen"),
        ("javascript:alert(1)", "/aanvragen"),
        ("elders", "/aanvragen"),
        ("", "/aanvragen"),
    ],
)
def test_after_logging_in_only_own_pages_are_returned_to(
    client: FlaskClient, anna: User, wish: str, answer: str
) -> None:
    assert log_in(client, next=wish).location == answer


def test_a_page_that_needs_a_login_is_returned_to(client: FlaskClient, anna: User) -> None:
    asked = client.get("/account/?x=1")
    assert asked.location == "/account/inloggen?next=/account/?x%3D1"
    assert 'value="/account/?x=1"' in client.get(asked.location).text


def test_logging_out_is_a_post_and_keeps_the_language(client: FlaskClient, anna: User) -> None:
    log_in(client)
    client.post("/account/taal", data={"locale": "en", "next": "/"})
    assert client.get("/account/uitloggen").status_code == 405
    assert client.post("/account/uitloggen").status_code == 303
    assert not is_logged_in(client)
    assert '<html lang="en">' in client.get("/account/inloggen").text


def test_a_forgotten_password_is_replaced_and_other_sessions_end(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    log_in(client)
    client.post("/account/wachtwoord-vergeten", data={"email": anna.email})
    link = link_in_last_mail()
    elsewhere = app.test_client()
    assert elsewhere.get(link).status_code == 200
    assert elsewhere.post(link, data={"password": "Anna12345678"}).status_code == 422
    assert elsewhere.post(link, data={"password": OTHER}).status_code == 303
    assert elsewhere.get(link).status_code == 410
    assert (is_logged_in(elsewhere), is_logged_in(client)) == (True, False)
    assert log_in(client).status_code == 200
    assert log_in(client, OTHER).status_code == 303


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    log_in(client)
    elsewhere = app.test_client()
    log_in(elsewhere)
    wrong = client.post("/account/wachtwoord", data={"current": "verkeerd", "password": OTHER})
    assert wrong.status_code == 200
    assert is_logged_in(elsewhere)
    short = client.post("/account/wachtwoord", data={"current": PASSWORD, "password": "kort"})
    assert short.status_code == 422
    right = client.post("/account/wachtwoord", data={"current": PASSWORD, "password": OTHER})
    assert right.status_code == 303
    assert (is_logged_in(client), is_logged_in(elsewhere)) == (True, False)


def test_details_are_changed_and_the_language_with_them(client: FlaskClient, anna: User) -> None:
    log_in(client)
    saved = client.post("/account/", data={"name": "Anna B", "organisation": "Gemeente", "locale": "en"})
    assert saved.status_code == 303
    db.session.expire_all()
    assert (anna.name, anna.organisation, anna.locale) == ("Anna B", "Gemeente", "en")
    assert '<html lang="en">' in client.get("/account/").text
    refused = client.post("/account/", data={"name": "", "locale": "fr"})
    assert refused.status_code == 422
    db.session.expire_all()
    assert (anna.name, anna.locale) == ("Anna B", "en")


def test_a_visitor_chooses_a_language_and_returns_to_the_page(client: FlaskClient) -> None:
    answer = client.post("/account/taal", data={"locale": "en", "next": "/account/inloggen?next=/account/"})
    assert (answer.status_code, answer.location) == (303, "/account/inloggen?next=/account/")
    assert '<html lang="en">' in client.get("/account/inloggen").text
    assert client.post("/account/taal", data={"locale": "en", "next": "//elders.nl"}).location == "/"
    assert client.post("/account/taal", data={"locale": "fr"}).status_code == 400


@pytest.mark.parametrize("values", [{"disabled_at": MOMENT}, {"email_confirmed_at": None}])
def test_an_account_that_may_not_log_in_has_no_session_either(
    as_user: LogIn, values: dict[str, object]
) -> None:
    assert not is_logged_in(as_user(make_user(Role.APPLICANT, **values)))


@pytest.mark.parametrize("role", list(Role))
def test_everyone_sees_their_own_account_and_a_menu(as_user: LogIn, role: Role) -> None:
    page = as_user(role).get("/account/").text
    assert page.count('aria-current="page"') == 1


def test_guesses_at_once_do_not_slip_through_together(real_app: Flask) -> None:
    def guess(_: int) -> int:
        return log_in(real_app.test_client(), "verkeerd").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(guess, range(12)))
    assert sorted(answers) == [200] * 5 + [429] * 7


def test_two_presses_on_a_link_make_one_account(real_app: Flask) -> None:
    client = real_app.test_client()
    client.post("/account/registreren", data={"name": "Anna", "email": "anna@voorbeeld.nl"})
    with real_app.app_context():
        link = link_in_last_mail()

    def press(_: int) -> int:
        return real_app.test_client().post(link, data={"name": "Anna", "password": PASSWORD}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [303, 410, 410, 410]
