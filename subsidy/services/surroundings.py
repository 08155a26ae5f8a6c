"""What is stored around a decision has to fit it: its words, its letter, its money and its events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Event, LedgerLine, Round
from subsidy.services import events, file_store
from subsidy.services.decision_digest import digest_of
from subsidy.services.decisions import ANNOUNCEMENT_MISSED
from subsidy.services.differences import Difference, Part, shown
from subsidy.services.ledger import OUTSIDE

PROPOSED = "decision.proposed"
LETTER_MADE = "decision.letter_made"
CONFIRMED_AGAIN = "decision.confirmed_again"
ANNOUNCED = frozenset({"decision.announced", "decision.posted"})


@dataclass(frozen=True, slots=True)
class Around:
    """What is stored beside decisions, by the id of the decision; in euro cents where it is money.

    `holds` is what the ledger has for a decision, `due` what it should have, `replaced_at` when the one that
    took its place was announced; `states` are those of the applications, by their ids.
    """

    holds: Mapping[int, int]
    due: Mapping[int, int]
    events: Mapping[int, Sequence[Event]]
    states: Mapping[int, str]
    replaced_at: Mapping[int, datetime | None]


def holdings(round_id: int, application_id: int | None = None) -> tuple[dict[int, int], dict[int, int]]:
    """Give what each decision holds in the ledger, and what it should hold, in euro cents.

    The last one that was confirmed on an application holds its amount, also while a letter with another
    date is on its way; every other holds nothing.
    """
    lines = select(LedgerLine.decision_id, func.sum(LedgerLine.cents)).group_by(LedgerLine.decision_id)
    rows = (
        select(Decision.id, Decision.application_id, Decision.amount_cents, Decision.imported)
        .where(Decision.round_id == round_id, Decision.confirmed_at.is_not(None) | Decision.imported)
        .where(Decision.returned_at.is_(None) | (Decision.return_reason == ANNOUNCEMENT_MISSED))
        .order_by(Decision.id)
    )
    of_round = select(Decision.id).where(Decision.round_id == round_id)
    if application_id is not None:
        rows = rows.where(Decision.application_id == application_id)
        of_round = of_round.where(Decision.application_id == application_id)
    held = {
        one: int(cents)
        for one, cents in db.session.execute(lines.where(LedgerLine.decision_id.in_(of_round)))
    }
    last: dict[int, tuple[int, int]] = {}
    for decision_id, application, amount, imported in db.session.execute(rows):
        last[application] = (decision_id, 0 if imported else amount)
    return held, dict(last.values())


def around(round_id: int, application_id: int | None = None) -> Around:
    """Read what is stored beside the decisions of a round, or of one application of it; five queries."""
    holds, due = holdings(round_id, application_id)
    query = (
        select(Event)
        .where(Event.round_id == round_id, Event.application_id.is_not(None))
        .order_by(Event.sequence)
    )
    if application_id is not None:
        query = query.where(Event.application_id == application_id)
    told: dict[int, list[Event]] = {}
    for event in db.session.scalars(query):
        number = event.facts.get("decision")
        if isinstance(number, int):
            told.setdefault(number, []).append(event)
    states = select(Application.id, Application.state).where(Application.round_id == round_id)
    successors = select(Decision.replaces_id, Decision.announced_at).where(
        Decision.round_id == round_id, Decision.replaces_id.is_not(None), Decision.returned_at.is_(None)
    )
    if application_id is not None:
        states = states.where(Application.id == application_id)
        successors = successors.where(Decision.application_id == application_id)
    return Around(
        holds,
        due,
        told,
        dict(db.session.execute(states).all()),
        {one: at for one, at in db.session.execute(successors) if one is not None},
    )


def compare(decision: Decision, around: Around) -> Iterator[Difference]:
    """Hold a decision beside what is stored around it; not beside the chain as a whole."""
    yield from _letter(decision)
    yield from _ledger(decision, around)
    yield from _application(decision, around)
    yield from _events(decision, around.events.get(decision.id, ()))


def holds_words(decision: Decision, around: Around) -> bool:
    """Tell whether an event holds the digest of what the decision says, to hold its words beside."""
    told = [one for one in around.events.get(decision.id, ()) if one.name == PROPOSED]
    return bool(told) and told[-1].facts.get("says") is not None


def compare_sum(round_: Round) -> Iterator[Difference]:
    """Tell when what is promised is not the sum of the lines of the ledger, or goes over the ceiling."""
    lines = select(func.coalesce(func.sum(LedgerLine.cents), 0)).where(
        LedgerLine.round_id == round_.id, LedgerLine.kind != OUTSIDE
    )
    booked = int(db.session.scalar(lines) or 0)
    if booked != round_.promised_cents:
        yield Difference(Part.LEDGER, "promised_cents", booked, round_.promised_cents)
    if booked > round_.ceiling_cents:
        yield Difference(Part.LEDGER, "ceiling_cents", round_.ceiling_cents, booked)


def compare_ledger(round_: Round) -> Iterator[Difference]:
    """Tell which decisions of a round do not hold their amount in the ledger; `detail` is the reference."""
    held, due = holdings(round_.id)
    wrong = {one for one in {*held, *due} if held.get(one, 0) != due.get(one, 0)}
    rows = db.session.execute(
        select(Decision.id, Application.reference)
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.id.in_(wrong))
        .order_by(Application.reference)
    )
    for decision_id, reference in rows:
        yield Difference(Part.LEDGER, reference or "", due.get(decision_id, 0), held.get(decision_id, 0))


def compare_chain(round_id: int) -> Iterator[Difference]:
    """Tell what is wrong in the chain of a round."""
    for fault in events.faults_of(round_id):
        yield Difference(Part.CHAIN, str(fault.sequence), None, fault.problem)


def _letter(decision: Decision) -> Iterator[Difference]:
    if decision.letter_sha256 is None:
        if decision.confirmed_at is not None:
            yield Difference(Part.LETTER, "", None, None)
        return
    try:
        file_store.read(decision.letter_sha256)
    except (file_store.FileDamagedError, OSError):
        yield Difference(Part.LETTER, "", decision.letter_sha256, None)


def _ledger(decision: Decision, around: Around) -> Iterator[Difference]:
    due, held = around.due.get(decision.id, 0), around.holds.get(decision.id, 0)
    if due != held:
        yield Difference(Part.LEDGER, "amount_cents", due, held)


def _application(decision: Decision, around: Around) -> Iterator[Difference]:
    """The application is as the last decision on it says, and that replaced the one before."""
    state = around.states.get(decision.application_id)
    if decision.id in around.due and state != decision.outcome:
        yield Difference(Part.EVENTS, "state", decision.outcome, state)
    replaced = around.replaced_at.get(decision.id)
    if replaced != decision.replaced_at:
        yield Difference(Part.EVENTS, "replaced_at", _at(replaced), _at(decision.replaced_at))


def _events(decision: Decision, told: Sequence[Event]) -> Iterator[Difference]:
    """Hold the decision beside what the chain says of it: its words, who did what, and its letter."""
    by_name = {one.name: one for one in told}
    proposed = by_name.get(PROPOSED)
    if proposed is None:
        yield Difference(Part.EVENTS, PROPOSED, None, decision.proposed_by)
    else:
        yield from _said(decision, proposed)
    made = by_name.get(LETTER_MADE)
    if made is not None and made.facts.get("letter_sha256") != decision.letter_sha256:
        yield Difference(Part.LETTER, LETTER_MADE, made.facts.get("letter_sha256"), decision.letter_sha256)
    if decision.confirmed_at is not None:
        yield from _confirmed(decision, told)
    announced = next((_at(one.at) for one in told if one.name in ANNOUNCED), None)
    if announced != _at(decision.announced_at):
        yield Difference(Part.EVENTS, "decision.announced", announced, _at(decision.announced_at))


def _said(decision: Decision, proposed: Event) -> Iterator[Difference]:
    said = proposed.facts.get("says")
    if said is not None and said != digest_of(decision):
        yield Difference(Part.WORDS, "says", said, digest_of(decision))
    proposer = proposed.facts.get("proposed_by", proposed.actor_id)
    if proposer != decision.proposed_by:
        yield Difference(Part.EVENTS, PROPOSED, proposer, decision.proposed_by)
    proposed_at = proposed.facts.get("proposed_at")
    # As moments: the same one can be written with another offset.
    if proposed_at is not None and datetime.fromisoformat(proposed_at) != decision.proposed_at:
        yield Difference(Part.EVENTS, PROPOSED, proposed_at, _at(decision.proposed_at))
    for name in ("outcome", "amount_cents", "frozen_sha256"):
        if name in proposed.facts and proposed.facts[name] != getattr(decision, name):
            yield Difference(Part.EVENTS, name, shown(proposed.facts[name]), getattr(decision, name))


def _confirmed(decision: Decision, told: Sequence[Event]) -> Iterator[Difference]:
    """The step of the application is the confirmation, and names the letter that was read."""
    step = next(
        (one for one in told if one.name.startswith("application.") or one.name == CONFIRMED_AGAIN), None
    )
    if step is None:
        yield Difference(Part.EVENTS, "decision.confirmed", None, decision.confirmed_by)
        return
    if step.actor_id != decision.confirmed_by:
        yield Difference(Part.EVENTS, "decision.confirmed", step.actor_id, decision.confirmed_by)
    if (step.at, clock.day_of(step.at)) != (decision.confirmed_at, decision.decided_on):
        yield Difference(Part.EVENTS, "decision.confirmed", _at(step.at), _at(decision.confirmed_at))
    for name, part in (("amount_cents", Part.EVENTS), ("letter_sha256", Part.LETTER)):
        if step.facts.get(name) != getattr(decision, name):
            yield Difference(part, name, shown(step.facts.get(name)), getattr(decision, name))


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
