"""Assigning reviewers in the browser: for a round at once, and for one application."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, AssignmentProposal, Review, Round, User
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
DUE = "2026-04-15"


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round(phase_by_hand="closed", phase_reason="toets")


def eligible(round_: Round) -> Application:
    return factories.make_application(round_, "eligible", requested_cents=3_000_000)


def asked() -> list[int | None]:
    return sorted(db.session.scalars(select(Review.reviewer_id)), key=lambda one: one or 0)


def test_the_page_of_a_round_shows_files_and_load(round_: Round, as_user: AsUser) -> None:
    application, busy = eligible(round_), factories.make_reviewer(round_, name="Bea Druk")
    factories.make_review(application, busy)
    page = as_user(Role.OFFICER).get(f"/bureau/ronden/{round_.slug}/toewijzen").get_data(as_text=True)
    files, people = parse(page).findall(".//tbody")
    assert "Bea Druk" in words(files)
    assert words(people).split()[:2] == ["Bea", "Druk"]
    assert words(people).endswith(" 1 1")


def test_the_page_costs_the_same_for_one_and_for_three(
    round_: Round, as_user: AsUser, count_queries: Callable[[], QueryCount]
) -> None:
    client = as_user(Role.OFFICER)
    counted, slug = [], round_.slug
    for extra in (1, 2):
        round_ = db.session.scalars(select(Round).where(Round.slug == slug)).one()
        for _ in range(extra):
            factories.make_review(eligible(round_), factories.make_reviewer(round_))
        db.session.commit()
        db.session.expunge_all()
        with count_queries() as queries:
            client.get(f"/bureau/ronden/{slug}/toewijzen")
        counted.append(queries.count)
    assert counted == [10, 10]


@pytest.mark.parametrize("due_on", ["", "2026-03-09", "morgen"])
def test_a_day_that_cannot_be_is_refused(round_: Round, as_user: AsUser, due_on: str) -> None:
    eligible(round_)
    factories.make_reviewer(round_)
    typed = {"due_on": due_on, "most": "7"}
    answer = as_user(Role.OFFICER).post(f"/bureau/ronden/{round_.slug}/toewijzen", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="due_on-error"' in page
    assert 'value="7"' in page
    assert db.session.scalars(select(AssignmentProposal)).all() == []


@pytest.mark.parametrize("most", ["", "0", "101", "veel"])
def test_a_number_that_cannot_be_is_refused(round_: Round, as_user: AsUser, most: str) -> None:
    typed = {"due_on": DUE, "most": most}
    answer = as_user(Role.OFFICER).post(f"/bureau/ronden/{round_.slug}/toewijzen", data=typed)
    assert answer.status_code == 422
    assert 'id="most-error"' in answer.get_data(as_text=True)


def test_reviewers_are_chosen_for_one_application_with_a_warning(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    own = factories.make_reviewer(round_, organisation="Gemeente Zoetermeer", name="Ali")
    free = factories.make_reviewer(round_, name="Bo")
    client = as_user(Role.OFFICER)
    here = f"/bureau/aanvragen/{application.id}/beoordelaars"
    page = client.get(here).get_data(as_text=True)
    labels = {one.get("for"): words(one) for one in parse(page).iter("label")}
    assert labels["reviewers-0"].startswith("Ali · Gemeente Zoetermeer")
    assert labels["reviewers-0"].count(" · ") == 3
    assert labels["reviewers-1"].count(" · ") == 1
    typed = {"reviewers": [str(own.id), str(free.id)], "due_on": DUE}
    assert client.post(here, data=typed).location == here
    assert asked() == sorted([own.id, free.id])
    assert client.post(here, data=typed).status_code == 422
    assert asked() == sorted([own.id, free.id])


def test_nobody_chosen_keeps_the_day(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    factories.make_reviewer(round_)
    answer = as_user(Role.OFFICER).post(
        f"/bureau/aanvragen/{application.id}/beoordelaars", data={"due_on": DUE}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="reviewers-error"' in page
    assert f'value="{DUE}"' in page


def test_an_assignment_is_taken_back_until_it_begins(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    fresh = factories.make_review(application, factories.make_reviewer(round_))
    begun = factories.make_review(application, factories.make_reviewer(round_), declared_at=MOMENT)
    elsewhere = factories.make_review(eligible(round_), factories.make_reviewer(round_))
    client = as_user(Role.OFFICER)
    here = f"/bureau/aanvragen/{application.id}/beoordelaars"
    for review in (fresh, fresh, begun, elsewhere):
        assert client.post(f"{here}/verwijderen", data={"review": review.id}).location == here
    assert sorted(db.session.scalars(select(Review.id))) == [begun.id, elsewhere.id]


def test_the_review_begins_once_there_are_enough(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    client = as_user(Role.OFFICER)
    here = f"/bureau/aanvragen/{application.id}"
    for state in ("eligible", "eligible", "in_review", "in_review"):
        client.post(f"{here}/beoordelen-starten")
        db.session.refresh(application)
        assert application.state == ("in_review" if len(asked()) >= 2 else "eligible")
        if state == "eligible":
            factories.make_review(application, factories.make_reviewer(round_))
            db.session.commit()
    assert application.state == "in_review"
    assert client.get(f"{here}/beoordelaars").status_code == 200


def test_reviews_of_the_whole_round_begin(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    for _ in range(2):
        factories.make_review(application, factories.make_reviewer(round_))
    client = as_user(Role.OFFICER)
    for _ in range(2):
        answer = client.post(f"/bureau/ronden/{round_.slug}/beoordelen-starten")
        assert answer.location == f"/bureau/ronden/{round_.slug}/toewijzen"
    db.session.refresh(application)
    assert application.state == "in_review"
