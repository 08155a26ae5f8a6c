"""The workbook in which people make their budget: made for one application, without macros."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

LAST_ROW = 200
MONEY = "#,##0.00"
# Widths of columns, in characters.
TEXT, CHOICE, AMOUNT = 45, 28, 14
LISTS = "Lists"
CENTS = 100


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column: its heading, what can be chosen in it, and whether it holds amounts in euros."""

    heading: str
    choices: tuple[str | int, ...] = ()
    amounts: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What the workbook says: the lines (amounts in cents), and an explanation on a sheet of its own."""

    sheet: str
    columns: tuple[TemplateColumn, ...]
    lines: tuple[tuple[str | int | None, ...], ...]
    explained: str
    explanation: tuple[str, ...]


def workbook_of(template: Template) -> bytes:
    """Make the workbook (xlsx). Texts of people are written as text, never as a formula or a link."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        sheet = workbook.add_worksheet(template.sheet)
        _explain(workbook, template)
        _offer(workbook, sheet, template.columns)
        heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = workbook.add_format({"num_format": MONEY})
        for at, column in enumerate(template.columns):
            width = AMOUNT if column.amounts else CHOICE if column.choices else TEXT
            sheet.set_column(at, at, width, money if column.amounts else None)
            sheet.write_string(0, at, column.heading, heading)
        for row, line in enumerate(template.lines, start=1):
            _write(sheet, row, line, template.columns)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    line: Sequence[str | int | None],
    columns: Sequence[TemplateColumn],
) -> None:
    for at, (value, column) in enumerate(zip(line, columns, strict=True)):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            sheet.write_string(row, at, value)
        else:
            sheet.write_number(row, at, value / CENTS if column.amounts else value)


def _offer(
    workbook: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[TemplateColumn]
) -> None:
    """Give the cells to choose in their list; lists stand on a hidden sheet, for they may be long."""
    lists = workbook.add_worksheet(LISTS)
    lists.hide()
    for at, column in enumerate(columns):
        if column.choices:
            lists.write_column(0, at, column.choices)
            letter = xl_col_to_name(at)
            source = f"={LISTS}!${letter}$1:${letter}${len(column.choices)}"
            sheet.data_validation(1, at, LAST_ROW, at, {"validate": "list", "source": source})


def _explain(workbook: xlsxwriter.Workbook, template: Template) -> None:
    sheet = workbook.add_worksheet(template.explained)
    sheet.set_column(0, 0, 100)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for row, text in enumerate(template.explanation):
        sheet.write_string(row, 0, text, wrapped)
