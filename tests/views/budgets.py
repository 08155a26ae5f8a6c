"""What tests of the budget share: a draft with one line, and what somebody types on its page."""

import re
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, BudgetLine, User
from tests.factories import make_application, make_round

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


def budget_draft(member: User) -> Application:
    """A draft of two years with one line of costs."""
    application = make_application(make_round("actieplan"), "draft", member=member, months=24)
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
