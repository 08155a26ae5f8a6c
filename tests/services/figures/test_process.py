"""Days, arrivals and paths, counted by hand."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from subsidy.db import db
from subsidy.models import Supplement, User
from subsidy.services.figures import process
from tests.factories import make_application, make_round, make_user
from tests.services.decided import cases, make_decided, parties
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def officer(app: Flask) -> User:
    return make_user(Role.OFFICER)


def test_days_without_those_that_the_term_stood_still(officer: User) -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 1, decided_on=date(2026, 3, 20))
    slow = make_decided(round_, "awarded", 1, decided_on=date(2026, 4, 9))
    db.session.add(
        Supplement(
            application_id=slow.id,
            asked="De begroting",
            requested_by=officer.id,
            requested_at=datetime(2026, 3, 12, 9, tzinfo=UTC),
            last_day=date(2026, 3, 26),
            expired_at=datetime(2026, 3, 26, 23, 30, tzinfo=UTC),
        )
    )
    assert process.lead_times(cases(round_)).rows[0] == ("awarded", 2, 10, 20.0, 30, 12.5)


def test_arrivals_are_counted_per_day_in_amsterdam() -> None:
    round_ = make_round()
    make_application(round_, submitted_at=datetime(2026, 3, 9, 22, 30, tzinfo=UTC))
    make_application(round_, submitted_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    make_application(round_, submitted_at=datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert process.received(cases(round_)).rows == (("2026-03-09", 1, 1), ("2026-03-10", 2, 3))


def test_the_path_from_award_to_award() -> None:
    first, second = make_round("regiobeeld"), make_round("netwerk")
    won, lost = make_decided(first, "awarded", 1), make_decided(first, "rejected")
    make_decided(second, "awarded", 1, predecessor=won.reference)
    make_decided(second, "awarded", 1, predecessor=lost.reference)
    make_decided(second, "rejected", predecessor=won.reference)
    assert process.pathway(cases(first, second)).rows == (("netwerk", "regiobeeld", 1),)


def test_main_applicants_that_come_back() -> None:
    one, two = make_round(), make_round()
    for round_ in (one, two):
        make_application(round_, participations=parties("gemeente"))
    make_application(two, participations=[*parties("burgers")])
    assert process.returning(cases(one, two)).rows == ((3, 1),)
