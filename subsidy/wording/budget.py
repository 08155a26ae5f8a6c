"""The sums of a budget and what does not fit in it, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from subsidy.wording.values import decimal, money, text
from workflows.budget import (
    TOGETHER,
    BudgetEntry,
    BudgetFinding,
    Spread,
    budget_findings,
    by_category,
    by_partner,
)
from workflows.definition import RoundDefinition

Params = Mapping[str, int | Fraction]
Names = Mapping[str, str]
"""The names of partners by their key."""


@dataclass(frozen=True, slots=True)
class SumTable:
    """Costs as a table to show: the label and the amounts of each row, and the totals below."""

    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    total: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the server works out of a budget: amounts in cents, tables, and sentences on what does not fit."""

    requested: int
    costs: int
    contributions: int
    uncovered: int
    tables: tuple[SumTable, ...]
    findings: tuple[str, ...]


def figures(budget: BudgetEntry, definition: RoundDefinition, names: Names, years: int) -> Figures:
    """Work out a budget and say it; `years` is how many years the project touches."""
    return Figures(
        budget.requested_cents,
        budget.costs,
        budget.contributions,
        budget.uncovered,
        sum_tables(budget, definition, names),
        tuple(
            finding_text(one)
            for one in budget_findings(budget, definition, partners=names.keys(), years=years)
        ),
    )


def sum_tables(budget: BudgetEntry, definition: RoundDefinition, names: Names) -> tuple[SumTable, ...]:
    """Give the costs by category, and by partner where that is asked; none when there are no costs."""
    if not budget.costs:
        return ()
    labels = {one.value: text(one.label) for one in definition.budget.cost_categories}
    tables = [
        _table(
            _("Costs by kind"),
            _("Kind of cost"),
            by_category(budget, definition),
            lambda key: labels.get(key, key) or _("Kind not chosen"),
            by_year=definition.budget.by_year,
        )
    ]
    if definition.budget.by_partner:
        tables.append(
            _table(
                _("Costs by partner"),
                _("Partner"),
                by_partner(budget, names),
                lambda key: partner_name(key, names) or _("Partner not chosen"),
                by_year=definition.budget.by_year,
            )
        )
    return tuple(tables)


def partner_name(key: str | None, names: Names) -> str:
    """Who makes a cost or gives money; empty text when that is not told."""
    if not key:
        return ""
    if key == TOGETHER:
        return str(_("All partners together"))
    return (
        (names[key] or str(_("An organisation without a name yet")))
        if key in names
        else str(_("An organisation that takes part no longer"))
    )


def refused_workbook(code: str) -> str:
    """Why a workbook is not read, and what to do."""
    match code:
        case "too_large":
            return str(_("This workbook is too large: at most 2 MB. Copy the lines to the template."))
        case "too_wide":
            return str(_("There are cells very far down or to the right. Copy the lines to the template."))
        case "protected":
            return str(_("This workbook has a password. Save it without one."))
    return str(_("This is no workbook that we can read. Save it as xlsx, without macros."))


def finding_text(finding: BudgetFinding) -> str:
    """Say what does not fit, and what to do."""
    return SENTENCES[finding.code](finding.params)


def _table(
    caption: str, heading: str, spread: Spread, label: Callable[[str], str], *, by_year: bool
) -> SumTable:
    years = spread.years if by_year else ()
    columns = [_("No year") if year is None else _("Year %(year)s", year=year) for year in years]

    def cells(per_year: tuple[int, ...], total: int) -> tuple[str, ...]:
        return (*(money(cents) for cents in per_year[: len(years)]), money(total))

    return SumTable(
        caption,
        heading,
        (*columns, _("Together")),
        tuple((label(row.key), cells(row.per_year, row.total)) for row in spread.rows),
        cells(spread.total.per_year, spread.total.total),
    )


def _percent(share: int | Fraction) -> str:
    """Write a percentage with at most two decimals, rounded down: one just too low never looks enough."""
    return f"{decimal(int(share * 100) / 100)}%"


def _uncovered(params: Params) -> str:
    return str(
        _(
            "Nobody pays %(difference)s of the costs yet: costs of %(costs)s, contributions of "
            "%(contributions)s, and you ask %(asked)s.",
            **_amounts(params),
        )
    )


def _overpaid(params: Params) -> str:
    return str(
        _(
            "There is %(difference)s more money than costs: costs of %(costs)s, contributions of "
            "%(contributions)s, and you ask %(asked)s.",
            **_amounts(params),
        )
    )


def _above_maximum(params: Params) -> str:
    return str(
        _("You ask %(over)s too much: at most %(most)s can be given in this round.", **_amounts(params))
    )


def _below_minimum(params: Params) -> str:
    return str(_("You ask too little: at least %(least)s in this round.", **_amounts(params)))


def _cofinancing_low(params: Params) -> str:
    return str(
        _(
            "You and others pay %(share)s of the costs; at least %(needed)s is needed. "
            "That is %(short)s more.",
            share=_percent(params["share"]),
            needed=_percent(params["needed"]),
            short=money(int(params["short"])),
        )
    )


def _amounts(params: Params) -> dict[str, str]:
    return {name: money(int(cents)) for name, cents in params.items()}


def _count(params: Params) -> int:
    return int(params["count"])


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "uncovered": _uncovered,
    "overpaid": _overpaid,
    "above_maximum": _above_maximum,
    "below_minimum": _below_minimum,
    "cofinancing_low": _cofinancing_low,
    "costs_without_category": lambda params: ngettext(
        "Choose the kind of cost in %(num)s line.",
        "Choose the kind of cost in %(num)s lines.",
        _count(params),
    ),
    "costs_without_partner": lambda params: ngettext(
        "Choose the partner in %(num)s line of costs.",
        "Choose the partner in %(num)s lines of costs.",
        _count(params),
    ),
    "own_without_partner": lambda params: ngettext(
        "Choose which partner pays %(num)s own contribution.",
        "Choose which partner pays %(num)s own contributions.",
        _count(params),
    ),
    "partner_gone": lambda params: ngettext(
        "%(num)s line names an organisation that takes part no longer. Choose another.",
        "%(num)s lines name an organisation that takes part no longer. Choose another.",
        _count(params),
    ),
    "costs_without_year": lambda params: ngettext(
        "Choose the year in %(num)s line.", "Choose the year in %(num)s lines.", _count(params)
    ),
    "year_beyond": lambda params: ngettext(
        "%(num)s line names a year after the end of the project.",
        "%(num)s lines name a year after the end of the project.",
        _count(params),
    ),
    "without_source": lambda params: ngettext(
        "Choose who pays %(num)s contribution by others.",
        "Choose who pays %(num)s contributions by others.",
        _count(params),
    ),
}
