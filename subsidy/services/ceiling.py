"""Changing the ceiling of a published round, with its official publication (Awb 4:27, 4:28).

The change is a row of its own; a trigger refuses another ceiling without it, and the CHECK on the round one
below what was promised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import func, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, CeilingChange, Event, Round, User
from subsidy.services import events, ledger, standing
from subsidy.services.advance import NotAllowedError
from workflows import ceiling as policy
from workflows.calendar_nl import AMSTERDAM
from workflows.ceiling import Condition
from workflows.permissions import Actor, Can, may
from workflows.states import RoundState


class CeilingChangeError(Exception):
    """The ceiling is not changed: a stable code and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ceiling that an officer records, in euro cents, with why and where it was published."""

    cents: int
    reason: str
    publication: str
    published_on: date
    conditions: frozenset[Condition] = frozenset()


class Past(NamedTuple):
    """A change that was made, by whom, and what was known of it then (codes)."""

    change: CeilingChange
    officer: str | None
    conditions: tuple[str, ...]
    warnings: tuple[str, ...]


def change(round_: Round, wanted: Wanted, *, seen_cents: int, actor: Actor, now: datetime) -> CeilingChange:
    """Change the ceiling of a round; `seen_cents` is the ceiling that the form showed.

    The second of two clicks gets the change that the first made. Raises NotAllowedError and
    CeilingChangeError: changed_meanwhile, reason_needed, publication_needed, and those of workflows/ceiling.
    """
    if not may(actor, Can.CEILING_CHANGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.CEILING_CHANGE)
    ledger.lock(round_)
    if round_.ceiling_cents != seen_cents:
        again = _just_made(round_, wanted, seen_cents)
        if again is not None:
            return again
        raise CeilingChangeError("changed_meanwhile")
    if not wanted.reason.strip():
        raise CeilingChangeError("reason_needed")
    if not wanted.publication.strip():
        raise CeilingChangeError("publication_needed")
    asked = judged(round_, wanted, now=now)
    code = policy.refusal(asked)
    if code is not None:
        raise CeilingChangeError(code, promised_cents=asked.promised_cents, received=asked.received)
    made = CeilingChange(
        round_id=round_.id,
        before_cents=round_.ceiling_cents,
        after_cents=wanted.cents,
        reason=wanted.reason.strip(),
        publication=wanted.publication.strip(),
        published_on=wanted.published_on,
        changed_by=actor.user_id,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    round_.ceiling_cents = wanted.cents
    db.session.flush()
    _tell(made, asked, actor=actor, now=now)
    return made


def judged(round_: Round, wanted: Wanted, *, now: datetime) -> policy.Change:
    """Give a change as the policy judges it."""
    return policy.Change(
        state=RoundState(round_.state),
        before_cents=round_.ceiling_cents,
        after_cents=wanted.cents,
        promised_cents=round_.promised_cents,
        received=_received(round_, wanted.published_on),
        published_on=wanted.published_on,
        opens_on=clock.day_of(round_.opens_at),
        today=clock.day_of(now),
        conditions=wanted.conditions,
    )


def find_changes(round_: Round) -> Sequence[CeilingChange]:
    """Return how the ceiling of a round was changed, the first change first; one query."""
    return db.session.scalars(
        select(CeilingChange).where(CeilingChange.round_id == round_.id).order_by(CeilingChange.id)
    ).all()


def history_of(round_: Round) -> list[Past]:
    """Return the changes with who made them and what the chain of events says of them, the last first."""
    told = _told(round_)
    rows = db.session.execute(
        select(CeilingChange, User.name)
        .outerjoin(User, User.id == CeilingChange.changed_by)
        .where(CeilingChange.round_id == round_.id)
        .order_by(CeilingChange.id.desc())
    )
    return [
        Past(
            one,
            name,
            tuple(told.get(one.id, {}).get("conditions", ())),
            tuple(told.get(one.id, {}).get("warnings", ())),
        )
        for one, name in rows
    ]


def _received(round_: Round, published_on: date) -> int:
    """Count the applications sent in until the end of the day of publication, withdrawn ones left out."""
    until = datetime.combine(published_on + timedelta(days=1), time(), tzinfo=AMSTERDAM)
    query = select(func.count(Application.id)).where(
        Application.round_id == round_.id,
        Application.submitted_at < until,
        Application.state.not_in(("draft", "withdrawn")),
    )
    return db.session.scalar(query) or 0


def _just_made(round_: Round, wanted: Wanted, seen_cents: int) -> CeilingChange | None:
    """Find the change that the first of two clicks made: the last one, and exactly this."""
    last = next(reversed(find_changes(round_)), None)
    same = last is not None and (
        (last.before_cents, last.after_cents, last.publication, last.published_on, last.reason)
        == (seen_cents, wanted.cents, wanted.publication.strip(), wanted.published_on, wanted.reason.strip())
    )
    return last if same else None


def _told(round_: Round) -> dict[int, Mapping[str, Sequence[str]]]:
    query = select(Event.facts).where(
        Event.chain == events.chain_of(round_.id), Event.name == "ceiling.changed"
    )
    return {facts["change"]: facts for facts in db.session.scalars(query)}


def _tell(made: CeilingChange, asked: policy.Change, *, actor: Actor, now: datetime) -> None:
    events.append(
        "ceiling.changed",
        at=now,
        actor_id=actor.user_id,
        round_id=made.round_id,
        facts={
            "change": made.id,
            "before_cents": made.before_cents,
            "after_cents": made.after_cents,
            "publication": made.publication,
            "published_on": made.published_on.isoformat(),
            "received": asked.received,
            "conditions": sorted(asked.conditions) if asked.lowers else [],
            "warnings": list(policy.warnings(asked)),
        },
        personal={"reason": made.reason},
    )
