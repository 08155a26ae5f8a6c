"""Sums of a budget, and what does not fit in it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.budget import (
    COFINANCING,
    COST,
    OWN,
    TOGETHER,
    BudgetEntry,
    BudgetItem,
    budget_findings,
    by_category,
    by_partner,
    project_years,
)
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS

ACTIEPLAN = KINDS["actieplan"]
VOUCHER = KINDS["regiobeeld"]
STAFF, HIRED = (one.value for one in ACTIEPLAN.budget.cost_categories[:2])


def cost(amount: int, category: str = STAFF, partner: str | None = "a", year: int | None = 1) -> BudgetItem:
    return BudgetItem(COST, category, "iets", amount, partner, year)


def own(amount: int, partner: str | None = "a") -> BudgetItem:
    return BudgetItem(OWN, "", "uren", amount, partner)


def others(amount: int, source: str | None = "fonds") -> BudgetItem:
    return BudgetItem(COFINANCING, "", "geld", amount, source=source)


def codes(budget: BudgetEntry, definition: RoundDefinition = ACTIEPLAN, years: int = 2) -> list[str]:
    return [one.code for one in budget_findings(budget, definition, partners={"a", "b"}, years=years)]


def test_a_budget_that_adds_up_has_no_findings() -> None:
    assert codes(BudgetEntry(80_00, (cost(100_00), own(15_00), others(5_00)))) == []


def test_nothing_entered_is_nothing_wrong() -> None:
    assert codes(BudgetEntry()) == []


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (BudgetEntry(70_00, (cost(100_00), own(20_00))), ["uncovered"]),
        (BudgetEntry(90_00, (cost(100_00), own(20_00))), ["overpaid"]),
        (BudgetEntry(81_00, (cost(100_00), own(19_00))), ["cofinancing_low"]),
        (BudgetEntry(80_00, (cost(100_00, category=""), own(20_00))), ["costs_without_category"]),
        (BudgetEntry(80_00, (cost(100_00, partner=None), own(20_00))), ["costs_without_partner"]),
        (BudgetEntry(80_00, (cost(100_00), own(20_00, None))), ["own_without_partner"]),
        (BudgetEntry(80_00, (cost(100_00, partner="weg"), own(20_00, TOGETHER))), ["partner_gone"]),
        (BudgetEntry(80_00, (cost(100_00, year=None), own(20_00))), ["costs_without_year"]),
        (BudgetEntry(80_00, (cost(100_00, year=3), own(20_00))), ["year_beyond"]),
        (BudgetEntry(80_00, (cost(100_00), others(20_00, None))), ["without_source"]),
        (BudgetEntry(10_000_001, (cost(12_500_001), own(2_500_000))), ["above_maximum", "cofinancing_low"]),
    ],
)
def test_each_thing_that_does_not_fit_is_told(budget: BudgetEntry, expected: list[str]) -> None:
    assert codes(budget) == expected


def test_the_least_amount_of_the_round_counts() -> None:
    rules = ACTIEPLAN.rules.model_copy(update={"min_amount_cents": 100_00})
    definition = ACTIEPLAN.model_copy(update={"rules": rules})
    assert codes(BudgetEntry(80_00, (cost(100_00), own(20_00))), definition) == ["below_minimum"]


def test_only_what_the_round_asks_is_judged() -> None:
    assert codes(BudgetEntry(100_00, (cost(100_00, partner=None, year=None),)), VOUCHER) == []


def test_differences_and_shares_are_told_exactly() -> None:
    budget = BudgetEntry(0, (cost(3), own(1)))
    definition = ACTIEPLAN.model_copy(
        update={"budget": ACTIEPLAN.budget.model_copy(update={"min_cofinancing_percent": Decimal("33.4")})}
    )
    found = {
        one.code: dict(one.params) for one in budget_findings(budget, definition, partners={"a"}, years=1)
    }
    assert found["uncovered"] == {"costs": 3, "contributions": 1, "asked": 0, "difference": 2}
    assert found["cofinancing_low"] == {"needed": Fraction(334, 10), "share": Fraction(100, 3), "short": 1}


@given(
    costs=st.integers(1, 10**12),
    paid=st.integers(0, 10**12),
    percent=st.decimals(0, 100, places=2, allow_nan=False),
)
def test_paying_what_is_short_is_just_enough(costs: int, paid: int, percent: Decimal) -> None:
    definition = ACTIEPLAN.model_copy(
        update={"budget": ACTIEPLAN.budget.model_copy(update={"min_cofinancing_percent": percent})}
    )

    def low(contribution: int) -> int | None:
        budget = BudgetEntry(0, (cost(costs), own(contribution)))
        found = budget_findings(budget, definition, partners={"a"}, years=1)
        return next((int(one.params["short"]) for one in found if one.code == "cofinancing_low"), None)

    short = low(paid)
    if short is None:
        assert Fraction(100 * paid, costs) >= Fraction(percent)
    else:
        assert low(paid + short) is None
        assert low(paid + short - 1) == 1


def test_costs_are_spread_over_categories_partners_and_years() -> None:
    lines = (
        cost(1, HIRED, "b", 2),
        cost(2, STAFF, "a", 1),
        cost(4, STAFF, TOGETHER, None),
        cost(8, STAFF, None, 2),
        cost(16, "vroeger", "weg", 2),
        own(32),
    )
    categories = by_category(BudgetEntry(0, lines), ACTIEPLAN)
    assert categories.years == (1, 2, None)
    assert [(row.key, row.per_year, row.total) for row in categories.rows] == [
        (STAFF, (2, 8, 4), 14),
        (HIRED, (0, 1, 0), 1),
        ("vroeger", (0, 16, 0), 16),
    ]
    assert (categories.total.per_year, categories.total.total) == ((2, 25, 4), 31)
    partners = by_partner(BudgetEntry(0, lines), ("a", "b"))
    assert [(row.key, row.total) for row in partners.rows] == [
        ("a", 2),
        ("b", 1),
        (TOGETHER, 4),
        ("", 8),
        ("weg", 16),
    ]


@given(
    st.lists(
        st.builds(
            cost,
            st.integers(0, 10**14),
            st.sampled_from([STAFF, HIRED, ""]),
            st.sampled_from(["a", "b", None]),
            st.sampled_from([1, 2, None]),
        )
    )
)
def test_every_spread_adds_up_to_the_costs(lines: list[BudgetItem]) -> None:
    budget = BudgetEntry(0, tuple(lines))
    for spread in (by_category(budget, ACTIEPLAN), by_partner(budget, ("a", "b"))):
        assert spread.total.total == budget.costs == sum(row.total for row in spread.rows)
        assert all(row.total == sum(row.per_year) for row in spread.rows)
        assert spread.total.per_year == tuple(
            sum(row.per_year[at] for row in spread.rows) for at in range(len(spread.years))
        )


@pytest.mark.parametrize(
    ("months", "years"), [(None, 10), (0, 10), (1, 1), (12, 1), (13, 2), (24, 2), (36, 3), (999, 10)]
)
def test_the_years_of_a_project(months: int | None, years: int) -> None:
    assert project_years(months) == years
