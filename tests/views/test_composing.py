"""Composing one proposal: grounds of the law, conditions, payments, who signs, and what was sent back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.documents.decision_letters import content_for
from subsidy.models import Application, Decision, Mandate, User
from subsidy.services import basis_gathering, confirming, decisions
from subsidy.services.decisions import basis_of
from tests.conftest import MOMENT
from tests.factories import declare, give_mandate, make_application, make_user
from tests.pages import parse, words
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.views.test_office_decisions import DAY, officer_of, text, typed, url
from workflows.kinds import KINDS
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


def award(**changes: str) -> dict[str, str]:
    """An award of what was asked, as the page suggests it."""
    plain = {"outcome": "awarded", "ground": "", "amount": "10.000", "starts_on": "2026-04-01"}
    return typed(**(plain | {"departure": ""} | changes))


def post(client: FlaskClient, application: Application, fields: dict[str, str]) -> int:
    return client.post(url(application, "/voorstel"), data=fields).status_code


def proposed(application: Application) -> Decision:
    found = decisions.find_current(application)
    assert found is not None
    return found


class TestWhatGoesWithAnAward:
    def test_is_kept_in_the_basis(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        fields = award(
            conditions="Eerst een plan.\n\n  Dan een begroting. ",
            obligations="U overlegt elk kwartaal.",
            **{
                "payments-0-when": "Na het plan",
                "payments-0-cents": "4.000",
                "payments-3-when": "In december",
                "payments-3-cents": "6.000",
            },
        )
        assert post(as_user(officer_of(scene)), application, fields) == 303
        basis = basis_of(proposed(application))
        assert basis.conditions == ("Eerst een plan.", "Dan een begroting.")
        assert basis.obligations == ("U overlegt elk kwartaal.",)
        assert [(one.when, one.cents) for one in basis.payments] == [
            ("Na het plan", 400_000),
            ("In december", 600_000),
        ]

    def test_usual_payments_follow_the_amount(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        shown = {
            "payments-0-when": "Binnen 6 weken na de bekendmaking van dit besluit",
            "payments-0-cents": "10.000,00",
        }
        fields = award(amount="8.000", ground="ceiling", departure="Minder is genoeg.", **shown)
        assert post(as_user(officer_of(scene)), application, fields) == 303
        assert [one.cents for one in basis_of(proposed(application)).payments] == [800_000]

    def test_a_small_award_is_not_paid_after_a_determination(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        fields = award(
            **{
                "payments-0-when": "Nu",
                "payments-0-cents": "8.000",
                "payments-1-when": "Na de vaststelling",
                "payments-1-cents": "2.000",
            },
        )
        answer = as_user(officer_of(scene)).post(url(application, "/voorstel"), data=fields)
        assert answer.status_code == 422
        told = "An award of this amount is determined by the decision itself"
        tree = parse(answer.get_data(as_text=True))
        (line,) = [one for one in tree.iter("input") if one.get("name") == "payments-1-when"]
        described = (line.get("aria-describedby") or "").split()
        assert told in " ".join(words(one) for one in tree.iter() if one.get("id") in described)
        assert (line.get("value"), decisions.find_current(application)) == ("Na de vaststelling", None)

    def test_the_usual_payments_keep_the_weeks_of_the_round(self, as_user: LogIn) -> None:
        plain = KINDS["regiobeeld"]
        slow = plain.model_copy(update={"terms": plain.terms.model_copy(update={"payment_weeks": 8})})
        scene = make_scene((5,), definition=slow)
        (application,) = scene.applications
        client = as_user(officer_of(scene))
        when = "Binnen 8 weken na de bekendmaking van dit besluit"
        assert when in client.get(url(application, "/voorstel")).text
        shown = {"payments-0-when": when, "payments-0-cents": "10.000,00"}
        fields = award(amount="8.000", ground="ceiling", departure="Minder is genoeg.", **shown)
        assert post(client, application, fields) == 303
        decision = proposed(application)
        assert [(one.when, one.cents) for one in basis_of(decision).payments] == [(when, 800_000)]
        letter = content_for(decision)
        assert letter.payment_schedule == ()
        assert "binnen 8 weken" in " ".join(letter.payment)

    def test_payments_that_differ_from_the_award_are_told_at_the_line(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        client = as_user(officer_of(scene))
        fields = award(**{"payments-0-when": "Nu", "payments-0-cents": "1", "conditions": "Eerst een plan."})
        answer = client.post(url(application, "/voorstel"), data=fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "Payments, line 1: Payment: The payments do not add up" in text(answer)
        assert 'href="#payments-0-cents"' in page
        assert "Eerst een plan." in page
        assert decisions.find_current(application) is None

    def test_half_a_payment_is_asked_for(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        answer = as_user(officer_of(scene)).post(
            url(application, "/voorstel"), data=award(**{"payments-0-when": "Nu"})
        )
        assert answer.status_code == 422
        assert "Fill in how much is paid" in text(answer)

    def test_lines_are_added_without_scripts_and_nothing_is_proposed(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        answer = as_user(officer_of(scene)).post(
            url(application, "/voorstel"), data=award(add="payments", motivation="Mijn woorden.")
        )
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert 'name="payments-0-when"' in page
        assert "Mijn woorden." in page
        assert decisions.find_current(application) is None


class TestGroundsOfTheLaw:
    def test_are_frozen_with_article_and_text(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        assert post(as_user(officer_of(scene)), application, typed(coded="ceiling", ground="ceiling")) == 303
        (ground,) = basis_of(proposed(application)).coded
        assert (ground.code, ground.article) == ("ceiling", "Awb 4:25(2)")
        assert ground.text == "Het subsidieplafond zou worden overschreden."

    def test_that_do_not_go_with_the_outcome_are_told(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        answer = as_user(officer_of(scene)).post(url(application, "/voorstel"), data=award(coded="ceiling"))
        assert answer.status_code == 422
        assert "does not go with this decision" in text(answer)

    def test_of_a_later_decision_are_not_offered(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        client = as_user(officer_of(scene))
        assert 'value="obligations_broken"' not in client.get(url(application, "/voorstel")).get_data(
            as_text=True
        )
        assert post(client, application, typed(coded="obligations_broken")) == 422


class TestARejection:
    def test_without_reasons_for_what_failed_is_told_at_that_criterion(self, as_user: LogIn) -> None:
        scene = make_scene((1,))
        (application,) = scene.applications
        fields = typed(
            ground="criterion:kwaliteit",
            motivation="Het plan is te mager.",
            departure="",
            **{"reason-kwaliteit": ""},
        )
        answer = as_user(officer_of(scene)).post(url(application, "/voorstel"), data=fields)
        assert answer.status_code == 422
        assert 'id="reason-kwaliteit-error"' in answer.get_data(as_text=True)
        assert "Give the reasons for every criterion that failed" in text(answer)
        assert decisions.find_current(application) is None

    def test_on_a_check_that_no_officer_judged_asks_why(self, as_user: LogIn) -> None:
        scene = make_scene(())
        application = make_application(scene.round, "ineligible", submitted_at=MOMENT - timedelta(days=30))
        del application.participations[2:]
        db.session.commit()
        client = as_user(officer_of(scene))
        fields = typed(ground="not_eligible", motivation="De aanvraag voldoet niet.", departure="")
        answer = client.post(url(application, "/voorstel"), data=fields)
        assert answer.status_code == 422
        assert 'id="finding-domains-error"' in answer.get_data(as_text=True)
        assert post(client, application, fields | {"finding-domains": "Er doen twee domeinen mee."}) == 303
        decision = proposed(application)
        assert basis_of(decision).finding_reasons == {"domains": "Er doen twee domeinen mee."}
        (finding,) = content_for(decision).findings
        assert finding.typed == "Er doen twee domeinen mee."


class TestWhoSigns:
    def test_the_one_chosen(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        third = make_user(Role.OFFICER)
        declare(third, scene.round)
        mandate = give_mandate(third)
        (application,) = scene.applications
        assert post(as_user(officer_of(scene)), application, award(mandate=str(mandate.id))) == 303
        assert proposed(application).mandate_id == mandate.id

    def test_nobody_is_told_beforehand_and_at_the_field(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        for one in db.session.query(Mandate):
            one.withdrawn_at = MOMENT
        db.session.commit()
        (application,) = scene.applications
        client = as_user(officer_of(scene))
        assert "Nobody has a mandate for this decision" in text(client.get(url(application, "/voorstel")))
        answer = client.post(url(application, "/voorstel"), data=award())
        assert answer.status_code == 422
        assert 'id="mandate-error"' in answer.get_data(as_text=True)
        assert decisions.find_current(application) is None


class TestAfterItWasSentBack:
    @pytest.fixture
    def scene(self, as_user: LogIn) -> Scene:
        """One award with words of its own, sent back by the second officer."""
        scene = make_scene((5,))
        (application,) = scene.applications
        fields = award(motivation="Woorden van de eerste keer.", conditions="Eerst een plan.")
        assert post(as_user(officer_of(scene)), application, fields) == 303
        confirming.send_back(application, reason="De naam klopt niet.", actor=scene.confirmer, now=MOMENT)
        db.session.commit()
        return scene

    def test_the_form_begins_with_it(self, scene: Scene, as_user: LogIn) -> None:
        page = as_user(officer_of(scene)).get(url(scene.applications[0], "/voorstel"))
        said = text(page)
        assert "An earlier proposal was sent back" in said
        assert "De naam klopt niet." in said
        assert "Woorden van de eerste keer." in said
        assert "Eerst een plan." in said
        assert f'value="{DAY}"' in page.get_data(as_text=True)

    def test_or_with_the_division(self, scene: Scene, as_user: LogIn) -> None:
        page = as_user(officer_of(scene)).get(url(scene.applications[0], "/voorstel?vanaf=verdeling"))
        assert "Woorden van de eerste keer." not in text(page)
        assert proposed_anew(scene, as_user) == TEN_THOUSAND


def proposed_anew(scene: Scene, as_user: LogIn) -> int:
    (application,) = scene.applications
    assert post(as_user(officer_of(scene)), application, award()) == 303
    return proposed(application).amount_cents


def test_a_ground_is_offered_only_for_a_criterion_with_a_threshold(as_user: LogIn) -> None:
    """The letter says the threshold: without one there is no letter to write."""
    scene = make_scene((5,))
    (application,) = scene.applications
    page = as_user(officer_of(scene)).get(url(application, "/voorstel")).text
    basis = basis_gathering.gather(application.round)[application.id]
    offered = {one.id for one in basis.criteria if f'value="criterion:{one.id}"' in page}
    assert offered == {one.id for one in basis.criteria if one.threshold is not None} != set()
    assert len(offered) < len(basis.criteria)
