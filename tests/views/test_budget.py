"""The budget on its page: by partner and year, from a spreadsheet and to one."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, BudgetLine, Participation, Round, User
from tests.conftest import QueryCount
from tests.factories import make_application, make_round, make_user
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
HEADER = [
    "Cost or contribution",
    "Kind of cost",
    "Partner",
    "Year of the project",
    "Paid by",
    "Description",
    "Amount",
]
PARTNERS = ["Gemeente Zoetermeer", "Huisartsen Zoetermeer"]


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def round_(app: object) -> Round:
    return make_round("actieplan")


@pytest.fixture
def draft(applicant: User, round_: Round) -> Application:
    application = make_application(round_, "draft", member=applicant, months=24)
    application.budget = [
        BudgetLine(position=0, category="personeel", description="Projectleider", amount_cents=500_000)
    ]
    db.session.flush()
    return application


def address(application: Application) -> str:
    return f"/aanvragen/{application.id}/onderdelen/budget"


def typed_on(page: str, **typed: Any) -> dict[str, Any]:
    """The hidden fields of the page, and what somebody typed."""
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen
    return {"seen": seen[1].replace("&#34;", '"').replace("&quot;", '"'), **typed}


def keys(application: Application) -> list[str]:
    return [one.key for one in application.participations]


def empty(application: Application) -> None:
    """Take the lines out; positions are unique, and new lines come before old ones go."""
    application.budget = []
    db.session.flush()


def lines_of(application_id: int) -> list[tuple[Any, ...]]:
    db.session.expire_all()
    rows = db.session.scalars(
        select(BudgetLine).where(BudgetLine.application_id == application_id).order_by(BudgetLine.position)
    )
    return [
        (
            one.kind,
            one.category,
            one.participation_key,
            one.year,
            one.source,
            one.description,
            one.amount_cents,
        )
        for one in rows
    ]


def book(*rows: list[object], sheet: str = "Begroting", start: int = 0) -> tuple[BytesIO, str]:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet(sheet)
        for at, row in enumerate(rows, start):
            page.write_row(at, 0, row)
    target.seek(0)
    return target, "begroting.xlsx"


def test_lines_by_partner_year_and_source_are_saved_and_shown(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at, [lead, partner, *_rest] = as_user(applicant), address(draft), keys(draft)
    page = client.get(at).text
    assert (
        client.post(
            at,
            data=typed_on(
                page,
                **{
                    "requested": "8.000",
                    "costs-0-category": "personeel",
                    "costs-0-partner": lead,
                    "costs-0-year": "2",
                    "costs-0-description": "Projectleider",
                    "costs-0-amount": "7.000,50",
                    "costs-1-category": "overig",
                    "costs-1-partner": "together",
                    "costs-1-year": "1",
                    "costs-1-description": "Reizen",
                    "costs-1-amount": "2.999,50",
                    "funding-0-category": f"own:{partner}",
                    "funding-0-description": "Uren",
                    "funding-0-amount": "1500",
                    "funding-1-category": "cofinancing:fonds",
                    "funding-1-description": "Gift",
                    "funding-1-amount": "500",
                },
            ),
        ).status_code
        == 303
    )
    assert lines_of(draft.id) == [
        ("cost", "personeel", lead, 2, None, "Projectleider", 700_050),
        ("cost", "overig", "together", 1, None, "Reizen", 299_950),
        ("own", "", partner, None, None, "Uren", 150_000),
        ("cofinancing", "", None, None, "fonds", "Gift", 50_000),
    ]
    stored = db.session.get_one(Application, draft.id)
    assert (stored.requested_cents, stored.cofinancing_cents) == (800_000, 200_000)
    page = client.get(at).text
    assert page.count(" selected ") >= 6
    assert "utrecht-alert--ok" in page
    review = client.get(f"/aanvragen/{draft.id}/nakijken").text
    assert review.count("Huisartsen Zoetermeer") >= 2


def test_sums_and_what_does_not_fit_are_worked_out_by_the_server(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    typed = {
        "recount": "1",
        "requested": "1",
        "costs-0-amount": "1.000,10",
        "costs-1-amount": "0,20",
        "costs-1-year": "2",
    }
    page = client.post(at, data=typed_on(client.get(at).text, **typed)).text
    assert "€\N{NO-BREAK SPACE}1.000,30" in page
    assert "€\N{NO-BREAK SPACE}999,30" in page  # what nobody pays
    assert "utrecht-alert--warning" in page
    assert lines_of(draft.id)[0][-1] == 500_000


def test_a_partner_that_left_stays_in_its_line_and_is_told(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    draft.budget[0].participation_key = gone = draft.participations[-1].key
    db.session.delete(db.session.scalars(select(Participation).where(Participation.key == gone)).one())
    db.session.flush()
    client, at = as_user(applicant), address(draft)
    page = client.get(at).text
    assert f'<option selected value="{gone}">' in page
    assert 'id="costs-0-partner-hint"' in page
    assert (
        client.post(
            at,
            data=typed_on(
                page,
                **{
                    "requested": "1",
                    "costs-0-partner": gone,
                    "costs-0-description": "Projectleider",
                    "costs-0-amount": "6",
                },
            ),
        ).status_code
        == 303
    )
    assert lines_of(draft.id) == [("cost", "", gone, None, None, "Projectleider", 600)]


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


def test_a_budget_of_a_hundred_lines_is_saved_whole_and_more_is_told(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at = as_user(applicant), address(draft)
    typed = {f"costs-{n}-description": f"Post {n}" for n in range(100)} | {
        f"costs-{n}-amount": "1" for n in range(100)
    }
    assert client.post(at, data=typed_on(client.get(at).text, **typed)).status_code == 303
    assert len(lines_of(draft.id)) == 100
    more = typed | {"costs-100-description": "Te veel", "costs-100-amount": "1"}
    answer = client.post(at, data=typed_on(client.get(at).text, **more))
    assert answer.status_code == 422
    assert 'value="Te veel"' in answer.text
    assert 'id="costs-100-category-error"' in answer.text


def test_a_budget_costs_the_same_for_one_line_and_for_many(
    as_user: LogIn, applicant: User, draft: Application, count_queries: type[QueryCount]
) -> None:
    client, counts = as_user(applicant), []
    for many in (1, 1, 40):  # the first one also reads what is kept in memory
        empty(draft)
        draft.budget = [BudgetLine(position=at, description="x", amount_cents=1) for at in range(many)]
        db.session.commit()
        at = address(draft)
        db.session.expunge_all()
        with count_queries() as counted:
            assert client.get(at).status_code == 200
        counts.append(counted.count)
        draft = db.session.get_one(Application, int(at.split("/")[2]))
    assert counts[1] == counts[2]


def test_the_template_is_for_who_may_see_the_application(as_user: LogIn, draft: Application) -> None:
    stranger = as_user(make_user(Role.APPLICANT))
    assert stranger.get(f"/aanvragen/{draft.id}/begroting.xlsx").status_code == 404


def test_two_budgets_that_clash_are_told_by_line_and_by_the_name_of_the_partner(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, at, [lead, partner, *_rest] = as_user(applicant), address(draft), keys(draft)
    page = client.get(at).text
    line = {"requested": "1", "costs-0-description": "Zaal", "costs-0-amount": "5"}
    assert client.post(at, data=typed_on(page, **line, **{"costs-0-partner": lead})).status_code == 303
    db.session.expunge_all()
    answer = client.post(at, data=typed_on(page, **line, **{"costs-0-partner": partner}))
    assert answer.status_code == 409
    both = re.sub(r"<select.*?</select>", "", answer.text, flags=re.DOTALL)
    for name in PARTNERS:
        assert both.count(f"{name}, Zaal") == 1, name
