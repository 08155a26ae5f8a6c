"""The ledger of a round: what decisions took from its ceiling, one line per movement.

The database keeps it: a line belongs to a confirmed decision, `round.promised_cents` follows from the
lines by trigger, and the CHECK on it holds the ceiling (Awb 4:25), whatever asks. Lines are never changed:
what is given back is a line of its own.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError

from subsidy.db import LOCK, db
from subsidy.models import Decision, LedgerLine, Round
from subsidy.services.decisions import DecisionError
from subsidy.services.in_force import taken
from workflows.mandates import DecisionKind

PROMISED, RELEASED, OUTSIDE = "promised", "released", "outside"


class CeilingExceededError(DecisionError):
    """The ceiling of the round does not allow this amount any more; amounts in euro cents."""

    def __init__(self, *, asked_cents: int, left_cents: int, ceiling_cents: int) -> None:
        super().__init__(
            "ceiling_exceeded", asked_cents=asked_cents, left_cents=left_cents, ceiling_cents=ceiling_cents
        )


def lock(round_: Round) -> None:
    """Hold the round until the transaction ends, so that bookings come one after the other.

    Taken before the locks on an application and on the chain of events: always in that order.
    """
    db.session.refresh(round_, with_for_update=LOCK)


def left_of(round_: Round) -> int:
    """Return what can still be promised, in euro cents."""
    return round_.ceiling_cents - round_.promised_cents


def fits(round_: Round) -> bool:
    """Whether every decision that was taken holds its amount in the ledger, and nothing else holds any."""
    booked = select(func.sum(LedgerLine.cents)).where(LedgerLine.decision_id == Decision.id)
    given = case((taken(), Decision.amount_cents), else_=0)
    wrong = select(Decision.id).where(
        Decision.round_id == round_.id,
        ~Decision.imported,
        func.coalesce(booked.scalar_subquery(), 0) != given,
    )
    return db.session.scalar(wrong.limit(1)) is None


def book(round_: Round, decision: Decision, *, now: datetime) -> None:
    """Take the amount of a confirmed decision from the ceiling, once.

    What earlier decisions on the same application hold is given back first. After an objection, an appeal
    or a court order only what was held already stays within the ceiling: the rest is told apart (Awb
    4:25(3)). Raises CeilingExceededError; nothing was booked then.
    """
    held = _held(decision)
    if any(holder == decision.id for holder, _ in held):
        return
    inside = sum(cents for (_, kind), cents in held.items() if kind == PROMISED)
    remedied = decision.kind == DecisionKind.REMEDY
    promised = min(inside, decision.amount_cents) if remedied else decision.amount_cents
    lines = [
        *(
            (holder, RELEASED if kind == PROMISED else OUTSIDE, -cents)
            for (holder, kind), cents in held.items()
        ),
        (decision.id, PROMISED, promised),
        (decision.id, OUTSIDE, decision.amount_cents - promised),
    ]
    left = left_of(round_)
    try:
        with db.session.begin_nested():
            _write(round_, lines, now)
    except IntegrityError as error:
        if "ceiling_kept" not in str(error.orig):
            raise
        raise CeilingExceededError(
            asked_cents=promised - inside, left_cents=left, ceiling_cents=round_.ceiling_cents
        ) from error
    db.session.refresh(round_)


def _write(round_: Round, lines: Iterable[tuple[int, str, int]], now: datetime) -> None:
    """Write one line after the other: what comes free has to be there for what is promised next."""
    for decision_id, kind, cents in lines:
        if cents != 0:
            line = LedgerLine(round_id=round_.id, decision_id=decision_id, kind=kind, cents=cents)
            line.booked_at = now
            db.session.add(line)
            db.session.flush()


def _held(decision: Decision) -> dict[tuple[int, str], int]:
    """Give what each decision on this application holds, within the ceiling and outside it, in euro cents."""
    inside = LedgerLine.kind != OUTSIDE
    rows = db.session.execute(
        select(LedgerLine.decision_id, inside, func.sum(LedgerLine.cents))
        .join(Decision, Decision.id == LedgerLine.decision_id)
        .where(Decision.application_id == decision.application_id)
        .group_by(LedgerLine.decision_id, inside)
        .order_by(LedgerLine.decision_id)
    )
    return {
        (decision_id, PROMISED if within else OUTSIDE): int(cents)
        for decision_id, within, cents in rows
        if cents
    }
