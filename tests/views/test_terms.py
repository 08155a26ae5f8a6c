"""The pages that show how a term was counted: for the applicant, and for the office."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Letter, Membership, Round, Supplement, User
from subsidy.services import file_store, letter_terms, letters
from subsidy.services.basis import PaymentBasis
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse, words
from tests.services import announced
from tests.services.later import CORRECTION, carry_out, make_decided, moving_up
from tests.services.rounds import make_scene
from workflows.correspondence import ProcedureKind
from workflows.mandates import DecisionKind
from workflows.permissions import Role
from workflows.term_account import TermKind

AsUser = Callable[[User | Role], FlaskClient]


@pytest.fixture
def round_(app: Flask) -> Round:
    # Closed on Wednesday 18 February 2026; 22 weeks later is Wednesday 22 July.
    return factories.make_round(opens_at=MOMENT - timedelta(days=60), closes_at=MOMENT - timedelta(days=20))


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def application(round_: Round, member: User) -> Application:
    return factories.make_application(
        round_, "submitted", member=member, submitted_at=MOMENT - timedelta(days=25)
    )


def placed(application: Application, kind: ProcedureKind, last_day: date | None) -> Letter:
    letter = letters.order(
        application, kind, of="1", facts={}, dated=MOMENT.date(), now=MOMENT, last_day=last_day
    )
    db.session.execute(db.update(Letter).where(Letter.id == letter.id).values(sha256=_stored()))
    db.session.refresh(letter)
    letters.place(letter, at=MOMENT)
    return letter


def _stored() -> str:
    return file_store.put(b"%PDF-1.7", media_type="application/pdf", now=MOMENT).sha256


def steps(page: str) -> dict[str, str]:
    """The rows of the tables on a page: the step and its outcome."""
    found = {}
    for row in parse(page).iter("tr"):
        cells = [words(cell) for cell in row]
        if len(cells) == 2:
            found[cells[0]] = cells[1]
    return found


def term_page(letter: Letter) -> str:
    return f"/aanvragen/{letter.application_id}/post/{letter.id}/termijn"


def ask_supplement(application: Application, **values: object) -> Supplement:
    row = Supplement(
        **{
            "application_id": application.id,
            "asked": "Plan",
            "sections": [],
            "requested_by": factories.make_user(Role.OFFICER).id,
            "requested_at": MOMENT,
            "last_day": date(2026, 3, 24),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_the_term_to_object_is_shown_step_by_step(as_user: AsUser, member: User) -> None:
    scene = make_decided((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
    db.session.flush()
    letter = db.session.scalars(select(Letter)).one()
    page = as_user(member).get(term_page(letter)).text
    # Announced on Tuesday 10 March 2026; six weeks later is an ordinary Tuesday.
    told = steps(page)
    assert told["Het besluit is bekendgemaakt"] == "dinsdag 10 maart 2026"
    assert told["De termijn begint op de dag daarna"] == "woensdag 11 maart 2026"
    assert told["Laatste dag die in de brief staat"] == "dinsdag 21 april 2026"
    for article in ("artikel 6:7 Awb", "artikel 6:8, lid 1, Awb", "artikel 4:87, lid 1, Awb"):
        assert article in page
    assert "Twee verschillende dagen" not in page


def test_a_closed_day_is_named_and_a_printed_day_that_differs_is_told(
    application: Application, member: User, as_user: AsUser
) -> None:
    letter = placed(application, ProcedureKind.SUPPLEMENT, date(2026, 3, 26))
    ask_supplement(application)
    (account, _decision) = letter_terms.of_letter(letter, today=MOMENT.date())
    assert (account.kind, account.holds, account.set_by_letter) == (TermKind.SUPPLEMENT, False, True)
    page = as_user(member).get(term_page(letter)).text
    assert "Twee verschillende dagen" in page
    assert "De dag in de brief telt dus" in page
    told = steps(page)
    assert told["Laatste dag, volgens deze telling"]
    assert told["Laatste dag die in de brief staat"] == "donderdag 26 maart 2026"


def test_a_printed_day_of_a_law_that_differs_is_a_warning(as_user: AsUser) -> None:
    scene = make_scene((5,))
    (decision,) = announced.propose(scene)
    letter = letters.of_decision(scene.confirm(decision), now=MOMENT)
    assert letter.last_day is not None
    (objection, *_) = letter_terms.of_letter(letter, today=MOMENT.date())
    assert objection.holds
    # What was counted by a calendar that lacked a decree day.
    db.session.expunge(letter)
    letter.last_day -= timedelta(days=1)
    (objection, *_) = letter_terms._of_decision(letter)
    assert not objection.holds
    assert not objection.set_by_letter


def test_after_a_decision_on_an_objection_the_term_is_that_of_appeal(as_user: AsUser, member: User) -> None:
    scene = make_decided((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
    remedy = replace(moving_up(scene, application, 500_000), kind=DecisionKind.REMEDY, remedy_of="uw bezwaar")
    carry_out(scene, 0, replace(remedy, ground="ceiling"))
    letter = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    (appeal, payment) = letter_terms.of_letter(letter, today=MOMENT.date())
    assert (appeal.kind, payment.kind) == (TermKind.APPEAL, TermKind.PAYMENT)
    page = as_user(member).get(term_page(letter)).text
    assert "Tot wanneer u in beroep kunt bij de rechtbank" in page
    assert "artikel 8:1 Awb" in page


def test_a_place_on_the_reserve_list_has_a_term(as_user: AsUser) -> None:
    scene = make_decided((5, 4), ceiling_cents=1_000_000)
    second = scene.applications[1]
    letter = db.session.scalars(select(Letter).where(Letter.application_id == second.id)).one()
    assert letter.kind == "reserve"
    (_objection, reserve) = letter_terms.of_letter(letter, today=MOMENT.date())
    assert (reserve.kind, reserve.set_by_letter, reserve.holds) == (TermKind.RESERVE, True, True)
    assert reserve.printed is not None


def test_until_when_we_decide_shows_what_stood_still_and_a_delay(
    application: Application, member: User, as_user: AsUser
) -> None:
    ask_supplement(application, supplied_at=MOMENT + timedelta(days=5))
    until = date(2026, 12, 1)
    letter = placed(application, ProcedureKind.DELAY, until)
    for page in (f"/aanvragen/{application.id}/beslistermijn", term_page(letter)):
        text = as_user(member).get(page).text
        told = steps(text)
        assert told["Er komen 4 dagen bij"]
        assert told["De termijn stond stil: Wij wachtten op de aanvulling"].startswith(
            "van woensdag 11 maart"
        )
        assert told["Nieuwe dag die wij in een brief noemden"] == "dinsdag 1 december 2026"
        for article in (
            "artikel 4:13, lid 1, Awb",
            "lid 1, onder a, Awb",
            "artikel 4:14 Awb",
            "artikel 4 Atw",
        ):
            assert article in text


def test_the_page_says_the_day_that_the_list_says(
    application: Application, member: User, as_user: AsUser
) -> None:
    ask_supplement(application, supplied_at=MOMENT + timedelta(days=5))
    client = as_user(member)
    assert "26 juli 2026" in client.get(f"/aanvragen/{application.id}").text
    told = steps(client.get(f"/aanvragen/{application.id}/beslistermijn").text)
    assert told["Laatste dag, volgens deze telling"] == "zondag 26 juli 2026"


def test_the_office_sees_every_term_of_a_file(
    application: Application, as_user: AsUser, count_queries: type[QueryCount]
) -> None:
    ask_supplement(application, expired_at=MOMENT + timedelta(days=15))
    placed(application, ProcedureKind.SUPPLEMENT, date(2026, 3, 24))
    client = as_user(Role.OFFICER)
    address = f"/bureau/aanvragen/{application.id}/termijnen"
    text = client.get(address).text
    for title in (
        "Tot wanneer wij de tijd hebben om te beslissen",
        "Tot wanneer wij kunnen beslissen dat wij de aanvraag niet behandelen",
        "Tot wanneer de aanvrager kan aanvullen",
    ):
        assert title in text
    assert address in client.get(f"/bureau/aanvragen/{application.id}").text
    counts, file = [], application.id
    for kind in (ProcedureKind.REBUTTAL, ProcedureKind.HEARING):
        db.session.expunge_all()
        with count_queries() as queries:
            client.get(address)
        counts.append(queries.count)
        placed(db.session.get_one(Application, file), kind, date(2026, 3, 24))
    assert counts[0] == counts[1]


class TestKept:
    """Terms tell of the file, so they are kept with it."""

    def test_the_terms_of_a_file_are_for_who_may_see_it(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        conflicted = factories.make_user(Role.OFFICER)
        factories.make_interest(application, conflicted)
        address = f"/bureau/aanvragen/{application.id}/termijnen"
        for person in (conflicted, member, factories.make_user(Role.APPLICANT)):
            assert as_user(person).get(address).status_code in {403, 404}
        assert as_user(Role.AUDITOR).get(address).status_code == 200

    def test_the_terms_of_a_decision_are_for_who_may_read_its_letter(self, as_user: AsUser) -> None:
        scene = make_decided((5, 4))
        application, other = scene.applications
        officer = factories.make_user(Role.OFFICER)
        address = f"/bureau/aanvragen/{application.id}/termijnen"
        assert "Tot wanneer de aanvrager bezwaar kan maken" in as_user(officer).get(address).text
        factories.make_interest(other, officer)
        assert "Tot wanneer de aanvrager bezwaar kan maken" not in as_user(officer).get(address).text


def test_an_award_with_payments_of_its_own_has_no_other_term_to_pay(app: Flask) -> None:
    """Its letter says in a table when money comes; the weeks of the round would say otherwise."""
    assert app.testing
    scene = make_decided((5,))
    letter = db.session.scalars(select(Letter)).one()
    today = MOMENT.date()
    kinds = [one.kind for one in letter_terms.of_letter(letter, today=today)]
    assert kinds == [TermKind.OBJECTION, TermKind.PAYMENT]
    assert letter.decision is not None
    payments = (PaymentBasis(when="Na de start van het project", cents=letter.decision.amount_cents),)
    later = carry_out(scene, 0, replace(CORRECTION, payments=payments))
    second = db.session.scalars(select(Letter).where(Letter.decision_id == later.id)).one()
    assert [one.kind for one in letter_terms.of_letter(second, today=today)] == [TermKind.OBJECTION]
