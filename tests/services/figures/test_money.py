"""Amounts, counted by hand."""

from decimal import Decimal

import pytest

from subsidy.services import statistics
from subsidy.services.figures import money
from tests.factories import make_application, make_review, make_round
from tests.services.decided import cases, make_decided, row_of

pytestmark = pytest.mark.usefixtures("app")


def test_amounts_and_their_part_of_the_ceiling() -> None:
    round_ = make_round(ceiling_cents=2_000_000)
    awarded, unfunded = make_decided(round_, "awarded", 800_000), make_decided(round_, "rejected")
    for application in (awarded, unfunded):
        make_review(application, score=Decimal(5))
    make_application(round_, requested_cents=300_000)
    assert money.money([round_], cases(round_)).rows == (
        ("ceiling", 2_000_000, 1.0),
        ("requested", 2_300_000, 1.15),
        ("eligible", 2_300_000, 1.15),
        ("fundable", 2_000_000, 1.0),
        ("awarded", 800_000, 0.4),
        ("left", 1_200_000, 0.6),
        ("unfunded", 1_000_000, 0.5),
    )
    assert money.awards_by_size(cases(round_)).rows == (("whole", 0, 0.0), ("partial", 1, 1.0))


def test_rounds_side_by_side() -> None:
    one, two = make_round(ceiling_cents=1_000_000), make_round("actieplan")
    make_decided(one, "awarded", 250_000)
    make_decided(one, "rejected")
    found = row_of(money.per_round([one, two], cases(one, two)), one.slug)
    assert (found["awarded"], found["success_rate"], found["ceiling_used_rate"]) == (1, 0.5, 0.25)
    assert row_of(money.per_round([one, two], cases(one, two)), two.slug)["success_rate"] is None


def test_money_of_several_rounds_is_of_those_with_decisions() -> None:
    decided, running = make_round(ceiling_cents=1_000_000), make_round(ceiling_cents=7_000_000)
    make_decided(decided, "awarded", 1_000_000)
    make_application(running)
    found = statistics.tables_of_rounds([decided, running], cases(decided, running))
    assert found["money"].column("amount_cents")[:2] == (1_000_000, 1_000_000)
