"""Telling everybody in a round who waits for a decision that it comes later (Awb 4:14): asked once, by a job.

What is asked is work in the outbox; how far it is follows from the letters. A worker that is killed goes on
where it was, because who was told of this day is not told again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Letter, OutboxRow, Round, Supplement, User
from subsidy.services import delays, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.deadlines import decision_term_of, delayed_to
from subsidy.services.delays import Clock, DelayError, Plan
from subsidy.services.grants import actor_of
from subsidy.services.in_force import pending
from subsidy.services.outbox import HopelessError
from subsidy.services.snapshots import definition_of
from workflows.application import UNDECIDED
from workflows.correspondence import ProcedureKind
from workflows.permissions import Actor, Can, may

TOPIC = "delay_round"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application of a round that waits for a decision, and until when the office has for it."""

    id: int
    reference: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Run:
    """One time that it was asked for a round: what, by whom and when, and how far it is.

    `total` is for how many it was asked, `told` how many have the letter, `placed` how many of those lie in
    the file already. `left` are those that wait for a decision and were not told of this day.
    """

    number: int
    plan: Plan
    asked_by: str
    asked_at: datetime
    total: int
    told: int
    placed: int
    running: bool
    failed: bool
    left: Sequence[Waiting]


def waiting_in(round_: Round, *, today: date) -> list[Waiting]:
    """Return the applications of a round without a decision or a proposal of one; one query."""
    rows = db.session.execute(_waiting(round_))
    definition = definition_of(round_)
    return [
        Waiting(
            row.id,
            row.reference,
            Clock(
                decision_term_of(
                    round_,
                    definition,
                    submitted_at=row.submitted_at,
                    supplement=row if row.requested_at is not None else None,
                    today=today,
                    delayed_to=None,
                ),
                row.told,
            ),
        )
        for row in rows
    ]


def ask(round_: Round, plan: Plan, *, actor: Actor, now: datetime) -> int:
    """Ask to tell every applicant that waits for a decision; gives the number of the run.

    The same that still runs is not asked twice. Who was told a later day already is left out. Raises
    NotAllowedError; DelayError `nobody`, `running`, and those of `delays.refuse` for the first to end.
    """
    if not may(actor, Can.LETTERS_SEND, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.LETTERS_SEND)
    db.session.refresh(round_, with_for_update=LOCK)
    rows = _rows(round_)
    unfinished = next((row for row in rows if row.done_at is None and row.dead_at is None), None)
    if unfinished is not None:
        if _plan(unfinished) == plan and unfinished.payload["asked_by"] == actor.user_id:
            return _number(unfinished)
        raise DelayError("running", number=_number(unfinished))
    today = clock.day_of(now)
    waiting = waiting_in(round_, today=today)
    if not waiting:
        raise DelayError("nobody")
    later = [one for one in waiting if one.clock.ends_on < plan.until]
    first = min(one.clock.ends_on for one in later or waiting)
    delays.refuse(plan, first, today=today)
    number = len(rows) + 1
    outbox.post(
        TOPIC,
        f"{TOPIC}:{round_.id}:{number}",
        {
            "round_id": round_.id,
            "number": number,
            "until": plan.until.isoformat(),
            "reason": plan.reason,
            "longer": plan.longer,
            "asked_by": actor.user_id,
            "total": len(later),
        },
        now=now,
    )
    return number


def notify_round(payload: Mapping[str, Any]) -> None:
    """Outbox handler: tell each applicant in a transaction of its own, in the name of who asked.

    An application on which they may not work, or that was decided meanwhile, is left as it is. Raises
    HopelessError when who asked may no longer send letters of this round.
    """
    round_ = db.session.get_one(Round, payload["round_id"])
    asker = db.session.get_one(User, payload["asked_by"])
    actor, now = actor_of(asker), clock.read()
    if asker.disabled_at is not None or not may(
        actor, Can.LETTERS_SEND, standing.to_round(actor, round_, now=now)
    ):
        raise HopelessError("who asked for this may not send letters of this round any more")
    plan = _plan_in(payload)
    ids = [
        one.id
        for one in waiting_in(round_, today=clock.day_of(now))
        if one.clock.told is None or one.clock.told < plan.until
    ]
    db.session.commit()
    for id_ in ids:
        try:
            delays.notify(db.session.get_one(Application, id_), plan, actor=actor, now=clock.read())
        except (DelayError, NotAllowedError):
            db.session.rollback()
        else:
            db.session.commit()


def find_run(round_: Round, number: int, *, today: date) -> Run | None:
    """Return how far a run is; None when there is none of this number. Four queries."""
    row = next((one for one in _rows(round_) if _number(one) == number), None)
    if row is None:
        return None
    plan = _plan(row)
    told, placed = db.session.execute(
        select(func.count(), func.count(Letter.placed_at)).where(
            Letter.round_id == round_.id,
            Letter.kind == ProcedureKind.DELAY,
            Letter.last_day == plan.until,
        )
    ).one()
    running = row.done_at is None and row.dead_at is None
    left = [] if running else [one for one in waiting_in(round_, today=today) if one.clock.told != plan.until]
    return Run(
        number=number,
        plan=plan,
        asked_by=db.session.scalars(select(User.name).where(User.id == row.payload["asked_by"])).one(),
        asked_at=row.created_at,
        total=row.payload["total"],
        told=told,
        placed=placed,
        running=running,
        failed=row.dead_at is not None,
        left=left,
    )


def last_number(round_: Round) -> int:
    """Return the number of the run that was asked last; 0 without any."""
    return len(_rows(round_))


def _waiting(round_: Round) -> Select[*tuple[Any, ...]]:
    decided = exists().where(Decision.application_id == Application.id, pending())
    return (
        select(
            Application.id,
            Application.reference,
            Application.submitted_at,
            Supplement.requested_at,
            Supplement.supplied_at,
            Supplement.expired_at,
            Supplement.last_day,
            delayed_to(Application.id).label("told"),
        )
        .outerjoin(Supplement, Supplement.application_id == Application.id)
        .where(Application.round_id == round_.id, Application.state.in_(UNDECIDED), ~decided)
        .order_by(Application.id)
    )


def _rows(round_: Round) -> Sequence[OutboxRow]:
    """Return the work that was asked for this round, in order."""
    return db.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.topic == TOPIC, OutboxRow.key.startswith(f"{TOPIC}:{round_.id}:", autoescape=True))
        .order_by(OutboxRow.id)
        .execution_options(populate_existing=True)
    ).all()


def _number(row: OutboxRow) -> int:
    return int(row.payload["number"])


def _plan(row: OutboxRow) -> Plan:
    return _plan_in(row.payload)


def _plan_in(payload: Mapping[str, Any]) -> Plan:
    return Plan(date.fromisoformat(payload["until"]), payload["reason"], payload["longer"])
