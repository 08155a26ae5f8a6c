"""A comparison of scenarios as a workbook (xlsx): what was compared, the sums, and every application."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _

from subsidy.services.scenario_results import Comparison, Line, Place, Way
from subsidy.wording.labels import ground_label, outcome_label
from subsidy.wording.scenarios import change_label, rule_value
from subsidy.wording.values import instant

MONEY = "#,##0.00"
CENTS = 100
WIDE, MIDDLE, NARROW = 60, 30, 16
LONGEST_SHEET_TEXT = 32_767
Cell = str | int | float | None


class Amount(float):
    """Euros in a cell that shows them as such."""


def workbook_of(found: Comparison, *, made_at: datetime) -> bytes:
    """Make the workbook, row by row; texts of people are text, never a formula or a link."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = workbook.add_format({"num_format": MONEY})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        sheets = (
            (_("About"), (MIDDLE, WIDE, WIDE), _about(found, made_at), wrapped),
            (_("Sums"), (MIDDLE, *[NARROW] * 10), _sums(found), None),
            (_("Applications"), (MIDDLE, MIDDLE, *[NARROW] * 40), _applications(found), None),
        )
        for name, widths, rows, style in sheets:
            sheet = workbook.add_worksheet(str(name))
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(sheet, at, column, value, heading if at == 0 else style, money)
    return target.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Cell,
    style: object,
    money: object,
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_SHEET_TEXT], style)
    else:
        sheet.write_number(row, column, value, money if isinstance(value, Amount) else style)


def _about(found: Comparison, made_at: datetime) -> Iterator[Sequence[Cell]]:
    content = found.content
    yield str(_("What if")), content.title, ""
    yield str(_("Nothing was decided here: this is a calculation on a copy of the round.")), "", ""
    yield str(_("Made")), instant(made_at), ""
    yield str(_("Frozen round, SHA-256")), content.frozen_sha256, ""
    if found.history:
        yield str(_("Rules of the round")), str(_("The outcomes as they were decided")), ""
    for way in found.ways:
        yield "", "", ""
        yield str(_("Scenario")), way.name, ""
        yield str(_("Note")), way.note, ""
        yield str(_("Rule changed")), str(_("In the round")), str(_("In the scenario"))
        for change in way.changes:
            yield (
                change_label(change),
                rule_value(change.rule, change.before, found.own.rules),
                rule_value(change.rule, change.after, way.rules),
            )
        if not way.changes:
            yield str(_("none")), "", ""


def _sums(found: Comparison) -> Iterator[Sequence[Cell]]:
    yield [
        str(word)
        for word in (
            _("Scenario"),
            _("Ceiling"),
            _("Awarded"),
            _("Left of the ceiling"),
            _("Awards"),
            _("Partial awards"),
            _("Reserve places"),
            _("Rejections"),
            _("Gets more"),
            _("Gets less"),
        )
    ]
    yield _sum(str(_("Rules of the round")), found.own)
    for way in found.ways:
        yield _sum(way.name, way)


def _sum(name: str, way: Way) -> list[Cell]:
    money = (way.ceiling_cents, way.given_cents, way.left_cents)
    return [name, *(Amount(one / CENTS) for one in money), *way.counts.values(), way.gains, way.loses]


def _applications(found: Comparison) -> Iterator[Sequence[Cell]]:
    yield list(_headings(found))
    titles = {one.id: one.title for way in (found.own, *found.ways) for one in way.rules.criteria}
    for line in found.lines:
        yield _line(line, titles)


def _headings(found: Comparison) -> Iterable[str]:
    for word in (_("Application"), _("Main applicant"), _("Asked")):
        yield str(word)
    for place, way in enumerate((found.own, *found.ways)):
        name = str(_("Rules of the round")) if place == 0 else way.name
        for word in (_("Outcome"), _("Amount"), _("Ground"), _("Place"), _("Total")):
            yield f"{name}: {word}"
        if place:
            yield f"{name}: {_('Difference')}"


def _line(line: Line, titles: dict[str, str]) -> list[Cell]:
    application = line.application
    cells: list[Cell] = [
        application.reference,
        application.lead.name,
        Amount(application.requested_cents / CENTS),
        *_place(line.own, titles),
    ]
    for place in line.places:
        cells += [*_place(place, titles), Amount(place.difference_cents / CENTS)]
    return cells


def _place(place: Place, titles: dict[str, str]) -> list[Cell]:
    return [
        outcome_label(place.outcome),
        Amount(place.amount_cents / CENTS),
        ground_label(place.ground, titles) if place.ground else None,
        place.rank,
        None if place.total is None else float(place.total),
    ]
