"""A proposal waits for the hearing that its grounds ask for, and keeps what the applicant said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from subsidy.db import db
from subsidy.models import Decision
from subsidy.services import confirming, decisions, hearing_answers, later_decisions, proposing
from subsidy.services.basis import CodedGround
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import Proposal
from tests.conftest import MOMENT
from tests.factories import hear_before
from tests.services.rounds import Scene, make_scene
from workflows.grounds import GROUNDS
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)
RUNS = MOMENT.date() + timedelta(days=3)
BEFORE = MOMENT - timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("app")


def coded(*codes: str) -> tuple[CodedGround, ...]:
    return tuple(
        CodedGround(code=one, article=GROUNDS[one].article, text=GROUNDS[one].text.nl) for one in codes
    )


def rejection(*codes: str) -> Proposal:
    return Proposal(
        Outcome.REJECTED,
        DAY,
        ground="below_threshold",
        motivation="De gegevens kloppen niet.",
        departure="De gegevens bleken onjuist.",
        coded=coded(*codes),
    )


def award() -> Proposal:
    return Proposal(
        Outcome.AWARDED, DAY, amount_cents=1_000_000, motivation="Past binnen het plafond.", starts_on=DAY
    )


def propose(scene: Scene, what: Proposal) -> Decision:
    return proposing.propose(scene.applications[0], what, actor=scene.proposer, now=MOMENT)


class TestTheFirstDecision:
    def test_on_data_that_differ_waits_for_the_hearing(self) -> None:
        scene = make_scene((5,))
        for heard in ((), ("insolvent",)):
            if heard:
                hear_before(scene.applications[0], *heard)
            with pytest.raises(DecisionError) as refused:
                propose(scene, rejection("wrong_data"))
            assert refused.value.code == "hearing_needed"
        hear_before(scene.applications[0], "wrong_data")
        assert propose(scene, rejection("wrong_data")).outcome == "rejected"

    @pytest.mark.parametrize("codes", [(), ("wrong_data",)])
    def test_against_the_applicant_waits_for_the_term_that_runs(self, codes: tuple[str, ...]) -> None:
        scene = make_scene((5,))
        hearing = hear_before(scene.applications[0], "wrong_data", opened_at=BEFORE, last_day=RUNS)
        with pytest.raises(DecisionError) as refused:
            propose(scene, rejection(*codes))
        assert (refused.value.code, refused.value.params["last_day"]) == ("hearing_term_runs", RUNS)
        hearing.answer, hearing.answered_at = "Dat klopt niet.", MOMENT
        db.session.flush()
        assert propose(scene, rejection(*codes)).outcome == "rejected"

    def test_that_gives_all_need_not_wait(self) -> None:
        scene = make_scene((5,))
        hear_before(scene.applications[0], "wrong_data", opened_at=BEFORE, last_day=RUNS)
        decision = propose(scene, award())
        assert decisions.basis_of(decision).hearings == ()

    def test_keeps_what_was_said_as_it_was(self) -> None:
        scene = make_scene((5,))
        application = scene.applications[0]
        hear_before(application, "wrong_data")
        spoken = hear_before(application, "insolvent", opened_at=BEFORE, last_day=RUNS)
        hearing_answers.write_down(
            application,
            spoken.id,
            "Wij zijn niet failliet.",
            received_on=MOMENT.date(),
            by_mouth=True,
            actor=scene.proposer,
            now=MOMENT,
        )
        kept = decisions.basis_of(propose(scene, rejection("wrong_data", "insolvent"))).hearings
        assert [(one.grounds, one.answer, one.answered_on, one.by_mouth) for one in kept] == [
            (("wrong_data",), "", None, False),
            (("insolvent",), "Wij zijn niet failliet.", MOMENT.date(), True),
        ]

    def test_that_was_proposed_before_a_view_came_in_goes_back(self) -> None:
        scene = make_scene((5,))
        application = scene.applications[0]
        hearing = hear_before(application, "wrong_data")
        decision = propose(scene, rejection("wrong_data"))
        later = MOMENT + timedelta(minutes=5)
        hearing_answers.write_down(
            application,
            hearing.id,
            "Die brief stuurden wij op tijd.",
            received_on=hearing.last_day,
            by_mouth=False,
            actor=scene.proposer,
            now=later,
        )
        with pytest.raises(DecisionError) as refused:
            scene.confirm(decision)
        assert refused.value.code == "view_came_in"
        confirming.send_back(application, reason="Lees de zienswijze.", actor=scene.confirmer, now=later)
        again = proposing.propose(application, rejection("wrong_data"), actor=scene.proposer, now=later)
        assert [one.answer for one in decisions.basis_of(again).hearings] == [hearing.answer]
        assert scene.confirm(again).confirmed_at is not None


class TestALaterDecision:
    def awarded(self) -> Scene:
        scene = make_scene((5,))
        decision = scene.confirm(propose(scene, replace(award(), announce_on=MOMENT.date())))
        decision.announced_at = BEFORE
        db.session.flush()
        return scene

    def withdraw(self, scene: Scene, *codes: str) -> Decision:
        what = Proposal(
            Outcome.WITHDRAWN,
            DAY,
            motivation="De activiteiten gaan niet door.",
            reason="Gestopt.",
            coded=coded(*codes),
            kind=DecisionKind.WITHDRAWAL,
        )
        return later_decisions.propose_later(scene.applications[0], what, actor=scene.proposer, now=MOMENT)

    def test_that_takes_away_waits_for_a_hearing_since_the_award(self) -> None:
        scene = self.awarded()
        hear_before(scene.applications[0], "activities_not_done", opened_at=BEFORE - timedelta(days=20))
        with pytest.raises(DecisionError) as refused:
            self.withdraw(scene, "activities_not_done")
        assert refused.value.code == "hearing_needed"
        hear_before(
            scene.applications[0],
            "activities_not_done",
            opened_at=BEFORE + timedelta(minutes=1),
            last_day=RUNS,
            answer="Wij zijn gestopt.",
            answered_at=MOMENT,
        )
        decision = self.withdraw(scene, "activities_not_done")
        assert [one.answer for one in decisions.basis_of(decision).hearings] == ["Wij zijn gestopt."]

    def test_that_the_recipient_asked_for_waits_for_nobody(self) -> None:
        assert self.withdraw(self.awarded(), "own_request").kind == "withdrawal"
