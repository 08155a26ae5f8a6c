"""The ledger of a round: what decisions took from its ceiling, one line per movement.

`round.promised_cents` is the sum of the lines; the CHECK on it keeps the ceiling (Awb 4:25), whatever
asks. Lines are never changed: what is given back is a line of its own.
"""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from subsidy.db import LOCK, db
from subsidy.models import Decision, LedgerLine, Round
from subsidy.services.decisions import DecisionError


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


def book(round_: Round, decision: Decision, *, now: datetime) -> None:
    """Take the amount of a confirmed decision from the ceiling, once.

    What an earlier decision on the same application took is given back in the same breath. Raises
    CeilingExceededError; nothing was booked then.
    """
    held = _held_by(decision)
    change = decision.amount_cents - sum(held.values())
    lines = [_line(earlier, -cents, round_, now) for earlier, cents in held.items() if earlier != decision.id]
    lines.append(_line(decision.id, decision.amount_cents - held.get(decision.id, 0), round_, now))
    booked = [line for line in lines if line.cents != 0]
    if not booked:
        return
    left = left_of(round_)
    try:
        with db.session.begin_nested():
            db.session.execute(
                update(Round)
                .where(Round.id == round_.id)
                .values(promised_cents=Round.promised_cents + change)
                .execution_options(synchronize_session=False)
            )
            db.session.add_all(booked)
    except IntegrityError as error:
        if "ceiling_kept" not in str(error.orig):
            raise
        raise CeilingExceededError(
            asked_cents=change, left_cents=left, ceiling_cents=round_.ceiling_cents
        ) from error
    db.session.refresh(round_)


def _held_by(decision: Decision) -> dict[int, int]:
    """Give what each decision on this application holds of the ceiling now, in euro cents."""
    rows = db.session.execute(
        select(LedgerLine.decision_id, func.sum(LedgerLine.cents))
        .join(Decision, Decision.id == LedgerLine.decision_id)
        .where(Decision.application_id == decision.application_id)
        .group_by(LedgerLine.decision_id)
        .order_by(LedgerLine.decision_id)
    )
    return {decision_id: int(cents) for decision_id, cents in rows}


def _line(decision_id: int, cents: int, round_: Round, now: datetime) -> LedgerLine:
    return LedgerLine(round_id=round_.id, decision_id=decision_id, cents=cents, booked_at=now)
