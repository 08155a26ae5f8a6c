"""What everybody reads when the money of a round is used up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import User
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_user
from tests.services.rounds import Scene
from tests.services.test_competing import REFUSAL, make_line
from tests.services.test_exhaustion import DAY, change_ceiling, decide
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


@pytest.fixture
def used_up(client: FlaskClient) -> Scene:
    """An open round without money, as it was told to one applicant."""
    with client.session_transaction() as session:
        session["locale"] = "en"
    scene = make_line(("eligible",), ceiling_cents=0)
    decide(scene, 0, REFUSAL)
    db.session.commit()
    return scene


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.get_data(as_text=True)


def test_the_page_of_the_round_says_since_when_and_what_it_means(client: FlaskClient, used_up: Scene) -> None:
    text = page(client, f"/ronden/{used_up.round.slug}")
    assert text.count("The budget is used up") == 1
    assert "Since 10 March 2026 the budget of this round is used up." in text
    assert "You can still apply until 30 March 2026" in text


@pytest.mark.parametrize("url", ["/", "/ronden"])
def test_the_lists_say_so(client: FlaskClient, used_up: Scene, url: str) -> None:
    assert used_up.round.slug in (text := page(client, url))
    assert text.count("The budget is used up") == 1


def test_a_closed_round_tells_nobody_to_apply(client: FlaskClient, used_up: Scene, clock: Clock) -> None:
    clock.now = MOMENT + timedelta(days=30)
    text = page(client, f"/ronden/{used_up.round.slug}")
    assert "the budget of this round is used up" in text
    assert "You can still apply" not in text


def test_who_writes_an_application_reads_it_too(as_user: AsUser, used_up: Scene) -> None:
    user = make_user(Role.APPLICANT, locale="en")
    draft = make_application(used_up.round, "draft", member=user)
    db.session.commit()
    assert page(as_user(user), f"/aanvragen/{draft.id}").count("The budget is used up") == 1


def test_a_raised_ceiling_takes_it_away(client: FlaskClient, used_up: Scene) -> None:
    change_ceiling(used_up.round, 1_000_000, days=1)
    db.session.commit()
    assert "used up" not in page(client, f"/ronden/{used_up.round.slug}")


def test_a_list_asks_once_for_all_rounds(
    client: FlaskClient, used_up: Scene, count_queries: Callable[[], QueryCount]
) -> None:
    page(client, "/ronden")
    with count_queries() as for_one:
        page(client, "/ronden")
    for _ in range(2):
        decide(make_line(("eligible",), ceiling_cents=0), 0, REFUSAL)
    db.session.commit()
    with count_queries() as for_three:
        text = page(client, "/ronden")
    assert for_one.count == for_three.count
    assert text.count("The budget is used up") == 3
    assert used_up.round.created_at.date() == DAY
