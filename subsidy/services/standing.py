"""How an actor stands to a file or a round: the facts that a permission asks for, in one query.

Only what concerns this actor is looked up (is *this* person a member, a reviewer, conflicted), so the
cost does not grow with the number of people in a round.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, literal, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Application, Decision, Membership, Review, Round
from workflows.permissions import Actor, Target
from workflows.round import RoundDates, phase
from workflows.states import Phase, RoundState


def phase_of(round_: Round, now: datetime) -> Phase:
    """Where the round stands for people, by its state, its dates and the clock."""
    return phase(
        RoundDates(round_.opens_at, round_.closes_at, round_.review_from, round_.panel_from),
        RoundState(round_.state),
        Phase(round_.phase_by_hand) if round_.phase_by_hand else None,
        now,
    )


def to_application(actor: Actor, application: Application, *, now: datetime) -> Target:
    """What the policy needs to know about this actor and this file."""
    me, file_id, round_ = actor.user_id, application.id, application.round
    review, member, decision = aliased(Review), aliased(Membership), aliased(Decision)
    row = db.session.execute(
        select(
            select(member.capacity)
            .where(member.application_id == file_id, member.user_id == me)
            .scalar_subquery(),
            exists().where(review.application_id == file_id, review.reviewer_id == me),
            exists().where(
                review.application_id == file_id,
                review.reviewer_id == me,
                review.declared_at.is_not(None),
                review.conflict.is_(None),
            ),
            exists().where(
                review.application_id == file_id, review.reviewer_id == me, review.conflict.is_not(None)
            ),
            _conflict_in_round(me, round_.id),
            _member_in_round(me, round_.id),
            select(decision.proposed_by)
            .where(decision.application_id == file_id, decision.returned_at.is_(None))
            .scalar_subquery(),
            exists().where(decision.application_id == file_id, decision.announced_at.is_not(None)),
            exists().where(member.application_id == file_id),
        )
    ).one()
    capacity, reviews, declared, conflict, round_conflict, round_member, proposer, announced, has_members = (
        row
    )
    mine = frozenset() if me is None else frozenset({me})
    # That there are other members is told by a number that nobody has.
    others = {0: "view"} if has_members else {}
    members = {me: capacity} if me is not None and capacity else others
    return Target(
        round_id=round_.id,
        round_phase=phase_of(round_, now),
        state=application.state,
        members=members,
        round_members=mine if round_member else frozenset(),
        reviewers=mine if reviews else frozenset(),
        declared_no_interest=mine if declared else frozenset(),
        conflicted=mine if conflict else frozenset(),
        round_conflicted=mine if round_conflict else frozenset(),
        proposer_id=proposer,
        announced=announced,
        decisions_announced=decisions_announced(round_),
    )


def to_round(actor: Actor, round_: Round, *, now: datetime) -> Target:
    """What the policy needs to know about this actor and this round as a whole."""
    me = actor.user_id
    conflict, member = db.session.execute(
        select(_conflict_in_round(me, round_.id), _member_in_round(me, round_.id))
    ).one()
    mine = frozenset() if me is None else frozenset({me})
    return Target(
        round_id=round_.id,
        round_phase=phase_of(round_, now),
        round_members=mine if member else frozenset(),
        round_conflicted=mine if conflict else frozenset(),
        decisions_announced=decisions_announced(round_),
    )


def decisions_announced(round_: Round) -> bool:
    """Whether all decisions are out: a round closes only when every letter was announced."""
    return round_.state in {RoundState.DECIDED, RoundState.EVALUATED}


def _conflict_in_round(user_id: int | None, round_id: int) -> ColumnElement[bool]:
    if user_id is None:
        return literal(False)  # an SQL literal
    return exists().where(
        and_(
            Review.reviewer_id == user_id,
            Review.conflict.is_not(None),
            Review.application_id == Application.id,
            Application.round_id == round_id,
        )
    )


def _member_in_round(user_id: int | None, round_id: int) -> ColumnElement[bool]:
    if user_id is None:
        return literal(False)  # an SQL literal
    return exists().where(
        and_(
            Membership.user_id == user_id,
            Membership.application_id == Application.id,
            Application.round_id == round_id,
        )
    )
