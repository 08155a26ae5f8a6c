"""How an actor stands to a file or a round: the facts that a permission asks for, in one query.

Only what concerns this actor is looked up (is *this* person a member, a reviewer, conflicted), so the
cost does not grow with the number of people in a round.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    Interest,
    Mandate,
    Membership,
    Recusal,
    Review,
    Round,
    RoundDeclaration,
    RoundReviewer,
)
from subsidy.services.in_force import pending
from subsidy.services.reach import is_live
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


def _to_round() -> tuple[ColumnElement[Any], ...]:
    """Whether this person may not see how the files of the round compare, takes part in it, serves in it."""
    mine = and_(Interest.user_id == ME, is_live())
    of_round = and_(Application.id == Interest.application_id, Application.round_id == ROUND)
    conflict = exists().where(mine, of_round)
    away = exists().where(
        Recusal.user_id == ME,
        Recusal.until_at.is_(None),
        Recusal.application_id == Application.id,
        Application.round_id == ROUND,
    )
    member = exists().where(
        Membership.user_id == ME,
        Membership.application_id == Application.id,
        Application.round_id == ROUND,
    )
    involved = exists().where(mine, of_round, Interest.extent == "round")
    body = select(RoundReviewer.body).where(
        RoundReviewer.user_id == ME,
        RoundReviewer.round_id == ROUND,
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    return or_(conflict, away), or_(member, involved), body.scalar_subquery()


def covered() -> ColumnElement[bool]:
    """The condition that this person declared interests in the round, having seen this application.

    A draft has its number long before it is sent in, so the moment counts too.
    """
    return and_(
        RoundDeclaration.user_id == ME,
        RoundDeclaration.round_id == ROUND,
        RoundDeclaration.covers >= FILE,
        Application.id == FILE,
        Application.submitted_at <= RoundDeclaration.declared_at,
    )


def _to_application() -> Select[*tuple[Any, ...]]:
    review, member, decision = aliased(Review), aliased(Membership), aliased(Decision)
    interest, recusal = aliased(Interest), aliased(Recusal)
    mine = and_(review.application_id == FILE, review.reviewer_id == ME, review.released_at.is_(None))
    open_to_me = and_(mine, review.declared_at.is_not(None), review.conflict.is_(None))
    here = member.application_id == FILE
    decided = decision.application_id == FILE
    return select(
        select(member.capacity).where(here, member.user_id == ME).scalar_subquery(),
        exists().where(mine),
        exists().where(open_to_me),
        exists().where(open_to_me, review.handed_in_at.is_not(None)),
        exists().where(interest.application_id == FILE, interest.user_id == ME, is_live(interest)),
        exists().where(recusal.application_id == FILE, recusal.user_id == ME, recusal.until_at.is_(None)),
        select(decision.proposed_by).where(decided, pending(decision)).scalar_subquery(),
        select(Mandate.user_id)
        .where(Mandate.id == decision.mandate_id, decided, pending(decision))
        .scalar_subquery(),
        exists().where(decided, decision.announced_at.is_not(None)),
        exists().where(here),
        exists().where(covered()),
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
    found = db.session.execute(TO_APPLICATION, asked).one()
    capacity, reviews, declared, handed_in, conflict, recused = found[:6]
    proposer, mandatary, announced, has_members = found[6:10]
    round_declared, round_conflict, round_member, body = found[10:]
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
        handed_in=mine if handed_in else frozenset(),
        serving=mine if body else frozenset(),
        committee=mine if body == "committee" else frozenset(),
        declared_round=mine if round_declared else frozenset(),
        recused=mine if recused else frozenset(),
        conflicted=mine if conflict else frozenset(),
        round_conflicted=mine if round_conflict else frozenset(),
        proposer_id=proposer,
        mandatary_id=mandatary,
        announced=announced,
        decisions_announced=decisions_announced(round_),
    )


def to_round(actor: Actor, round_: Round, *, now: datetime) -> Target:
    """What the policy needs to know about this actor and this round as a whole."""
    me = actor.user_id
    conflict, member, body = db.session.execute(TO_ROUND, {"me": me, "round": round_.id}).one()
    mine = frozenset() if me is None else frozenset({me})
    return Target(
        round_id=round_.id,
        round_phase=phase_of(round_, now),
        round_members=mine if member else frozenset(),
        serving=mine if body else frozenset(),
        committee=mine if body == "committee" else frozenset(),
        round_conflicted=mine if conflict else frozenset(),
        decisions_announced=decisions_announced(round_),
    )


def decisions_announced(round_: Round) -> bool:
    """Whether all decisions are out: a round closes only when every letter was announced."""
    return round_.state in {RoundState.DECIDED, RoundState.EVALUATED}
