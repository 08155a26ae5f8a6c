"""The order of priority in which the committee puts the fundable applications of a round.

A place goes before the score. To hold a place in the middle of the order, those above it are held on theirs
as well: the numbers 1..k, and as few of them as can be (`workflows/priority.py`). Who is put before a better
score, or after a worse one, is put there with a reason.

Every change names the order that the page showed. When somebody changed the order meanwhile, this change is
refused and not laid over the other one.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Select, select

from subsidy.db import LOCK, db, insert_into
from subsidy.models import Application, Decision, Meeting, PanelAdvice, Round
from subsidy.services import ledger, meetings
from subsidy.services.ranking import Line, Ranking, ranking_of
from subsidy.services.snapshots import definition_of
from workflows import priority
from workflows.permissions import Actor
from workflows.rules import Distribution

TOKEN_LENGTH = 16


class PriorityError(Exception):
    """A change of the order is refused: a stable code and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Order:
    """The ranking of a round with a token of the order in it; `kept` are those with a proposed decision."""

    ranking: Ranking
    token: str
    kept: frozenset[int]

    @property
    def lines(self) -> Sequence[Line]:
        """The fundable applications, in the order that counts now."""
        return [line for line in self.ranking.lines if line.ranked.fundable]

    @property
    def others(self) -> Sequence[Line]:
        """The applications without a place: not fundable."""
        return [line for line in self.ranking.lines if not line.ranked.fundable]

    @property
    def departs(self) -> bool:
        """Whether the committee holds another order than that of the scores."""
        return self.ranking.order != self.ranking.by_score


def order_of(round_: Round) -> Order:
    """Return the order as it stands; the number of queries never grows with the round."""
    ranking = ranking_of(round_)
    return Order(ranking, _token(ranking), _with_decision(round_))


def takes_places(round_: Round) -> bool:
    """Whether a place can count at all: with first come, first served the moment of receipt decides."""
    return definition_of(round_).rules.distribution is not Distribution.FIRST_COME


def refusal(meeting: Meeting) -> str | None:
    """Return the code of why nobody can change the order in this meeting now, or None."""
    if not takes_places(meeting.round):
        return "order_of_receipt"
    if meeting.opened_at is None:
        return "meeting_not_opened"
    return "minutes_confirmed" if meeting.confirmed_at is not None else None


