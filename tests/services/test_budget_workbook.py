"""Reading a workbook: what people make, and what somebody might make to harm us."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from subsidy.services.budget_workbook import (
    MOST_COLUMNS,
    MOST_ROWS,
    WorkbookRefusedError,
    cell_name,
    read_workbook,
)


def made(fill: Callable[[Any, Any], None], *names: str) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        for name in names or ("Begroting",):
            fill(workbook.add_worksheet(name), workbook)
    return target


def with_sheet(xml: bytes, name: str = "xl/worksheets/sheet1.xml") -> BytesIO:
    """A workbook with this in the place of its first sheet."""
    source, target = made(lambda sheet, _book: sheet.write(0, 0, "x")), BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, xml if entry == name else old.read(entry))
    return target


def sheet_of(cells: bytes) -> BytesIO:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_sheet(b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, cells))


def refused(file: BytesIO) -> str:
    with pytest.raises(WorkbookRefusedError) as error:
        read_workbook(file, ("Begroting",))
    return error.value.code


def test_cells_arrive_as_text_or_as_exact_numbers() -> None:
    def fill(sheet: Any, workbook: Any) -> None:
        sheet.write_row(1, 1, ["Omschrijving", 1234.5600000001, 1200.0, True, "", "=1+1x"])
        sheet.write_datetime(
            2,
            1,
            date(2026, 5, 18),
            workbook.add_format({"num_format": "d-m-yyyy"}),
        )

    sheet = read_workbook(made(fill), ())
    assert sheet.name == "Begroting"
    assert sheet.rows[0] == ("",) * 7
    assert sheet.rows[1][:5] == ("", "Omschrijving", Decimal("1234.5600000001"), Decimal(1200), "TRUE")
    assert sheet.rows[2][1] == "2026-05-18"


def test_the_sheet_with_the_name_is_read_or_else_the_first() -> None:
    def fill(sheet: Any, _workbook: Any) -> None:
        sheet.write(0, 0, sheet.get_name())

    assert read_workbook(made(fill, "Los", "Budget"), ("Begroting", "Budget")).rows == (("Budget",),)
    assert read_workbook(made(fill, "Los", "Meer"), ("Begroting", "Budget")).rows == (("Los",),)


def test_a_formula_counts_by_its_outcome_and_one_without_is_named() -> None:
    cells = (
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+2</f></c>'
        b'<c r="C1" t="str"><f>"a"</f><v>a</v></c><c r="D1"><f>2</f><v></v></c></row>'
    )
    sheet = read_workbook(sheet_of(cells), ())
    assert sheet.rows[0][0] == Decimal(2)
    assert sheet.uncounted == {"B1", "D1"}


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"geen werkboek", b"%PDF-1.7\n%%EOF\n", b"PK\x05\x06" + b"\0" * 18]
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refused(BytesIO(content)) == "no_workbook"


def test_a_workbook_with_macros_is_refused() -> None:
    file = made(lambda sheet, _book: sheet.write(0, 0, "x"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refused(file) == "no_workbook"


def test_a_large_file_and_one_that_unfolds_are_refused() -> None:
    assert refused(BytesIO(b"PK\x03\x04" + bytes(3 * 1024 * 1024))) == "too_large"
    bomb = with_sheet(b" " * (31 * 1024 * 1024))
    assert bomb.getbuffer().nbytes < 1024 * 1024
    assert refused(bomb) == "too_large"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "too_wide",
        ),
        (b'<row r="%d"><c><v>1</v></c></row>' % (MOST_ROWS + 1), "too_wide"),
        (b"<row>" + b"<c><v>1</v></c>" * (MOST_COLUMNS + 1) + b"</row>", "too_wide"),
        (b"<row><c><v>1</v></c></row>" * (MOST_ROWS + 1), "too_wide"),
        (b'<row r="1"><c s=">" r="XFD1"><v>1</v></c></row>', "no_workbook"),
        (b'<row r="1"><c s="<" r="XFD1"><v>1</v></c></row>', "no_workbook"),
        (b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>', "no_workbook"),
        (b'<x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>', "too_wide"),
    ],
)
def test_cells_far_away_are_refused_before_room_is_made_for_them(cells: bytes, code: str) -> None:
    assert refused(sheet_of(cells)) == code


def test_a_sheet_in_another_encoding_is_refused() -> None:
    assert refused(with_sheet("<worksheet/>".encode("utf-16"))) == "no_workbook"


@pytest.mark.slow
@given(st.binary(max_size=300))
def test_any_bytes_in_a_sheet_are_read_or_refused(content: bytes) -> None:
    for file in (
        with_sheet(content),
        sheet_of(content),
        with_sheet(content, "xl/workbook.xml"),
        BytesIO(content),
    ):
        with suppress(WorkbookRefusedError):
            assert len(read_workbook(file, ()).rows) <= MOST_ROWS


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [(0, 0, "A1"), (6, 1, "B7"), (0, 25, "Z1"), (9, 26, "AA10"), (0, 701, "ZZ1"), (0, 702, "AAA1")],
)
def test_cells_are_named_as_spreadsheets_do(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name
