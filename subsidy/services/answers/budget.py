"""The budget in words."""

from collections.abc import Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table
from subsidy.services.entries import COST, BudgetEntry, BudgetItem
from subsidy.wording import values
from workflows.definition import RoundDefinition


def budget_words(budget: BudgetEntry, definition: RoundDefinition) -> Iterator[Row | Table]:
    """Give what is asked and the lines with their sums."""
    asked_cents = budget.requested_cents
    # An empty field is kept as zero, and nobody asks for nothing.
    yield Row(_("Amount that you ask"), values.money(asked_cents) if asked_cents else "")
    categories = {one.value: values.text(one.label) for one in definition.budget.cost_categories}
    kinds = {"own": _("Own contribution"), "cofinancing": _("Co-financing by others")}
    costs = [
        (categories.get(line.category, line.category), line) for line in budget.lines if line.kind == COST
    ]
    funding = [(kinds[line.kind], line) for line in budget.lines if line.kind != COST]
    yield _money_table(_("Costs"), _("Kind of cost"), costs)
    if funding:
        yield _money_table(_("Own contribution and co-financing"), _("Kind of contribution"), funding)


def _money_table(caption: str, heading: str, lines: list[tuple[str, BudgetItem]]) -> Table:
    total = sum(line.amount_cents for _label, line in lines)
    return Table(
        caption,
        (heading, _("Description"), _("Amount")),
        tuple((label, line.description, values.money(line.amount_cents)) for label, line in lines),
        frozenset({2}),
        (_("Total"), "", values.money(total)),
    )
