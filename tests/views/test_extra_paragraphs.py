"""Paragraphs for one letter: typed with the proposal, kept with the decision, shown wherever it is told."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter_preview import as_html
from subsidy.models import Letter, User
from subsidy.services import decisions, letters
from subsidy.services.decisions import basis_of
from tests.conftest import MOMENT, Clock
from tests.pages import parse, words
from tests.services.later import AFTER, WITHDRAWAL
from tests.services.later import make_decided as decided_scene
from tests.services.rounds import make_scene
from tests.services.test_wordings import publish
from tests.views.test_composing import award, post, proposed
from tests.views.test_later_decisions import officer as officer_later
from tests.views.test_later_decisions import typed as typed_later
from tests.views.test_later_decisions import url as url_later
from tests.views.test_office_decisions import officer_of, text, url
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")
LogIn = Callable[[User | Role], FlaskClient]

TYPED = "Wij bellen u volgende week.\n\n \n<b>Neem</b> uw planning mee."
KEPT = ("Wij bellen u volgende week.", "<b>Neem</b> uw planning mee.")


def test_they_are_kept_and_told_on_the_decision_on_why_and_in_the_letter(as_user: LogIn) -> None:
    scene = make_scene((5,))
    (application,) = scene.applications
    client = as_user(officer_of(scene))
    assert post(client, application, award(extra=TYPED)) == 303
    decision = proposed(application)
    assert basis_of(decision).extra == KEPT
    for address in (url(application), f"/bureau/aanvragen/{application.id}/besluiten/{decision.id}/waarom"):
        shown = text(client.get(address))
        assert "Extra paragraphs for this letter" in shown
        assert "Wij bellen u volgende week. <b>Neem</b> uw planning mee." in shown
    letter = words(parse(f"<!doctype html><title>x</title>{as_html(content_for(decision))}"))
    assert letter.index(KEPT[0]) < letter.index(KEPT[1]) < letter.index("Bezwaar maken")


def test_what_is_refused_keeps_them(as_user: LogIn) -> None:
    scene = make_scene((5,))
    (application,) = scene.applications
    fields = award(extra=TYPED, amount="te veel")
    answer = as_user(officer_of(scene)).post(url(application, "/voorstel"), data=fields)
    assert answer.status_code == 422
    area = parse(answer.get_data(as_text=True)).find(".//textarea[@name='extra']")
    assert area is not None
    assert words(area) == " ".join(TYPED.split())


def test_a_withdrawal_has_them_too_and_a_correction_begins_with_the_old_ones(
    as_user: LogIn, clock: Clock
) -> None:
    clock.now = AFTER
    scene = decided_scene()
    application = scene.applications[0]
    client = officer_later(scene, as_user)
    data = typed_later(scene, coded="own_request", extra=TYPED)
    assert client.post(url_later(application, "intrekking"), data=data).status_code == 303
    decision = decisions.get_current(application)
    assert (decision.kind, basis_of(decision).extra) == (WITHDRAWAL.kind, KEPT)
    assert content_for(decision).extra == KEPT


def test_why_says_which_words_the_letter_has(as_user: LogIn) -> None:
    scene = make_scene((5, 4))
    shown = []
    for application in scene.applications:
        client = as_user(officer_of(scene))
        assert post(client, application, award()) == 303
        decision = proposed(application)
        scene.letter(decision)
        answer = client.get(f"/bureau/aanvragen/{application.id}/besluiten/{decision.id}/waarom")
        shown.append(text(answer))
        publish(scene.round, f"Beste aanvrager {len(shown)},")
    assert "Words of the letter The words with which the round was published" in shown[0]
    assert "Words of the letter Version 1" in shown[1]
    rows = [letters.of_decision(proposed(one), now=MOMENT) for one in scene.applications]
    assert [isinstance(one, Letter) and one.wording_id is None for one in rows] == [True, False]
