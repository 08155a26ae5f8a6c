"""The first administrator, and switching an account off, from the command line."""

import re

from flask import Flask
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import User
from subsidy.services import accounts
from tests.factories import MOMENT, make_user
from workflows.permissions import Role


def roles_of(user: User) -> list[str]:
    db.session.expire_all()
    return [grant.role for grant in user.grants]


def test_a_new_administrator_chooses_a_password_by_link(app: Flask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    for _again in range(2):
        answer = runner.invoke(
            args=["account", "create-administrator", " Beheer@Voorbeeld.NL ", "--name", "B"]
        )
        assert answer.exit_code == 0, answer.output
        assert answer.output.startswith("beheer@voorbeeld.nl is administrator\n")
    link = re.search(r"http://localhost:8000(/account/bevestigen/\S+)", answer.output)
    assert link
    data = {"name": "Beheerder", "password": "een lange zin om te onthouden"}
    assert client.post(link[1], data=data).location == "/beheer/"
    user = accounts.find_by_email("beheer@voorbeeld.nl")
    assert user
    assert roles_of(user) == ["administrator", "applicant"]


def test_an_existing_account_becomes_administrator_without_a_link(app: Flask) -> None:
    user = make_user(Role.APPLICANT)
    answer = app.test_cli_runner().invoke(args=["account", "create-administrator", user.email])
    assert answer.output == f"{user.email} is administrator\n"
    assert roles_of(user) == ["applicant", "administrator"]


def test_what_is_no_address_is_refused(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["account", "create-administrator", "beheer"])
    assert (answer.exit_code, answer.output) == (1, "'beheer' is no e-mail address\n")
    assert accounts.find_by_email("beheer") is None


def test_an_account_is_switched_off(app: Flask) -> None:
    user = make_user(Role.OFFICER)
    token = user.session_token
    runner = app.test_cli_runner()
    assert runner.invoke(args=["account", "disable", user.email]).exit_code == 0
    db.session.expire_all()
    assert user.disabled_at == MOMENT
    assert user.session_token != token
    unknown = runner.invoke(args=["account", "disable", "niemand@voorbeeld.nl"])
    assert (unknown.exit_code, unknown.output) == (1, "no account with the address niemand@voorbeeld.nl\n")
