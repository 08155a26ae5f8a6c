"""A budget and a spreadsheet: the template to fill in, and lines brought from elsewhere into the form."""

from collections.abc import Iterator

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from forms.applicant_budget import LONGEST_PASTE, MOST_LINES, REPLACE, partners
from forms.budget_import import cells_in, lines_in, put_lines
from forms.budget_lines import (
    HEADINGS,
    KINDS,
    Column,
    ReadLine,
    TooManyLinesError,
    UnclearColumnsError,
    asked_columns,
    read_lines,
)
from forms.choices import Offer
from subsidy.access import requires
from subsidy.documents.budget_template import Template, TemplateColumn, workbook_of
from subsidy.models import Application
from subsidy.services.budget_workbook import WorkbookRefusedError, cell_name, read_workbook
from subsidy.services.entries import stored_budget
from subsidy.services.media_types import OOXML
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.entering.budget import budget_offer
from subsidy.wording.budget import refused_workbook
from subsidy.wording.values import text
from workflows.budget import BudgetItem
from workflows.definition import RoundDefinition, SectionKind
from workflows.permissions import Can

SHEETS = ("Begroting", "Budget")
MOST_FAULTS = 50


@bp.get("/aanvragen/<int:application_id>/begroting.xlsx")
@requires(Can.APPLICATION_VIEW_OWN)
def budget_template(application: Application) -> ResponseReturnValue:
    """Download a workbook for the budget of this application, with the lines that are saved now."""
    definition = definition_of(application.round)
    if all(section.kind is not SectionKind.BUDGET for section in definition.sections):
        abort(404)
    response = Response(workbook_of(_template(application, definition)), mimetype=OOXML["xl/"].name)
    response.headers.set("Content-Disposition", "attachment", filename=_("budget") + ".xlsx")
    response.headers["Cache-Control"] = "no-store"
    return response


def bring_lines(form: Form, definition: RoundDefinition, offer: Offer) -> bool:
    """Put pasted lines, or those of a workbook, in the form; nothing is saved. False when there are none.

    What is wrong is told in the form, which then has errors.
    """
    if "pasted" not in form:
        return False
    upload = request.files.get("workbook")
    if upload and upload.filename:
        _from_workbook(form, definition, offer)
    elif "paste" in request.form:
        _from_paste(form, definition, offer)
    elif "import" in request.form:
        form["workbook"].errors = [_("Choose a workbook first.")]
    else:
        return False
    return True


def _from_paste(form: Form, definition: RoundDefinition, offer: Offer) -> None:
    field = form["pasted"]
    # Not its data: without the tabs at its edges the columns would shift.
    typed = request.form.get("pasted", "")
    if not typed.strip():
        field.errors = [_("Paste the lines here first.")]
        return
    if len(typed) > LONGEST_PASTE:
        field.errors = [_("This is too much text for a budget. Paste the lines in parts.")]
        return
    try:
        lines = read_lines(cells_in(typed), definition, offer)
    except (UnclearColumnsError, TooManyLinesError) as error:
        field.errors = [str(error)]
        return
    field.data, field.raw_data = "", None
    put_lines(form, lines, replace=False)
    form.brought = _told(len(lines))
    if form.errors:
        form.brought += " " + _("What could not be read is marked below.")


def _from_workbook(form: Form, definition: RoundDefinition, offer: Offer) -> None:
    """Read it whole or not at all: with an error in it, the form stays as it is."""
    field = form["workbook"]
    try:
        sheet = read_workbook(request.files["workbook"].stream, SHEETS)
        lines = read_lines(sheet.rows, definition, offer)
    except WorkbookRefusedError as error:
        field.errors = [refused_workbook(error.code)]
        return
    except (UnclearColumnsError, TooManyLinesError) as error:
        field.errors = [str(error)]
        return
    faults = [
        f"{sheet.name}, {cell}: {fault}" for line in lines for cell, fault in _faults(line, sheet.uncounted)
    ]
    if not lines:
        faults = [_("There are no lines in this workbook.")]
    if faults:
        field.errors = faults[:MOST_FAULTS]
        return
    replace = form["imported"].data == REPLACE
    before = lines_in(form)
    put_lines(form, lines, replace=replace)
    form.brought = _told(len(lines), replaced=before if replace else 0)


def _faults(line: ReadLine, uncounted: frozenset[str]) -> list[tuple[str, str]]:
    """Give the cells of a line that cannot be read, each with what to write."""
    found = []
    for column, place in line.places.items():
        cell = cell_name(line.row, place)
        if cell in uncounted and not line.typed.get(column):
            found.append(
                (cell, _("this formula has no outcome yet. Open the workbook, save it, or write the value."))
            )
        elif column in line.faults:
            found.append((cell, line.faults[column]))
    return found


def _told(count: int, *, replaced: int = 0) -> str:
    message = ngettext("%(num)s line was read.", "%(num)s lines were read.", count)
    if replaced:
        message += " " + ngettext(
            "In the place of the %(num)s line that was here.",
            "In the place of the %(num)s lines that were here.",
            replaced,
        )
    # Not within the braces: there the tool for translations does not find it.
    what_now = _("Check the budget below and save it.")
    return f"{message} {what_now}"


def _template(application: Application, definition: RoundDefinition) -> Template:
    offer = budget_offer(application, ())
    columns = asked_columns(definition)
    asked = definition.budget
    choices: dict[Column, tuple[str | int, ...]] = {
        Column.KIND: tuple(str(label) for label in KINDS.values()),
        Column.CATEGORY: tuple(text(one.label) for one in asked.cost_categories),
        Column.PARTNER: tuple(name for _key, name in partners(offer)),
        Column.YEAR: tuple(range(1, offer.years + 1)),
        Column.SOURCE: tuple(text(one.label) for one in asked.sources),
    }
    return Template(
        SHEETS[0] if offer.language == "nl" else SHEETS[1],
        tuple(
            TemplateColumn(str(HEADINGS[column]), choices.get(column, ()), amounts=column is Column.AMOUNT)
            for column in columns
        ),
        tuple(_cells(line, columns, definition, offer) for line in stored_budget(application).lines),
        _("Explanation"),
        tuple(_explanation(definition)),
    )


def _cells(
    line: BudgetItem, columns: tuple[Column, ...], definition: RoundDefinition, offer: Offer
) -> tuple[str | int | None, ...]:
    """Write a line as the workbook is read again; a partner that takes part no longer is left open."""
    names = dict(partners(offer))
    options = (*definition.budget.cost_categories, *definition.budget.sources)
    labels = {one.value: text(one.label) for one in options}
    values: dict[Column, str | int | None] = {
        Column.KIND: str(KINDS[line.kind]),
        Column.CATEGORY: labels.get(line.category),
        Column.PARTNER: names.get(line.participation_key or ""),
        Column.YEAR: line.year,
        Column.SOURCE: labels.get(line.source or ""),
        Column.DESCRIPTION: line.description,
        Column.AMOUNT: line.amount_cents,
    }
    return tuple(values[column] for column in columns)


def _explanation(definition: RoundDefinition) -> Iterator[str]:
    yield _(
        "Write one cost or one contribution on each line of the first sheet. Leave the headings as they are."
    )
    if definition.budget.own_contribution:
        yield _(
            "A cost has a kind of cost. An own contribution is what one of you pays. Co-financing is what "
            "somebody else pays."
        )
    yield _("Write amounts in euros, with at most two decimals. Do not write totals: the website adds up.")
    yield _("At most %(most)s lines are read.", most=MOST_LINES)
    yield _("Save the workbook as xlsx, and read it in on the page “Budget” of your application.")
