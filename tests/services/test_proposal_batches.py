"""Proposing a whole round in a job: what it takes up, what it tells, and that it does nothing twice."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from subsidy.db import db
from subsidy.models import (
    Decision,
    Event,
    GrantRow,
    OutboxRow,
    ProposalBatch,
    RoundDeclaration,
    User,
)
from subsidy.services import batch_proposing, confirming, decisions, proposal_batches
from subsidy.services.batch_proposing import propose_batch
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal_batches import Refused, Wish
from tests.conftest import MOMENT, Clock, QueryCount
from tests.factories import give_mandate, make_application
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)

pytestmark = pytest.mark.usefixtures("app")


def ask(scene: Scene, **wish: object) -> ProposalBatch:
    return proposal_batches.ask(
        scene.round,
        Wish(**{"announce_on": DAY, **wish}),  # type: ignore[arg-type]
        actor=scene.proposer,
        now=MOMENT,
    )


def run(batch: ProposalBatch) -> ProposalBatch:
    propose_batch({"batch_id": batch.id})
    db.session.refresh(batch)
    return batch


def made(scene: Scene) -> list[Decision]:
    rows = select(Decision).where(Decision.round_id == scene.round.id).order_by(Decision.id)
    return list(db.session.scalars(rows))


def references(scene: Scene, *numbers: int) -> frozenset[str]:
    return frozenset(scene.applications[number].reference or "" for number in numbers)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(DecisionError) as error:
        call()
    return error.value.code


class TestAsking:
    def test_twice_the_same_is_asked_once(self) -> None:
        scene = make_scene((5,))
        assert ask(scene) is ask(scene)
        keys = db.session.scalars(select(OutboxRow.key)).all()
        assert keys == [f"propose:{ask(scene).id}"]

    def test_another_wish_waits_for_the_one_that_runs(self) -> None:
        scene = make_scene((5,))
        first = ask(scene)
        assert refusal(lambda: ask(scene, outcome=Outcome.AWARDED)) == "batch_running"
        other = Wish(DAY)
        assert (
            refusal(lambda: proposal_batches.ask(scene.round, other, actor=scene.confirmer, now=MOMENT))
            == "batch_running"
        )
        run(first)
        assert ask(scene).id != first.id

    def test_what_makes_no_sense_is_refused(self) -> None:
        scene = make_scene((5,))
        own = give_mandate(db.session.get_one(User, scene.proposer.user_id))
        assert refusal(lambda: ask(scene, announce_on=date(2026, 3, 9))) == "announce_date_past"
        assert refusal(lambda: ask(scene, references=frozenset())) == "nothing_chosen"
        # Nobody signs what they propose.
        assert refusal(lambda: ask(scene, mandate_id=own.id)) == "mandate_too_narrow"
        assert db.session.scalars(select(ProposalBatch)).all() == []


class TestProposing:
    def test_in_slices_it_does_the_whole_round(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_proposing, "SLICE", 2)
        scene = make_scene((5, 4, 3, 4, 5))
        batch = run(ask(scene))
        assert (batch.total, batch.proposed, batch.refused) == (5, 5, {})
        assert batch.finished_at == MOMENT
        assert {one.proposed_by for one in made(scene)} == {scene.proposer.user_id}
        assert len({one.frozen_sha256 for one in made(scene)}) == 1
        letters = db.session.scalars(select(OutboxRow.key).where(OutboxRow.topic == "letter")).all()
        assert len(letters) == 5

    def test_run_twice_it_does_nothing_twice(self) -> None:
        scene = make_scene((5, 4))
        batch = run(ask(scene))
        run(batch)
        assert (batch.proposed, len(made(scene))) == (2, 2)
        again = run(ask(scene))
        assert (again.total, again.proposed, again.refused) == (0, 0, {})

    def test_it_narrows_to_what_was_chosen_or_to_an_outcome(self) -> None:
        scene = make_scene((5, 4, 3), ceiling_cents=2 * TEN_THOUSAND)
        run(ask(scene, references=references(scene, 1)))
        assert [one.application.reference for one in made(scene)] == sorted(references(scene, 1))
        run(ask(scene, outcome=Outcome.REJECTED))
        assert [one.outcome for one in made(scene)] == ["awarded", "rejected"]
        run(ask(scene, outcome=Outcome.AWARDED))
        assert [one.outcome for one in made(scene)] == ["awarded", "rejected", "awarded"]

    def test_it_is_taken_under_the_mandate_that_was_chosen(self) -> None:
        scene = make_scene((5, 4))
        third = give_mandate(
            db.session.get_one(User, scene.confirmer.user_id), function="directeur", up_to_cents=TEN_THOUSAND
        )
        run(ask(scene, mandate_id=third.id))
        assert [one.mandate_id for one in made(scene)] == [third.id, third.id]
        assert {decisions.basis_of(one).signature.function for one in made(scene)} == {"directeur"}  # type: ignore[union-attr]

    def test_what_is_refused_is_told_by_reason(self) -> None:
        scene = make_scene((5, 4))
        early = [
            make_application(scene.round, "ineligible", submitted_at=MOMENT - timedelta(days=30))
            for _number in range(2)
        ]
        db.session.execute(
            RoundDeclaration.__table__.update().values(covers=early[0].id)  # type: ignore[attr-defined]
        )
        batch = run(ask(scene))
        assert batch.proposed == 2
        assert proposal_batches.refused_in(batch) == [
            Refused("declaration_needed", ((early[1].reference or "", early[1].id),)),
            Refused("motivation_needed", ((early[0].reference or "", early[0].id),)),
        ]
        assert proposal_batches.count_waiting(scene.round) == 2

    def test_what_was_sent_back_meanwhile_is_left_to_who_did(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = make_scene((5, 4))
        batch = ask(scene)
        with monkeypatch.context() as patched:
            patched.setattr(batch_proposing, "finish", lambda *_arguments, **_named: None)
            run(batch)  # as if the worker died just before it said that it was ready
        confirming.send_back(scene.applications[0], reason="De naam.", actor=scene.confirmer, now=MOMENT)
        assert batch.finished_at is None
        run(batch)
        assert (batch.proposed, len(made(scene))) == (2, 2)
        assert batch.finished_at == MOMENT
        # Who asks again later asks for that one too.
        later = Wish(DAY)
        again = proposal_batches.ask(
            scene.round, later, actor=scene.proposer, now=MOMENT + timedelta(minutes=1)
        )
        assert run(again).proposed == 1


class TestStopping:
    def test_what_was_cancelled_stops_before_its_next_slice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_proposing, "SLICE", 1)
        scene = make_scene((5, 4, 3))
        batch = ask(scene)
        record = batch_proposing.record

        def record_and_cancel(*arguments: object, **named: object) -> Decision:
            found = record(*arguments, **named)  # type: ignore[arg-type]
            assert proposal_batches.cancel(batch, actor=scene.confirmer, now=MOMENT)
            return found

        monkeypatch.setattr(batch_proposing, "record", record_and_cancel)
        run(batch)
        assert (batch.proposed, batch.stopped, batch.stopped_by) == (1, "cancelled", scene.confirmer.user_id)
        assert len(made(scene)) == 1
        assert not proposal_batches.cancel(batch, actor=scene.confirmer, now=MOMENT)

    def test_who_may_no_longer_propose_stops_it(self, clock: Clock) -> None:
        scene = make_scene((5,))
        batch = ask(scene)
        db.session.execute(delete(GrantRow).where(GrantRow.user_id == scene.proposer.user_id))
        db.session.expire_all()
        run(batch)
        assert (batch.stopped, batch.finished_at, made(scene)) == ("not_allowed", clock.now, [])

    def test_a_closed_account_stops_it(self) -> None:
        scene = make_scene((5,))
        batch = ask(scene)
        db.session.get_one(User, scene.proposer.user_id).disabled_at = MOMENT
        assert run(batch).stopped == "not_allowed"

    def test_a_day_that_went_by_while_it_waited_is_told(self, clock: Clock) -> None:
        scene = make_scene((5,))
        batch = ask(scene)
        clock.now = MOMENT + timedelta(days=30)
        run(batch)
        assert set(batch.refused.values()) == {"announce_date_past"}
        assert batch.proposed == 0


def test_the_queries_of_the_round_do_not_grow_with_it(count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for number in (1, 10, 30):  # the first reads the municipalities, once for the process
        scene = make_scene((5,) * number)
        batch = ask(scene)
        db.session.commit()
        with count_queries() as queries:
            propose_batch({"batch_id": batch.id})
        counted.append(queries.count)
        events = select(Event.id).where(Event.name == "decision.proposed", Event.round_id == scene.round.id)
        assert len(db.session.scalars(events).all()) == number
    # A decision, its event, the head of the chain read and written, its letter: five for each, no more.
    assert (counted[2] - counted[1]) / 20 == 5
