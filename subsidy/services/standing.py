"""How an actor stands to a file or a round: the facts that a permission asks for, in one query.

Only what concerns this actor is looked up (is *this* person a member, a reviewer, conflicted), so the
cost does not grow with the number of people in a round.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Integer, Select, and_, bindparam, exists, select
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


def _to_round() -> tuple[Exists, Exists]:
    """Whether this person has a conflict, or is a member, in any application of the round."""
    conflict = exists().where(
        Review.reviewer_id == ME,
        Review.conflict.is_not(None),
        Review.application_id == Application.id,
        Application.round_id == ROUND,
    )
    member = exists().where(
        Membership.user_id == ME,
        Membership.application_id == Application.id,
        Application.round_id == ROUND,
    )
    return conflict, member


def _to_application() -> Select[*tuple[Any, ...]]:
    review, member, decision = aliased(Review), aliased(Membership), aliased(Decision)
    mine = and_(review.application_id == FILE, review.reviewer_id == ME)
    here = member.application_id == FILE
    decided = decision.application_id == FILE
    return select(
        select(member.capacity).where(here, member.user_id == ME).scalar_subquery(),
        exists().where(mine),
        exists().where(mine, review.declared_at.is_not(None), review.conflict.is_(None)),
        exists().where(mine, review.conflict.is_not(None)),
        select(decision.proposed_by).where(decided, decision.returned_at.is_(None)).scalar_subquery(),
        exists().where(decided, decision.announced_at.is_not(None)),
        exists().where(here),
        *_to_round(),
    )


# Put together once: each page asks one of these, and building the statement costs more than running it.
# A visitor is NULL, which is nobody.
ME, FILE, ROUND = (bindparam(name, type_=Integer) for name in ("me", "file", "round"))
TO_APPLICATION = _to_application()
TO_ROUND = select(*_to_round())


def to_application(actor: Actor, application: Application, *, now: datetime) -> Target:
    """What the policy needs to know about this actor and this file."""
    me, round_ = actor.user_id, application.round
    asked = {"me": me, "file": application.id, "round": round_.id}
    capacity, reviews, declared, conflict, proposer, announced, has_members, round_conflict, round_member = (
        db.session.execute(TO_APPLICATION, asked).one()
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
    conflict, member = db.session.execute(TO_ROUND, {"me": me, "round": round_.id}).one()
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
