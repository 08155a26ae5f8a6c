"""The figures together: the JSON of the command, who sees which rounds, and what it costs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Round, User
from subsidy.services import statistics
from subsidy.services.figures.cases import cases_of
from subsidy.services.figures.table import table
from tests.factories import MOMENT, grant, make_application, make_review, make_round, make_user
from tests.services.decided import make_decided
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")


class TestEvaluation:
    def test_the_json_adds_up(self) -> None:
        one, two = make_round("regiobeeld"), make_round("netwerk")
        make_decided(one, "awarded", 700_000)
        make_decided(one, "rejected")
        make_decided(two, "withdrawn")
        make_application(two)
        db.session.flush()
        found = statistics.evaluation([one.slug, two.slug])
        assert found["total"] == {
            "applications": 4,
            "eligible": 3,
            "awarded": 1,
            "rejected": 1,
            "not_processed": 0,
            "withdrawn": 1,
            "requested_cents": 4_000_000,
            "awarded_cents": 700_000,
            "success_rate": 0.5,
        }
        assert found["kinds"]["regiobeeld"] == found["rounds"][one.slug]
        assert found["rounds"][two.slug]["success_rate"] is None
        assert found["pathway"] == {}

    def test_an_unknown_round(self) -> None:
        with pytest.raises(statistics.UnknownRoundError, match="nergens"):
            statistics.evaluation(["nergens"])

    def test_a_row_has_the_width_of_its_columns(self) -> None:
        with pytest.raises(ValueError, match="does not fit"):
            table("x", ("a", "b"), [(1,)])


class TestWhoSeesWhich:
    def slugs(self, user: User) -> list[str]:
        db.session.flush()
        return [one.slug for one in statistics.rounds_within(actor_of(user))]

    def test_drafts_are_left_out_and_the_rest_comes_in_order_of_opening(self) -> None:
        late, early = make_round(), make_round(opens_at=MOMENT - timedelta(days=90))
        make_round(state="draft")
        assert self.slugs(make_user(Role.EVALUATOR)) == [early.slug, late.slug]

    def test_a_role_on_one_round(self) -> None:
        mine, _other = make_round(), make_round()
        user = make_user()
        grant(user, Role.EVALUATOR, mine)
        db.session.refresh(user)
        assert self.slugs(user) == [mine.slug]

    def test_who_takes_part_sees_nothing_of_that_round_ever(self) -> None:
        user = make_user(Role.EVALUATOR)
        make_application(make_round(state="decided"), "awarded", member=user)
        assert self.slugs(user) == []

    def test_an_interest_bars_until_the_decisions_are_announced(self) -> None:
        user, running = make_user(Role.EVALUATOR), make_round()
        decided = make_round(state="decided", imported=True)
        for round_ in (running, decided):
            make_review(
                make_application(round_, "in_review"), user, declared_at=MOMENT, conflict="Bestuurslid"
            )
        assert self.slugs(user) == [decided.slug]


class TestQueries:
    def test_as_many_for_one_row_as_for_three(self, count_queries: Any) -> None:
        def filled(number: int) -> list[Round]:
            rounds = [make_round() for _ in range(number)]
            for round_ in rounds:
                for _ in range(number):
                    make_review(make_decided(round_, "awarded", 1, predecessor="T-0"), score=Decimal(4))
            db.session.flush()
            return rounds

        one, three = filled(1), filled(3)
        cases_of(one)
        with count_queries() as for_one:
            assert len(cases_of(one)) == 1
        with count_queries() as for_three:
            assert len(cases_of(three)) == 9
        assert (for_one.count, for_three.count) == (12, 12)
