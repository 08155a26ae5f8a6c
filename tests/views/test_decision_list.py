"""The list of decisions of a round: its counts, what narrows it, and what can be ticked."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Decision, User
from subsidy.services import decision_lists, decisions
from tests.conftest import MOMENT, Clock
from tests.factories import make_application
from tests.pages import parse, words
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
DAY = date(2026, 3, 17)


@pytest.fixture
def scene() -> Scene:
    """One confirmed award, one proposed rejection, one without a proposal."""
    scene = make_scene((5, 4, 3), ceiling_cents=TEN_THOUSAND)
    chosen = {scene.applications[number].reference or "" for number in (0, 1)}
    scene.propose_all(DAY, references=frozenset(chosen))
    first, second = (
        db.session.scalars(select(Decision).where(Decision.application_id == one.id)).one()
        for one in scene.applications[:2]
    )
    scene.confirm(first)
    scene.letter(second)
    db.session.commit()
    return scene


def officer(scene: Scene) -> User:
    user = db.session.get_one(User, scene.confirmer.user_id)
    user.locale = "en"
    return user


def names(page: str) -> list[str]:
    found = [words(row) for body in parse(page).iter("tbody") for row in body.iter("tr")]
    return [row.split()[0] for row in found]


@pytest.mark.slow
def test_it_is_narrowed_by_stage_and_by_outcome(as_user: LogIn, scene: Scene) -> None:
    client = as_user(officer(scene))
    here = f"/bureau/ronden/{scene.round.slug}/besluiten"
    confirmed, proposed, none = (one.reference for one in scene.applications)
    page = client.get(here).text
    told = words(parse(page))
    for tab in ("All (3)", "No proposal (1)", "Waits for confirmation (1)", "Confirmed (1)"):
        assert tab in told
    assert "1 letter waits for you to confirm it. You opened 0 of them." in told
    for asked, expected in (
        ({}, [confirmed, proposed, none]),
        ({"stand": "none"}, [none]),
        ({"stand": "proposed"}, [proposed]),
        ({"stand": "confirmed"}, [confirmed]),
        ({"stand": "announced"}, []),
        ({"uitkomst": "awarded"}, [confirmed]),
        ({"uitkomst": "reserve"}, [proposed]),
        ({"uitkomst": "rejected"}, []),
        ({"stand": "confirmed", "uitkomst": "reserve"}, []),
        ({"stand": "onzin", "uitkomst": "onzin"}, [confirmed, proposed, none]),
    ):
        assert names(client.get(here, query_string=asked).text) == expected


def test_what_has_no_proposal_can_be_ticked_by_who_may_propose(as_user: LogIn, scene: Scene) -> None:
    here = f"/bureau/ronden/{scene.round.slug}/besluiten"

    def boxes(page: str) -> list[str | None]:
        return [one.get("value") for one in parse(page).iter("input") if one.get("name") == "gekozen"]

    assert boxes(as_user(officer(scene)).get(here).text) == [scene.applications[2].reference]
    assert boxes(as_user(Role.AUDITOR).get(here).text) == []


def test_the_database_says_the_same_stage_as_the_program(scene: Scene, clock: Clock) -> None:
    make_application(scene.round, "withdrawn", submitted_at=MOMENT - timedelta(days=30))
    for today in (DAY, DAY + timedelta(days=1)):
        clock.now = MOMENT
        for stage in decision_lists.STAGES:
            for row in decision_lists.find_rows(scene.round, today=today, stage=stage):
                expected = (
                    decisions.stage_of(row.decision, today=today)
                    if row.decision
                    else "withdrawn"
                    if row.state == "withdrawn"
                    else "none"
                )
                assert stage == expected
        counts = decision_lists.count_stages(scene.round, today=today)
        assert sum(counts.values()) == 4
        assert counts["none"] == counts["withdrawn"] == 1
    assert counts["missed"] == 2
