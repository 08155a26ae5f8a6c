"""Confirming several decisions at once: those whose letters somebody read, each on its own feet.

What is refused is told, and holds up none of the others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Application, Decision, DecisionReading, Mandate, Participation, Round
from subsidy.services import confirming, ledger, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError, letter_kind
from subsidy.services.file_store import FileDamagedError
from subsidy.services.in_force import latest, pending
from workflows.machine import TransitionError
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Can, may
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome

NO_PARAMS: Mapping[str, object] = MappingProxyType({})


class Waiting(NamedTuple):
    """A proposal that waits for one person, with its application; amounts in euro cents.

    `read` says whether this person opened the letter, `letter_sha256` is None while it is drawn.
    """

    application_id: int
    reference: str
    title: str
    lead: str | None
    requested_cents: int
    decision_id: int
    kind: str
    outcome: str
    amount_cents: int
    ground: str | None
    reserve_place: int | None
    departs: bool
    announce_on: date
    letter_sha256: str | None
    read: bool

    @property
    def gives(self) -> LetterKind:
        """What its letter gives."""
        return letter_kind(Outcome(self.outcome), self.amount_cents, self.requested_cents, self.reserve_place)


class Totals(NamedTuple):
    """All that waits for one person in a round, and what it takes from the ceiling, in euro cents."""

    waiting: int
    drawn: int
    read: int
    takes_cents: int
    read_takes_cents: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that was not confirmed, and why."""

    application_id: int
    reference: str
    code: str
    params: Mapping[str, object] = field(default_factory=lambda: NO_PARAMS)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of a batch: how many were confirmed now, how many were already, and what was refused."""

    confirmed: int
    already: int
    refused: tuple[Refused, ...]


def find_waiting(
    round_: Round, *, actor: Actor, today: date, after: str = "", limit: int = 50
) -> Sequence[Waiting]:
    """Return a page of the proposals that this person can confirm, by reference, after the one named."""
    rows = db.session.execute(
        _mine(
            actor,
            round_,
            today,
            Application.id,
            Application.reference,
            Application.title,
            Participation.name,
            Application.requested_cents,
            Decision.id,
            Decision.kind,
            Decision.outcome,
            Decision.amount_cents,
            Decision.ground,
            Decision.reserve_place,
            Decision.departure != "",
            Decision.announce_on,
            Decision.letter_sha256,
            _was_read(),
        )
        .outerjoin(Participation, and_(Participation.application_id == Application.id, Participation.lead))
        .where(Application.reference > after)
        .order_by(Application.reference)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def totals(round_: Round, *, actor: Actor, today: date) -> Totals:
    """Count what waits for this person; a remedy goes beside the ceiling (Awb 4:25(3)) and takes nothing."""
    old = aliased(Decision)
    takes = case(
        (Decision.kind == DecisionKind.REMEDY, 0),
        else_=Decision.amount_cents - func.coalesce(old.amount_cents, 0),
    )
    row = db.session.execute(
        _mine(
            actor,
            round_,
            today,
            func.count(Decision.id),
            func.count(Decision.letter_sha256),
            _sum(_was_read(), 1),
            func.coalesce(func.sum(takes), 0),
            _sum(_was_read(), takes),
        ).outerjoin(old, old.id == Decision.replaces_id)
    ).one()
    return Totals(*(int(value) for value in row))


def find_unread(round_: Round, *, actor: Actor, today: date) -> tuple[int, int] | None:
    """Return application and decision of the next letter that this person did not open, or None."""
    row = db.session.execute(
        _mine(actor, round_, today, Application.id, Decision.id)
        .where(Decision.letter_sha256.is_not(None), ~_was_read())
        .order_by(Application.reference)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def confirm_batch(round_: Round, ticked: Mapping[int, str], *, actor: Actor, now: datetime) -> Confirmed:
    """Confirm the decisions of these applications, by the digest of the letter that was read.

    Each for itself, in the order of the ranking. A letter that this person did not open is refused as
    `letter_unread`; for the other codes see `confirming.confirm`. Done twice it does nothing twice. Raises
    NotAllowedError for who may confirm nothing in this round.
    """
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    # All locks before the first decision is taken: taking one holds the chain of events.
    ledger.lock(round_)
    applications = db.session.scalars(
        select(Application)
        .where(Application.id.in_(ticked), Application.round_id == round_.id)
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    db.session.execute(
        select(Decision.id)
        .where(Decision.application_id.in_([one.id for one in applications]), latest())
        .order_by(Decision.id)
        .with_for_update(key_share=True)
    )
    ranks = _read_letters([one.id for one in applications], actor)
    confirmed, already, refused = 0, 0, []
    for application in sorted(
        applications, key=lambda one: (ranks.get((one.id, ticked[one.id]), 0), one.reference or "")
    ):
        digest, reference = ticked[application.id], application.reference or ""
        if (application.id, digest) not in ranks:
            refused.append(Refused(application.id, reference, "letter_unread"))
            continue
        try:
            confirming.confirm(application, letter_sha256=digest, actor=actor, now=now)
        except DecisionError as error:
            if error.code == "already_confirmed":
                already += 1
            else:
                refused.append(Refused(application.id, reference, error.code, error.params))
        except TransitionError as error:
            refused.append(Refused(application.id, reference, error.code))
        except NotAllowedError:
            refused.append(Refused(application.id, reference, "not_yours_to_confirm"))
        except FileDamagedError:
            refused.append(Refused(application.id, reference, "letter_damaged"))
        else:
            confirmed += 1
    return Confirmed(confirmed, already, tuple(refused))


def _mine(actor: Actor, round_: Round, today: date, *columns: ColumnElement[Any] | Any) -> Select[Any]:
    """Select of the proposals whose mandate this person holds, which they did not propose themselves."""
    reading = and_(
        DecisionReading.decision_id == Decision.id,
        DecisionReading.user_id == actor.user_id,
        DecisionReading.letter_sha256 == Decision.letter_sha256,
    )
    return (
        select(*columns)
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Mandate, Mandate.id == Decision.mandate_id)
        .outerjoin(DecisionReading, reading)
        .where(
            Decision.round_id == round_.id,
            pending(),
            Decision.confirmed_at.is_(None),
            Decision.announce_on >= today,
            Decision.proposed_by != actor.user_id,
            Mandate.user_id == actor.user_id,
        )
    )


def _was_read() -> ColumnElement[bool]:
    return DecisionReading.read_at.is_not(None)


def _sum(condition: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


def _read_letters(application_ids: Collection[int], actor: Actor) -> dict[tuple[int, str], int]:
    """Give the letters that this person opened, as application and digest, with the rank in their basis."""
    rows = db.session.execute(
        select(Decision.application_id, Decision.letter_sha256, Decision.basis["rank"].as_integer())
        .join(DecisionReading, DecisionReading.decision_id == Decision.id)
        .where(
            Decision.application_id.in_(application_ids),
            Decision.returned_at.is_(None),
            DecisionReading.user_id == actor.user_id,
            DecisionReading.letter_sha256 == Decision.letter_sha256,
        )
    )
    return {(application_id, digest): rank or 0 for application_id, digest, rank in rows if digest}
