"""Closing a round: what is still to be done, and whether its money and its chain of events hold.

What remains is counted for every page that asks. The ledger line by line and the chain event by event are
read on the page of closing, and again when the round is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from subsidy.db import db
from subsidy.models import Application, Decision, Event, Hearing, LedgerLine, Round
from subsidy.services import events, ledger, standing, surroundings
from subsidy.services.differences import Difference
from subsidy.services.events import Fault
from subsidy.services.in_force import in_force, pending
from workflows.application import UNDECIDED
from workflows.round import NO_LONGER_OPEN
from workflows.states import ApplicationState, Phase

# A page names a few of what remains, and counts all of it.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left to do, in numbers of applications; `hearings` are those that still run."""

    phase: Phase
    undecided: int
    under_way: int
    unannounced: int
    hearings: int

    @property
    def over(self) -> bool:
        """Whether the round no longer takes applications."""
        return NO_LONGER_OPEN.holds({"phase": self.phase})

    @property
    def nothing(self) -> bool:
        """Whether all of it is done."""
        return self.over and not (self.undecided or self.under_way or self.unannounced or self.hearings)


class Named(NamedTuple):
    """An application by which something remains."""

    application_id: int
    reference: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The money and the chain, read whole: how much there was, and what is wrong with it."""

    lines: int
    money: Sequence[Difference]
    ledger_fits: bool
    events: int
    faults: Sequence[Fault]

    @property
    def chain_holds(self) -> bool:
        """Whether nothing is wrong in the chain."""
        return not self.faults


def remaining(round_: Round, *, now: datetime, today: date) -> Remaining:
    """Count what is left to do before a round can be closed; one query."""
    counts = (_counted(round_, condition).label(name) for name, condition in conditions(today).items())
    row = db.session.execute(select(*counts)).one()
    return Remaining(
        standing.phase_of(round_, now), row.undecided, row.under_way, row.unannounced, row.hearings
    )


def named(round_: Round, *, today: date) -> dict[str, list[Named]]:
    """Name the first applications of each thing that remains, by reference."""
    found = {}
    for name, condition in conditions(today).items():
        rows = db.session.execute(
            select(Application.id, Application.reference)
            .where(Application.round_id == round_.id, condition)
            .order_by(Application.reference)
            .limit(NAMED)
        )
        found[name] = [Named(application_id, reference or "") for application_id, reference in rows]
    return found


def check(round_: Round) -> Checked:
    """Read the whole ledger and the whole chain of a round."""
    money = [*surroundings.compare_sum(round_), *surroundings.compare_ledger(round_)]
    return Checked(
        lines=_number(select(func.count(LedgerLine.id)).where(LedgerLine.round_id == round_.id)),
        money=money,
        ledger_fits=not money and ledger.fits(round_),
        events=_number(select(func.count(Event.id)).where(Event.chain == events.chain_of(round_.id))),
        faults=list(events.faults_of(round_.id)),
    )


def facts(round_: Round, *, now: datetime, today: date) -> dict[str, object]:
    """Return what the machine asks before a round is closed (workflows/round.py)."""
    left, found = remaining(round_, now=now, today=today), check(round_)
    return {
        "phase": left.phase,
        "undecided": left.undecided,
        "under_way": left.under_way,
        "unannounced": left.unannounced,
        "hearings_open": left.hearings,
        "ledger_fits": found.ledger_fits,
        "chain_holds": found.chain_holds,
    }


def conditions(today: date) -> dict[str, ColumnElement[bool]]:
    """Give what keeps a round from closing, as conditions on an application."""
    here = Decision.application_id == Application.id
    decided = Application.state.in_(
        [ApplicationState.AWARDED, ApplicationState.REJECTED, ApplicationState.NOT_PROCESSED]
    )
    hearing = exists().where(
        Hearing.application_id == Application.id, Hearing.answered_at.is_(None), Hearing.last_day >= today
    )
    return {
        "undecided": Application.state.in_(UNDECIDED),
        # A later decision too: until it is confirmed nobody knows what holds.
        "under_way": exists().where(here, pending(), Decision.confirmed_at.is_(None)),
        # A withdrawal by the office leaves an application withdrawn before its letter went out.
        "unannounced": or_(
            exists().where(here, pending(), Decision.confirmed_at.is_not(None)),
            and_(decided, ~exists().where(here, in_force())),
        ),
        "hearings": hearing,
    }


def _counted(round_: Round, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count(Application.id))
        .where(Application.round_id == round_.id, condition)
        .scalar_subquery()
    )


def _number(query: Select[int]) -> int:
    return db.session.scalar(query) or 0
