"""Lines that were read put in the form of a budget, where people check them before they save."""

import csv
from collections.abc import Iterable
from io import StringIO

from wtforms import Form

from forms.applicant_budget import LONGEST_PASTE
from forms.budget_lines import Column, ReadLine
from workflows.budget import COFINANCING, COST, OWN

LISTS = ("costs", "funding")


def cells_in(text: str) -> list[list[str]]:
    """Split what was copied from a spreadsheet into rows and cells; at most LONGEST_PASTE characters.

    A spreadsheet puts tabs between cells, and quotes around a cell with a line end or a quote in it. With a
    quote that has no end, quotes mean nothing.
    """
    plain = text[:LONGEST_PASTE].replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    lines = StringIO(plain, newline="")
    if plain.count('"') % 2:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return list(csv.reader(lines, delimiter="\t"))


def put_lines(form: Form, lines: Iterable[ReadLine], *, replace: bool) -> None:
    """Put lines after those of the form, or in their place; what is wrong is told at its field."""
    for name in LISTS:
        while name in form and form[name].entries and (replace or form[name].entries[-1].form.blank):
            form[name].pop_entry()
    for line in lines:
        rows = form["costs" if line.kind == COST else "funding"]
        entry = rows.append_entry(_data(line)).form
        for column, fault in line.faults.items():
            name = _field_of(column, line.kind)
            if name in entry:
                entry[name].process_errors = [fault]
        if Column.AMOUNT in line.faults:
            entry["amount"].raw_data = [line.typed.get(Column.AMOUNT, "")]
    for name in LISTS:
        if name in form and not form[name].entries:
            form[name].append_entry()
    form.validate()


def lines_in(form: Form) -> int:
    """Count the lines with something in them."""
    return sum(not entry.form.blank for name in LISTS if name in form for entry in form[name])


def _data(line: ReadLine) -> dict[str, object]:
    said = line.values
    payer = {OWN: Column.PARTNER, COFINANCING: Column.SOURCE}.get(line.kind)
    category = said.get(Column.CATEGORY, "")
    if payer is not None:
        category = f"{line.kind}:{said[payer]}" if payer in said else line.kind
    return {
        "category": category,
        "partner": said.get(Column.PARTNER, ""),
        "year": said.get(Column.YEAR, ""),
        "description": said.get(Column.DESCRIPTION, ""),
        "amount": line.amount,
    }


def _field_of(column: Column, kind: str) -> str:
    """Give the field in which a column is told; a contribution has one for who pays."""
    if column in {Column.KIND, Column.SOURCE} or (column is Column.PARTNER and kind != COST):
        return "category"
    return column.value
