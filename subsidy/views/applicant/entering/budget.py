"""The budget: between its form and its entry."""

from typing import Any

from wtforms import Form

from forms.applicant_budget import YEAR, cost_form, funding_form
from forms.choices import Offer
from subsidy.models import Application
from subsidy.services.entries import COST, OWN, BudgetEntry, BudgetItem
from subsidy.views.applicant.entering.reading import data_of
from subsidy.wording.budget import Figures, figures
from subsidy.wording.spoken import language
from workflows.budget import project_years
from workflows.definition import RoundDefinition


def budget_data(budget: BudgetEntry) -> dict[str, Any]:
    """Give an entry as the data of its form; every list has a line to begin with."""
    return {
        "requested": budget.requested_cents or None,
        "costs": [line_data(line) for line in budget.lines if line.kind == COST] or [{}],
        "funding": [line_data(line) for line in budget.lines if line.kind != COST] or [{}],
    }


def line_data(line: BudgetItem) -> dict[str, Any]:
    """Give a line as the data of its form."""
    shared = {"description": line.description, "amount": line.amount_cents}
    if line.kind == COST:
        year = "" if line.year is None else str(line.year)
        return shared | {"category": line.category, "partner": line.participation_key or "", "year": year}
    payer = line.participation_key if line.kind == OWN else line.source
    return shared | {"category": f"{line.kind}:{payer}" if payer else line.kind}


def budget_in(form: Form) -> BudgetEntry:
    """Give the budget as far as it can be read, also of a form that is not valid: for its totals."""
    costs = (
        BudgetItem(
            COST,
            line["category"].data or "",
            line["description"].data,
            line["amount"].data,
            data_of(line, "partner") or None,
            _year(data_of(line, "year")),
        )
        for line in _lines(form, "costs")
    )
    return BudgetEntry(
        form["requested"].data or 0, (*costs, *(_contribution(line) for line in _lines(form, "funding")))
    )


def budget_blanks(definition: RoundDefinition, offer: Offer) -> dict[str, type[Form]]:
    """Give the form of an empty line for each list."""
    return {"costs": cost_form(definition, offer), "funding": funding_form(definition, offer)}


def budget_offer(application: Application, domains: tuple[tuple[str, str], ...]) -> Offer:
    """Give what the form of a budget offers: who takes part, and the years of the project."""
    return Offer(
        language(),
        domains,
        participants=tuple((one.key, one.name) for one in application.participations if one.key),
        years=project_years(application.months),
    )


def budget_figures(form: Form, definition: RoundDefinition, offer: Offer) -> Figures:
    """Give the sums of what is on the page, and what does not fit in them."""
    return figures(budget_in(form), definition, dict(offer.participants), offer.years)


def _year(chosen: str | None) -> int | None:
    return int(chosen) if chosen and YEAR.fullmatch(chosen) else None


def _contribution(line: Form) -> BudgetItem:
    kind, _colon, payer = (line["category"].data or OWN).partition(":")
    own = kind == OWN
    return BudgetItem(
        kind,
        "",
        line["description"].data,
        line["amount"].data,
        participation_key=(payer or None) if own else None,
        source=None if own else payer or None,
    )


def _lines(form: Form, name: str) -> list[Form]:
    if name not in form:
        return []
    return [line.form for line in form[name] if line.form["amount"].data is not None]
