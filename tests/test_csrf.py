"""A form that this site did not give to this session changes nothing, whatever its address."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import Form, PasswordField

from forms import account
from subsidy import errors
from subsidy.db import Base, db
from subsidy.models import User
from tests.factories import make_user
from tests.pages import parse, words
from tests.test_access import World, rules, world
from workflows.permissions import Role

__all__ = ["world"]

LogIn = Callable[[User | Role], FlaskClient]
TYPED = "Wij gaan samen met de bewoners aan het werk."


@pytest.fixture(autouse=True)
def _with_csrf(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def everything() -> dict[str, list[object]]:
    """All rows of all tables."""
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


def token_of(client: FlaskClient, page: str = "/account/inloggen") -> str:
    """The token in the forms of a page."""
    fields = parse(client.get(page).text).iter("input")
    return next(one.get("value") or "" for one in fields if one.get("name") == "csrf_token")


@pytest.mark.slow
@pytest.mark.parametrize("person", ["visitor", "member", "officer"])
def test_no_post_without_the_token_of_the_session(
    app: Flask, world: World, as_user: LogIn, person: str
) -> None:
    if person == "visitor":
        client = app.test_client()
        with client.session_transaction() as session:
            session["locale"] = "en"
    else:
        world.people[person].locale = "en"
        client = as_user(world.people[person])
    of_another = token_of(app.test_client())
    addresses = [
        app.url_map.bind("localhost").build(rule.endpoint, world.arguments(rule, person))
        for rule in rules(app)
        if "POST" in (rule.methods or ())
    ]
    assert len(addresses) > 40
    before = everything()
    for address in addresses:
        for typed in ({}, {"csrf_token": "wrong"}, {"csrf_token": of_another}):
            answer = client.post(address, data=typed)
            assert answer.status_code == 400, f"{address} {typed}: {answer.status_code}"
            told = words(parse(answer.text).find(".//main"))
            assert "Nothing was changed." in told
            assert "Go back with your browser: most browsers still show what you typed." in told
    db.session.expire_all()
    assert everything() == before


def test_with_the_token_it_works(client: FlaskClient) -> None:
    typed = {"name": "Anna", "email": "anna@voorbeeld.nl"}
    token = token_of(client, "/account/registreren")
    assert client.post("/account/registreren", data={**typed, "csrf_token": token}).status_code == 303


class TestASessionThatEnded:
    """What was typed was not stored; so the page gives it back."""

    def test_gives_back_what_was_typed(self, client: FlaskClient) -> None:
        answer = client.post("/aanvragen/1/intrekken", data=self.typed(), headers=self.own())
        assert answer.status_code == 400
        tree = parse(answer.text)
        assert [words(one) for one in tree.iter("blockquote")] == [TYPED, "<b>Anna</b> de Boer"]

    def test_gives_nothing_back_to_another_site(self, client: FlaskClient) -> None:
        for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            for page in ("intrekken", "onderdelen/plan"):
                answer = client.post(f"/aanvragen/1/{page}", data=self.typed(), headers=headers)
                assert answer.status_code == 400
                assert TYPED not in answer.text

    def test_never_shows_a_password(self, client: FlaskClient) -> None:
        secret = {name: f"een geheime zin {name}" for name in errors.SECRET}
        answer = client.post("/account/wachtwoord", data=secret, headers=self.own())
        assert "geheime zin" not in answer.text

    def test_knows_every_field_with_a_password(self) -> None:
        kinds = [one for one in vars(account).values() if isinstance(one, type) and issubclass(one, Form)]
        found = {field.name for kind in kinds for field in kind() if isinstance(field, PasswordField)}
        assert found == errors.SECRET

    def test_ended_in_another_window(self, as_user: LogIn) -> None:
        """Who logs out and in again elsewhere has a form with the token of the earlier session."""
        person = make_user(Role.APPLICANT)
        early = token_of(as_user(person), "/account/")
        typed = {"name": "Anna de Boer", "csrf_token": early}
        answer = as_user(person).post("/account/", data=typed, headers=self.own())
        assert answer.status_code == 400
        assert "Anna de Boer" in words(parse(answer.text).find(".//blockquote"))

    @staticmethod
    def typed() -> dict[str, str]:
        return {"answer-approach": TYPED, "title": "<b>Anna</b> de Boer", "seen": "0" * 64}

    @staticmethod
    def own() -> dict[str, str]:
        return {"Origin": "http://localhost"}
