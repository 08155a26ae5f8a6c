"""A place on the reserve list is given once, however and by whomever it is proposed."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision, User
from subsidy.services import confirming, later_decisions, proposal_batches, proposing, resigning, taken_places
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from subsidy.services.proposal import Proposal
from subsidy.services.taken_places import TakenPlaces
from tests.conftest import MOMENT
from tests.factories import declare, give_mandate, make_user
from tests.services.later import AFTER, DAY, FIRST_DAY, make_decided, mandate_of
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.tampering import past_the_triggers
from workflows.mandates import DecisionKind
from workflows.permissions import Role
from workflows.snapshot import Decision as Outcome


def waiting(place: int, announce_on: date = FIRST_DAY) -> Proposal:
    """A rejection with a place on the list."""
    return Proposal(
        Outcome.REJECTED,
        announce_on,
        ground="ceiling",
        motivation="Het subsidieplafond is bereikt.",
        departure="De commissie zag een fout in de volgorde.",
        reserve_place=place,
        list_until=announce_on + timedelta(days=180),
    )


def propose(scene: Scene, number: int, place: int) -> Decision:
    said = replace(waiting(place), mandate_id=mandate_of(scene))
    return proposing.propose(scene.applications[number], said, actor=scene.proposer, now=MOMENT)


def holder_told(scene: Scene, number: int, error: pytest.ExceptionInfo[DecisionError]) -> bool:
    told = error.value.code, error.value.params["reference"]
    return told == ("place_taken", scene.applications[number].reference)


@pytest.mark.usefixtures("app")
class TestOnePlace:
    def test_a_place_of_a_proposal_is_not_given_again(self) -> None:
        scene = make_scene((5, 4, 3))
        propose(scene, 0, 1)
        with pytest.raises(DecisionError) as error:
            propose(scene, 1, 1)
        assert holder_told(scene, 0, error)
        assert db.session.query(Decision).count() == 1
        assert propose(scene, 1, 2).reserve_place == 2

    def test_nor_one_that_was_confirmed(self) -> None:
        scene = make_scene((5, 4))
        scene.confirm(propose(scene, 0, 1))
        with pytest.raises(DecisionError) as error:
            propose(scene, 1, 1)
        assert holder_told(scene, 0, error)

    def test_what_was_sent_back_or_belongs_to_another_round_is_free(self) -> None:
        scene, other = make_scene((5, 4)), make_scene((5,))
        propose(other, 0, 1)
        propose(scene, 0, 1)
        confirming.send_back(scene.applications[0], reason="Nee.", actor=scene.confirmer, now=MOMENT)
        assert propose(scene, 1, 1).reserve_place == 1

    def test_who_withdrew_before_the_decision_keeps_no_place(self) -> None:
        scene = make_scene((5, 4))
        propose(scene, 0, 1)
        past_the_triggers(
            "application",
            "UPDATE application SET state = 'withdrawn' WHERE id = :id",
            id=scene.applications[0].id,
        )
        assert propose(scene, 1, 1).reserve_place == 1

    def test_a_batch_says_who_has_the_place_and_goes_on_with_the_others(self) -> None:
        scene = make_scene((5, 4, 3, 2), ceiling_cents=2 * TEN_THOUSAND)
        # The division gives the third place 1; somebody gave that to the first.
        propose(scene, 0, 1)
        batch = scene.propose_all(MOMENT.date())
        third, first = scene.applications[2], scene.applications[0]
        assert (batch.proposed, batch.refused) == (2, {third.reference: f"place_taken:{first.reference}"})
        (refused,) = proposal_batches.refused_in(batch)
        assert (refused.code, refused.because_of) == ("place_taken", first.reference)
        assert refused.applications == ((third.reference, third.id),)

    def test_a_batch_gives_no_place_twice_itself(self) -> None:
        scene = make_scene((5, 4, 3, 3), ceiling_cents=TEN_THOUSAND)
        scene.propose_all(MOMENT.date())
        places = db.session.scalars(select(Decision.reserve_place).order_by(Decision.reserve_place))
        assert [one for one in places if one is not None] == [1, 2, 3]


@pytest.mark.usefixtures("app")
class TestDecidingAgain:
    def correction(self, place: int) -> Proposal:
        return replace(waiting(place, DAY), kind=DecisionKind.CORRECTION, reason="De plaats klopte niet.")

    def correct(self, scene: Scene, number: int, place: int) -> Decision:
        said = replace(self.correction(place), mandate_id=mandate_of(scene))
        application = scene.applications[number]
        return later_decisions.propose_later(application, said, actor=scene.proposer, now=AFTER)

    def test_a_correction_keeps_its_own_place_and_takes_no_others(self) -> None:
        scene = make_decided((5, 4, 3), ceiling_cents=TEN_THOUSAND)
        with pytest.raises(DecisionError) as error:
            self.correct(scene, 1, 2)
        assert holder_told(scene, 2, error)
        assert self.correct(scene, 1, 1).reserve_place == 1

    def test_a_place_that_is_being_given_up_is_not_free_before_it_is(self) -> None:
        scene = make_decided((5, 4, 3), ceiling_cents=TEN_THOUSAND)
        self.correct(scene, 1, 3)
        for place in (1, 3):
            with pytest.raises(DecisionError) as error:
                self.correct(scene, 2, place)
            assert holder_told(scene, 1, error)


@pytest.mark.usefixtures("app")
class TestProposingTheSameAgain:
    """Two with one place can only be there from before this was refused."""

    def doubled(self) -> tuple[Scene, Decision]:
        scene = make_scene((5, 4))
        first = propose(scene, 0, 1)
        second = propose(scene, 1, 2)
        past_the_triggers("decision", "UPDATE decision SET reserve_place = 1 WHERE id = :id", id=second.id)
        db.session.expire_all()
        return scene, first

    def test_a_renewal_keeps_its_own_place(self) -> None:
        scene = make_scene((5, 4))
        old = propose(scene, 0, 1)
        propose(scene, 1, 2)
        late = MOMENT + timedelta(days=8)
        new = proposing.renew(old, announce_on=late.date(), actor=scene.confirmer, now=late)
        assert (new.reserve_place, old.returned_at) == (1, late)

    def test_a_renewal_of_what_another_has_too_is_refused(self) -> None:
        scene, first = self.doubled()
        late = MOMENT + timedelta(days=8)
        with pytest.raises(DecisionError) as error:
            proposing.renew(first, announce_on=late.date(), actor=scene.confirmer, now=late)
        assert holder_told(scene, 1, error)
        assert first.returned_at is None

    def test_another_signature_under_it_too(self) -> None:
        scene, first = self.doubled()
        third = make_user(Role.OFFICER)
        declare(third, scene.round)
        mandate = give_mandate(third)
        with pytest.raises(DecisionError) as error:
            resigning.let_sign(first.application, mandate_id=mandate.id, actor=scene.confirmer, now=MOMENT)
        assert holder_told(scene, 1, error)

    def test_what_was_confirmed_stands_and_is_renewed(self) -> None:
        scene, first = self.doubled()
        scene.confirm(first)
        late = MOMENT + timedelta(days=8)
        new = proposing.renew(first, announce_on=late.date(), actor=scene.confirmer, now=late)
        assert new.reserve_place == 1


@pytest.mark.slow
def test_two_officers_at_once_give_a_place_once(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_app.app_context():
        scene = make_scene((5, 4, 3))
        propose(scene, 2, 2)  # the round is frozen by it, so nobody has to wait for that
        orders = [
            (one.id, officer.user_id)
            for one, officer in zip(scene.applications, (scene.proposer, scene.confirmer), strict=False)
        ]
        db.session.commit()
        db.session.remove()
    both, read, heard = Barrier(2, timeout=60), Barrier(2, timeout=2), []
    of_round = taken_places.of_round

    def read_together(round_id: int) -> TakenPlaces:
        """Let both read before either writes, if nothing keeps the second out."""
        found = of_round(round_id)
        with suppress(BrokenBarrierError):
            read.wait()
        return found

    monkeypatch.setattr(taken_places, "of_round", read_together)

    def work(application_id: int, user_id: int) -> None:
        with real_app.app_context():
            application = db.session.get_one(Application, application_id)
            actor = actor_of(db.session.get_one(User, user_id))
            db.session.rollback()
            both.wait()
            try:
                proposing.propose(application, waiting(1), actor=actor, now=MOMENT)
                db.session.commit()
                heard.append("done")
            except DecisionError as error:
                db.session.rollback()
                heard.append(error.code)
            finally:
                db.session.remove()

    workers = [Thread(target=work, args=order) for order in orders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert sorted(heard) == ["done", "place_taken"]
    with real_app.app_context():
        assert db.session.query(Decision).filter_by(reserve_place=1).count() == 1
        db.session.remove()
