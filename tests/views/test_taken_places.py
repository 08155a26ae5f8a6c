"""What an officer reads who gives a place on the reserve list that another application has."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from subsidy.models import User
from subsidy.services import proposal_batches
from tests.conftest import MOMENT, Clock
from tests.pages import parse, words
from tests.services.later import AFTER, make_decided, mandate_of
from tests.services.rounds import TEN_THOUSAND, make_scene
from tests.services.test_taken_places import propose
from tests.views.test_office_decisions import officer_of, text, typed, url
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
UNTIL = (MOMENT + timedelta(days=200)).date().isoformat()


def told_at_the_place(page: str) -> str:
    """The message beside the field, which the field names as its description."""
    tree = parse(page)
    (field,) = [one for one in tree.iter("input") if one.get("name") == "reserve_place"]
    assert field.get("aria-invalid") == "true"
    described = (field.get("aria-describedby") or "").split()
    return " ".join(words(one) for one in tree.iter() if one.get("id") in described)


def test_the_form_names_who_has_it_and_keeps_what_was_typed(as_user: LogIn) -> None:
    scene = make_scene((5, 4))
    propose(scene, 0, 1)
    client = as_user(officer_of(scene))
    fields = typed(ground="ceiling", reserve_place="1", list_until=UNTIL)
    answer = client.post(url(scene.applications[1], "/voorstel"), data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"Application {scene.applications[0].reference} has this place" in told_at_the_place(page)
    assert "Te weinig samenwerking." in page
    other_place = fields | {"reserve_place": "2"}
    assert client.post(url(scene.applications[1], "/voorstel"), data=other_place).status_code == 303


def test_the_form_of_a_correction_too(as_user: LogIn, clock: Clock) -> None:
    scene = make_decided((5, 4, 3), ceiling_cents=TEN_THOUSAND)
    clock.now = AFTER
    fields = typed(
        ground="ceiling",
        reason="De plaats klopte niet.",
        reserve_place="2",
        list_until=UNTIL,
        mandate=str(mandate_of(scene)),
    )
    client = as_user(officer_of(scene))
    answer = client.post(url(scene.applications[1], "/nieuw/correctie"), data=fields)
    assert answer.status_code == 422
    told = told_at_the_place(answer.get_data(as_text=True))
    assert f"Application {scene.applications[2].reference} has this place" in told


def test_the_page_of_a_batch_names_who_has_it_and_who_missed_it(as_user: LogIn) -> None:
    scene = make_scene((5, 4, 3), ceiling_cents=2 * TEN_THOUSAND)
    propose(scene, 0, 1)
    scene.propose_all(MOMENT.date())
    batch = proposal_batches.find_last(scene.round)
    assert batch is not None
    client = as_user(officer_of(scene))
    page = text(client.get(f"/bureau/ronden/{scene.round.slug}/besluiten/voorstellen/{batch.id}"))
    first, third = scene.applications[0], scene.applications[2]
    assert f"Application {first.reference} has this place on the reserve list already." in page
    assert f"1 application {third.reference}" in page
