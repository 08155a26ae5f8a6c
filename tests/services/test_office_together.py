"""Two officers at the same moment, on real connections: what can be done once is done once."""

import threading
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    AssignmentProposal,
    Event,
    ProposedPair,
    Review,
    Round,
    Supplement,
    User,
    Verdict,
)
from subsidy.services import (
    assignment,
    assignment_problem,
    assignment_proposals,
    assignment_solving,
    rounds,
    screening,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.assignment_proposals import ProposalError
from tests import factories
from tests.conftest import MOMENT
from workflows.machine import TransitionError
from workflows.permissions import Actor, Role

Step = Callable[[Actor], object]


def together(app: Flask, step: Step, officers: list[int]) -> list[str]:
    """Take the same step by several officers at once; tells per officer whether it was done."""
    ready, outcomes = threading.Barrier(len(officers)), []

    def take(officer: int) -> None:
        with app.app_context(), app.test_request_context():
            actor = actor_of(db.session.get_one(User, officer))
            db.session.rollback()
            ready.wait(timeout=60)
            try:
                step(actor)
                db.session.commit()
                outcomes.append("done")
            except (TransitionError, NotAllowedError, ProposalError):
                db.session.rollback()
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(one,)) for one in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(outcomes)


def world(state: str, round_state: str = "published") -> tuple[int, int, list[int]]:
    """Give a round, an application in it and two officers; ids, committed."""
    round_ = factories.make_round(state=round_state)
    application = factories.make_application(round_, state, requested_cents=3_000_000)
    for _ in range(3):
        factories.make_reviewer(round_)
    officers = [factories.make_user(Role.OFFICER).id for _ in range(2)]
    db.session.commit()
    ids = (round_.id, application.id, officers)
    db.session.remove()
    return ids


def count(model: type[object], *where: object) -> int | None:
    return db.session.scalar(select(func.count()).select_from(model).where(*where))  # type: ignore[arg-type]


def test_one_verdict(real_app: Flask) -> None:
    with real_app.app_context():
        _round, application_id, officers = world("submitted")

    def step(actor: Actor) -> None:
        application = db.session.get_one(Application, application_id)
        screening.give_verdict(application, "eligible", motivation="Klopt.", actor=actor, now=MOMENT)

    assert together(real_app, step, officers) == ["done", "refused"]
    with real_app.app_context():
        assert count(Verdict) == 1


def test_one_supplement(real_app: Flask) -> None:
    with real_app.app_context():
        _round, application_id, officers = world("submitted")

    def step(actor: Actor) -> None:
        application = db.session.get_one(Application, application_id)
        screening.request_supplement(
            application, asked="De begroting.", sections=["budget"], actor=actor, now=MOMENT
        )

    assert together(real_app, step, officers) == ["done", "refused"]
    with real_app.app_context():
        assert count(Supplement) == 1


def test_reviewers_are_divided_once(real_app: Flask) -> None:
    with real_app.app_context():
        round_id, _application, officers = world("eligible")

    def step(actor: Actor) -> None:
        round_ = db.session.get_one(Round, round_id)
        assignment.assign_evenly(round_, due_on=date(2026, 4, 1), actor=actor, now=MOMENT)

    assert together(real_app, step, officers) == ["done", "done"]
    with real_app.app_context():
        assert count(Review) == 2


def test_a_proposal_is_confirmed_once(real_app: Flask) -> None:
    with real_app.app_context():
        round_id, _application, officers = world("eligible")
        number = proposal_for(round_id, officers[0])

    def step(actor: Actor) -> None:
        proposal = db.session.get_one(AssignmentProposal, number)
        assignment_proposals.confirm(proposal, version=2, actor=actor, now=MOMENT)

    assert together(real_app, step, officers) == ["done", "refused"]
    with real_app.app_context():
        assert count(Review) == 2


def test_a_proposal_is_not_changed_by_two_who_do_not_see_each_other(real_app: Flask) -> None:
    with real_app.app_context():
        round_id, application_id, officers = world("eligible")
        number = proposal_for(round_id, officers[0])
        pair = db.session.execute(select(ProposedPair.application_id, ProposedPair.user_id)).first()
        db.session.remove()
    assert pair is not None

    def step(actor: Actor) -> None:
        proposal = db.session.get_one(AssignmentProposal, number)
        chosen = (application_id, pair.user_id)
        assignment_proposals.remove_pair(proposal, chosen, version=2, actor=actor, now=MOMENT)

    assert together(real_app, step, officers) == ["done", "refused"]
    with real_app.app_context():
        assert count(ProposedPair) == 1
        assert db.session.get_one(AssignmentProposal, number).version == 3


def proposal_for(round_id: int, officer: int) -> int:
    """Ask for a proposal and let the job make it; its id, committed."""
    round_ = db.session.get_one(Round, round_id)
    actor = actor_of(db.session.get_one(User, officer))
    choices = assignment_problem.usual_choices(round_, date(2026, 4, 1))
    number = assignment_proposals.ask(round_, choices, actor=actor, now=MOMENT).id
    db.session.commit()
    assignment_solving.solve({"proposal_id": number})
    db.session.remove()
    return number


def test_one_publication(real_app: Flask) -> None:
    with real_app.app_context():
        round_id, _application, officers = world("withdrawn", "draft")

    def step(actor: Actor) -> None:
        rounds.publish(db.session.get_one(Round, round_id), actor=actor, now=MOMENT)

    assert together(real_app, step, officers) == ["done", "refused"]
    with real_app.app_context():
        assert count(Event, Event.name == "round.published") == 1
