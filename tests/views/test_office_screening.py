"""The check of an application in the browser: findings, supplement, verdict, and paper that came in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, Mail, OutboxRow, Supplement, User, Verdict
from tests import factories
from tests.conftest import MOMENT
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


@pytest.fixture
def application(app: Flask) -> Application:
    return factories.make_application(factories.make_round(), member=factories.make_user(Role.APPLICANT))


def here(application: Application, path: str = "") -> str:
    return f"/bureau/aanvragen/{application.id}/{path}"


def test_findings_stand_beside_the_application(application: Application, as_user: AsUser) -> None:
    application.requested_cents = 900_000_000
    page = as_user(Role.OFFICER).get(here(application, "toets")).get_data(as_text=True)
    found = [words(row) for row in parse(page).findall(".//tbody/tr")]
    assert sum("Awb 4:23" in row for row in found) == 4
    for text in ("Welzijn Zoetermeer", "Zoetermeer", "9.000.000"):
        assert text in page


def test_checks_can_run_again(application: Application, as_user: AsUser) -> None:
    client = as_user(Role.OFFICER)
    answer = client.post(here(application, "toets/opnieuw"))
    assert answer.location == here(application, "toets")
    assert client.get(here(application, "toets")).status_code == 200


def test_a_supplement_is_asked_once_however_often_it_is_pressed(
    application: Application, as_user: AsUser
) -> None:
    client = as_user(Role.OFFICER)
    typed = {"supplement-asked": "De begroting mist.", "supplement-sections": ["budget", "region"]}
    for _ in range(2):
        answer = client.post(here(application, "aanvulling"), data=typed)
        assert answer.location == here(application, "toets")
    supplement = db.session.scalars(select(Supplement)).one()
    assert supplement.sections == ["region", "budget"]
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    page = client.get(here(application, "toets")).get_data(as_text=True)
    assert "De begroting mist." in page
    assert "aanvulling" not in {one.get("action", "").rpartition("/")[2] for one in parse(page).iter("form")}


def test_a_supplement_needs_words_and_parts_and_keeps_what_was_typed(
    application: Application, as_user: AsUser
) -> None:
    client = as_user(Role.OFFICER)
    answer = client.post(here(application, "aanvulling"), data={"supplement-asked": "De begroting mist."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "De begroting mist." in page
    assert 'id="supplement-sections-error"' in page
    assert db.session.scalars(select(Supplement)).all() == []


@pytest.mark.parametrize(("conclusion", "state"), [("eligible", "eligible"), ("ineligible", "ineligible")])
def test_a_verdict_is_recorded_once(
    application: Application, as_user: AsUser, conclusion: str, state: str
) -> None:
    client = as_user(Role.OFFICER)
    typed = {"verdict-conclusion": conclusion, "verdict-motivation": "Om deze reden."}
    statuses = [client.post(here(application, "oordeel"), data=typed).status_code for _ in range(2)]
    assert statuses == [303, 303]
    db.session.refresh(application)
    assert application.state == state
    assert db.session.scalars(select(Verdict.motivation)).all() == ["Om deze reden."]


def test_a_verdict_needs_reasons_and_keeps_the_choice(application: Application, as_user: AsUser) -> None:
    typed = {"verdict-conclusion": "ineligible", "verdict-motivation": " "}
    answer = as_user(Role.OFFICER).post(here(application, "oordeel"), data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="verdict-motivation-error"' in page
    chosen = [one.get("value") for one in parse(page).iter("input") if one.get("checked") is not None]
    assert "ineligible" in chosen


def test_a_verdict_is_taken_back_with_a_reason(application: Application, as_user: AsUser) -> None:
    client = as_user(Role.OFFICER)
    typed = {"verdict-conclusion": "ineligible", "verdict-motivation": "Te laat."}
    client.post(here(application, "oordeel"), data=typed)
    assert client.post(here(application, "heroverwegen"), data={"again-reason": ""}).status_code == 422
    for _ in range(2):
        answer = client.post(here(application, "heroverwegen"), data={"again-reason": "Storing"})
        assert answer.status_code == 303
    db.session.refresh(application)
    assert application.state == "submitted"
    assert "Te laat." in client.get(here(application, "toets")).get_data(as_text=True)


def test_who_has_an_interest_finds_nothing(application: Application, as_user: AsUser) -> None:
    officer = factories.make_user(Role.OFFICER)
    factories.make_review(application, officer, declared_at=MOMENT, conflict="Bestuurslid")
    client = as_user(officer)
    assert client.get(here(application, "toets")).status_code == 404
    typed = {"verdict-conclusion": "eligible", "verdict-motivation": "Goed."}
    assert client.post(here(application, "oordeel"), data=typed).status_code == 404


PAPER = {
    "received_at": "2026-04-20T10:15",
    "title": "Samen in de wijk",
    "lead-name": "Gemeente Zoetermeer",
    "lead-domain": "gemeente",
    "lead-kvk": "1234 5678",
    "partners-0-name": "Huisartsen",
    "partners-0-domain": "zorgaanbieder",
    "partners-3-name": "",
    "region_name": "Zoetermeer",
    "municipalities": ["GM0637"],
    "requested_cents": "20.000,50",
    "months": "6",
    "reason": "Per post gekregen",
}


def test_paper_is_entered_once_and_checked(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    client = as_user(Role.OFFICER)
    page = f"/bureau/ronden/{round_.slug}/papier"
    assert client.get(page).status_code == 200
    answers = [client.post(page, data=PAPER) for _ in range(2)]
    (application,) = db.session.scalars(select(Application)).all()
    assert {one.location for one in answers} == {here(application, "toets")}
    assert (application.requested_cents, application.months) == (2_000_050, 6)
    assert [(one.name, one.kvk) for one in application.participations] == [
        ("Gemeente Zoetermeer", "12345678"),
        ("Huisartsen", None),
    ]
    assert db.session.scalars(select(OutboxRow.topic)).all() == ["screen"]
    assert client.get(here(application, "toets")).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("title", "", "title"),
        ("lead-name", "", "lead-name"),
        ("lead-domain", "", "lead-domain"),
        ("municipalities", "GM9999", "municipalities"),
        ("requested_cents", "duizend", "requested_cents"),
        ("months", "0", "months"),
        ("reason", "", "reason"),
        ("partners-0-domain", "", "partners-0-domain"),
    ],
)
def test_a_mistake_on_paper_is_told_and_nothing_typed_is_lost(
    app: Flask, as_user: AsUser, name: str, value: str, error: str
) -> None:
    round_ = factories.make_round()
    typed = {"summary": "Wat wij willen", **PAPER, name: value}
    answer = as_user(Role.OFFICER).post(f"/bureau/ronden/{round_.slug}/papier", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{error}-error"' in page
    assert "Wat wij willen" in page
    assert 'value="2026-04-20T10:15"' in page
    assert db.session.scalars(select(Application)).all() == []


def test_partners_are_added_without_scripts(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    typed = {**PAPER, "add": "partners"}
    answer = as_user(Role.OFFICER).post(f"/bureau/ronden/{round_.slug}/papier", data=typed)
    names = {one.get("name") for one in parse(answer.get_data(as_text=True)).iter("input")}
    assert (answer.status_code, "partners-2-name" in names) == (200, True)


def test_a_round_that_is_closed_takes_no_paper(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round(state="decided")
    answer = as_user(Role.OFFICER).post(f"/bureau/ronden/{round_.slug}/papier", data=PAPER)
    assert answer.status_code == 422
    assert "Samen in de wijk" in answer.get_data(as_text=True)


def test_a_supplement_on_paper_is_entered_over_what_is_stored(app: Flask, as_user: AsUser) -> None:
    application = factories.make_application(factories.make_round(), channel="paper")
    client = as_user(Role.OFFICER)
    client.post(
        here(application, "aanvulling"),
        data={"supplement-asked": "Wie doet er mee?", "supplement-sections": ["partners"]},
    )
    page = client.get(here(application, "aanvulling-op-papier")).get_data(as_text=True)
    assert 'value="Huisartsen Zoetermeer"' in page
    typed = {**PAPER, "received_at": "2026-03-10T10:15"}
    early = client.post(here(application, "aanvulling-op-papier"), data=typed)
    assert early.status_code == 422
    assert 'id="received_at-error"' in early.get_data(as_text=True)
    typed["received_at"] = "2026-03-11T10:15"
    for _ in range(2):
        answer = client.post(here(application, "aanvulling-op-papier"), data=typed)
    assert answer.status_code == 404
    db.session.refresh(application)
    assert (application.state, application.title) == ("submitted", "Samen in de wijk")
