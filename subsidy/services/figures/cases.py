"""The cases that all figures are counted from: every application of some rounds, read with few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select

from subsidy.clock import day_of
from subsidy.db import db
from subsidy.models import Application, Decision, Round, Supplement
from subsidy.services import calculations
from subsidy.services.calculations import Material
from subsidy.services.in_force import taken
from workflows import scoring
from workflows.eligibility import Finding, Screening
from workflows.mandates import DecisionKind
from workflows.regions import Reference, municipalities_of
from workflows.rules import Domain, Rules
from workflows.scoring import Ranked
from workflows.snapshot import ApplicationSnapshot
from workflows.states import ApplicationState

DECIDED = (
    ApplicationState.AWARDED,
    ApplicationState.REJECTED,
    ApplicationState.NOT_PROCESSED,
    ApplicationState.WITHDRAWN,
)
"""The ways in which an application ends. Whatever is in another state waits for its decision."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application as the figures see it: what was asked, what the rules say, what was decided.

    `eligible` is the verdict of the office where there is one, else the screening. `awarded_cents`,
    `ground` and `decided_on` are of a decision that was confirmed; a proposal is none.
    """

    id: int
    round_id: int
    kind: str
    state: ApplicationState
    sent: ApplicationSnapshot
    rules: Rules
    reference_data: Reference
    eligible: bool
    scale: str | None
    inhabitants: int
    domains: tuple[Domain, ...]
    findings: tuple[Finding, ...]
    ranked: Ranked
    asked_at: datetime | None
    concluded_at: datetime | None
    supplied: bool
    awarded_cents: int
    ground: str | None
    decided_on: date | None
    ends_on: date | None
    follows: str | None

    @property
    def reference(self) -> str:
        """Give its reference."""
        return self.sent.reference

    @property
    def awarded(self) -> bool:
        """Whether it was awarded."""
        return self.state is ApplicationState.AWARDED

    @property
    def rejected(self) -> bool:
        """Whether it was rejected."""
        return self.state is ApplicationState.REJECTED

    @property
    def outcome(self) -> str:
        """Give how it ended, or `pending`."""
        return self.state.value if self.state in DECIDED else "pending"

    @property
    def complete(self) -> bool:
        """Whether it was complete when it came in, or was supplemented (Awb 4:5)."""
        return self.asked_at is None or self.supplied

    @property
    def total(self) -> Fraction | None:
        """Give its weighted total on 0..100."""
        return self.ranked.total

    @property
    def municipalities(self) -> frozenset[str]:
        """Give today's codes of its municipalities."""
        return municipalities_of(self.sent.region, self.reference_data)

    @property
    def with_citizens(self) -> bool:
        """Whether citizens take part as a formal partner."""
        return Domain.BURGERS in self.domains


class _Facts(NamedTuple):
    """What is known of an application beside what it says itself."""

    id: int
    state: str
    asked_at: datetime | None
    supplied_at: datetime | None
    expired_at: datetime | None
    amount_cents: int | None
    ground: str | None
    decided_on: date | None
    announced_at: datetime | None
    confirmed_at: datetime | None
    ends_on: date | None
    decision_kind: str | None


def cases_of(rounds: Sequence[Round]) -> tuple[Case, ...]:
    """Read every application that was sent in to these rounds, by round and by reference.

    The number of queries does not grow with the rounds, nor with what was sent in.
    """
    if not rounds:
        return ()
    facts = _facts(rounds)
    materials = calculations.materials_of(rounds)
    return tuple(case for round_ in rounds for case in _cases(round_, materials[round_.id], facts))


def _facts(rounds: Iterable[Round]) -> dict[str, _Facts]:
    rows = db.session.execute(
        select(
            Application.reference,
            Application.id,
            Application.state,
            Supplement.requested_at,
            Supplement.supplied_at,
            Supplement.expired_at,
            Decision.amount_cents,
            Decision.ground,
            Decision.decided_on,
            Decision.announced_at,
            Decision.confirmed_at,
            Decision.ends_on,
            Decision.kind,
        )
        .outerjoin(Supplement, Supplement.application_id == Application.id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & taken())
        .where(
            Application.round_id.in_([one.id for one in rounds]), Application.state != ApplicationState.DRAFT
        )
    )
    return {reference: _Facts(*values) for reference, *values in rows if reference is not None}


def _cases(round_: Round, material: Material, facts: Mapping[str, _Facts]) -> Iterable[Case]:
    sent = {one.reference: one for one in material.applications}
    screenings = calculations.screen_round(round_, material)
    eligible = {one.reference: _eligible(one, material, facts[one.reference]) for one in screenings}
    ranking = scoring.rank(material.round, material.applications, eligible)
    ranked = {one.reference: one for one in ranking}
    for screening in screenings:
        name = screening.reference
        known, application = facts[name], sent[name]
        prior = material.awards.get(application.predecessor or "")
        yield Case(
            id=known.id,
            round_id=round_.id,
            kind=round_.kind,
            state=ApplicationState(known.state),
            sent=application,
            rules=material.round.rules,
            reference_data=material.reference,
            eligible=eligible[name],
            scale=None if screening.scale is None else screening.scale.value,
            inhabitants=screening.inhabitants,
            domains=screening.domains,
            findings=screening.findings,
            ranked=ranked[name],
            asked_at=known.asked_at,
            concluded_at=known.supplied_at or known.expired_at,
            supplied=known.supplied_at is not None,
            awarded_cents=(known.amount_cents or 0) if known.state == ApplicationState.AWARDED else 0,
            ground=known.ground,
            decided_on=_decided_on(known),
            ends_on=known.ends_on,
            follows=prior.kind if prior is not None and prior.awarded else None,
        )


def _eligible(screening: Screening, material: Material, known: _Facts) -> bool:
    """Tell whether it was found eligible; who had an award was, also after it was taken back."""
    if known.decision_kind == DecisionKind.WITHDRAWAL:
        return True
    return material.verdicts.get(screening.reference, screening.eligible)


def _decided_on(known: _Facts) -> date | None:
    """Give the day of the decision: as a file tells it, else that of its announcement or confirmation."""
    instant = known.announced_at or known.confirmed_at
    return known.decided_on or (None if instant is None else day_of(instant))
