"""The job that makes a proposal for who reviews what: reads the question, solves it, writes the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from subsidy import clock
from subsidy.db import db
from subsidy.models import AssignmentProposal, ProposedPair, Round
from subsidy.services import assignment_problem
from subsidy.services.assignment_problem import Choices
from subsidy.services.assignment_proposals import lock
from workflows.assignment import Assignment, Chosen, Pair, Problem
from workflows.assignment_solver import solve as solve_problem
from workflows.calendar_nl import day_of
from workflows.permissions import Actor

WANTED = ("waiting", "failed")


def solve(payload: Mapping[str, Any]) -> None:
    """Outbox handler: find the best division for a proposal that waits for it."""
    proposal = db.session.get(AssignmentProposal, payload["proposal_id"])
    if proposal is None or proposal.state not in WANTED:
        return
    round_ = db.session.get_one(Round, proposal.round_id)
    choices = Choices.from_json(proposal.settings, proposal.due_on)
    now = clock.read()
    problem = assignment_problem.read(round_, Actor(proposal.asked_by), choices, today=day_of(now))
    by_hand = choices.fixed - assignment_problem.existing_in(round_)
    db.session.commit()  # no transaction is open while the solver works
    try:
        found = solve_problem(problem)
    except Exception:
        lock(proposal)
        proposal.state = "failed"
        db.session.commit()
        raise
    lock(proposal)
    if proposal.state in WANTED:
        _write(proposal, problem, found, by_hand, now)
    db.session.commit()


def _write(
    proposal: AssignmentProposal, problem: Problem, found: Assignment, by_hand: frozenset[Pair], now: datetime
) -> None:
    db.session.execute(delete(ProposedPair).where(ProposedPair.proposal_id == proposal.id))
    db.session.add_all(
        ProposedPair(
            proposal_id=proposal.id,
            application_id=one.file,
            user_id=one.reviewer,
            origin=_origin(one, by_hand),
            reasons=_reasons(one, by_hand),
        )
        for one in found.pairs
    )
    proposal.result = {
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "proven": found.proven,
        "short": found.short,
        "advice": [{"code": one.code, "gives": one.gives, **one.params} for one in found.advice],
        "missing": {str(one.file): dict(one.obstacles) for one in found.missing},
        "most": {str(one.id): one.most for one in problem.reviewers},
    }
    proposal.state, proposal.made_at = "ready", now
    proposal.version += 1
    db.session.flush()


def _origin(one: Chosen, by_hand: frozenset[Pair]) -> str:
    if not one.kept:
        return "proposed"
    return "by_hand" if (one.file, one.reviewer) in by_hand else "kept"


def _reasons(one: Chosen, by_hand: frozenset[Pair]) -> list[dict[str, Any]]:
    """For the solver what an officer added is there already; an officer should read that it was added."""
    found = [dict(reason) for reason in one.reasons]
    return [{"code": "by_hand"}, *found[1:]] if _origin(one, by_hand) == "by_hand" else found
