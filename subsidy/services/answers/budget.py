"""The budget in words."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table
from subsidy.services.entries import COST, OWN, BudgetEntry, BudgetItem
from subsidy.wording import values
from subsidy.wording.budget import SumTable, partner_name, sum_tables
from workflows.definition import RoundDefinition

Names = Mapping[str, str]


def budget_words(budget: BudgetEntry, definition: RoundDefinition, names: Names) -> Iterator[Row | Table]:
    """Give what is asked, the lines with their totals, and the costs by kind and by partner.

    `names` are those of the partners, by their key.
    """
    asked_cents = budget.requested_cents
    # An empty field is kept as zero, and nobody asks for nothing.
    yield Row(_("Amount that you ask"), values.money(asked_cents) if asked_cents else "")
    yield _costs(budget, definition, names)
    if budget.contributions or any(line.kind != COST for line in budget.lines):
        yield _contributions(budget, definition, names)
    # One line of costs is its own sum.
    if sum(line.kind == COST for line in budget.lines) > 1:
        yield from map(_sums, sum_tables(budget, definition, names))


def _costs(budget: BudgetEntry, definition: RoundDefinition, names: Names) -> Table:
    asked = definition.budget
    labels = {one.value: values.text(one.label) for one in asked.cost_categories}
    headings = [
        (_("Kind of cost"), True),
        (_("Partner"), asked.by_partner),
        (_("Year of the project"), asked.by_year),
        (_("Description"), True),
        (_("Amount"), True),
    ]

    def cells(line: BudgetItem) -> tuple[str, ...]:
        shown = (
            labels.get(line.category, line.category) or str(_("Kind not chosen")),
            partner_name(line.participation_key, names),
            str(line.year or ""),
            line.description,
            values.money(line.amount_cents),
        )
        return tuple(cell for cell, (_heading, there) in zip(shown, headings, strict=True) if there)

    columns = tuple(heading for heading, there in headings if there)
    rows = tuple(cells(line) for line in budget.lines if line.kind == COST)
    return _with_total(_("Costs"), columns, rows, budget.costs)


def _contributions(budget: BudgetEntry, definition: RoundDefinition, names: Names) -> Table:
    sources = {one.value: values.text(one.label) for one in definition.budget.sources}

    def payer(line: BudgetItem) -> str:
        if line.kind == OWN:
            name = partner_name(line.participation_key, names)
            return f"{_('Own contribution')}: {name}" if name else str(_("Own contribution"))
        source = sources.get(line.source or "", line.source or "")
        return f"{_('Co-financing by others')}: {source}" if source else str(_("Co-financing by others"))

    rows = tuple(
        (payer(line), line.description, values.money(line.amount_cents))
        for line in budget.lines
        if line.kind != COST
    )
    columns = (_("Who pays?"), _("Description"), _("Amount"))
    return _with_total(_("Own contribution and co-financing"), columns, rows, budget.contributions)


def _with_total(
    caption: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], total: int
) -> Table:
    last = len(columns) - 1
    empty = ("",) * (last - 1)
    return Table(caption, columns, rows, frozenset({last}), (_("Total"), *empty, values.money(total)))


def _sums(table: SumTable) -> Table:
    return Table(
        table.caption,
        (table.heading, *table.columns),
        tuple((label, *cells) for label, cells in table.rows),
        frozenset(range(1, len(table.columns) + 1)),
        (_("Total"), *table.total),
        derived=True,
    )
