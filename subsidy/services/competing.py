"""When a ceiling can be divided: not while an application that competes for it is still on its way.

Where applications are compared, all of them have to be in and ready; where they are served in order of
receipt, those that were received before.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, LedgerLine, Round
from subsidy.services import calculations, snapshots, standing
from subsidy.services.decisions import DecisionError
from subsidy.services.in_force import latest, pending
from subsidy.services.ledger import OUTSIDE, left_of
from subsidy.services.proposal import Proposal
from subsidy.services.worklist_queries import needed, reviews_in
from workflows.application import UNDECIDED
from workflows.codes import Ground
from workflows.definition import RoundDefinition
from workflows.first_come import InLine, Line, needs_ranks
from workflows.mandates import DecisionKind
from workflows.round import NO_LONGER_OPEN
from workflows.rules import Distribution
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState

# What is refused on these was never compared with the others; what was invited to supplement is not complete
# yet, and is received when it is.
IN_LINE = (
    ApplicationState.SUBMITTED,
    ApplicationState.ELIGIBLE,
    ApplicationState.IN_REVIEW,
    ApplicationState.REBUTTAL,
    ApplicationState.ADVISED,
)
COMPARING = frozenset({Ground.CEILING.value, Ground.MAX_AWARDS.value, Ground.REGION_TAKEN.value})


class Competition:
    """Who competes for the ceiling of one round and has no proposal yet; read once for all its decisions.

    `on_their_way` are the ids of who cannot be compared yet, `line` who waits in order of receipt (None where
    applications are compared), `open_still` whether others can still join those that are compared.
    """

    def __init__(
        self,
        *,
        on_their_way: set[int],
        line: Line | None,
        ranks: Mapping[str, int],
        open_still: bool = False,
    ) -> None:
        self._on_their_way = on_their_way
        self._line = line
        self._ranks = ranks
        self._open_still = open_still

    def refuse(self, application: Application, proposal: Proposal, *, today: date) -> None:
        """Refuse what would compare an application with one that is still on its way (Awb 4:26).

        Raises DecisionError: `round_open` where applications are compared and others can still be sent in,
        `others_on_the_way` where some of them are not ready, `earlier_undecided` where they are served in
        order of receipt, `day_not_over` where that order is by day and who comes in today can still go first.
        """
        if _compares(proposal):
            if self._open_still:
                raise DecisionError("round_open")
            if self._line is not None and self._line.day_not_over(self._in_line(application), today):
                raise DecisionError("day_not_over")
            self.refuse_comparison(application, _claim(proposal, application.requested_cents))

    def refuse_comparison(self, application: Application, cents: int) -> None:
        """Refuse to give, or to refuse, this much (euro cents) to one before the others; raises the same."""
        if self._line is None:
            if self._on_their_way - {application.id}:
                raise DecisionError("others_on_the_way")
        elif self._line.passes_over(self._in_line(application), cents):
            raise DecisionError("earlier_undecided")

    def settle(self, application: Application, proposal: Proposal) -> None:
        """Count in what was proposed since this was read."""
        self._on_their_way.discard(application.id)
        if self._line is not None:
            self._line.serve(application.reference or "", proposal.amount_cents)

    def _in_line(self, application: Application) -> InLine:
        reference = application.reference or ""
        return InLine(
            reference,
            _received(application.submitted_at, application.completed_at),
            application.requested_cents,
            self._ranks.get(reference),
        )


def of_round(round_: Round, *, now: datetime) -> Competition:
    """Read who competes in a round; as many queries for many applications as for one."""
    definition = snapshots.definition_of(round_)
    if definition.rules.distribution is Distribution.FIRST_COME:
        return _in_order(round_, definition)
    waiting = select(Application.id).where(
        Application.round_id == round_.id, _on_its_way(definition), _undecided()
    )
    return Competition(
        on_their_way=set(db.session.scalars(waiting)),
        line=None,
        ranks={},
        open_still=_open_still(round_, now),
    )


def refuse_early(application: Application, proposal: Proposal, *, now: datetime) -> None:
    """Ask for one proposal what `Competition.refuse` answers; raises the same."""
    if _compares(proposal):
        of_round(application.round, now=now).refuse(application, proposal, today=clock.day_of(now))


def refuse_overtaking(decision: Decision, *, now: datetime) -> None:
    """Refuse to take a first decision while somebody else waits again, or can join again.

    The proposal of who was received before may have been sent back since this one was made, and a round may
    have been opened again. Raises DecisionError `earlier_undecided` or `round_open`.
    """
    application = decision.application
    definition = snapshots.definition_of(application.round)
    if application.state not in UNDECIDED or not _compares(decision):
        return
    if definition.rules.distribution is Distribution.FIRST_COME:
        line = _in_order(application.round, definition, besides=decision)
        line.refuse_comparison(application, _claim(decision, application.requested_cents))
    elif _open_still(application.round, now):
        raise DecisionError("round_open")


def _open_still(round_: Round, now: datetime) -> bool:
    """Whether somebody can still send in, be it by a deadline of their own (Awb 2:21)."""
    if not NO_LONGER_OPEN.holds({"phase": standing.phase_of(round_, now)}):
        return True
    own_deadline = exists().where(
        Application.round_id == round_.id,
        Application.state == ApplicationState.DRAFT.value,
        Application.deadline_at >= now,
    )
    return bool(db.session.scalar(select(own_deadline)))


def _in_order(round_: Round, definition: RoundDefinition, *, besides: Decision | None = None) -> Competition:
    """Read the line of a round that serves in order of receipt; `besides` lays no claim itself."""
    ranks: dict[str, int] = {}
    if needs_ranks(definition.rules):
        found = calculations.rank_round(round_)
        ranks = {one.reference: one.rank for one in found if one.rank is not None}
    rows = db.session.execute(
        select(
            Application.reference,
            Application.submitted_at,
            Application.completed_at,
            Application.requested_cents,
        ).where(
            Application.round_id == round_.id,
            Application.state.in_([state.value for state in IN_LINE]),
            _undecided(),
        )
    )
    waiting = [
        InLine(reference or "", _received(submitted, completed), requested, ranks.get(reference or ""))
        for reference, submitted, completed, requested in rows
    ]
    line = Line(
        definition.rules,
        waiting,
        left_cents=left_of(round_) - claimed(round_, besides=besides),
        awards=_awards(round_),
    )
    return Competition(on_their_way=set(), line=line, ranks=ranks)


def claimed(round_: Round, *, besides: Decision | None = None) -> int:
    """Return what proposals would take from the ceiling beyond what is booked already, in euro cents."""
    others = true() if besides is None else Decision.id != besides.id
    mine = aliased(Decision)
    held = (
        select(func.coalesce(func.sum(LedgerLine.cents), 0))
        .join(mine, mine.id == LedgerLine.decision_id)
        .where(mine.application_id == Decision.application_id, LedgerLine.kind != OUTSIDE)
        .scalar_subquery()
    )
    more = Decision.amount_cents - held
    query = select(func.coalesce(func.sum(more), 0)).where(
        Decision.round_id == round_.id,
        others,
        pending(),
        Decision.confirmed_at.is_(None),
        Decision.kind != DecisionKind.REMEDY.value,
        more > 0,
    )
    return int(db.session.scalar(query) or 0)


def _awards(round_: Round) -> int:
    """Count the applications that have an award, or a proposal for one."""
    query = select(func.count()).where(
        Decision.round_id == round_.id, latest(), Decision.outcome == Outcome.AWARDED.value
    )
    return db.session.scalar(query) or 0


def _undecided() -> ColumnElement[bool]:
    """Have no decision or proposal, but what was sent back."""
    return ~exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None))


def _on_its_way(definition: RoundDefinition) -> ColumnElement[bool]:
    """Be in a state in which nobody knows yet what the application is worth beside the others."""
    states = {
        ApplicationState.SUBMITTED,
        ApplicationState.SUPPLEMENT_REQUESTED,
        ApplicationState.REBUTTAL,
        *({ApplicationState.ELIGIBLE} if definition.uses_referents or definition.uses_panel else ()),
        *({ApplicationState.IN_REVIEW} if definition.uses_panel else ()),
    }
    on_its_way = Application.state.in_([state.value for state in states])
    if definition.uses_panel or not definition.rules.criteria:
        return on_its_way
    unread = reviews_in() < needed(definition.rules)
    return or_(on_its_way, (Application.state == ApplicationState.IN_REVIEW) & unread)


def _compares(said: Proposal | Decision) -> bool:
    first = said.kind == DecisionKind.FIRST
    return first and (said.outcome == Outcome.AWARDED or said.ground in COMPARING)


def _claim(said: Proposal | Decision, requested_cents: int) -> int:
    """Return what there has to be for this decision to pass over nobody, in euro cents.

    Who got less because of the ceiling would have got all that was asked.
    """
    limited = said.outcome != Outcome.AWARDED or said.ground == Ground.CEILING
    return requested_cents if limited else said.amount_cents


def _received(submitted_at: datetime | None, completed_at: datetime | None) -> datetime:
    """Return when an application that was sent in counts as received: when it was complete."""
    received = completed_at or submitted_at
    if received is None:
        raise ValueError("was not sent in")
    return received
