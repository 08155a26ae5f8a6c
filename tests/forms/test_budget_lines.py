"""Cells become lines of a budget, each told by cell what is wrong."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forms.applicant import section_form
from forms.budget_import import cells_in, lines_in, put_lines
from forms.budget_lines import Column, TooManyLinesError, UnclearColumnsError, read_lines
from forms.choices import Offer
from workflows.budget import COFINANCING, COST, OWN, TOGETHER
from workflows.definition import SectionKind
from workflows.kinds import KINDS

ACTIEPLAN, VOUCHER = KINDS["actieplan"], KINDS["regiobeeld"]
OFFER = Offer("nl", participants=(("aa", "Gemeente Zoetermeer"), ("bb", "")), years=2)
SECTION = next(one for one in ACTIEPLAN.sections if one.kind is SectionKind.BUDGET)
HEADER = ["Kind of cost", "Partner", "Year of the project", "Description", "Amount"]

pytestmark = pytest.mark.usefixtures("request_of_a_page")


@pytest.fixture
def request_of_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_two_columns_are_description_and_amount() -> None:
    [line] = read_lines([["Zaalhuur", "€ 1.200,50"]], ACTIEPLAN, OFFER)
    assert (line.kind, line.amount, line.values[Column.DESCRIPTION], line.faults) == (
        COST,
        120_050,
        "Zaalhuur",
        {},
    )


def test_all_columns_are_known_by_their_number_or_their_header_in_either_language() -> None:
    cells = ["eigen  PERSONEEL", "gemeente zoetermeer", "Jaar 2", "Projectleider", "1,200.50"]
    dutch = ["Omschrijving", "Bedrag", "Soort kosten"]
    for rows in ([cells], [HEADER, cells], [["Begroting"], [], [*HEADER], cells]):
        [line] = read_lines(rows, ACTIEPLAN, OFFER)
        assert line.faults == {}
        assert line.amount == 120_050
        assert line.values == {
            Column.CATEGORY: "personeel",
            Column.PARTNER: "aa",
            Column.YEAR: "2",
            Column.DESCRIPTION: "Projectleider",
        }
    [line] = read_lines([dutch, ["Zaal", "5", "Meetings"]], ACTIEPLAN, OFFER)
    assert (line.amount, line.values[Column.CATEGORY]) == (500, "bijeenkomsten")


def test_costs_and_contributions_come_from_one_sheet() -> None:
    rows = [
        ["Cost or contribution", "Partner", "Paid by", "Description", "Amount"],
        ["Own contribution", "All partners together", "", "Uren", Decimal("99.999")],
        ["Co-financing by others", "", "Fonds", "Gift", Decimal(5)],
        ["", "", "", "", ""],
        ["", "", "", "Zaal", Decimal("0.30000000000000004")],
    ]
    lines = read_lines(rows, ACTIEPLAN, OFFER)
    assert [(line.row, line.kind, line.amount, line.faults) for line in lines] == [
        (1, OWN, 100_00, {}),
        (2, COFINANCING, 500, {}),
        (4, COST, 30, {}),
    ]
    assert (lines[0].values[Column.PARTNER], lines[1].values[Column.SOURCE]) == (TOGETHER, "fonds")


def test_each_cell_that_cannot_be_read_is_told() -> None:
    rows = [
        HEADER,
        ["Taart", "Niemand", "2027", "", "veel"],
        ["", "", "3", "x" * 301, "-5"],
        ["", "", "", "Zaal", ""],
    ]
    first, second, third = read_lines(rows, ACTIEPLAN, OFFER)
    assert set(first.faults) == set(Column) - {Column.KIND, Column.SOURCE}
    assert set(second.faults) == {Column.YEAR, Column.DESCRIPTION, Column.AMOUNT}
    assert set(third.faults) == {Column.AMOUNT}
    assert "Taart" in first.faults[Column.CATEGORY]


def test_columns_that_are_unclear_and_too_many_lines_are_told() -> None:
    with pytest.raises(UnclearColumnsError):
        read_lines([["a", "b", "c", "d", "e", "f", "g", "h"]], ACTIEPLAN, OFFER)
    with pytest.raises(TooManyLinesError, match="101"):
        read_lines([["Zaal", "1"]] * 101, ACTIEPLAN, OFFER)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\t1\r\nb\t2\r\n", [["a", "1"], ["b", "2"]]),
        ("a\t1\rb\t2", [["a", "1"], ["b", "2"]]),
        ('"twee\nregels"\t1\nb\t2', [["twee\nregels", "1"], ["b", "2"]]),
        ('"zeg ""ja"""\t1', [['zeg "ja"', "1"]]),
        ('5" buis\t1', [['5" buis', "1"]]),
        ("\t\tZaal\t1", [["", "", "Zaal", "1"]]),
    ],
)
def test_what_was_copied_falls_apart_in_cells(text: str, cells: list[list[str]]) -> None:
    assert cells_in(text) == cells


def test_lines_come_after_those_that_are_there_or_in_their_place() -> None:
    make = section_form(ACTIEPLAN, SECTION, OFFER)
    there = {
        "costs": [{"description": "Al", "amount": 1}, {}],
        "funding": [{"description": "Ook", "amount": 2}],
    }
    lines = read_lines([["Nieuw", "3"], ["Fout", "veel"]], ACTIEPLAN, OFFER)
    form = make(data=there)
    put_lines(form, lines, replace=False)
    assert [line.form["description"].data for line in form["costs"]] == ["Al", "Nieuw", "Fout"]
    assert lines_in(form) == 4
    wrong = form["costs"][2].form["amount"]
    assert (wrong.data, wrong._value(), len(wrong.errors)) == (None, "veel", 1)
    assert form.errors
    form = make(data=there)
    put_lines(form, lines[:1], replace=True)
    assert [line.form["description"].data for line in form["costs"]] == ["Nieuw"]
    assert [line.form.blank for line in form["funding"]] == [True]


def test_a_voucher_asks_less() -> None:
    [line] = read_lines([["Own staff", "Uren", "5"]], VOUCHER, OFFER)
    assert (line.values[Column.CATEGORY], line.amount) == ("personeel", 500)


CELLS = st.one_of(
    st.text(max_size=40),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([*HEADER, "Own contribution", "Fonds", "Jaar 2", "1.000,50", "-", "€", "1e9", "١٢"]),
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, max_size=9), max_size=12))
@example([[Decimal("1E+400"), Decimal("-0.001")]])
def test_any_cells_become_lines_or_a_message(rows: list[list[str | Decimal]]) -> None:
    try:
        lines = read_lines(rows, ACTIEPLAN, OFFER)
    except (UnclearColumnsError, TooManyLinesError):
        return
    form = section_form(ACTIEPLAN, SECTION, OFFER)(data={"costs": [{}], "funding": [{}]})
    put_lines(form, lines, replace=True)
    for line in lines:
        assert line.faults or (line.amount is not None and line.values[Column.DESCRIPTION])
    assert bool(form.errors) == any(line.faults for line in lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters='"')))
def test_no_character_of_what_was_copied_is_lost(text: str) -> None:
    kept = "".join(cell for row in cells_in(text) for cell in row)
    assert kept == "".join(one for one in text if one not in "\t\r\n")
