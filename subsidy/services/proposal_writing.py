"""Writing a proposal down: what the decision says, frozen with all that it rests on, and its letter ordered.

Every kind of decision passes here, the first on an application and those that take its place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Hearing, Mandate
from subsidy.services import events, hearings, letter_drawing, mandates, rebuttals, snapshots, taken_places
from subsidy.services.basis import Basis, ReplacedBasis, SignatureBasis
from subsidy.services.competing import Competition, refuse_early
from subsidy.services.decision_digest import digest_of
from subsidy.services.decisions import DecisionError, guard_facts, transition_of
from subsidy.services.in_force import latest
from subsidy.services.proposal import (
    Proposal,
    ends_on_of,
    in_one_text,
    refuse_unreasoned,
    with_words_of,
)
from subsidy.services.taken_places import TakenPlaces
from workflows.application import MACHINE
from workflows.mandates import DecisionKind
from workflows.permissions import Actor
from workflows.states import ApplicationState
from workflows.terms import objection_term

# What a proposal says and who made it when; the rest says where it stands.
SAID = (
    "application_id",
    "round_id",
    "outcome",
    "amount_cents",
    "ground",
    "reserve_place",
    "motivation",
    "departure",
    "kind",
    "replaces_id",
    "reason",
    "remedy_of",
    "frozen_sha256",
    "ends_on",
    "proposed_by",
    "proposed_at",
    "announce_on",
    "objection_last_day",
)
# Stands for the second officer and the letter that are still to come, so that the guards can be asked now.
SOMEBODY_ELSE, LETTER_TO_COME = 0, "to come"


@dataclass(frozen=True, slots=True)
class Shared:
    """What all proposals of one round share, so that a whole round reads it once.

    `frozen_sha256` is the round as it was for these decisions, `usable` the mandates that may serve,
    `competition` who competes for the ceiling: None for later decisions, and for one that asks it itself;
    `places` who has which place on the reserve list, None for one that asks it itself.
    """

    frozen_sha256: str | None
    usable: Sequence[Mandate]
    competition: Competition | None = None
    places: TakenPlaces | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An application that is locked, with the last word on it, its rebuttal, and its hearings."""

    application: Application
    standing: Decision | None
    rebuttal: Mapping[str, bool | int]
    hearings: Sequence[Hearing] = ()


