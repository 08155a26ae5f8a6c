"""The page that says how sure an order is: who sees it, when, and what stands on it."""

import csv
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, CertaintyRun, Round, User
from subsidy.services import certainty
from tests.conftest import QueryCount
from tests.factories import make_application, make_interest, make_review, make_round, make_user
from tests.services.test_certainty import showing
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


def address(round_: Round) -> str:
    return f"/cijfers/{round_.slug}/zekerheid"


@pytest.fixture
def round_(app: Flask) -> Round:
    found = showing()
    add(found, 2)
    return found


def add(round_: Round, number: int) -> Application:
    for _ in range(number):
        application = make_application(round_, "in_review")
        for score in (4, 2):
            make_review(application, score=score)
    return application


def compute(client: FlaskClient, round_: Round) -> CertaintyRun:
    assert client.post(address(round_)).location == address(round_)
    run = db.session.scalars(select(CertaintyRun).order_by(CertaintyRun.id.desc())).first()
    assert run is not None
    certainty.compute({"run_id": run.id})
    return run


@pytest.mark.parametrize("role", [Role.CHAIR, Role.EVALUATOR])
def test_from_nothing_to_figures(round_: Round, as_user: AsUser, role: Role) -> None:
    client = as_user(role)
    assert 'class="empty"' in client.get(address(round_)).text
    client.post(address(round_))
    page = client.get(address(round_)).text
    assert 'hx-trigger="every 2s"' in page
    run = db.session.scalars(select(CertaintyRun)).one()
    certainty.compute({"run_id": run.id})
    page = client.get(address(round_)).text
    assert "hx-trigger" not in page
    for words in ("referent-", "2.000", str(certainty.result_of(run).seed), run.material_digest[:16]):
        assert words in page, words
    assert page.count("grafieken/") == 3


def test_off_there_is_no_page_and_no_link(as_user: AsUser) -> None:
    round_ = make_round()
    for role in (Role.CHAIR, Role.EVALUATOR):
        client = as_user(role)
        assert client.get(address(round_)).status_code == 404
        assert client.post(address(round_)).status_code == 404
        assert client.get(f"{address(round_)}/1/weights.csv").status_code == 404
        assert client.get(f"{address(round_)}/grafieken/{'0' * 64}.svg").status_code == 404
    assert address(round_) not in as_user(Role.CHAIR).get(f"/bureau/ronden/{round_.slug}/ranglijst").text
    assert db.session.scalars(select(CertaintyRun)).all() == []


def test_on_the_ranking_and_the_figures_lead_to_it(round_: Round, as_user: AsUser) -> None:
    ranking = f"/bureau/ronden/{round_.slug}/ranglijst"
    assert address(round_) in as_user(Role.CHAIR).get(ranking).text
    assert address(round_) in as_user(Role.EVALUATOR).get(f"/cijfers/{round_.slug}").text
    assert address(round_) not in as_user(Role.OFFICER).get(ranking).text


@pytest.mark.parametrize("role", [one for one in Role if one not in {Role.CHAIR, Role.EVALUATOR}])
def test_nobody_else_sees_it(round_: Round, as_user: AsUser, role: Role) -> None:
    client = as_user(role)
    assert client.get(address(round_)).status_code == 404
    assert client.post(address(round_)).status_code == 404


def test_an_interest_closes_it_until_the_decisions_are_announced(round_: Round, as_user: AsUser) -> None:
    chair = make_user(Role.CHAIR)
    run = compute(as_user(Role.EVALUATOR), round_)
    client = as_user(chair)
    assert client.get(address(round_)).status_code == 200
    make_interest(add(round_, 1), chair, capacity="chair")
    db.session.commit()  # a page that is refused rolls back
    for url in (address(round_), f"{address(round_)}/{run.id}/weights.csv"):
        assert client.get(url).status_code == 404


def test_it_says_when_the_scores_changed(round_: Round, as_user: AsUser) -> None:
    client = as_user(Role.CHAIR)
    first = compute(client, round_)
    asks = f'action="{address(round_)}"'
    assert asks not in client.get(address(round_)).text
    add(round_, 1)
    assert asks in client.get(address(round_)).text
    compute(client, round_)
    page = client.get(address(round_)).text
    assert asks not in page
    earlier = f"{address(round_)}?berekening={first.id}"
    assert earlier in page
    assert client.get(earlier).status_code == 200
    assert client.get(f"{address(round_)}?berekening=999").status_code == 404


def test_the_tables_as_files(round_: Round, as_user: AsUser) -> None:
    client = as_user(Role.EVALUATOR)
    run = compute(client, round_)
    for name, column in (
        ("applications", "chance_rate"),
        ("reviewers", "effect"),
        ("agreement", "alpha"),
        ("weights", "changes_above_rate"),
    ):
        answer = client.get(f"{address(round_)}/{run.id}/{name}.csv")
        assert answer.mimetype == "text/csv"
        rows = list(csv.DictReader(answer.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))
        assert rows
        assert column in rows[0]
    assert client.get(f"{address(round_)}/{run.id}/iets.csv").status_code == 404


def test_figures_of_another_round_are_not_here(round_: Round, as_user: AsUser) -> None:
    client = as_user(Role.CHAIR)
    run = compute(client, round_)
    other = showing()
    assert client.get(f"{address(other)}/{run.id}/weights.csv").status_code == 404
    assert client.get(f"{address(other)}?berekening={run.id}").status_code == 404


def test_a_hundred_to_a_page(round_: Round, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subsidy.views.evaluator_certainty.PAGE", 1)
    client = as_user(Role.CHAIR)
    run = compute(client, round_)
    first, second = (one.reference for one in certainty.result_of(run).applications)
    assert f"na={first}" in client.get(address(round_)).text
    page = client.get(f"{address(round_)}?na={first}").text
    assert second in page
    assert f"na={second}" not in page
    assert client.get(f"{address(round_)}?na=onbekend").status_code == 404


def test_as_many_queries_for_one_as_for_three(round_: Round, as_user: AsUser) -> None:
    client = as_user(Role.CHAIR)
    counted, page, round_id = [], address(round_), round_.id
    for more in (1, 2):
        found = db.session.get_one(Round, round_id)
        add(found, more)
        compute(client, found)
        client.get(page)
        db.session.expunge_all()
        with QueryCount() as queries:
            assert client.get(page).status_code == 200
        counted.append(queries.count)
    assert counted[0] == counted[1]
