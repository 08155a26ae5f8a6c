"""What an officer can propose for an application, what the office itself would, and what is refused.

No change is made here: `proposing` acts on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from subsidy.services.basis import Basis
from subsidy.services.decisions import DecisionError, letter_kind
from workflows.award import AllocationOutcome
from workflows.calendar_nl import propose_working_day
from workflows.codes import Ground
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState
from workflows.terms import Unit, add_length

DAYS_TO_CONFIRM = 7
RESERVE_MONTHS = 6
NO_REASONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes for one application.

    `amount_cents` is 0 unless awarded; `reasons` has the motivation per criterion, `motivation` the rest;
    `departure` says why it differs from the advice (Awb 3:50); `missing` is what was never supplied;
    `reserve_place` and `list_until` go together, and with a rejection.
    """

    outcome: Outcome
    announce_on: date
    amount_cents: int = 0
    ground: str | None = None
    reasons: Mapping[str, str] = field(default_factory=lambda: NO_REASONS)
    motivation: str = ""
    departure: str = ""
    missing: tuple[str, ...] = ()
    reserve_place: int | None = None
    list_until: date | None = None
    starts_on: date | None = None


def proposed_day(today: date) -> date:
    """Propose a working day that leaves a second officer time to read (a letter sets this date: no Atw)."""
    return propose_working_day(today + timedelta(days=DAYS_TO_CONFIRM))


def suggest(basis: Basis, *, announce_on: date) -> Proposal:
    """Suggest the decision that follows from the division, with the reasons that the office has on file.

    Not eligible because of what was missing and never supplied is *not processed* (Awb 4:5); late, the
    wrong region or too few domains is a rejection with its reasons.
    """
    common = Proposal(
        outcome=Outcome.REJECTED,
        announce_on=announce_on,
        ground=basis.allocation_ground,
        reasons={one.id: _from_reports(one.reports) for one in basis.criteria if one.value is not None},
        motivation=basis.advice,
    )
    if basis.state == ApplicationState.INELIGIBLE or basis.allocation_ground == Ground.NOT_ELIGIBLE:
        return _refusal_before_review(basis, common)
    match basis.allocation:
        case AllocationOutcome.AWARD | AllocationOutcome.PARTIAL:
            return replace(
                common,
                outcome=Outcome.AWARDED,
                amount_cents=basis.allocation_cents,
                motivation=basis.advice or _fits(basis),
                starts_on=first_of_next_month(announce_on),
            )
        case AllocationOutcome.RESERVE:
            last = propose_working_day(add_length(announce_on, RESERVE_MONTHS, Unit.MONTHS))
            return replace(common, reserve_place=basis.reserve_place, list_until=last)
        case AllocationOutcome.REJECT:
            return common


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after this day: when the activities may begin."""
    return add_length(day.replace(day=1), 1, Unit.MONTHS)


def departs(basis: Basis, proposal: Proposal) -> bool:
    """Tell whether a proposal gives something else than the advice and the division do (Awb 3:50).

    Not processed says nothing about the merits, so there is no advice that it could depart from.
    """
    if proposal.outcome is Outcome.NOT_PROCESSED:
        return False
    given = LetterKind(basis.allocation.value), basis.allocation_cents
    kind = letter_kind(proposal.outcome, proposal.amount_cents, basis.requested_cents, proposal.reserve_place)
    return (kind, proposal.amount_cents) != given


def ends_on_of(proposal: Proposal, basis: Basis) -> date | None:
    """Return the last day of the activities: the months that were asked for, from the first day on."""
    if proposal.starts_on is None or not basis.months:
        return None
    return add_length(proposal.starts_on, basis.months, Unit.MONTHS) - timedelta(days=1)


def with_words_of(basis: Basis, proposal: Proposal) -> Basis:
    """Put what the officer wrote into the basis, where it is frozen with the rest."""
    return basis.model_copy(
        update={
            "criteria": tuple(
                one.model_copy(update={"motivation": proposal.reasons.get(one.id, "").strip()})
                for one in basis.criteria
            ),
            "motivation": proposal.motivation.strip(),
            "missing": tuple(filter(None, (line.strip() for line in proposal.missing))),
            "list_until": proposal.list_until,
            "starts_on": proposal.starts_on,
        }
    )


def in_one_text(basis: Basis) -> str:
    """Give all the reasons as one text: the record of why, and what the database wants to see filled."""
    reasons = [f"{one.title}: {one.motivation}" for one in basis.criteria if one.motivation]
    return "\n\n".join(filter(None, (*reasons, basis.motivation)))


def refuse_unreasoned(basis: Basis, proposal: Proposal) -> None:
    """Refuse a proposal that cannot be motivated in law (Awb 3:46, 3:50, 4:5) or makes no sense.

    Raises DecisionError with the first code that holds.
    """
    whole = with_words_of(basis, proposal)
    awarded = proposal.outcome is Outcome.AWARDED
    faults = {
        "amount_without_award": not awarded and proposal.amount_cents != 0,
        "starts_on_needed": awarded and proposal.starts_on is None,
        "ground_needed": proposal.outcome is Outcome.REJECTED and not proposal.ground,
        "missing_needed": proposal.outcome is Outcome.NOT_PROCESSED and not whole.missing,
        "motivation_needed": not in_one_text(whole) or not _ground_is_reasoned(whole, proposal.ground),
        "reserve_incomplete": (proposal.reserve_place is None) is not (proposal.list_until is None)
        or (proposal.reserve_place is not None and proposal.outcome is not Outcome.REJECTED),
        "departure_needed": departs(whole, proposal) and not proposal.departure.strip(),
    }
    for code, holds in faults.items():
        if holds:
            raise DecisionError(code)


def _ground_is_reasoned(whole: Basis, ground: str | None) -> bool:
    """A refusal on one criterion rests on the reasons for that one, or on reasons for the whole."""
    if ground is None or Ground.of(ground) is not Ground.CRITERION:
        return True
    criterion = whole.criterion(ground.partition(":")[2])
    return bool(whole.motivation or (criterion and criterion.motivation))


def _from_reports(reports: tuple[str, ...]) -> str:
    """Put the reasons of the reviewers together, without their names, for the officer to work from."""
    if len(reports) == 1:
        return reports[0]
    return "\n\n".join(f"Beoordelaar {number}: {report}" for number, report in enumerate(reports, start=1))


def _fits(basis: Basis) -> str:
    if basis.allocation is AllocationOutcome.PARTIAL:
        return "De aanvraag voldoet aan de eisen van de ronde. Het subsidieplafond laat een deel toe."
    return "De aanvraag voldoet aan de eisen van de ronde en past binnen het subsidieplafond."


def _refusal_before_review(basis: Basis, common: Proposal) -> Proposal:
    supplement = basis.supplement
    refused = replace(common, reasons=NO_REASONS, motivation=basis.verdict)
    unused = supplement is not None and supplement.concluded_on is not None and not supplement.supplied
    if supplement is not None and unused and basis.state == ApplicationState.INELIGIBLE:
        return replace(
            refused,
            outcome=Outcome.NOT_PROCESSED,
            ground=Ground.INCOMPLETE.value,
            missing=tuple(supplement.asked.splitlines()),
        )
    told = "De aanvraag voldoet niet aan alle eisen. In de tabel staat per eis waarom niet."
    return replace(
        refused,
        ground=Ground.NOT_ELIGIBLE.value,
        motivation=basis.verdict or (told if basis.findings else ""),
    )
