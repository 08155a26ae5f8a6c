"""The section about money: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from subsidy.models import Application, BudgetLine
from subsidy.services.entries.rows import refill

COST, OWN, COFINANCING = "cost", "own", "cofinancing"


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """A line of the budget in cents; `kind` is cost, own or cofinancing, and a cost has a category."""

    kind: str
    category: str
    description: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetEntry:
    """What is asked, and the lines, in cents."""

    requested_cents: int = 0
    lines: tuple[BudgetItem, ...] = ()

    def sum_of(self, *kinds: str) -> int:
        """The cents of the lines of these kinds together."""
        return sum(line.amount_cents for line in self.lines if line.kind in kinds)


def stored_budget(application: Application) -> BudgetEntry:
    """Give what is stored."""
    return BudgetEntry(
        application.requested_cents,
        tuple(
            BudgetItem(line.kind, line.category, line.description, line.amount_cents)
            for line in application.budget
        ),
    )


def write_budget(application: Application, budget: BudgetEntry) -> None:
    """Put this in the place of what is stored."""
    application.requested_cents = budget.requested_cents
    paid_by_others = any(line.kind != COST for line in budget.lines)
    application.cofinancing_cents = budget.sum_of(OWN, COFINANCING) if paid_by_others else None
    refill(application.budget, [asdict(line) for line in budget.lines], BudgetLine)


def budget_lacks(budget: BudgetEntry) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if budget.requested_cents == 0:
        yield "requested", True
    if budget.sum_of(COST) == 0:
        yield "costs", False
