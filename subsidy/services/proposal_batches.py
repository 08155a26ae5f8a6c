"""Proposing for a whole round at once: asked for by an officer, done by a worker (batch_proposing).

In a round one batch runs at a time. Each proposal that it makes is as any other: it can be sent back and
proposed anew.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, ProposalBatch, Round, User
from subsidy.services import ledger, mandates, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal_writing import refuse_past
from workflows.machine import TransitionError
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState

TOPIC = "propose"
# Why a batch ended before everything was tried.
CANCELLED, NOT_ALLOWED = "cancelled", "not_allowed"
NOT_PROPOSED = (ApplicationState.DRAFT.value, ApplicationState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a batch is asked to do: the announcement date, whose mandate, and for which applications.

    `mandate_id` None is the first mandate that covers each decision; `outcome` and `references` narrow it to
    what the division gives and to some applications, None is all of those without a proposal.
    """

    announce_on: date
    mandate_id: int | None = None
    outcome: Outcome | None = None
    references: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Applications that could not be proposed for the same reason: a code, and reference with id of each.

    `because_of` is the reference of the application that stands in the way, where one does.
    """

    code: str
    applications: tuple[tuple[str, int], ...]
    because_of: str = ""


def ask(round_: Round, wish: Wish, *, actor: Actor, now: datetime) -> ProposalBatch:
    """Ask for the proposals of a round; the same wish of the same officer that still runs is not asked twice.

    Raises NotAllowedError and DecisionError: announce_date_past, nothing_chosen, mandate_too_narrow,
    batch_running.
    """
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    refuse_past(wish.announce_on, clock.day_of(now))
    if wish.references is not None and not wish.references:
        raise DecisionError("nothing_chosen")
    if wish.mandate_id is not None and wish.mandate_id not in {
        one.id for one in mandates.find_usable(round_, besides=actor.user_id)
    }:
        raise DecisionError("mandate_too_narrow")
    ledger.lock(round_)
    batch = ProposalBatch(
        round_id=round_.id,
        announce_on=wish.announce_on,
        mandate_id=wish.mandate_id,
        outcome=None if wish.outcome is None else wish.outcome.value,
        chosen=None if wish.references is None else sorted(wish.references),
        asked_by=actor.user_id,
        asked_at=now,
    )
    running = find_running(round_)
    if running is not None:
        if _same(running, batch):
            return running
        raise DecisionError("batch_running")
    db.session.add(batch)
    db.session.flush()
    outbox.post(TOPIC, f"{TOPIC}:{batch.id}", {"batch_id": batch.id}, now=now)
    return batch


def cancel(batch: ProposalBatch, *, actor: Actor, now: datetime) -> bool:
    """Stop a batch; what was proposed stays. False when it was over already. Raises NotAllowedError."""
    round_ = db.session.get_one(Round, batch.round_id)
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    lock(batch)
    if batch.finished_at is not None:
        return False
    finish(batch, now=now, stopped=CANCELLED, by=actor.user_id)
    return True


def finish(batch: ProposalBatch, *, now: datetime, stopped: str = "", by: int | None = None) -> None:
    """Say that a batch is over; `stopped` is the code of why before its end."""
    batch.finished_at, batch.stopped, batch.stopped_by = now, stopped, by
    db.session.flush()


def lock(batch: ProposalBatch) -> None:
    """Let nobody else work on a batch until this transaction ends."""
    db.session.refresh(batch, with_for_update=LOCK)


def find(round_: Round, batch_id: int) -> ProposalBatch | None:
    """Return a batch of this round."""
    return db.session.scalars(
        select(ProposalBatch).where(ProposalBatch.id == batch_id, ProposalBatch.round_id == round_.id)
    ).one_or_none()


def find_running(round_: Round) -> ProposalBatch | None:
    """Return the batch that runs in a round, if one does."""
    return db.session.scalars(
        select(ProposalBatch)
        .where(ProposalBatch.round_id == round_.id, ProposalBatch.finished_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def find_last(round_: Round) -> ProposalBatch | None:
    """Return the batch that was asked last in a round."""
    return db.session.scalars(
        select(ProposalBatch)
        .where(ProposalBatch.round_id == round_.id)
        .order_by(ProposalBatch.id.desc())
        .limit(1)
    ).one_or_none()


def waiting_for(batch: ProposalBatch) -> ColumnElement[bool]:
    """Be an application that this batch still has to propose, so far as a query can tell.

    Without a decision, and without one that was proposed since the batch was asked and sent back: that is the
    work of somebody who read it.
    """
    decision = aliased(Decision)
    asked = [
        Application.round_id == batch.round_id,
        Application.state.not_in(NOT_PROPOSED),
        ~exists().where(
            decision.application_id == Application.id,
            or_(decision.returned_at.is_(None), decision.proposed_at >= batch.asked_at),
        ),
    ]
    return and_(*asked)


def count_waiting(round_: Round) -> int:
    """Count the applications of a round that have no proposal."""
    decided = exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None))
    counted = select(func.count()).where(
        Application.round_id == round_.id, Application.state.not_in(NOT_PROPOSED), ~decided
    )
    return db.session.scalar(counted) or 0


def refusal_of(error: DecisionError | TransitionError) -> str:
    """Give what a batch keeps of a refusal: its code, and after a colon which application is in the way."""
    reference = error.params.get("reference", "")
    return f"{error.code}:{reference}" if reference else error.code


def refused_in(batch: ProposalBatch) -> list[Refused]:
    """Return what could not be proposed, by reason; the most frequent first."""
    ids = dict(
        db.session.execute(
            select(Application.reference, Application.id).where(Application.round_id == batch.round_id)
        ).all()
    ) if batch.refused else {}  # fmt: skip
    by_code: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for reference, code in sorted(batch.refused.items()):
        if reference in ids:
            by_code[code].append((reference, ids[reference]))
    found = [
        Refused(code, tuple(some), because_of)
        for (code, _, because_of), some in ((kept.partition(":"), some) for kept, some in by_code.items())
    ]
    return sorted(found, key=lambda one: (-len(one.applications), one.code, one.because_of))


def known_references(round_: Round, references: Collection[str]) -> list[str]:
    """Return those of these references that this round has and that wait for a proposal, in order."""
    decided = exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None))
    wanted = sorted(set(references))
    found: Sequence[str | None] = db.session.scalars(
        select(Application.reference)
        .where(
            Application.round_id == round_.id,
            Application.reference.in_(wanted),
            Application.state.not_in(NOT_PROPOSED),
            ~decided,
        )
        .order_by(Application.reference)
    ).all()
    return [one for one in found if one is not None]


def asker_of(batch: ProposalBatch) -> User:
    """Return who asked for a batch."""
    return db.session.get_one(User, batch.asked_by)


def _same(one: ProposalBatch, other: ProposalBatch) -> bool:
    names = ("announce_on", "mandate_id", "outcome", "chosen", "asked_by")
    return all(getattr(one, name) == getattr(other, name) for name in names)
