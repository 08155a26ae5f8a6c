"""The checklist for closing a round, through the pages of an officer."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import User
from tests.conftest import Clock, QueryCount
from tests.factories import make_interest, make_user
from tests.pages import parse, words
from tests.services.later import AFTER, WITHDRAWAL, carry_out, in_force_of, make_decided, propose
from tests.services.rounds import Scene, make_scene
from tests.services.tampering import past_the_triggers
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


@pytest.fixture(autouse=True)
def afterwards(clock: Clock) -> None:
    """A week after the first decisions were announced."""
    clock.now = AFTER


def url(scene: Scene) -> str:
    return f"/bureau/ronden/{scene.round.slug}/afsluiten"


def officer_of(scene: Scene) -> User:
    user = db.session.get_one(User, scene.proposer.user_id)
    user.locale = "en"
    return user


def page(client: FlaskClient, scene: Scene) -> str:
    answer = client.get(url(scene))
    assert answer.status_code == 200
    return words(parse(answer.get_data(as_text=True)))


def test_says_what_remains_and_leads_to_it(as_user: LogIn) -> None:
    scene = make_scene((5, 4))
    answer = as_user(officer_of(scene)).get(url(scene))
    told = words(parse(answer.get_data(as_text=True)))
    assert "Every application has a decision" in told
    assert "2 to go" in told
    assert "The round can be closed when everything in the checklist is done." in told
    links = {one.get("href") for one in parse(answer.get_data(as_text=True)).iter("a")}
    assert {f"/bureau/aanvragen/{one.id}/besluit" for one in scene.applications} <= links


def test_closes_when_all_is_done_and_says_so_at_a_second_click(as_user: LogIn) -> None:
    scene = make_decided()
    client = as_user(officer_of(scene))
    assert "Closing cannot be undone." in page(client, scene)
    first = client.post(url(scene))
    assert (first.status_code, first.headers["Location"]) == (303, f"/bureau/ronden/{scene.round.slug}")
    assert scene.round.state == "decided"
    second = client.post(url(scene), follow_redirects=True)
    assert "This cannot be done now: the state is" in words(parse(second.get_data(as_text=True)))
    assert client.get(url(scene)).status_code == 303


def test_is_refused_with_the_reason_while_something_remains(as_user: LogIn) -> None:
    scene = make_decided()
    propose(scene, 0, WITHDRAWAL)
    answer = as_user(officer_of(scene)).post(url(scene))
    assert answer.status_code == 422
    told = words(parse(answer.get_data(as_text=True)))
    assert "The round was not closed" in told
    assert "There are proposals that nobody confirmed yet. (1)" in told
    assert scene.round.state == "published"


def test_shows_where_the_money_and_the_chain_do_not_hold(as_user: LogIn) -> None:
    scene = make_decided()
    award = in_force_of(scene.applications[0])
    past_the_triggers("ledger_line", "DELETE FROM ledger_line WHERE decision_id = :id", id=award.id)
    past_the_triggers("event", "UPDATE event SET actor_id = 0 WHERE name = 'decision.proposed'")
    client = as_user(officer_of(scene))
    told = page(client, scene)
    assert "Does not add up" in told
    assert "3 faults" in told
    assert "event decision.proposed was changed or moved" in told
    assert client.post(url(scene)).status_code == 422


def test_a_decision_after_closing_has_its_page(as_user: LogIn) -> None:
    scene = make_decided()
    client = as_user(officer_of(scene))
    client.post(url(scene))
    taken_back = carry_out(scene, 0, WITHDRAWAL)
    answer = client.post(f"/bureau/aanvragen/{taken_back.application_id}/besluiten/{taken_back.id}/waarom")
    told = words(parse(answer.get_data(as_text=True)))
    assert "Identical" in told
    assert "U hebt zelf om intrekking gevraagd." in told


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.CHAIR])
def test_officers_alone_close(as_user: LogIn, role: Role) -> None:
    scene = make_decided()
    client = as_user(role)
    assert client.get(url(scene)).status_code == 404
    assert client.post(url(scene)).status_code == 404


def test_who_has_an_interest_does_not_see_it(as_user: LogIn) -> None:
    scene = make_decided()
    officer = make_user(Role.OFFICER)
    make_interest(scene.applications[0], officer)
    assert as_user(officer).get(url(scene)).status_code == 404


def test_the_round_page_does_not_read_the_chain(
    as_user: LogIn, count_queries: Callable[[], QueryCount]
) -> None:
    scene = make_decided()
    client = as_user(officer_of(scene))
    client.get(f"/bureau/ronden/{scene.round.slug}")
    with count_queries() as queries:
        answer = client.get(f"/bureau/ronden/{scene.round.slug}")
    assert "To the checklist for closing" in words(parse(answer.get_data(as_text=True)))
    assert not [one for one in queries.statements if "event_detail" in one]


def test_a_larger_round_asks_no_more_queries(as_user: LogIn, count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for scores in ((5,), (5, 4, 3)):
        scene = make_decided(scores)
        client = as_user(officer_of(scene))
        page(client, scene)
        with count_queries() as queries:
            page(client, scene)
        counted.append(queries.count)
    assert counted[0] == counted[1]
