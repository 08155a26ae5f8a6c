"""What the office does with a round: make it, publish it, set its phase by hand, close it.

A round carries its own law. While it is a draft its rules can be changed; publication freezes them, and
from then on a trigger in the database refuses every change of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from subsidy.db import LOCK, db, json_text
from subsidy.models import Round
from subsidy.services import closing, events, reference, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.snapshots import definition_of
from workflows.definition import RoundDefinition, Rules
from workflows.kinds import KINDS
from workflows.machine import Guard
from workflows.permissions import Actor, Can, may
from workflows.reviewing import ReviewRules
from workflows.round import BY_HAND, MACHINE, published_in_time
from workflows.states import Phase, RoundState


class RoundError(Exception):
    """A change of a round is refused: a stable code (`slug_taken`, `frozen`, `changed_meanwhile`...)."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class RoundValues:
    """What an officer decides about a round in preparation. Amounts in euro cents, terms in their unit."""

    slug: str
    title: str
    number: int
    opens_at: datetime
    closes_at: datetime
    review_from: datetime | None
    panel_from: datetime | None
    ceiling_cents: int
    official_publication: str
    officially_published_on: date | None
    rules: Rules
    supplement_days: int
    rebuttal_days: int
    rebuttal_max_words: int
    uses_rebuttal: bool
    decision_weeks: int
    signatures_required: bool
    reviewing: ReviewRules


OF_TERMS = ("supplement_days", "rebuttal_days", "rebuttal_max_words", "decision_weeks")
OF_DEFINITION = {"rules", "reviewing", "uses_rebuttal", "signatures_required", *OF_TERMS}
OF_ROUND = tuple(field.name for field in fields(RoundValues) if field.name not in OF_DEFINITION)


def values_of(round_: Round) -> RoundValues:
    """Return what is stored, as it was decided."""
    definition = definition_of(round_)
    return RoundValues(
        **{name: getattr(round_, name) for name in OF_ROUND},
        **{name: getattr(definition.terms, name) for name in OF_TERMS},
        rules=definition.rules,
        reviewing=definition.reviewing,
        uses_rebuttal=definition.uses_rebuttal,
        signatures_required=definition.signatures_required,
    )


def fingerprint(round_: Round) -> str:
    """Return a mark of the stored values, so that a form knows when another changed them meanwhile."""
    stored = {name: str(getattr(round_, name)) for name in OF_ROUND}
    return sha256(json_text([stored, round_.definition]).encode()).hexdigest()[:32]


def create(kind: str, values: RoundValues, *, actor: Actor, now: datetime) -> Round:
    """Make a round in preparation from a kind.

    The same round again (a double click) gives the one that is there. Raises RoundError `unknown_kind` or
    `slug_taken`, NotAllowedError.
    """
    if not may(actor, Can.ROUND_CREATE):
        raise NotAllowedError(Can.ROUND_CREATE)
    if kind not in KINDS:
        raise RoundError("unknown_kind", kind=kind)
    round_ = Round(
        kind=kind,
        created_at=now,
        reference_version=reference.active_version(),
        definition=_definition(KINDS[kind], values).model_dump(mode="json"),
        **{name: getattr(values, name) for name in OF_ROUND},
    )
    try:
        with db.session.begin_nested():
            db.session.add(round_)
    except IntegrityError:
        there = db.session.scalars(select(Round).where(Round.slug == values.slug)).one_or_none()
        if there is None or there.kind != kind or values_of(there) != values:
            raise RoundError("slug_taken", slug=values.slug) from None
        return there
    _record("round.created", round_, actor, now, kind=kind)
    return round_


def change(round_: Round, values: RoundValues, *, seen: str, actor: Actor, now: datetime) -> None:
    """Change a round in preparation; `seen` is the fingerprint that the form was made from.

    Raises RoundError `frozen` after publication, `changed_meanwhile`, `slug_taken`; NotAllowedError.
    """
    _ask(Can.ROUND_EDIT, round_, actor, now)
    db.session.refresh(round_, with_for_update=LOCK)
    if round_.state != RoundState.DRAFT:
        raise RoundError("frozen")
    before = values_of(round_)
    if before == values:
        return
    if fingerprint(round_) != seen:
        raise RoundError("changed_meanwhile")
    changed = [
        field.name for field in fields(values) if getattr(before, field.name) != getattr(values, field.name)
    ]
    try:
        with db.session.begin_nested():
            for name in OF_ROUND:
                setattr(round_, name, getattr(values, name))
            round_.definition = _definition(definition_of(round_), values).model_dump(mode="json")
    except IntegrityError:
        raise RoundError("slug_taken", slug=values.slug) from None
    _record("round.changed", round_, actor, now, changed=changed)


