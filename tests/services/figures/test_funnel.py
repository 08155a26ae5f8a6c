"""From what came in to what was awarded, and why not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from subsidy.db import db
from subsidy.models import Decision, Supplement, User, Verdict
from subsidy.services.figures import funnel
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from tests.services.decided import cases, make_decided, parties, row_of, rows_of
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def officer(app: Flask) -> User:
    return make_user(Role.OFFICER)


def test_every_stage(officer: User) -> None:
    round_ = make_round()
    make_application(round_, "draft")
    make_application(round_)
    asked, supplied = make_application(round_, "supplement_requested"), make_application(round_)
    for application, at in ((asked, None), (supplied, MOMENT + timedelta(days=3))):
        db.session.add(
            Supplement(
                application_id=application.id,
                asked="De begroting",
                requested_by=officer.id,
                requested_at=MOMENT,
                last_day=date(2026, 3, 24),
                supplied_at=at,
            )
        )
    refused = make_application(round_, "ineligible")
    db.session.add(
        Verdict(
            application_id=refused.id,
            verdict="ineligible",
            motivation="Te laat",
            officer_id=officer.id,
            given_at=MOMENT,
        )
    )
    low, high = make_application(round_, "in_review"), make_decided(round_, "awarded", 1_000_000)
    make_review(low, score=Decimal(1))
    make_review(high, score=Decimal(5))
    counted = {row["stage"]: row["applications"] for row in rows_of(funnel.funnel(cases(round_)))}
    assert counted == {
        "submitted": 6,
        "complete": 5,
        "supplemented": 1,
        "eligible": 5,
        "assessed": 2,
        "fundable": 1,
        "awarded": 1,
    }
    assert row_of(funnel.funnel(cases(round_)), "complete")["of_submitted_rate"] == 0.8333


def test_outcomes_and_their_grounds() -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 900_000)
    for _ in range(2):
        make_decided(round_, "rejected", ground="ceiling")
    make_decided(round_, "not_processed", ground="incomplete")
    make_decided(round_, "rejected")
    make_application(round_)
    found = cases(round_)
    assert [(row["outcome"], row["applications"]) for row in rows_of(funnel.outcomes(found))] == [
        ("awarded", 1),
        ("rejected", 3),
        ("not_processed", 1),
        ("withdrawn", 0),
        ("pending", 1),
    ]
    assert funnel.grounds(found).rows == (
        ("rejected", "ceiling", 2, 0.5),
        ("not_processed", "incomplete", 1, 0.25),
        ("rejected", "unknown", 1, 0.25),
    )


def test_checks_with_their_basis() -> None:
    round_ = make_round()
    make_application(round_)
    make_application(round_, participations=parties("gemeente", "burgers"))
    found = row_of(funnel.checks(cases(round_)), "domains")
    assert (found["passed"], found["warned"], found["failed"]) == (1, 0, 1)
    assert found["basis"] == "subsidieoproep, samenwerking (Awb 4:23)"


def test_a_proposal_is_no_decision(officer: User) -> None:
    round_ = make_round()
    application = make_application(round_, "advised")
    db.session.add(
        Decision(
            application_id=application.id,
            round_id=round_.id,
            outcome="awarded",
            amount_cents=500_000,
            motivation="Past",
            proposed_by=officer.id,
            proposed_at=MOMENT,
            announce_on=date(2026, 4, 1),
        )
    )
    (case,) = cases(round_)
    assert (case.outcome, case.awarded_cents, case.ground, case.decided_on) == ("pending", 0, None, None)


def test_nothing_at_all() -> None:
    round_ = make_round()
    assert cases(round_) == ()
    assert row_of(funnel.funnel(()), "submitted") == {
        "stage": "submitted",
        "applications": 0,
        "of_submitted_rate": None,
    }
