"""A budget from a spreadsheet and to one: pasted cells, the template, and a workbook read in."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from subsidy.db import db
from subsidy.models import Application, BudgetLine, User
from tests.factories import make_user
from tests.views.budgets import HEADER, PARTNERS, address, book, budget_draft, empty, lines_of, typed_on
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def draft(applicant: User) -> Application:
    return budget_draft(applicant)


def test_pasted_cells_become_lines_that_are_not_saved_yet(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    typed = {
        "paste": "1",
        "requested": "12",
        "costs-0-description": "Eigen werk",
        "costs-0-amount": "3",
        "pasted": f"Eigen personeel\t{PARTNERS[0]}\t1\tZaalhuur\t€ 1.250,00\r\n\t\t\t<b>Taart</b>\tveel\r\n",
    }
    answer = client.post(at, data=typed_on(client.get(at).text, **typed))
    page = answer.text
    assert answer.status_code == 422
    for expected in (
        'value="Eigen werk"',
        'value="Zaalhuur"',
        'value="1.250"',
        'value="&lt;b&gt;Taart&lt;/b&gt;"',
        'value="veel"',
        'id="costs-2-amount-error"',
        'href="#costs-2-amount"',
        'value="12"',
    ):
        assert expected in page, expected
    assert [line[-2] for line in lines_of(draft.id)] == ["Projectleider"]


def test_pasted_lines_that_cannot_be_told_apart_stay_where_they_are(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    for pasted, button in (
        ("a\tb\tc\td\te\tf\tg\th", "paste"),
        ("x\t1\n" * 101, "paste"),
        ("Zaal\t5", "then"),
    ):
        answer = client.post(at, data=typed_on(client.get(at).text, pasted=pasted, **{button: "stay"}))
        assert answer.status_code == 422
        assert 'id="pasted-error"' in answer.text
        assert pasted.split("\t", maxsplit=1)[0] in answer.text
    assert [line[-2] for line in lines_of(draft.id)] == ["Projectleider"]


def test_the_template_holds_the_lines_and_is_read_again_unchanged(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    lead = draft.participations[0].key
    empty(draft)
    draft.budget = [
        BudgetLine(
            position=0,
            kind="cost",
            category="inhuur",
            description="=1+1",
            amount_cents=10,
            participation_key=lead,
            year=2,
        ),
        BudgetLine(
            position=1, kind="own", description="Uren", amount_cents=123_456_789, participation_key="together"
        ),
        BudgetLine(position=2, kind="cofinancing", description="Gift", amount_cents=30, source="provincie"),
    ]
    db.session.flush()
    client, at = as_user(applicant), address(draft)
    before = lines_of(draft.id)
    answer = client.get(f"/aanvragen/{draft.id}/begroting.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    assert [row[-2:] for row in sheet.to_python()[1:]] == [["=1+1", 0.1], ["Uren", 1234567.89], ["Gift", 0.3]]
    typed = {
        "import": "1",
        "imported": "replace",
        "costs-0-description": "Weg",
        "costs-0-amount": "1",
        "workbook": (BytesIO(answer.data), "begroting.xlsx"),
    }
    page = client.post(at, data=typed_on(client.get(at).text, **typed)).text
    assert "data-brought" in page
    assert 'value="Weg"' not in page
    assert lines_of(draft.id) == before
    fields = dict(re.findall(r'<input[^>]*id="((?:costs|funding)-[^"_]*)"[^>]*value="([^"]*)"', page))
    chosen = dict(
        re.findall(
            r'<select[^>]*name="((?:costs|funding)-[0-9][^"]*)"(?:(?!</select>).)*?selected value="([^"]*)"',
            page,
            re.DOTALL,
        )
    )
    assert client.post(at, data=typed_on(page, requested="1", **fields, **chosen)).status_code == 303
    assert lines_of(draft.id) == before


def test_a_workbook_with_errors_tells_them_by_cell_and_changes_nothing(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    sheet = book(
        HEADER,
        ["Cost", "Own staff", "Gemeente Zoetermeer", 1, "", "Goed", 12.5],
        ["Cost", "Taart", "Gemeente Zoetermeer", 7, "", "", "veel"],
        start=5,
    )
    typed = {
        "import": "1",
        "imported": "add",
        "costs-0-description": "Blijft",
        "costs-0-amount": "1",
        "workbook": sheet,
    }
    answer = client.post(at, data=typed_on(client.get(at).text, **typed))
    assert answer.status_code == 422
    for cell in ("B8", "D8", "F8", "G8"):
        assert f"Begroting, {cell}: " in answer.text
    assert "Begroting, C8" not in answer.text
    assert 'value="Blijft"' in answer.text
    assert 'value="Goed"' not in answer.text


def test_lines_of_a_workbook_are_added_when_that_is_chosen(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    typed = {
        "imported": "add",
        "costs-0-description": "Blijft",
        "costs-0-amount": "1",
        "workbook": book(["Description", "Amount"], ["Zaal", "1.200,50"], ["Taart", 0.1 + 0.2]),
    }
    page = client.post(at, data=typed_on(client.get(at).text, **typed)).text
    assert re.findall(r'id="costs-([0-9])-description"[^>]*value="([^"]*)"', page) == [
        ("0", "Blijft"),
        ("1", "Zaal"),
        ("2", "Taart"),
    ]
    assert re.findall(r'id="costs-([0-9])-amount"[^>]*value="([^"]*)"', page) == [
        ("0", "1"),
        ("1", "1.200,50"),
        ("2", "0,30"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"%PDF-1.7"])
def test_what_is_no_workbook_is_told(
    as_user: LogIn, applicant: User, draft: Application, content: bytes
) -> None:
    client, at = as_user(applicant), address(draft)
    for typed in ({"workbook": (BytesIO(content), "b.xlsx")}, {}):
        answer = client.post(at, data=typed_on(client.get(at).text, **typed, **{"import": "1"}))
        assert answer.status_code == 422
        assert 'id="workbook-error"' in answer.text


def test_the_template_is_for_who_may_see_the_application(as_user: LogIn, draft: Application) -> None:
    stranger = as_user(make_user(Role.APPLICANT))
    assert stranger.get(f"/aanvragen/{draft.id}/begroting.xlsx").status_code == 404


def test_a_formula_without_outcome_is_told_at_its_cell(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    source, _name = book(["Description", "Amount"], ["Zaal", "=1+1"], ["Taart", "=1+2"])
    target = BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            # As programs write a workbook that they do not count themselves.
            new.writestr(entry, old.read(entry).replace(b"<f>1+1</f><v>0</v>", b"<f>1+1</f>"))
    target.seek(0)
    client, at = as_user(applicant), address(draft)
    typed = {"imported": "add", "import": "1", "workbook": (target, "b.xlsx")}
    answer = client.post(at, data=typed_on(client.get(at).text, **typed))
    assert answer.status_code == 422
    assert "Begroting, B2: " in answer.text
    assert "Begroting, B3: " not in answer.text
