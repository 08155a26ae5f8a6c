"""Decisions as they stand: which stage each is in, and how far a round is.

Where a decision stands follows from its instants and the clock; nothing here stores it a second time.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select

from subsidy.db import db
from subsidy.models import Application, Decision, Round, User
from subsidy.services.basis import Basis
from subsidy.services.in_force import latest
from workflows.application import UNDECIDED
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState

S = ApplicationState
TRANSITIONS: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.AWARDED: "award", Outcome.REJECTED: "reject", Outcome.NOT_PROCESSED: "leave_unprocessed"}
)
"""The step of the application that each outcome takes once it is confirmed."""
LATER_TRANSITIONS: Mapping[tuple[ApplicationState, Outcome], str] = MappingProxyType(
    {
        (S.AWARDED, Outcome.AWARDED): "amend_award",
        (S.AWARDED, Outcome.REJECTED): "reject_instead",
        (S.AWARDED, Outcome.WITHDRAWN): "withdraw_award",
        (S.REJECTED, Outcome.AWARDED): "award_instead",
        (S.REJECTED, Outcome.REJECTED): "amend_rejection",
        (S.NOT_PROCESSED, Outcome.AWARDED): "award_instead",
        (S.NOT_PROCESSED, Outcome.REJECTED): "reject_instead",
        (S.WITHDRAWN, Outcome.AWARDED): "award_instead",
    }
)
"""The step of an application that was decided, by its state and by what a later decision gives."""

DECIDED = tuple(outcome.value for outcome in TRANSITIONS)
# The reasons that `proposing.renew` and `resigning.let_sign` write; the page has words for them.
ANNOUNCEMENT_MISSED = "announcement_missed"
ANOTHER_SIGNS = "another_signs"


class DecisionError(Exception):
    """A step on a decision is refused: a stable code and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


class Stage(StrEnum):
    """Where a decision stands."""

    # The proposal is made, a job still draws its letter.
    RENDERING = "rendering"
    # The letter is there and waits for a second officer.
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    ANNOUNCED = "announced"
    # Sent back to be proposed anew.
    RETURNED = "returned"
    # The announcement date went by: the letter names terms that are no longer right.
    MISSED = "missed"
    # Brought in from a round file.
    HISTORY = "history"


def stage_of(decision: Decision, *, today: date) -> Stage:
    """Return where a decision stands on a day (in Amsterdam)."""
    if decision.imported:
        return Stage.HISTORY
    if decision.announced_at is not None:
        return Stage.ANNOUNCED
    if decision.returned_at is not None:
        return Stage.RETURNED
    if decision.announce_on is not None and decision.announce_on < today:
        return Stage.MISSED
    if decision.confirmed_at is not None:
        return Stage.CONFIRMED
    return Stage.PROPOSED if decision.letter_sha256 else Stage.RENDERING


def transition_of(kind: DecisionKind, state: ApplicationState, outcome: Outcome) -> str:
    """Name the step that an application takes by a decision; DecisionError `outcome_impossible`."""
    first = kind is DecisionKind.FIRST
    known = TRANSITIONS.get(outcome) if first else LATER_TRANSITIONS.get((state, outcome))
    if known is None:
        raise DecisionError("outcome_impossible")
    return known


def letter_kind(
    outcome: Outcome, amount_cents: int, requested_cents: int, reserve_place: int | None
) -> LetterKind:
    """Tell which letter belongs to an outcome; a reserve place is a rejection in law (Awb 4:25(2))."""
    if outcome is Outcome.AWARDED:
        return LetterKind.AWARD if amount_cents >= requested_cents else LetterKind.PARTIAL
    if outcome is Outcome.NOT_PROCESSED:
        return LetterKind.NOT_PROCESSED
    if outcome is Outcome.WITHDRAWN:
        return LetterKind.WITHDRAWAL
    return LetterKind.REJECT if reserve_place is None else LetterKind.RESERVE


def kind_of(decision: Decision, requested_cents: int) -> LetterKind | str:
    """Tell what a decision gives as its letter says it; a withdrawal brought in as history stays that."""
    outcome = Outcome(decision.outcome)
    if outcome is Outcome.WITHDRAWN and decision.imported:
        return outcome.value
    return letter_kind(outcome, decision.amount_cents, requested_cents, decision.reserve_place)