def place(
    meeting: Meeting,
    application: Application,
    *,
    place: int,
    reason: str,
    token: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put an application on a place (from 1) in the order; a place beyond the end is the end.

    `token` is that of the order that was shown. The same place twice is once. Raises PriorityError:
    order_of_receipt, meeting_not_opened, minutes_confirmed, not_fundable, order_changed, reason_needed,
    has_decision, passes_decision.
    """

    def there(ranking: Ranking) -> int:
        return min(max(place, 1), len(ranking.order))

    _change(meeting, application, there, reason=reason, token=token, actor=actor, now=now)


def put_back(meeting: Meeting, application: Application, *, token: str, actor: Actor, now: datetime) -> None:
    """Put an application back to where its score brings it; needs no reason. Raises as `place` does."""

    def there(ranking: Ranking) -> int:
        return priority.place_by_score(ranking.order, ranking.by_score, _name(application))

    _change(meeting, application, there, reason=None, token=token, actor=actor, now=now)


def clear(meeting: Meeting, *, token: str, actor: Actor, now: datetime) -> None:
    """Let the scores decide again for all. Raises as `place` does."""
    _lock(meeting)
    order = order_of(meeting.round)
    if not order.departs:
        return
    if token != order.token:
        raise PriorityError("order_changed")
    _refuse_passing(order, order.ranking.by_score)
    _store(meeting, order.ranking, order.ranking.by_score, None, "", actor=actor, now=now)


def _change(
    meeting: Meeting,
    application: Application,
    there: Callable[[Ranking], int],
    *,
    reason: str | None,
    token: str,
    actor: Actor,
    now: datetime,
) -> None:
    _lock(meeting)
    order, name = order_of(meeting.round), _name(application)
    ranking = order.ranking
    if name not in ranking.order:
        raise PriorityError("not_fundable")
    new = priority.placed(ranking.order, name, there(ranking))
    if new == ranking.order and not _says_more(application, reason):
        return
    if token != order.token:
        raise PriorityError("order_changed")
    if application.id in order.kept:
        raise PriorityError("has_decision")
    _refuse_passing(order, new)
    needed = name in priority.departing(new, ranking.by_score)
    if needed and reason is not None and not reason.strip():
        raise PriorityError("reason_needed", place=new.index(name) + 1)
    _store(meeting, ranking, new, application, reason or "", actor=actor, now=now)


def _lock(meeting: Meeting) -> None:
    """Hold the round, then the meeting; refuse when the order cannot be changed here."""
    ledger.lock(meeting.round)
    meetings.lock(meeting)
    code = refusal(meeting)
    if code is not None:
        raise PriorityError(code)


def _says_more(application: Application, reason: str | None) -> bool:
    """Whether the reason is another than the one that is kept: the words can be mended without a move."""
    if not reason or not reason.strip():
        return False
    known = db.session.get(PanelAdvice, application.id)
    return known is not None and known.priority_reason != "" and known.priority_reason != reason.strip()


def _refuse_passing(order: Order, new: Sequence[str]) -> None:
    """Refuse a move past an application with a proposed decision: its rank then is what it rests on."""
    ids = {line.ranked.reference: line.application_id for line in order.lines}
    for before, after in zip(order.ranking.order, new, strict=True):
        if before != after and ids[before] in order.kept:
            raise PriorityError("passes_decision", reference=before)


def _store(
    meeting: Meeting,
    ranking: Ranking,
    new: Sequence[str],
    moved: Application | None,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the numbers that hold the new order, and why for who was moved; the words of others stay."""
    numbers = priority.priorities(new, ranking.by_score)
    departing = priority.departing(new, ranking.by_score)
    ids = {line.ranked.reference: line.application_id for line in ranking.lines}
    known = {
        one.application_id: one
        for one in db.session.scalars(
            select(PanelAdvice)
            .where(PanelAdvice.application_id.in_(_in_round(meeting.round)))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    for reference, application_id in ids.items():
        wanted = numbers.get(reference)
        advice = known.get(application_id)
        if advice is None:
            if wanted is not None or (moved is not None and application_id == moved.id):
                advice = known[application_id] = _new(application_id, now)
            else:
                continue
        advice.priority = wanted
        if moved is not None and application_id == moved.id and reason.strip():
            advice.priority_reason = reason.strip()
        if reference not in departing:
            advice.priority_reason = ""
        if _says_nothing(advice):
            db.session.delete(advice)
    name = "meeting.order_cleared" if moved is None else "meeting.application_placed"
    facts: dict[str, object] = {"order": [ids[one] for one in new if one in numbers]}
    if moved is not None:
        places = {"from": ranking.order.index(_name(moved)) + 1, "to": new.index(_name(moved)) + 1}
        facts |= {**places, "departs": _name(moved) in departing}
    meetings.record(
        name,
        meeting,
        actor=actor,
        now=now,
        application_id=None if moved is None else moved.id,
        facts=facts,
        personal={"reason": reason.strip()} if reason.strip() else None,
    )
    meetings.touch(meeting)


def _new(application_id: int, now: datetime) -> PanelAdvice:
    """Return a row without advice; whoever records the advice meanwhile made the same row."""
    db.session.execute(
        insert_into(PanelAdvice)
        .values(application_id=application_id, scores={}, recorded_at=now)
        .on_conflict_do_nothing(index_elements=["application_id"])
    )
    return db.session.get_one(PanelAdvice, application_id, populate_existing=True, with_for_update=LOCK)


def _says_nothing(advice: PanelAdvice) -> bool:
    """Whether nothing is left of a row that was only there to hold a place."""
    words = advice.reason or advice.scores or advice.score_reasons or advice.priority_reason
    return advice.priority is None and not words


def _in_round(round_: Round) -> Select[int]:
    return select(Application.id).where(Application.round_id == round_.id)


def _with_decision(round_: Round) -> frozenset[int]:
    return frozenset(
        db.session.scalars(
            select(Decision.application_id).where(
                Decision.round_id == round_.id, Decision.returned_at.is_(None)
            )
        )
    )


def _token(ranking: Ranking) -> str:
    """Return a mark of the order and of the numbers that hold it."""
    shown = [
        f"{line.ranked.reference}:{line.application.panel.priority if line.application.panel else None}"
        for line in ranking.lines
        if line.ranked.fundable
    ]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:TOKEN_LENGTH]


def _name(application: Application) -> str:
    if application.reference is None:
        raise PriorityError("not_fundable")
    return application.reference
