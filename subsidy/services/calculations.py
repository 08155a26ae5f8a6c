"""What the rules say about a round now: screening, ranking and division. Nothing is stored here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Round, Verdict
from subsidy.services import reference, snapshots
from subsidy.services.basis import FindingBasis
from workflows import award, eligibility, scoring
from workflows.award import Allocation, AllocationOutcome
from workflows.eligibility import PriorAward, Screening
from workflows.regions import Reference
from workflows.rules import Rules
from workflows.scoring import Ranked
from workflows.snapshot import ApplicationSnapshot, Decision, RoundSnapshot
from workflows.states import ApplicationState

# The rules of scoring and of dividing: who is eligible does not follow from these.
AFTER_THE_CHECKS = frozenset(
    {
        "distribution",
        "one_award_per_region",
        "max_awards",
        "partial_award",
        "min_partial_cents",
        "aggregate",
        "min_reviews",
        "criteria",
        "threshold_total",
        "tie_break",
        "lot_seed",
        "reviews_by_amount",
        "first_come_unit",
    }
)


@dataclass(frozen=True, slots=True)
class Material:
    """A round with its applications and its reference data: read once, calculated with often.

    `verdicts` and `awards` may tell of applications of other rounds too. `withdrawn` are those that were
    withdrawn here; their verdict is that they are not eligible. `found` are the checks that failed as the
    office had them when it gave its verdict; None where they were not read, or not frozen.
    """

    round: RoundSnapshot
    applications: tuple[ApplicationSnapshot, ...]
    reference: Reference
    verdicts: Mapping[str, bool]
    awards: Mapping[str, PriorAward]
    withdrawn: frozenset[str] = frozenset()
    found: Mapping[str, tuple[FindingBasis, ...]] | None = None


def material_of(round_: Round) -> Material:
    """Read all that the rules need: a round, what was sent in, and the verdicts of the office."""
    return materials_of([round_])[round_.id]


def materials_of(rounds: Sequence[Round]) -> dict[int, Material]:
    """Read the same of several rounds, by their ids; as many queries as for one."""
    sent_in = snapshots.applications_of(rounds)
    withdrawn = _withdrawn_in(rounds)
    verdicts = _given_in(rounds) | dict.fromkeys(withdrawn, False)
    awards = snapshots.prior_awards(one.predecessor for some in sent_in.values() for one in some)
    return {
        round_.id: Material(
            snapshots.round_snapshot(round_),
            sent_in[round_.id],
            reference.reference_of(round_.reference_version),
            verdicts,
            awards,
            withdrawn,
        )
        for round_ in rounds
    }


def _given_in(rounds: Iterable[Round]) -> dict[str, bool]:
    """Give what the office itself found, per reference: true is eligible; the newest verdict counts."""
    rows = db.session.execute(
        select(Application.reference, Verdict.verdict)
        .join(Verdict, Verdict.application_id == Application.id)
        .where(Application.round_id.in_([one.id for one in rounds]), Application.reference.is_not(None))
        .order_by(Verdict.id)
    )
    return {name: verdict == "eligible" for name, verdict in rows if name is not None}


def _withdrawn_in(rounds: Iterable[Round]) -> frozenset[str]:
    """Give what was withdrawn here: it is no longer eligible for anything."""
    rows = db.session.scalars(
        select(Application.reference).where(
            Application.round_id.in_([one.id for one in rounds]),
            Application.state == ApplicationState.WITHDRAWN,
            Application.channel != "import",
        )
    )
    return frozenset(name for name in rows if name is not None)


def screen_round(round_: Round, material: Material | None = None) -> tuple[Screening, ...]:
    """Run the checks on all that was sent in; by reference."""
    return screen(material or material_of(round_))


def rank_round(round_: Round, material: Material | None = None) -> tuple[Ranked, ...]:
    """Score and order; the verdict of the office goes before the screening where there is one."""
    return rank(material or material_of(round_))


def allocate_round(
    round_: Round,
    ceiling_cents: int | None = None,
    material: Material | None = None,
    ranking: Sequence[Ranked] | None = None,
) -> tuple[Allocation, ...]:
    """Divide the ceiling (euro cents) over the ranking; a what-if, by reference.

    Imported outcomes stand and are given as they are, unless another ceiling is asked for. Who ranked the
    same material already gives the `ranking` along, and it is not made twice.
    """
    known = material or material_of(round_)
    if ceiling_cents is None:
        return divide(known, ranking)
    return award.allocate(
        known.round,
        known.applications,
        rank(known) if ranking is None else ranking,
        ceiling_cents,
        reference=known.reference,
    )


def screen(material: Material) -> tuple[Screening, ...]:
    """Run the checks on a round that was read, or thawed; by reference."""
    return eligibility.screen(material.round, material.applications, material.reference, material.awards)


def eligible(material: Material) -> dict[str, bool]:
    """Tell per reference whether it is eligible: the verdict of the office, else the screening."""
    given = material.verdicts
    names = [one.reference for one in material.applications]
    screened: dict[str, bool] = {}
    if not given.keys() >= set(names):
        screened = {one.reference: one.eligible for one in screen(material)}
    return {name: given[name] if name in given else screened[name] for name in names}


def rank(material: Material) -> tuple[Ranked, ...]:
    """Score and order a round that was read, or thawed."""
    return scoring.rank(material.round, material.applications, eligible(material))


def divide(material: Material, ranking: Sequence[Ranked] | None = None) -> tuple[Allocation, ...]:
    """Divide the ceiling of a round that was read, or thawed; by reference. Imported outcomes stand."""
    if is_history(material):
        given = (_as_decided(application) for application in material.applications)
        return tuple(sorted(given, key=lambda one: one.reference))
    return award.allocate(
        material.round,
        material.applications,
        rank(material) if ranking is None else ranking,
        reference=material.reference,
    )


def what_if(material: Material, rules: Rules, ceiling_cents: int) -> "WhatIf":
    """Divide a round by other rules and another ceiling (euro cents), whatever was decided already.

    Where the changed rules turn the outcome of the checks on an application, that outcome counts; elsewhere
    the verdict of the office stands. What was withdrawn stays out.
    """
    changed = material.round.model_copy(update={"rules": rules, "ceiling_cents": ceiling_cents})
    varied = replace(material, round=changed)
    asks_the_same = _asks(rules) == _asks(material.round.rules)
    fit = eligible(material) if asks_the_same else _eligible_otherwise(material, varied)
    ranking = scoring.rank(changed, material.applications, fit)
    divided = award.allocate(changed, material.applications, ranking, reference=material.reference)
    return WhatIf(ranking, divided)


def _eligible_otherwise(material: Material, varied: Material) -> dict[str, bool]:
    """Tell who is eligible by other checks; the checks run as they were only where a verdict may stand."""
    now = {one.reference: one.eligible for one in screen(varied)}
    judged = (now.keys() & material.verdicts.keys()) - material.withdrawn
    if judged:
        before = {one.reference: one.eligible for one in screen(material)}
        now |= {name: material.verdicts[name] for name in judged if now[name] == before[name]}
    return now | dict.fromkeys(material.withdrawn, False)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other rules would give: the ranking (fundable first), and the division by reference."""

    ranking: tuple[Ranked, ...]
    division: tuple[Allocation, ...]


def is_history(material: Material) -> bool:
    """Tell whether the outcomes were brought in with the round, so that they are never computed."""
    applications = material.applications
    return bool(applications) and all(one.outcome is not None for one in applications)


def _asks(rules: Rules) -> dict[str, object]:
    """Give the rules that the checks on eligibility read: all but those of scoring and dividing."""
    return {name: value for name, value in rules if name not in AFTER_THE_CHECKS}


def _as_decided(application: ApplicationSnapshot) -> Allocation:
    outcome = application.outcome
    if outcome is None or outcome.decision is not Decision.AWARDED:
        ground = outcome.ground if outcome else None
        return Allocation(application.reference, AllocationOutcome.REJECT, 0, ground)
    amount = outcome.amount_cents or 0
    if amount >= application.requested_cents:
        return Allocation(application.reference, AllocationOutcome.AWARD, amount, None)
    return Allocation(application.reference, AllocationOutcome.PARTIAL, amount, outcome.ground)
