"""CSV: readable by a spreadsheet, and never a formula to it."""

import csv
from collections.abc import Iterator
from itertools import count, islice

import pytest
from flask import Flask

from subsidy.documents import tables
from subsidy.services.figures.table import table
from tests.factories import make_application, make_round
from tests.services.decided import cases, make_decided


def read(lines: Iterator[str]) -> list[list[str]]:
    text = "".join(lines)
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.reader(text[1:].splitlines()))


def test_a_table_of_figures() -> None:
    found = table("x", ("what", "amount_cents"), [("Plafond, geheel", 100), ("Over", None)])
    assert read(tables.csv_of_table(found)) == [
        ["what", "amount_cents"],
        ["Plafond, geheel", "100"],
        ["Over", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_is_never_a_formula(start: str) -> None:
    assert tables.harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("cell", [-5, 3, 0.5, None, "a=b", "Zorg-net"])
def test_other_cells_stay_what_they_are(cell: object) -> None:
    assert tables.harmless(cell) == cell


def test_lines_come_one_by_one() -> None:
    endless = ((number,) for number in count())
    assert list(islice(tables.csv_lines(("n",), endless), 3))[1:] == ["0\r\n", "1\r\n"]


def test_every_application_is_a_line(app: Flask) -> None:
    round_ = make_round(slug="netwerk-9")
    awarded = make_decided(round_, "awarded", 900_000, title="=1+1")
    make_application(round_)
    make_application(round_, "draft")
    head, first, second = read(tables.csv_of_cases(cases(round_), {round_.id: "netwerk-9"}))
    line = dict(zip(head, first, strict=True))
    assert (line["reference"], line["title"], line["state"]) == (awarded.reference, "'=1+1", "awarded")
    assert (line["round"], line["requested_cents"], line["awarded_cents"]) == (
        "netwerk-9",
        "1000000",
        "900000",
    )
    assert line["domains"] == "burgers gemeente sociaal_domein zorgaanbieder"
    assert line["submitted_at"] == "2026-03-10T09:30:00+00:00"
    assert second[head.index("decided_on")] == ""
