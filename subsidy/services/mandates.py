"""Whose mandate a decision is taken under: chosen when it is proposed, asked again when it is confirmed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, GrantRow, Interest, Mandate, Membership, Round, User
from subsidy.services.decisions import DecisionError
from subsidy.services.reach import is_live
from workflows import mandates as policy
from workflows.mandates import DecisionKind, Power
from workflows.permissions import Role
from workflows.snapshot import Decision as Outcome


def terms_of(row: Mandate) -> policy.Mandate:
    """Give what a mandate is for, as the policy judges it."""
    return policy.Mandate(
        holder_id=row.user_id,
        powers=frozenset(Power(one) for one in row.powers),
        from_day=row.from_day,
        until_day=row.until_day,
        up_to_cents=row.up_to_cents,
        round_id=row.round_id,
        withdrawn=row.withdrawn_at is not None,
    )


def find_usable(round_: Round, *, besides: int | None) -> Sequence[Mandate]:
    """Return the mandates for a round of who may still decide in it, the lowest limit first; one query.

    Left out are those of `besides` (the proposer), of closed accounts, of who is no officer of the round any
    more, and of who takes part in it or has an interest in one of its applications (Awb 2:4).
    """
    officer = exists().where(
        GrantRow.user_id == Mandate.user_id,
        GrantRow.role == Role.OFFICER.value,
        or_(GrantRow.round_id.is_(None), GrantRow.round_id == round_.id),
    )
    here = Application.round_id == round_.id
    member = exists().where(
        Membership.user_id == Mandate.user_id, Membership.application_id == Application.id, here
    )
    barred = exists().where(
        Interest.user_id == Mandate.user_id, is_live(), Interest.application_id == Application.id, here
    )
    query = (
        select(Mandate)
        .join(Mandate.holder)
        .options(contains_eager(Mandate.holder))
        .where(
            Mandate.withdrawn_at.is_(None),
            or_(Mandate.round_id.is_(None), Mandate.round_id == round_.id),
            User.disabled_at.is_(None),
            officer,
            ~member,
            ~barred,
        )
        .order_by(Mandate.up_to_cents.is_(None), Mandate.up_to_cents, Mandate.id)
    )
    if besides is not None:
        query = query.where(Mandate.user_id != besides)
    return db.session.scalars(query).all()


def choose(
    usable: Sequence[Mandate],
    *,
    kind: DecisionKind,
    outcome: Outcome,
    amount_cents: int,
    round_id: int,
    day: date,
    wanted: int | None = None,
) -> Mandate:
    """Choose whose mandate covers a decision: the one wanted, else the first.

    Raises DecisionError: no_mandate, or mandate_too_narrow for the one that was wanted.
    """
    power = policy.power_of(kind, outcome)
    fitting = [
        one
        for one in usable
        if policy.covers(terms_of(one), power, amount_cents=amount_cents, round_id=round_id, day=day)
    ]
    if wanted is not None:
        found = next((one for one in fitting if one.id == wanted), None)
        if found is None:
            raise DecisionError("mandate_too_narrow")
        return found
    if not fitting:
        raise DecisionError("no_mandate", power=power)
    return fitting[0]


def refuse_uncovered(decision: Decision, *, now: datetime) -> None:
    """Refuse to take a decision whose mandate ended or was withdrawn since: DecisionError `mandate_over`."""
    power = policy.power_of(DecisionKind(decision.kind), Outcome(decision.outcome))
    mandate = decision.mandate
    if mandate is None or not policy.covers(
        terms_of(mandate),
        power,
        amount_cents=decision.amount_cents,
        round_id=decision.round_id,
        day=clock.day_of(now),
    ):
        raise DecisionError("mandate_over")
