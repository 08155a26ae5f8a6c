"""How the basis of a decision comes about: what the rules give, and what the office itself recorded.

What follows from the material is apart (`calculate`), so that whoever thaws a round makes the same again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Membership, PanelAdvice, Round, Supplement, User, Verdict
from subsidy.services import calculations, findings, snapshots
from subsidy.services.basis import Basis, CriterionBasis, FindingBasis, LotBasis, SupplementBasis
from subsidy.services.calculations import Material
from workflows.award import Allocation, AllocationOutcome
from workflows.eligibility import FindingOutcome, Screening
from workflows.lots import decided_by_lot
from workflows.rules import Criterion, Rules
from workflows.scoring import Ranked, counted_reviews, reviews_needed, rounded
from workflows.snapshot import ApplicationSnapshot


class Gathered(Mapping[int, Basis]):
    """The basis of every application of a round by its id, and the material that they were made from."""

    def __init__(self, bases: Mapping[int, Basis], material: Material) -> None:
        self._bases = bases
        self.material = material

    def __getitem__(self, application_id: int) -> Basis:
        """Give the basis of one application; KeyError for one that was not sent in to this round."""
        return self._bases[application_id]

    def __iter__(self) -> Iterator[int]:
        """Go through the ids, in order of reference."""
        return iter(self._bases)

    def __len__(self) -> int:
        """Count the applications."""
        return len(self._bases)


def gather(round_: Round) -> Gathered:
    """Return the basis of every application of a round that was sent in, by the id of the application.

    The number of queries does not depend on the number of applications.
    """
    stored = findings.failed_in(round_)
    material = findings.judged(calculations.material_of(round_), stored)
    made = calculate(material)
    failed = _failed(material, stored)
    office = _read_office(round_)
    terms = snapshots.definition_of(round_).terms
    bases = {
        row.id: Basis(
            reference_version=round_.reference_version,
            reference=row.reference,
            state=row.state,
            reserve_months=terms.reserve_months,
            payment_weeks=terms.payment_weeks,
            findings=failed.get(row.reference, ()),
            **made[row.reference],
            **office.on(row.id),
        )
        for row in db.session.execute(
            select(Application.id, Application.reference, Application.state)
            .where(Application.round_id == round_.id, Application.state != "draft")
            .order_by(Application.reference)
        )
    }
    return Gathered(bases, material)


def calculate(material: Material) -> dict[str, dict[str, Any]]:
    """Give the fields of a basis that follow from the material and nothing else, by reference.

    Whoever thaws the material of a decision gets the same again, whatever happened since.
    """
    ranked_all = calculations.rank(material)
    return calculated(material, ranked_all, calculations.divide(material, ranked_all))


def calculated(
    material: Material, ranked_all: Sequence[Ranked], divided: Sequence[Allocation]
) -> dict[str, dict[str, Any]]:
    """Give the same from the order and the division that were made of the material already."""
    rules = material.round.rules
    division = {one.reference: one for one in divided}
    ranking = {one.reference: one for one in ranked_all}
    places = reserve_places(ranked_all, division)
    lots = decided_by_lot(rules, material.applications, ranked_all)
    law = rules.model_dump(mode="json", exclude_defaults=True)
    ranked = sum(one.rank is not None for one in ranked_all)
    return {
        one.reference: {
            "rules": law,
            "ranked": ranked,
            "reserve_place": places.get(one.reference),
            "lot": _lot(rules, lots.get(one.reference)),
            **_of_application(rules, one, ranking[one.reference]),
            **_of_division(division[one.reference]),
        }
        for one in material.applications
    }


def reserve_places(ranking: Iterable[Ranked], division: Mapping[str, Allocation]) -> dict[str, int]:
    """Number the reserve list in order of rank, from 1; by reference."""
    waiting = sorted(
        (one for one in ranking if division[one.reference].outcome is AllocationOutcome.RESERVE),
        key=lambda one: one.rank or 0,
    )
    return {one.reference: place for place, one in enumerate(waiting, start=1)}


def _of_application(rules: Rules, application: ApplicationSnapshot, ranked: Ranked) -> dict[str, Any]:
    counted = counted_reviews(rules, application)
    region = application.region
    return {
        "title": application.title,
        "region": region.name or ", ".join(region.municipalities),
        "applicant": application.lead.name,
        "applicant_kvk": application.lead.kvk or "",
        "received_on": clock.day_of(application.received_at),
        "requested_cents": application.requested_cents,
        "months": application.months,
        "criteria": tuple(
            _of_criterion(criterion, ranked, [review.motivation[criterion.id] for review in counted])
            for criterion in rules.criteria
        ),
        "total": None if ranked.total is None else rounded(ranked.total),
        "reviews": ranked.reviews,
        "reviews_needed": reviews_needed(rules, application.requested_cents),
        "rank": ranked.rank,
        "advice": (application.panel.reason or "") if application.panel else "",
        "priority": application.panel.priority if application.panel else None,
    }


def _of_criterion(criterion: Criterion, ranked: Ranked, reports: list[str]) -> CriterionBasis:
    value = ranked.criteria[criterion.id]
    return CriterionBasis(
        id=criterion.id,
        title=criterion.title,
        weight=criterion.weight,
        best=criterion.best,
        worst=criterion.worst,
        threshold=criterion.threshold,
        value=None if value is None else rounded(value),
        reports=tuple(report.strip() for report in reports),
    )


def _lot(rules: Rules, lot: str | None) -> LotBasis | None:
    return None if lot is None else LotBasis(seed=rules.lot_seed or "", lot=lot)


def _of_division(allocation: Allocation) -> dict[str, Any]:
    return {
        "allocation": allocation.outcome,
        "allocation_cents": allocation.amount_cents,
        "allocation_ground": allocation.ground,
    }


@dataclass(frozen=True, slots=True)
class _Office:
    """What the office itself recorded, by the id of the application."""

    verdicts: Mapping[int, str]
    supplements: Mapping[int, SupplementBasis]
    signatories: Mapping[int, str]
    advices: Mapping[int, PanelAdvice]

    def on(self, application_id: int) -> dict[str, Any]:
        return {
            "verdict": self.verdicts.get(application_id, ""),
            "supplement": self.supplements.get(application_id),
            "attention": self.signatories.get(application_id, ""),
            **_of_advice(self.advices.get(application_id)),
        }


def _read_office(round_: Round) -> _Office:
    mine = select(Application.id).where(Application.round_id == round_.id)
    verdicts = db.session.execute(
        select(Verdict.application_id, Verdict.motivation)
        .where(Verdict.application_id.in_(mine))
        .order_by(Verdict.id)
    )
    signatories = db.session.execute(
        select(Membership.application_id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.application_id.in_(mine), Membership.capacity == "lead")
        .order_by(Membership.id.desc())
    )
    supplements = db.session.scalars(select(Supplement).where(Supplement.application_id.in_(mine)))
    advices = db.session.scalars(select(PanelAdvice).where(PanelAdvice.application_id.in_(mine)))
    return _Office(
        verdicts=dict(verdicts.all()),
        supplements={one.application_id: _of_supplement(one) for one in supplements},
        signatories=dict(signatories.all()),
        advices={one.application_id: one for one in advices},
    )


def _of_advice(advice: PanelAdvice | None) -> dict[str, Any]:
    if advice is None:
        return {}
    return {
        "score_reasons": dict(advice.score_reasons),
        "priority_reason": advice.priority_reason,
    }


def failing(screening: Screening) -> tuple[FindingBasis, ...]:
    """Give the checks that failed in a run of them, as a basis keeps them."""
    return tuple(
        FindingBasis(check=one.check.value, params=dict(one.params), basis=one.basis)
        for one in screening.findings
        if one.outcome is FindingOutcome.FAILED
    )


def _failed(
    material: Material, stored: Mapping[str, tuple[FindingBasis, ...]]
) -> Mapping[str, tuple[FindingBasis, ...]]:
    """Give the checks that failed: as the office stored them, else as a run of the checks finds them now."""
    if stored.keys() >= {one.reference for one in material.applications}:
        return stored
    return {one.reference: failing(one) for one in calculations.screen(material)} | dict(stored)


def _of_supplement(row: Supplement) -> SupplementBasis:
    concluded = row.supplied_at or row.expired_at
    return SupplementBasis(
        asked_on=clock.day_of(row.requested_at),
        until=row.last_day,
        asked=row.asked,
        concluded_on=None if concluded is None else clock.day_of(concluded),
        supplied=row.supplied_at is not None,
    )
