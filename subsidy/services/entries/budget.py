"""The section about money: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import asdict

from subsidy.models import Application, BudgetLine
from subsidy.services.entries.rows import refill
from workflows.budget import COFINANCING, COST, OWN, BudgetEntry, BudgetItem

__all__ = [
    "COFINANCING",
    "COST",
    "OWN",
    "BudgetEntry",
    "BudgetItem",
    "budget_lacks",
    "stored_budget",
    "write_budget",
]


def stored_budget(application: Application) -> BudgetEntry:
    """Give what is stored."""
    return BudgetEntry(
        application.requested_cents,
        tuple(
            BudgetItem(
                line.kind,
                line.category,
                line.description,
                line.amount_cents,
                line.participation_key,
                line.year,
                line.source,
            )
            for line in application.budget
        ),
    )


def write_budget(application: Application, budget: BudgetEntry) -> None:
    """Put this in the place of what is stored."""
    application.requested_cents = budget.requested_cents
    paid_by_others = any(line.kind != COST for line in budget.lines)
    application.cofinancing_cents = budget.contributions if paid_by_others else None
    refill(application.budget, [asdict(line) for line in budget.lines], BudgetLine)


def budget_lacks(budget: BudgetEntry) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if budget.requested_cents == 0:
        yield "requested", True
    if budget.costs == 0:
        yield "costs", False