def write(
    application: Application,
    proposal: Proposal,
    basis: Basis,
    *,
    frozen_sha256: str | None,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Store a proposal and order its letter; whoever calls has asked the permission.

    `frozen_sha256` is the round as it was for this decision. Raises DecisionError (see `proposing.propose`)
    and TransitionError.
    """
    case = take([application.id], now=now)[application.id]
    usable = mandates.find_usable(application.round, besides=actor.user_id)
    return record(case, proposal, basis, Shared(frozen_sha256, usable), actor=actor, now=now)


def take(application_ids: Collection[int], *, now: datetime) -> dict[int, Case]:
    """Lock these applications, in the order in which everybody does, and read what stands on them.

    As many queries for many as for one. Who proposes for several takes them all before the first is written,
    because writing holds the chain of events.
    """
    wanted = sorted(application_ids)
    applications = db.session.scalars(
        select(Application)
        .where(Application.id.in_(wanted))
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    standing = {
        one.application_id: one
        for one in db.session.scalars(select(Decision).where(Decision.application_id.in_(wanted), latest()))
    }
    heard = rebuttals.facts_of_all(applications, now=now)
    before = hearings.find_for(wanted)
    return {one.id: Case(one, standing.get(one.id), heard[one.id], before[one.id]) for one in applications}


def record(
    case: Case, proposal: Proposal, basis: Basis, shared: Shared, *, actor: Actor, now: datetime
) -> Decision:
    """Store a proposal for an application that was taken, and order its letter.

    What is refused leaves nothing behind. Raises DecisionError (see `proposing.propose`) and TransitionError.
    """
    today, application = clock.day_of(now), case.application
    old = _replaceable(case.standing, proposal.kind)
    refuse_past(proposal.announce_on, today)
    refuse_unreasoned(basis, proposal)
    said = hearings.for_proposal(case.hearings, basis, proposal, old, now=now)
    if shared.competition is None:
        refuse_early(application, proposal, now=now)
    else:
        shared.competition.refuse(application, proposal, today=today)
    places = shared.places
    if places is None and proposal.reserve_place is not None:
        places = taken_places.of_round(application.round_id)
    if places is not None:
        places.refuse(application.id, proposal.reserve_place)
    mandate = mandates.choose(
        shared.usable,
        kind=proposal.kind,
        outcome=proposal.outcome,
        amount_cents=proposal.amount_cents,
        round_id=application.round_id,
        day=today,
        wanted=proposal.mandate_id,
    )
    signed = basis.model_copy(
        update={
            "signature": signature_of(mandate),
            "replaces": None if old is None else _replaced(old),
            "hearings": said,
        }
    )
    decision = draft(proposal, signed, actor=actor, now=now)
    decision.application_id, decision.round_id = application.id, application.round_id
    decision.replaces_id = None if old is None else old.id
    decision.mandate_id, decision.frozen_sha256 = mandate.id, shared.frozen_sha256
    state = ApplicationState(application.state)
    facts = guard_facts(
        decision,
        uses_panel=snapshots.definition_of(application.round).uses_panel,
        rebuttal=case.rebuttal,
        confirmer_id=SOMEBODY_ELSE,
        letter_sha256=LETTER_TO_COME,
        today=today,
    )
    MACHINE.plan(state, transition_of(proposal.kind, state, proposal.outcome), facts)
    if shared.competition is not None:
        shared.competition.settle(application, proposal)
    if places is not None:
        places.settle(application, proposal.reserve_place)
    return store(decision, actor=actor, now=now)


def again(
    old: Decision, mandate: Mandate, *, why: str, actor: Actor, now: datetime, **changed: Any
) -> Decision:
    """Return a proposal that is locked, and propose the same under this mandate, with a letter of its own.

    `why` is the code of why it is returned, `changed` names what the new one says otherwise. Who proposed
    stays who proposed, and never confirms, whoever asks for it. Raises DecisionError `place_taken`.
    """
    taken_places.refuse_taken(old)
    old.returned_by, old.returned_at, old.return_reason = actor.user_id, now, why
    db.session.flush()
    tell("decision.returned", old, actor=actor, now=now)
    said = {name: getattr(old, name) for name in SAID}
    signed = {**old.basis, "signature": signature_of(mandate).model_dump(mode="json")}
    new = Decision(**{**said, **changed}, mandate_id=mandate.id, basis=signed)
    return store(new, actor=actor, now=now)


def draft(proposal: Proposal, basis: Basis, *, actor: Actor, now: datetime) -> Decision:
    """Return the decision that a proposal would make, of no application yet and not stored."""
    whole = with_words_of(basis, proposal)
    return Decision(
        outcome=proposal.outcome.value,
        amount_cents=proposal.amount_cents,
        ground=proposal.ground,
        reserve_place=proposal.reserve_place,
        motivation=in_one_text(whole),
        departure=proposal.departure.strip(),
        kind=proposal.kind.value,
        reason=proposal.reason.strip(),
        remedy_of=proposal.remedy_of.strip(),
        ends_on=ends_on_of(proposal, basis),
        basis=whole.stored(),
        **dated(proposal.announce_on, actor, now),
    )


def signature_of(mandate: Mandate) -> SignatureBasis:
    """Give what the letter says of who decides (Awb 10:10)."""
    return SignatureBasis(name=mandate.holder.name, function=mandate.function, mandate=mandate.reference)


def store(decision: Decision, *, actor: Actor, now: datetime) -> Decision:
    """Add a proposal, tell of it in the chain, and order its letter."""
    db.session.add(decision)
    db.session.flush()
    tell("decision.proposed", decision, actor=actor, now=now)
    letter_drawing.order(decision, now=now)
    return decision


def tell(name: str, decision: Decision, *, actor: Actor, now: datetime) -> None:
    """Append an event on a proposal."""
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=decision.round_id,
        application_id=decision.application_id,
        facts={
            "decision": decision.id,
            # Another than who acts, where a proposal was renewed or signs another.
            "proposed_by": decision.proposed_by,
            "proposed_at": decision.proposed_at.isoformat(),
            "kind": decision.kind,
            "outcome": decision.outcome,
            "amount_cents": decision.amount_cents,
            "announce_on": None if decision.announce_on is None else decision.announce_on.isoformat(),
            "replaces": decision.replaces_id,
            "mandate": decision.mandate_id,
            "frozen_sha256": decision.frozen_sha256,
            "says": digest_of(decision),
        },
    )


def dated(announce_on: date, actor: Actor, now: datetime) -> dict[str, Any]:
    """Give who proposes, when, and the dates that follow from the announcement (Awb 6:7, 6:8)."""
    return {
        "proposed_by": actor.user_id,
        "proposed_at": now,
        "announce_on": announce_on,
        "objection_last_day": objection_term(announce_on).last_day,
    }


def refuse_past(announce_on: date, today: date) -> None:
    """Refuse a day that went by: DecisionError `announce_date_past`."""
    if announce_on < today:
        raise DecisionError("announce_date_past")


def _replaceable(standing: Decision | None, kind: DecisionKind) -> Decision | None:
    """Give the decision in force that a later one replaces; refuse what does not fit what there is."""
    if kind is DecisionKind.FIRST:
        if standing is not None:
            raise DecisionError("already_proposed")
        return None
    if standing is None:
        raise DecisionError("no_decision")
    if standing.imported:
        raise DecisionError("imported_decision")
    if standing.announced_at is None:
        raise DecisionError("already_proposed" if standing.confirmed_at is None else "not_announced_yet")
    return standing


def _replaced(old: Decision) -> ReplacedBasis:
    return ReplacedBasis(
        decision_id=old.id,
        outcome=old.outcome,
        amount_cents=old.amount_cents,
        reserve_place=old.reserve_place,
        announced_on=old.announce_on,
    )
