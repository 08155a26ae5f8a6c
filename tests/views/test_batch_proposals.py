"""Proposing for a whole round through its pages: asking, following, reading what came of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Decision, ProposalBatch, User
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_user
from tests.pages import parse, words
from tests.services.rounds import Scene, make_scene
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
DAY = date(2026, 3, 17)
ALL = {"announce_on": DAY.isoformat(), "outcome": "all"}


def here(scene: Scene) -> str:
    return f"/bureau/ronden/{scene.round.slug}/besluiten/voorstellen"


def officer_of(scene: Scene) -> User:
    user = db.session.get_one(User, scene.proposer.user_id)
    user.locale = "en"
    return user


def text(page: str) -> str:
    return words(parse(page))


def test_a_round_is_asked_followed_and_told(as_user: LogIn) -> None:
    scene = make_scene((5, 3))
    early = make_application(scene.round, "ineligible", submitted_at=MOMENT - timedelta(days=30))
    client = as_user(officer_of(scene))
    assert "3 applications have no proposal yet." in text(client.get(here(scene)).text)
    asked = client.post(here(scene), data=ALL)
    batch = db.session.scalars(select(ProposalBatch)).one()
    assert (asked.status_code, asked.location) == (303, f"{here(scene)}/{batch.id}")
    waiting = client.get(asked.location)
    assert "The proposals are being made." in text(waiting.text)
    progress = client.get(f"{asked.location}/stand")
    assert 'hx-trigger="every 2s"' in progress.text
    assert "HX-Refresh" not in progress.headers

    jobs.drain_here(300)
    assert client.get(f"{asked.location}/stand").headers["HX-Refresh"] == "true"
    told = client.get(asked.location)
    assert "Proposed 2 Could not be proposed 1 Without a proposal now 1" in text(told.text)
    links = {one.get("href"): words(one) for one in parse(told.text).iter("a")}
    assert links[f"/bureau/aanvragen/{early.id}/besluit/voorstel"] == early.reference


def test_bad_input_is_told_and_kept(as_user: LogIn) -> None:
    scene = make_scene((5,))
    client = as_user(officer_of(scene))
    for typed, message in (
        ({**ALL, "announce_on": "2026-03-01"}, "The announcement date has passed."),
        ({**ALL, "announce_on": ""}, "Fill in the announcement date."),
        ({**ALL, "outcome": "everything"}, "Choose one of these."),
        ({**ALL, "mandate": "999"}, "Choose one from the list."),
    ):
        answer = client.post(here(scene), data=typed)
        assert answer.status_code == 422
        assert message in text(answer.text)
    assert db.session.scalars(select(ProposalBatch)).all() == []


def test_a_second_officer_is_led_to_what_runs(as_user: LogIn) -> None:
    scene = make_scene((5,))
    first = as_user(officer_of(scene)).post(here(scene), data=ALL)
    other = db.session.get_one(User, scene.confirmer.user_id)
    other.locale = "en"
    client = as_user(other)
    second = client.post(here(scene), data=ALL)
    assert (second.status_code, second.location) == (303, first.location)
    assert "Proposals are being made for this round already." in text(client.get(first.location).text)
    assert len(db.session.scalars(select(ProposalBatch)).all()) == 1


def test_it_can_be_stopped(as_user: LogIn) -> None:
    scene = make_scene((5, 4))
    client = as_user(officer_of(scene))
    there = client.post(here(scene), data=ALL).location
    for _click in range(2):
        assert client.post(f"{there}/stoppen").status_code == 303
    jobs.drain_here(300)
    assert db.session.scalars(select(Decision)).all() == []
    assert "This was stopped before everything was tried." in text(client.get(there).text)
    # The way is free again.
    assert client.post(here(scene), data=ALL).location != there


def test_only_those_that_were_ticked(as_user: LogIn) -> None:
    scene = make_scene((5, 4, 3))
    wanted = scene.applications[1].reference or ""
    client = as_user(officer_of(scene))
    page = client.get(here(scene), query_string={"gekozen": [wanted, "onzin"]})
    assert f"For 1 application that you chose: {wanted}" in text(page.text)
    client.post(here(scene), data={"announce_on": DAY.isoformat(), "gekozen": wanted})
    jobs.drain_here(300)
    assert [one.application.reference for one in db.session.scalars(select(Decision))] == [wanted]


def test_who_may_not_propose_finds_nothing(as_user: LogIn) -> None:
    scene = make_scene((5,))
    there = as_user(officer_of(scene)).post(here(scene), data=ALL).location
    elsewhere = make_scene((5,))
    assert as_user(Role.CHAIR).get(there).status_code == 404
    assert as_user(Role.CHAIR).post(f"{there}/stoppen").status_code == 404
    # A batch is found in its own round alone.
    batch_id = there.rpartition("/")[2]
    assert as_user(officer_of(elsewhere)).get(f"{here(elsewhere)}/{batch_id}").status_code == 404
    assert as_user(make_user(Role.OFFICER)).get(here(scene)).status_code == 303


def test_what_came_of_it_asks_no_more_queries_for_more(
    as_user: LogIn, count_queries: Callable[[], QueryCount]
) -> None:
    counted = []
    for number in (1, 3):
        scene = make_scene(())
        for _one in range(number):
            make_application(scene.round, "ineligible", submitted_at=MOMENT - timedelta(days=30))
        client = as_user(officer_of(scene))
        there = client.post(here(scene), data=ALL).location
        jobs.drain_here(300)
        client.get(there)
        with count_queries() as queries:
            client.get(there)
        counted.append(queries.count)
    assert counted[0] == counted[1] <= 9
