"""Confirming a batch through its page: read, tick, confirm; what is refused is told per decision."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Decision, DecisionReading, User
from tests.conftest import QueryCount
from tests.factories import lower_ceiling, make_user
from tests.pages import parse, words
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
DAY = date(2026, 3, 17)


@pytest.fixture
def scene() -> Scene:
    """Three awards are proposed, with their letters."""
    return proposed((5, 4, 3))


def proposed(scores: tuple[int, ...]) -> Scene:
    scene = make_scene(scores)
    scene.propose_all(DAY)
    db.session.commit()
    jobs.drain_here(300)
    return scene


def holder(scene: Scene) -> User:
    user = db.session.get_one(User, scene.confirmer.user_id)
    user.locale = "en"
    return user


def here(scene: Scene, rest: str = "bevestigen") -> str:
    return f"/bureau/ronden/{scene.round.slug}/besluiten/{rest}"


def text(page: str) -> str:
    return words(parse(page))


def boxes(page: str) -> dict[str, bool]:
    """The boxes to tick: what each sends, and whether it is ticked."""
    found = [one for one in parse(page).iter("input") if one.get("name") == "brief"]
    return {one.get("value", ""): one.get("checked") is not None for one in found}


def read_next(client: FlaskClient, scene: Scene) -> str:
    """Follow the link to the next letter and open it; returns its address."""
    there = client.get(here(scene, "volgende-brief")).location
    if there.endswith(".pdf"):
        with client.get(there) as letter:
            assert letter.mimetype == "application/pdf"
    return there


def test_reads_ticks_and_confirms(as_user: LogIn, scene: Scene) -> None:
    client = as_user(holder(scene))
    page = client.get(here(scene)).text
    assert boxes(page) == {}
    assert "On this page is nothing yet that you read" in text(page)
    first, second = read_next(client, scene), read_next(client, scene)
    assert first != second
    page = client.get(here(scene)).text
    assert list(boxes(page).values()) == [False, False]
    assert "Left after that € 80,000" in text(page)
    ticked = client.get(f"{here(scene)}?kies=gelezen").text
    assert list(boxes(ticked).values()) == [True, True]
    answer = client.post(here(scene), data={"brief": list(boxes(page)), "read": "y"}, follow_redirects=True)
    assert "2 decisions are confirmed." in text(answer.text)
    assert len(boxes(answer.text)) == 0
    again = client.post(here(scene), data={"brief": list(boxes(page)), "read": "y"}, follow_redirects=True)
    assert "2 decisions were confirmed already; nothing was done a second time." in text(again.text)
    assert scene.round.promised_cents == 2 * TEN_THOUSAND


def test_the_last_letter_leads_back(as_user: LogIn, scene: Scene) -> None:
    client = as_user(holder(scene))
    assert len({read_next(client, scene) for _letter in range(3)}) == 3
    assert read_next(client, scene) == here(scene)
    assert "You opened every letter that waits for you" in text(client.get(here(scene)).text)


def test_bad_input_is_told_and_what_was_ticked_stays(as_user: LogIn, scene: Scene) -> None:
    client = as_user(holder(scene))
    read_next(client, scene)
    (box,) = boxes(client.get(here(scene)).text)
    unsaid = client.post(here(scene), data={"brief": box})
    assert unsaid.status_code == 422
    assert "Read the letters first" in text(unsaid.text)
    assert boxes(unsaid.text) == {box: True}
    nothing = client.post(here(scene), data={"read": "y", "brief": ["onzin", "9" * 40 + ":a", ":"]})
    assert nothing.status_code == 422
    assert "Choose at least one application." in text(nothing.text)
    assert db.session.scalars(select(Decision).where(Decision.confirmed_at.is_not(None))).all() == []


def test_what_is_refused_is_told_per_decision(as_user: LogIn, scene: Scene) -> None:
    client = as_user(holder(scene))
    for _letter in range(3):
        read_next(client, scene)
    wanted = list(boxes(client.get(here(scene)).text))
    lower_ceiling(scene.round, 2 * TEN_THOUSAND)
    db.session.commit()
    assert "Not all of this fits under the ceiling." in text(client.get(here(scene)).text)
    answer = client.post(here(scene), data={"brief": wanted, "read": "y"})
    assert answer.status_code == 200
    told = text(answer.text)
    assert "2 decisions are confirmed." in told
    assert "1 decision could not be confirmed" in told
    assert f"{scene.applications[2].reference}: This does not fit under the ceiling any more" in told
    assert scene.round.promised_cents == 2 * TEN_THOUSAND


def test_a_letter_that_was_not_opened_cannot_be_smuggled_in(as_user: LogIn, scene: Scene) -> None:
    client = as_user(holder(scene))
    decision = db.session.scalars(select(Decision).order_by(Decision.id)).first()
    assert decision is not None
    box = f"{decision.application_id}:{decision.letter_sha256}"
    answer = client.post(here(scene), data={"brief": box, "read": "y"})
    assert "You did not open this letter yet." in text(answer.text)
    db.session.refresh(decision)
    assert decision.confirmed_at is None


def test_who_proposed_reads_without_counting_as_a_reader(as_user: LogIn, scene: Scene) -> None:
    decision = db.session.scalars(select(Decision).order_by(Decision.id)).first()
    assert decision is not None
    client = as_user(db.session.get_one(User, scene.proposer.user_id))
    client.get(f"/bureau/aanvragen/{decision.application_id}/besluiten/{decision.id}/brief.pdf").close()
    assert db.session.scalars(select(DecisionReading)).all() == []
    assert boxes(client.get(here(scene)).text) == {}


def test_others_have_nothing_to_confirm(as_user: LogIn, scene: Scene) -> None:
    assert as_user(Role.CHAIR).get(here(scene)).status_code == 404
    assert as_user(Role.AUDITOR).post(here(scene)).status_code == 404
    assert as_user(make_user(Role.OFFICER)).get(here(scene)).status_code == 303


@pytest.mark.slow
def test_a_longer_list_asks_no_more_queries(as_user: LogIn, count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for scores in ((5,), (5, 4, 3)):
        scene = proposed(scores)
        client = as_user(holder(scene))
        client.get(here(scene))
        with count_queries() as queries:
            client.get(here(scene))
        counted.append(queries.count)
    assert counted == [7, 7]
