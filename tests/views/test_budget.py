"""The budget on its page: by partner and year, with its sums and what does not fit."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, BudgetLine, Participation, User
from tests.conftest import QueryCount
from tests.factories import make_user
from tests.views.budgets import PARTNERS, address, budget_draft, empty, keys, lines_of, typed_on
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def draft(applicant: User) -> Application:
    return budget_draft(applicant)


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
