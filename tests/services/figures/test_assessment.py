"""How applications were assessed, counted by hand."""

from decimal import Decimal

import pytest

from subsidy.services.figures import assessment
from tests.factories import MOMENT, make_application, make_review, make_round
from tests.services.decided import cases, row_of, rows_of

pytestmark = pytest.mark.usefixtures("app")


def test_totals_in_steps() -> None:
    round_ = make_round()
    for score in (5, 5, 1):
        make_review(make_application(round_, "in_review"), score=Decimal(score))
    found = {row["total_from"]: row for row in rows_of(assessment.totals(cases(round_)))}
    assert (found[90]["fundable"], found[0]["not_fundable"]) == (2, 1)
    assert sum(row["fundable"] + row["not_fundable"] for row in found.values()) == 3


def test_values_and_spread_per_criterion() -> None:
    round_ = make_round()
    application = make_application(round_, "in_review")
    for score in (2, 5):
        make_review(application, score=Decimal(score))
    make_review(make_application(round_, "in_review"), score=Decimal(4))
    found = row_of(assessment.criteria(cases(round_)), "kwaliteit")
    assert found == {
        "criterion": "kwaliteit",
        "assessed": 2,
        "mean": 3.75,
        "median": 3.75,
        "lowest": 3.5,
        "highest": 4.0,
        "spread": 3.0,
        "worst": 1.0,
        "best": 5.0,
    }


def test_interests() -> None:
    round_ = make_round()
    application = make_application(round_, "in_review")
    make_review(application, score=Decimal(4))
    make_review(application, declared_at=MOMENT, conflict="Werkt bij een partner")
    assert assessment.interests(cases(round_)).rows == (
        ("counted", 1, 0.5),
        ("interest_declared", 1, 0.5),
        ("incomplete", 0, 0.0),
    )
