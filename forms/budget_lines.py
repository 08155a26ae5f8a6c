"""Lines of a budget from cells: pasted, or read from a workbook. Each is told by cell what is wrong with it.

A header says which column is which, in either language; without one the number of columns does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.applicant_budget import LONGEST_LINE, MOST_LINES, partners
from forms.choices import Offer
from forms.reading import clean_line, read_money
from workflows.budget import COFINANCING, COST, OWN
from workflows.definition import Option, RoundDefinition

LANGUAGES = ("nl", "en")
SEARCHED_FOR_HEADER = 10
LARGEST_EXACT = Decimal(10) ** 20
_YEAR = re.compile(r"(?:jaar|year)?\s*([1-9][0-9]?)", re.IGNORECASE)

Cell = str | Decimal
Row = Sequence[Cell]


class Column(StrEnum):
    """What a column holds."""

    KIND = "kind"
    CATEGORY = "category"
    PARTNER = "partner"
    YEAR = "year"
    SOURCE = "source"
    DESCRIPTION = "description"
    AMOUNT = "amount"


HEADINGS = {
    Column.KIND: _l("Cost or contribution"),
    Column.CATEGORY: _l("Kind of cost"),
    Column.PARTNER: _l("Partner"),
    Column.YEAR: _l("Year of the project"),
    Column.SOURCE: _l("Paid by"),
    Column.DESCRIPTION: _l("Description"),
    Column.AMOUNT: _l("Amount"),
}
KINDS = {COST: _l("Cost"), OWN: _l("Own contribution"), COFINANCING: _l("Co-financing by others")}


class UnclearColumnsError(ValueError):
    """Nothing tells which column is which; the message is for the person."""


class TooManyLinesError(ValueError):
    """More lines than a budget holds; the message is for the person."""


@dataclass(slots=True)
class ReadLine:
    """A line as read: its kind, the values that could be read, and by column what is wrong with the others.

    `amount` is in cents. `row` is its place among the rows given, `places` that of each column.
    """

    row: int
    places: Mapping[Column, int]
    kind: str = COST
    values: dict[Column, str] = field(default_factory=dict)
    amount: int | None = None
    faults: dict[Column, str] = field(default_factory=dict)
    typed: dict[Column, str] = field(default_factory=dict)


def asked_columns(definition: RoundDefinition) -> tuple[Column, ...]:
    """Give the columns that a budget of this round has, in the order of the template."""
    asked = definition.budget
    contributions = asked.own_contribution
    there = {
        Column.KIND: contributions,
        Column.CATEGORY: True,
        Column.PARTNER: asked.by_partner,
        Column.YEAR: asked.by_year,
        Column.SOURCE: contributions and bool(asked.sources),
        Column.DESCRIPTION: True,
        Column.AMOUNT: True,
    }
    return tuple(column for column in Column if there[column])


def read_lines(rows: Sequence[Row], definition: RoundDefinition, offer: Offer) -> list[ReadLine]:
    """Read rows of cells; an empty row is no line.

    Raises UnclearColumnsError when the columns cannot be told apart, and TooManyLinesError.
    """
    start, places = _columns(rows, definition)
    filled = [(at, row) for at, row in enumerate(rows) if at >= start and any(_text(cell) for cell in row)]
    if len(filled) > MOST_LINES:
        raise TooManyLinesError(
            _("These are %(count)s lines; at most %(most)s fit.", count=len(filled), most=MOST_LINES)
        )
    choices = _Choices(definition, offer)
    return [_line(at, row, places, choices) for at, row in filled]


class _Choices:
    """What can stand in cells to choose in, by what people write: the label in a language, or the value."""

    def __init__(self, definition: RoundDefinition, offer: Offer) -> None:
        asked = definition.budget
        kinds = KINDS if asked.own_contribution else {COST: KINDS[COST]}
        self.by_column: dict[Column, dict[str, str]] = {
            Column.KIND: _in_both(kinds),
            Column.CATEGORY: _of_options(asked.cost_categories),
            Column.PARTNER: {_plain(name): key for key, name in _partners_in_both(offer)},
            Column.SOURCE: _of_options(asked.sources),
        }
        self.labels: dict[Column, list[str]] = {
            Column.KIND: [str(label) for label in kinds.values()],
            Column.CATEGORY: [one.label.in_language(offer.language) for one in asked.cost_categories],
            Column.PARTNER: [name for _key, name in partners(offer)],
            Column.SOURCE: [one.label.in_language(offer.language) for one in asked.sources],
        }
        self.years = offer.years


def _columns(rows: Sequence[Row], definition: RoundDefinition) -> tuple[int, dict[Column, int]]:
    """Find where the lines begin, and which column is where."""
    all_columns = asked_columns(definition)
    headings = {text: Column(name) for text, name in _in_both(HEADINGS).items()}
    for at, row in enumerate(rows[:SEARCHED_FOR_HEADER]):
        found = {
            headings[_plain(_text(cell))]: place
            for place, cell in enumerate(row)
            if _plain(_text(cell)) in headings
        }
        if Column.AMOUNT in found and Column.DESCRIPTION in found:
            return at + 1, {column: place for column, place in found.items() if column in all_columns}
    count = max((len(_without_empty_end(row)) for row in rows), default=0)
    of_costs = tuple(one for one in all_columns if one not in {Column.KIND, Column.SOURCE})
    orders = {
        1: (Column.DESCRIPTION,),
        2: (Column.DESCRIPTION, Column.AMOUNT),
        3: (Column.CATEGORY, Column.DESCRIPTION, Column.AMOUNT),
        len(of_costs): of_costs,
        len(all_columns): all_columns,
    }
    if count not in orders:
        raise UnclearColumnsError(
            _(
                "It is not clear which column is which. Copy the header along (%(headings)s), or only the "
                "description and the amount.",
                headings=", ".join(str(HEADINGS[column]) for column in all_columns),
            )
        )
    return 0, {column: place for place, column in enumerate(orders[count])}


def _line(at: int, row: Row, places: Mapping[Column, int], choices: _Choices) -> ReadLine:
    line = ReadLine(at, places)
    cells = {column: row[place] for column, place in places.items() if place < len(row)}
    line.typed = {column: _text(cell) for column, cell in cells.items()}
    for column, text in line.typed.items():
        if not text:
            continue
        if column in choices.by_column:
            value = choices.by_column[column].get(_plain(text))
            if value is None:
                allowed = ", ".join(choices.labels[column]) or "\N{EN DASH}"
                line.faults[column] = _(
                    "“%(text)s” is not in the list. Write one of these: %(allowed)s.",
                    text=text,
                    allowed=allowed,
                )
            else:
                line.values[column] = value
    line.kind = line.values.get(Column.KIND, COST)
    _read_year(line, choices.years)
    _read_description(line)
    _read_amount(line, cells.get(Column.AMOUNT, ""))
    return line


def _read_year(line: ReadLine, years: int) -> None:
    text = line.typed.get(Column.YEAR, "")
    if not text:
        return
    match = _YEAR.fullmatch(text)
    if match is not None and int(match[1]) <= years:
        line.values[Column.YEAR] = match[1]
    else:
        line.faults[Column.YEAR] = _(
            "“%(text)s” is no year of the project. Write a number from 1 to %(years)s.",
            text=text,
            years=years,
        )


def _read_description(line: ReadLine) -> None:
    text = line.typed.get(Column.DESCRIPTION, "")
    line.values[Column.DESCRIPTION] = text
    if not text:
        line.faults[Column.DESCRIPTION] = _("Say what this amount is for.")
    elif len(text) > LONGEST_LINE:
        line.faults[Column.DESCRIPTION] = _("At most %(most)s characters.", most=LONGEST_LINE)


def _read_amount(line: ReadLine, cell: Cell) -> None:
    text = line.typed.get(Column.AMOUNT, "")
    if isinstance(cell, Decimal) and abs(cell) < LARGEST_EXACT:
        # 1234.5600000001 is how a spreadsheet keeps 1234.56.
        text = format(cell.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    try:
        line.amount = read_money(text) if text else None
    except ValueError as error:
        line.faults[Column.AMOUNT] = str(error)
        return
    if line.amount is None:
        line.faults[Column.AMOUNT] = _("Fill in the amount.")


def _text(cell: Cell) -> str:
    """Give a cell as one line of text; a whole number without decimals."""
    return format(cell, "f") if isinstance(cell, Decimal) else clean_line(cell)


def _plain(text: str) -> str:
    """Give a text without what people write differently: case, and spaces."""
    return " ".join(text.casefold().split())


def _without_empty_end(row: Row) -> Row:
    last = max((at for at, cell in enumerate(row) if _text(cell)), default=-1)
    return row[: last + 1]


def _in_both(labels: Mapping[Any, object]) -> dict[str, str]:
    """Give each value by itself and by its label in either language."""
    found = {str(value): str(value) for value in labels}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {_plain(str(label)): str(value) for value, label in labels.items()}
    return found


def _of_options(options: Iterable[Option]) -> dict[str, str]:
    return {_plain(text): one.value for one in options for text in (one.value, one.label.nl, one.label.en)}


def _partners_in_both(offer: Offer) -> list[tuple[str, str]]:
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found += partners(offer)
    return found
