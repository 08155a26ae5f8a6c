"""What people could try, or run into, to get around the rules of awarding."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import Application, Decision, User
from subsidy.services import (
    basis_gathering,
    closing,
    competing,
    confirming,
    copying,
    later_decisions,
    ledger,
    proposal,
    proposing,
    resigning,
    rounds,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.differences import Part
from subsidy.services.proposal import Proposal
from subsidy.services.recomputing import recompute
from tests.conftest import MOMENT
from tests.factories import declare, give_mandate, make_application, make_interest, make_user
from tests.services.later import (
    AFTER,
    CORRECTION,
    DAY,
    REMEDY,
    WITHDRAWAL,
    carry_out,
    confirm,
    lines,
    make_decided,
    mandate_of,
    moving_up,
    post,
    propose,
)
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.tampering import past_the_triggers
from workflows.award import AllocationOutcome
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Role
from workflows.snapshot import Decision as Outcome

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


def suggested(scene: Scene, application: Application) -> Proposal:
    return proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=MOMENT.date())


def first_of(scene: Scene, number: int = 0) -> Decision:
    application = scene.applications[number]
    return proposing.propose(application, suggested(scene, application), actor=scene.proposer, now=MOMENT)


def refusal(error: pytest.ExceptionInfo[DecisionError]) -> str:
    return error.value.code


class TestBeforeAllCanBeCompared:
    """Who gets money is not decided while others can still join (Awb 4:26)."""

    @pytest.fixture
    def scene(self) -> Scene:
        return make_scene((5, 1))

    def test_nothing_is_awarded_in_a_round_that_is_open(self, scene: Scene) -> None:
        scene.round.closes_at = MOMENT
        db.session.flush()
        with pytest.raises(DecisionError) as error:
            first_of(scene)
        assert refusal(error) == "round_open"
        # What says nothing of the others can be told at once.
        assert first_of(scene, 1).outcome == "rejected"

    def test_nor_before_it_opens_by_hand_or_by_date(self, scene: Scene) -> None:
        scene.round.phase_by_hand, scene.round.phase_reason = "open", "Storing."
        db.session.flush()
        with pytest.raises(DecisionError) as error:
            first_of(scene)
        assert refusal(error) == "round_open"

    def test_nor_while_one_draft_has_a_deadline_of_its_own(self, scene: Scene) -> None:
        late = make_application(scene.round, "draft", deadline_at=MOMENT + timedelta(days=2))
        with pytest.raises(DecisionError) as error:
            first_of(scene)
        assert refusal(error) == "round_open"
        late.deadline_at = MOMENT - timedelta(days=2)
        db.session.flush()
        assert first_of(scene).outcome == "awarded"

    def test_nor_confirmed_when_it_was_opened_again(self, scene: Scene) -> None:
        decision = first_of(scene)
        scene.round.closes_at = MOMENT + timedelta(days=2)
        db.session.flush()
        with pytest.raises(DecisionError) as error:
            scene.confirm(decision)
        assert refusal(error) == "round_open"
        assert (scene.round.promised_cents, scene.applications[0].state) == (0, "in_review")

    def test_a_batch_tells_it_of_each(self, scene: Scene) -> None:
        scene.round.closes_at = MOMENT + timedelta(days=3650)
        db.session.flush()
        batch = scene.propose_all(date(2100, 1, 4))
        assert set(batch.refused.values()) == {"round_open"}


class TestFourEyes:
    def test_letting_another_sign_keeps_the_proposer_and_can_be_made_again(self) -> None:
        scene = make_scene((5,))
        scene.letter(first_of(scene))
        user = make_user(Role.OFFICER)
        declare(user, scene.round)
        mandate = give_mandate(user)
        new = resigning.let_sign(
            scene.applications[0], mandate_id=mandate.id, actor=scene.confirmer, now=MOMENT
        )
        scene.letter(new)
        assert new.proposed_by == scene.proposer.user_id
        assert recompute(new).identical

    def test_renewing_does_not_hand_the_words_to_another_proposer(self) -> None:
        scene = make_scene((5,))
        old = first_of(scene)
        late = MOMENT + timedelta(days=8)
        new = proposing.renew(old, announce_on=late.date(), actor=scene.confirmer, now=late)
        digest = scene.letter(new)
        with pytest.raises(NotAllowedError):
            confirming.confirm(scene.applications[0], letter_sha256=digest, actor=scene.proposer, now=late)
        confirming.confirm(scene.applications[0], letter_sha256=digest, actor=scene.confirmer, now=late)
        assert (new.proposed_by, new.confirmed_by) == (scene.proposer.user_id, scene.confirmer.user_id)
        assert recompute(new).identical

    def test_renewing_needs_the_mandate_of_somebody_else_than_the_proposer(self) -> None:
        scene = make_scene((5,))
        old = first_of(scene)
        past_the_triggers(
            "mandate",
            "UPDATE mandate SET withdrawn_at = given_at, withdrawn_by = given_by WHERE user_id <> :me",
            me=scene.proposer.user_id,
        )
        late = MOMENT + timedelta(days=8)
        with pytest.raises(DecisionError) as error:
            proposing.renew(old, announce_on=late.date(), actor=scene.confirmer, now=late)
        assert refusal(error) == "no_mandate"

    @pytest.mark.parametrize("dismissed", [False, True])
    def test_an_interest_of_the_proposer_that_became_known_since(self, *, dismissed: bool) -> None:
        scene = make_scene((5, 4))
        decision = first_of(scene)
        proposer = db.session.get_one(User, scene.proposer.user_id)
        interest = make_interest(scene.applications[0], proposer)
        if dismissed:
            chair = make_user(Role.CHAIR)
            interest.decision, interest.decided_by, interest.decided_at = "dismissed", chair.id, MOMENT
            interest.decision_reason = "Geen belang."
            db.session.flush()
            assert scene.confirm(decision).confirmed_at
            return
        with pytest.raises(DecisionError) as error:
            scene.confirm(decision)
        assert refusal(error) == "proposer_conflicted"
        sent_back = confirming.send_back(
            scene.applications[0], reason="Belang.", actor=scene.confirmer, now=MOMENT
        )
        assert sent_back.returned_at

    def test_a_mandate_of_another_round_or_that_is_too_narrow_is_not_stepped_around(self) -> None:
        scene = make_decided((5, 4, 3), ceiling_cents=2 * TEN_THOUSAND - 500_000)
        carry_out(scene, 0, WITHDRAWAL)
        officer = make_user(Role.OFFICER)
        declare(officer, scene.round)
        narrow = give_mandate(officer, up_to_cents=TEN_THOUSAND - 1)
        raised = replace(
            moving_up(scene, scene.applications[1]), kind=DecisionKind.INCREASE, mandate_id=narrow.id
        )
        with pytest.raises(DecisionError) as error:
            later_decisions.propose_later(scene.applications[1], raised, actor=scene.proposer, now=AFTER)
        assert refusal(error) == "mandate_too_narrow"


class TestMoney:
    def test_what_a_remedy_gave_outside_the_ceiling_never_moves_inside(self) -> None:
        scene = make_decided()
        given = carry_out(scene, 2, REMEDY)
        assert lines(scene)[-1] == (given.id, "outside", TEN_THOUSAND)
        assert later_decisions.kinds_for(given, TEN_THOUSAND) == (
            DecisionKind.WITHDRAWAL,
            DecisionKind.REMEDY,
        )
        again = carry_out(scene, 2, replace(REMEDY, reason="De startdatum klopte niet."))
        assert lines(scene)[-2:] == [
            (given.id, "outside", -TEN_THOUSAND),
            (again.id, "outside", TEN_THOUSAND),
        ]
        carry_out(scene, 2, WITHDRAWAL)
        assert scene.round.promised_cents == 2 * TEN_THOUSAND
        assert sum(cents for *_, cents in lines(scene)) == 2 * TEN_THOUSAND
        assert ledger.fits(scene.round)

    def test_a_correction_upwards_does_not_go_over_the_ceiling(self) -> None:
        scene = make_decided((5, 4, 3), ceiling_cents=1_400_000)
        before = lines(scene)
        decision = propose(scene, 1, CORRECTION)
        with pytest.raises(DecisionError) as error:
            confirm(scene, decision)
        assert refusal(error) == "ceiling_exceeded"
        assert (lines(scene), scene.applications[1].state) == (before, "awarded")

    def test_a_share_of_nothing_is_suggested_as_a_rejection_for_want_of_money(self) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        found = basis_gathering.gather(scene.round)[application.id].model_copy(
            update={
                "allocation": AllocationOutcome.PARTIAL,
                "allocation_cents": 0,
                "allocation_ground": "ceiling",
            }
        )
        given = proposal.suggest(found, announce_on=DAY)
        assert (given.outcome, given.ground, given.amount_cents, given.payments) == (
            Outcome.REJECTED,
            "ceiling",
            0,
            (),
        )
        assert given.motivation
        assert not proposal.departs(found, given)
        assert proposal.departs(found, replace(given, outcome=Outcome.AWARDED, amount_cents=1))


class TestTheReserveList:
    def last_day(self, scene: Scene) -> datetime:
        place = scene.applications[2]
        found = db.session.scalars(select(Decision).where(Decision.application_id == place.id)).one()
        return datetime.combine(date.fromisoformat(found.basis["list_until"]), time(12), tzinfo=UTC)

    def test_nobody_moves_up_after_the_last_day_though_it_was_proposed_before(self) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        last = self.last_day(scene)
        later = (last + timedelta(days=5)).date()
        up = replace(
            moving_up(scene, scene.applications[2]),
            announce_on=later,
            starts_on=later,
            mandate_id=mandate_of(scene),
        )
        decision = later_decisions.propose_later(scene.applications[2], up, actor=scene.proposer, now=last)
        digest = scene.letter(decision)

        def take(at: datetime, actor: Actor = scene.confirmer) -> Decision:
            return confirming.confirm(scene.applications[2], letter_sha256=digest, actor=actor, now=at)

        with pytest.raises(DecisionError) as error:
            take(last + timedelta(days=1))
        assert refusal(error) == "place_lapsed"
        assert take(last).confirmed_at == last
        # What was taken in time stands when only its announcement was missed.
        late = last + timedelta(days=8)
        new = proposing.renew(decision, announce_on=late.date(), actor=scene.proposer, now=late)
        digest = scene.letter(new)
        assert take(late).confirmed_at == late


class TestBeforeTheAnnouncement:
    """The state follows a later decision when it is confirmed; the applicant when it is announced."""

    def test_a_withdrawal_is_not_told_by_using_the_application_again(self) -> None:
        scene = make_decided()
        application = scene.applications[0]
        decision = confirm(scene, propose(scene, 0, WITHDRAWAL))
        assert application.state == "withdrawn"
        assert not copying.is_over(application)
        post(scene, decision, at=AFTER)
        assert copying.is_over(application)

    def test_nor_is_an_award_to_come(self) -> None:
        scene = make_decided()
        application = scene.applications[2]
        carry_out(scene, 0, WITHDRAWAL)
        assert copying.is_over(application)
        decision = confirm(scene, propose(scene, 2, moving_up(scene, application)))
        assert application.state == "awarded"
        assert copying.is_over(application)
        post(scene, decision, at=AFTER)
        assert not copying.is_over(application)


class TestMadeAgain:
    @pytest.mark.parametrize(
        "column", ["announced_at", "confirmed_at", "decided_on", "proposed_at", "replaced_at", "announce_on"]
    )
    def test_another_day_or_instant_is_found(self, column: str) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        first = db.session.scalars(select(Decision).order_by(Decision.id)).first()
        assert first is not None
        assert recompute(first).identical
        value = "2020-01-01" if column.endswith("_on") else "2020-01-01 00:00:00.000000+00:00"
        past_the_triggers(
            "decision",
            f"UPDATE decision SET {column} = '{value}' WHERE id = :id",  # noqa: S608  # a word of our own
            id=first.id,
        )
        assert {one.part for one in recompute(first).differences} & {Part.EVENTS, Part.WORDS}

    def test_an_application_in_another_state_than_its_decision_is_found(self) -> None:
        make_decided()
        past_the_triggers("application", "UPDATE application SET state = 'rejected'")
        award, *_ = db.session.scalars(select(Decision).order_by(Decision.id))
        assert {one.part for one in recompute(award).differences} == {Part.EVENTS}

    def test_everything_stays_identical_through_all_that_follows(self) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        carry_out(scene, 1, replace(WITHDRAWAL, reason="Ook."))
        carry_out(scene, 2, moving_up(scene, scene.applications[2]))
        rounds.close(scene.round, actor=scene.proposer, now=AFTER, today=DAY)
        carry_out(scene, 0, REMEDY)
        scene.applications[0].title = "Andere naam"
        db.session.flush()
        for decision in db.session.scalars(select(Decision)):
            assert recompute(decision).differences == ()
        checked = closing.check(scene.round)
        assert checked.ledger_fits
        assert checked.chain_holds
        assert competing.claimed(scene.round) == 0