def basis_of(decision: Decision) -> Basis:
    """Return what a decision taken here rests on; imported history has no such account."""
    return Basis.model_validate(decision.basis)


def guard_facts(
    decision: Decision,
    *,
    uses_panel: bool,
    rebuttal: Mapping[str, bool | int],
    confirmer_id: int | None,
    letter_sha256: str | None,
    today: date,
) -> dict[str, bool | int | str | None]:
    """Return the facts that the machine asks for before an application may be decided.

    `rebuttal` are those of services/rebuttals.
    """
    basis = basis_of(decision)
    supplement = basis.supplement
    return {
        "motivation": decision.motivation,
        "amount_cents": decision.amount_cents,
        "requested_cents": basis.requested_cents,
        "uses_panel": uses_panel,
        **rebuttal,
        "supplements_requested": 0 if supplement is None else 1,
        "supplement_concluded": supplement is not None
        and (supplement.concluded_on is not None or supplement.until < today),
        "something_missing": bool(basis.missing),
        "proposer_id": decision.proposed_by,
        "confirmer_id": confirmer_id,
        "letter_sha256": letter_sha256,
        "replaces_id": decision.replaces_id,
        "reason": decision.reason,
    }


def find_current(application: Application) -> Decision | None:
    """Return the last word: what is proposed or confirmed now, else what is in force."""
    return db.session.scalars(
        select(Decision).where(Decision.application_id == application.id, latest())
    ).one_or_none()


def get_current(application: Application, *, lock: bool = False) -> Decision:
    """Return the last word, as the database has it; DecisionError `no_decision` without one."""
    query = select(Decision).where(Decision.application_id == application.id, latest())
    if lock:
        query = query.with_for_update(key_share=True)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DecisionError("no_decision")
    return found


class Step(NamedTuple):
    """One earlier or present decision of an application, with the names of who worked on it."""

    decision: Decision
    proposer: str | None
    confirmer: str | None
    returner: str | None


def history_of(application: Application) -> list[Step]:
    """Return every decision that was ever proposed on an application, newest first."""
    proposer, confirmer, returner = (db.aliased(User) for _ in range(3))
    rows = db.session.execute(
        select(Decision, proposer.name, confirmer.name, returner.name)
        .outerjoin(proposer, proposer.id == Decision.proposed_by)
        .outerjoin(confirmer, confirmer.id == Decision.confirmed_by)
        .outerjoin(returner, returner.id == Decision.returned_by)
        .where(Decision.application_id == application.id)
        .order_by(Decision.id.desc())
    )
    return [Step(*row) for row in rows]


class Progress(NamedTuple):
    """How far the decisions of a round are: each count contains the next."""

    received: int
    proposed: int
    confirmed: int
    announced: int
    # No outcome yet, whether proposed or not; the applications that keep a round from closing.
    undecided: int
    # Confirmed for this very day and not announced yet.
    due_today: int

    @property
    def unannounced(self) -> int:
        """How many were decided and not announced."""
        return self.received - self.undecided - self.announced


def progress(round_: Round, *, today: date) -> Progress:
    """Count how far a round is; an application that was withdrawn asks for no decision."""
    here = Decision.id.is_not(None)
    confirmed = Decision.confirmed_at.is_not(None) | Decision.imported
    announced = Decision.announced_at.is_not(None) | Decision.imported
    row = db.session.execute(
        select(
            func.count(Application.id),
            _count(here),
            _count(here & confirmed),
            _count(here & announced),
            _count(Application.state.in_(UNDECIDED)),
            _count(here & confirmed & ~announced & (Decision.announce_on == today)),
        )
        .select_from(Application)
        .outerjoin(Decision, (Decision.application_id == Application.id) & latest())
        .where(
            Application.round_id == round_.id,
            Application.state != "draft",
            # Who withdrew asks for no decision; an award that the office takes back is one.
            or_(Application.state != "withdrawn", Decision.kind != DecisionKind.FIRST.value),
        )
    ).one()
    return Progress(*row)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
