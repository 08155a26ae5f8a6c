"""The budget: between its form and its entry."""

from typing import Any

from wtforms import Form

from forms.applicant_budget import cost_form, funding_form
from forms.choices import Offer
from subsidy.models import Application
from subsidy.services.entries import COFINANCING, COST, OWN, BudgetEntry, BudgetItem
from subsidy.wording.spoken import language
from workflows.budget import project_years
from workflows.definition import RoundDefinition


def budget_data(budget: BudgetEntry) -> dict[str, Any]:
    """Give an entry as the data of its form; every list has a line to begin with."""
    return {
        "requested": budget.requested_cents or None,
        "costs": [_line_data(line, line.category) for line in budget.lines if line.kind == COST] or [{}],
        "funding": [_line_data(line, line.kind) for line in budget.lines if line.kind != COST] or [{}],
    }


def budget_in(form: Form) -> BudgetEntry:
    """Give the budget as far as it can be read, also of a form that is not valid: for its totals."""
    costs = (
        BudgetItem(COST, line["category"].data or "", line["description"].data, line["amount"].data)
        for line in _lines(form, "costs")
    )
    funding = (
        BudgetItem(line["category"].data, "", line["description"].data, line["amount"].data)
        for line in _lines(form, "funding")
    )
    return BudgetEntry(form["requested"].data or 0, (*costs, *funding))


def budget_blanks(definition: RoundDefinition, offer: Offer) -> dict[str, type[Form]]:
    """Give the form of an empty line for each list."""
    return {"costs": cost_form(definition, offer), "funding": funding_form(offer)}


def budget_offer(application: Application, domains: tuple[tuple[str, str], ...]) -> Offer:
    """Give what the form of a budget offers: who takes part, and the years of the project."""
    return Offer(
        language(),
        domains,
        participants=tuple((one.key, one.name) for one in application.participations if one.key),
        years=project_years(application.months),
    )


def budget_figures(form: Form, definition: RoundDefinition, offer: Offer) -> object:
    """Give the sums of what is on the page, in cents."""
    budget = budget_in(form)
    return {"costs": budget.sum_of(COST), "funding": budget.sum_of(OWN, COFINANCING)}


def _line_data(line: BudgetItem, category: str) -> dict[str, Any]:
    return {"category": category, "description": line.description, "amount": line.amount_cents}


def _lines(form: Form, name: str) -> list[Form]:
    if name not in form:
        return []
    return [line.form for line in form[name] if line.form["amount"].data is not None]
