"""How sure an order is, as a job of a round: computed once per set of scores, and recorded."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import CertaintyRun, Event, OutboxRow, PanelAdvice, Review, Round
from subsidy.services import certainty
from subsidy.services.calculations import rank_round
from tests.conftest import MOMENT
from tests.factories import make_application, make_review, make_round
from workflows.kinds import KINDS
from workflows.permissions import Actor

CHAIR = Actor(user_id=None)


def showing(**changes: object) -> Round:
    """A round of which the chair and the evaluator may see it, with money for one application."""
    definition = KINDS["netwerk"]
    reviewing = definition.reviewing.model_copy(update={"shows_certainty": True})
    return make_round(
        definition=definition.model_copy(update={"reviewing": reviewing}),
        ceiling_cents=1_000_000,
        **changes,
    )


@pytest.fixture
def round_(app: Flask) -> Round:
    found = showing()
    for scores in ((5, 3), (4, 3), (2, 1)):
        application = make_application(found, "in_review")
        for number, score in enumerate(scores):
            make_review(application, reviewer=None, score=Decimal(score)).reviewer = f"referent-{number}"
    db.session.flush()
    return found


def names() -> list[str]:
    return list(
        db.session.scalars(select(Event.name).where(Event.name.like("certainty.%")).order_by(Event.id))
    )


def run_it(round_: Round) -> CertaintyRun:
    run = certainty.ask(round_, actor=CHAIR, now=MOMENT)
    certainty.compute({"run_id": run.id})
    return run


def test_a_computation_is_recorded_and_kept(round_: Round) -> None:
    run = run_it(round_)
    assert run.state == "ready"
    assert run.made_at is not None
    found = certainty.result_of(run)
    assert found.draws == 2000
    assert [one.above for one in found.applications] == [True, False, False]
    assert [one.rank for one in found.applications] == [one.rank for one in rank_round(round_)]
    first, second, third = (one.chance or 0 for one in found.applications)
    assert 1 > first > second > third == 0
    assert [(one.reviewer, (one.effect or 0) > 0) for one in found.reviewers] == [
        ("referent-0", True),
        ("referent-1", False),
    ]
    assert names() == ["certainty.asked", "certainty.computed"]


def test_the_same_scores_are_computed_once(round_: Round) -> None:
    waiting = certainty.ask(round_, actor=CHAIR, now=MOMENT)
    assert certainty.ask(round_, actor=CHAIR, now=MOMENT) is waiting
    certainty.compute({"run_id": waiting.id})
    certainty.compute({"run_id": waiting.id})
    assert certainty.ask(round_, actor=CHAIR, now=MOMENT) is waiting
    assert names() == ["certainty.asked", "certainty.computed"]
    topics = db.session.scalars(select(OutboxRow.topic).where(OutboxRow.topic == "certainty")).all()
    assert len(topics) == 1


def test_other_scores_make_it_out_of_date(round_: Round) -> None:
    run = run_it(round_)
    assert run.material_digest == certainty.digest_of(round_)
    review = db.session.scalars(select(Review)).first()
    assert review is not None
    review.scores[0].motivation = "Andere woorden."
    db.session.flush()
    assert run.material_digest == certainty.digest_of(round_)
    db.session.add(
        PanelAdvice(application_id=review.application_id, scores={"relevantie": "1"}, recorded_at=MOMENT)
    )
    db.session.flush()
    assert run.material_digest != certainty.digest_of(round_)
    again = certainty.ask(round_, actor=CHAIR, now=MOMENT)
    assert again.id != run.id
    assert again.state == "waiting"


def test_the_same_scores_give_the_same_figures(round_: Round) -> None:
    first = run_it(round_)
    second = CertaintyRun(round_id=round_.id, material_digest=first.material_digest, asked_at=MOMENT)
    db.session.add(second)
    db.session.flush()
    certainty.compute({"run_id": second.id})
    assert second.result == first.result


def test_what_fails_is_told_and_can_be_done_again(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    run = certainty.ask(round_, actor=CHAIR, now=MOMENT)
    with monkeypatch.context() as broken:
        broken.setattr(certainty.certainty, "certainty_of", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            certainty.compute({"run_id": run.id})
    assert run.state == "failed"
    certainty.compute({"run_id": run.id})
    assert run.state == "ready"
    assert names() == ["certainty.asked", "certainty.failed", "certainty.computed"]


def test_a_round_without_applications(app: Flask) -> None:
    run = run_it(showing())
    assert certainty.result_of(run).applications == ()
