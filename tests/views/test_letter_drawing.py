"""What officers see of letters that could not be drawn, and the buttons that have them drawn again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from subsidy import jobs
from subsidy.models import User
from subsidy.services import decisions, proposal_batches
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_user
from tests.pages import parse
from tests.services.rounds import Scene
from tests.services.test_letter_drawing import Pen, failed, pen, proposed
from tests.views.test_office_decisions import officer_of, rows, text, url
from workflows.permissions import Role

__all__ = ["pen"]

pytestmark = pytest.mark.usefixtures("app", "clock")

LogIn = Callable[[User | Role], FlaskClient]


def listed(scene: Scene) -> str:
    return f"/bureau/ronden/{scene.round.slug}/besluiten"


def buttons(client: FlaskClient, page: str) -> list[str | None]:
    """The addresses to which the forms of a page post."""
    tree = parse(client.get(page).text)
    return [one.get("action") for one in tree.iter("form") if one.get("method") == "post"]


def test_the_list_says_how_many_and_which(as_user: LogIn, pen: Pen) -> None:
    scene = proposed(pen, 1)
    client = as_user(officer_of(scene))
    page = client.get(listed(scene))
    assert "1 letter cannot be made" in text(page)
    assert f"{listed(scene)}/brieven-opnieuw" in buttons(client, listed(scene))
    (row,) = [one for one in rows(page) if (scene.applications[1].reference or "") in one]
    assert "Letter cannot be made" in row
    narrowed = rows(client.get(f"{listed(scene)}?stand=undrawn"))
    assert len(narrowed) == 1


def test_the_page_of_the_batch_says_which(as_user: LogIn, pen: Pen) -> None:
    scene = proposed(pen, 0, 1)
    client = as_user(officer_of(scene))
    batch = proposal_batches.find_last(scene.round)
    assert batch is not None
    page = client.get(f"{listed(scene)}/voorstellen/{batch.id}")
    assert "2 letters cannot be made" in text(page)
    links = [one.get("href") for one in parse(page.text).iter("a")]
    for application in scene.applications[:2]:
        assert url(application) in links
    assert url(scene.applications[2]) not in links


def test_the_decision_says_why_and_what_to_do(as_user: LogIn, pen: Pen) -> None:
    scene = proposed(pen, 1)
    broken, fine = scene.applications[1], scene.applications[0]
    client = as_user(officer_of(scene))
    page = text(client.get(url(broken)))
    assert "The letter cannot be made" in page
    assert "the letter needs list_until" in page
    assert "The letter is being made." not in page
    posts = buttons(client, url(broken))
    assert url(broken, "/brief-opnieuw") in posts
    assert url(broken, "/terugsturen") in posts
    assert "cannot be made" not in text(client.get(url(fine)))
    # Who may only look sees it too, without the button.
    auditor = make_user(Role.AUDITOR)
    auditor.locale = "en"
    looking = as_user(auditor)
    assert "The letter cannot be made" in text(looking.get(url(broken)))
    assert url(broken, "/brief-opnieuw") not in buttons(looking, url(broken))
    assert looking.post(url(broken, "/brief-opnieuw")).status_code == 404


def test_the_button_has_it_drawn_again_and_a_second_click_nothing(
    as_user: LogIn,
    pen: Pen,
) -> None:
    scene = proposed(pen, 1)
    pen.fails_on.clear()
    broken = scene.applications[1]
    client = as_user(officer_of(scene))
    here = url(broken, "/brief-opnieuw")
    assert client.get(here).status_code == 405
    answer = client.post(here, follow_redirects=True)
    assert "1 letter is being made again." in text(answer)
    assert "The letter is being made. This takes a moment." in text(answer)
    assert "Nothing was done." in text(client.post(here, follow_redirects=True))
    jobs.drain_here(300)
    assert decisions.get_current(broken).letter_sha256 is not None
    assert "Nothing was done." in text(client.post(here, follow_redirects=True))


def test_the_button_of_the_round_has_all_drawn_again(as_user: LogIn, pen: Pen) -> None:
    scene = proposed(pen, 0, 2)
    pen.fails_on.clear()
    undeclared = as_user(make_user(Role.OFFICER)).post(f"{listed(scene)}/brieven-opnieuw")
    assert undeclared.location.endswith("/belangen/mijn")
    assert len(failed(scene)) == 2
    client = as_user(officer_of(scene))
    answer = client.post(f"{listed(scene)}/brieven-opnieuw", follow_redirects=True)
    assert "2 letters are being made again." in text(answer)
    jobs.drain_here(300)
    assert "cannot be made" not in text(client.get(listed(scene)))


@pytest.mark.parametrize("page", ["list", "batch"])
def test_more_of_them_ask_no_more_queries(
    as_user: LogIn,
    pen: Pen,
    count_queries: Callable[[], QueryCount],
    page: str,
) -> None:
    counted = []
    for failing in ((0,), (0, 1, 2)):
        scene = proposed(pen, *failing)
        batch = proposal_batches.find_last(scene.round)
        assert batch is not None
        client = as_user(officer_of(scene))
        there = listed(scene) if page == "list" else f"{listed(scene)}/voorstellen/{batch.id}"
        client.get(there)
        with count_queries() as queries:
            client.get(there)
        counted.append(queries.count)
    assert counted[0] == counted[1] <= {"list": 25, "batch": 10}[page]
    assert batch.asked_at == MOMENT