def publish(round_: Round, *, actor: Actor, now: datetime) -> None:
    """Publish the round: from now on its rules, and the municipalities it counts with, are frozen.

    A late official publication is recorded and does not stop it (Awb 4:26, 4:27). Raises TransitionError,
    NotAllowedError.
    """
    db.session.refresh(round_, with_for_update=LOCK)
    facts = publication_facts(round_)
    if round_.state == RoundState.DRAFT:
        _ask(Can.ROUND_PUBLISH, round_, actor, now)
        round_.reference_version = reference.active_version()
        round_.published_at = now
    warnings = [warning.code for warning in publication_warnings(round_)]
    advance(round_, "publish", actor=actor, now=now, facts=facts, record={"warnings": warnings})


def publication_facts(round_: Round) -> Mapping[str, object]:
    """Return what the machine asks before it publishes."""
    try:
        RoundDefinition.model_validate(round_.definition)
    except ValidationError:
        valid = False
    else:
        valid = True
    return {
        "definition_valid": valid,
        "closes_after_opening": round_.opens_at < round_.closes_at,
        "published_officially_in_time": published_in_time(round_.officially_published_on, round_.opens_at),
    }


def publication_warnings(round_: Round) -> tuple[Guard, ...]:
    """Return what an officer should know before publishing; none of it stops them."""
    return MACHINE.warnings(round_.state, "publish", publication_facts(round_))


def set_phase(round_: Round, phase: Phase, reason: str, *, actor: Actor, now: datetime) -> bool:
    """Set the phase by hand, with the reason; False when it was set so already.

    Raises RoundError `not_by_hand`, `reason_needed`, `not_published`; NotAllowedError.
    """
    _ask(Can.ROUND_SET_PHASE, round_, actor, now)
    db.session.refresh(round_, with_for_update=LOCK)
    if phase not in BY_HAND:
        raise RoundError("not_by_hand", phase=phase)
    if not reason.strip():
        raise RoundError("reason_needed")
    if round_.state != RoundState.PUBLISHED:
        raise RoundError("not_published")
    if (round_.phase_by_hand, round_.phase_reason) == (phase.value, reason):
        return False
    before = standing.phase_of(round_, now)
    round_.phase_by_hand, round_.phase_reason = phase.value, reason
    _record("round.phase_set", round_, actor, now, reason=reason, before=before.value, phase=phase.value)
    return True


def clear_phase(round_: Round, *, actor: Actor, now: datetime) -> bool:
    """Let the phase follow the dates again; False when it did already. Raises NotAllowedError."""
    _ask(Can.ROUND_SET_PHASE, round_, actor, now)
    db.session.refresh(round_, with_for_update=LOCK)
    if round_.phase_by_hand is None or round_.state != RoundState.PUBLISHED:
        return False
    before = standing.phase_of(round_, now)
    round_.phase_by_hand, round_.phase_reason = None, ""
    after = standing.phase_of(round_, now)
    _record("round.phase_cleared", round_, actor, now, before=before.value, phase=after.value)
    return True


def close(round_: Round, *, actor: Actor, now: datetime, today: date) -> None:
    """Close the round: every decision was announced, its money adds up and its chain holds.

    From then on it changes by new decisions alone; triggers see to it. Raises TransitionError with what is
    missing (`wrong_state` when it was closed already), NotAllowedError.
    """
    db.session.refresh(round_, with_for_update=LOCK)
    facts = closing.facts(round_, now=now, today=today) if round_.state == RoundState.PUBLISHED else {}
    advance(round_, "decide", actor=actor, now=now, facts=facts)


def mark_evaluated(round_: Round, *, actor: Actor, now: datetime) -> None:
    """Say that the evaluation of the round is done. Raises TransitionError, NotAllowedError."""
    advance(round_, "evaluate", actor=actor, now=now)


def _definition(kind: RoundDefinition, values: RoundValues) -> RoundDefinition:
    terms = kind.terms.model_copy(update={name: getattr(values, name) for name in OF_TERMS})
    ruled = kind.with_rules(values.rules)
    # Which criteria the matrix sets against each other goes with the criteria.
    reviewing = values.reviewing.model_copy(update={"matrix": ruled.reviewing.matrix})
    return ruled.model_copy(
        update={
            "terms": terms,
            "reviewing": reviewing,
            "uses_rebuttal": values.uses_rebuttal,
            "signatures_required": values.signatures_required,
        }
    )


def _ask(can: Can, round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, can, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(can)


def _record(name: str, round_: Round, actor: Actor, now: datetime, *, reason: str = "", **facts: Any) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        facts=facts,
        personal={"reason": reason} if reason else None,
    )
    db.session.flush()
