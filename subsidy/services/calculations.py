"""What the rules say about a round now: screening, ranking and division. Nothing is stored here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Round, Verdict
from subsidy.services import reference, snapshots
from workflows import award, eligibility, scoring
from workflows.award import Allocation, AllocationOutcome
from workflows.eligibility import PriorAward, Screening
from workflows.regions import Reference
from workflows.scoring import Ranked
from workflows.snapshot import ApplicationSnapshot, Decision, RoundSnapshot
from workflows.states import ApplicationState


@dataclass(frozen=True, slots=True)
class Material:
    """A round with its applications and its reference data: read once, calculated with often.

    `verdicts` and `awards` may tell of applications of other rounds too.
    """

    round: RoundSnapshot
    applications: tuple[ApplicationSnapshot, ...]
    reference: Reference
    verdicts: Mapping[str, bool]
    awards: Mapping[str, PriorAward]


def material_of(round_: Round) -> Material:
    """Read all that the rules need: a round, what was sent in, and the verdicts of the office."""
    return materials_of([round_])[round_.id]


def materials_of(rounds: Sequence[Round]) -> dict[int, Material]:
    """Read the same of several rounds, by their ids; as many queries as for one."""
    sent_in = snapshots.applications_of(rounds)
    verdicts = verdicts_of(rounds)
    awards = snapshots.prior_awards(one.predecessor for some in sent_in.values() for one in some)
    return {
        round_.id: Material(
            snapshots.round_snapshot(round_),
            sent_in[round_.id],
            reference.reference_of(round_.reference_version),
            verdicts,
            awards,
        )
        for round_ in rounds
    }


def verdicts_of(rounds: Iterable[Round]) -> dict[str, bool]:
    """Give what the office itself found, per reference: true is eligible; the newest verdict counts.

    What was withdrawn here is no longer eligible for anything.
    """
    within = Application.round_id.in_([one.id for one in rounds])
    rows = db.session.execute(
        select(Application.reference, Verdict.verdict)
        .join(Verdict, Verdict.application_id == Application.id)
        .where(within, Application.reference.is_not(None))
        .order_by(Verdict.id)
    )
    given = {name: verdict == "eligible" for name, verdict in rows if name is not None}
    withdrawn = db.session.scalars(
        select(Application.reference).where(
            within, Application.state == ApplicationState.WITHDRAWN, Application.channel != "import"
        )
    )
    return given | {name: False for name in withdrawn if name is not None}


def screen_round(round_: Round, material: Material | None = None) -> tuple[Screening, ...]:
    """Run the checks on all that was sent in; by reference."""
    known = material or material_of(round_)
    return eligibility.screen(known.round, known.applications, known.reference, known.awards)


def rank_round(round_: Round, material: Material | None = None) -> tuple[Ranked, ...]:
    """Score and order; the verdict of the office goes before the screening where there is one."""
    known = material or material_of(round_)
    return scoring.rank(known.round, known.applications, eligible_in(round_, known))


def eligible_in(round_: Round, material: Material) -> dict[str, bool]:
    """Tell per reference whether it is eligible: the verdict of the office, else the screening."""
    given = material.verdicts
    names = [one.reference for one in material.applications]
    screened: dict[str, bool] = {}
    if not given.keys() >= set(names):
        screened = {one.reference: one.eligible for one in screen_round(round_, material)}
    return {name: given[name] if name in given else screened[name] for name in names}


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
    if ceiling_cents is None and _is_history(known.applications):
        given = (_as_decided(application) for application in known.applications)
        return tuple(sorted(given, key=lambda one: one.reference))
    return award.allocate(
        known.round,
        known.applications,
        rank_round(round_, known) if ranking is None else ranking,
        ceiling_cents,
        reference=known.reference,
    )


def _is_history(applications: Sequence[ApplicationSnapshot]) -> bool:
    return bool(applications) and all(one.outcome is not None for one in applications)


def _as_decided(application: ApplicationSnapshot) -> Allocation:
    outcome = application.outcome
    if outcome is None or outcome.decision is not Decision.AWARDED:
        ground = outcome.ground if outcome else None
        return Allocation(application.reference, AllocationOutcome.REJECT, 0, ground)
    amount = outcome.amount_cents or 0
    if amount >= application.requested_cents:
        return Allocation(application.reference, AllocationOutcome.AWARD, amount, None)
    return Allocation(application.reference, AllocationOutcome.PARTIAL, amount, outcome.ground)
