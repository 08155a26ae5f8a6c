"""What an officer can propose for an application, what the office itself would, and what is refused.

No change is made here: `proposing` acts on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from subsidy.services.basis import Basis, CodedGround, CriterionBasis, PaymentBasis
from subsidy.services.decisions import DecisionError, letter_kind
from workflows.award import AllocationOutcome
from workflows.calendar_nl import propose_working_day
from workflows.codes import Ground
from workflows.grounds import GROUNDS, unfit
from workflows.mandates import DecisionKind
from workflows.payments import settled_at_once, usual_payments, waits_for_settlement
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState
from workflows.terms import Unit, add_length, reserve_term

DAYS_TO_CONFIRM = 7
NO_REASONS: Mapping[str, str] = MappingProxyType({})
# Why an application is not eligible stands with each requirement; the letter says so there, and not twice.
IN_THE_TABLE = "De aanvraag voldoet niet aan alle eisen. In de tabel staat per eis waarom niet."


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes for one application.

    `amount_cents` is 0 unless awarded; `reasons` has the motivation per criterion, `finding_reasons` that per
    check that failed, `motivation` the rest; `departure` says why it differs from the advice (Awb 3:50);
    `missing` is what was never supplied; `extra` are paragraphs of this letter alone; `reserve_place` and
    `list_until` go together, and with a rejection. `coded` are grounds of the law (workflows/grounds.py);
    `payments` add up to the amount. A later decision has another `kind` and a `reason`; `mandate_id` is whose
    mandate it is to be taken under, None for the first that covers it.
    """

    outcome: Outcome
    announce_on: date
    amount_cents: int = 0
    ground: str | None = None
    reasons: Mapping[str, str] = field(default_factory=lambda: NO_REASONS)
    finding_reasons: Mapping[str, str] = field(default_factory=lambda: NO_REASONS)
    motivation: str = ""
    departure: str = ""
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    reserve_place: int | None = None
    list_until: date | None = None
    starts_on: date | None = None
    coded: tuple[CodedGround, ...] = ()
    conditions: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    payments: tuple[PaymentBasis, ...] = ()
    kind: DecisionKind = DecisionKind.FIRST
    reason: str = ""
    remedy_of: str = ""
    mandate_id: int | None = None


def proposed_day(today: date) -> date:
    """Propose a working day that leaves a second officer time to read (a letter sets this date: no Atw)."""
    return propose_working_day(today + timedelta(days=DAYS_TO_CONFIRM))


def suggest(basis: Basis, *, announce_on: date) -> Proposal:
    """Suggest the decision that follows from the division, with the reasons that the office has on file.

    Not eligible because of what was missing and never supplied is *not processed* (Awb 4:5); late, the
    wrong region or too few domains is a rejection with its reasons. A share of no cents is one too.
    """
    common = Proposal(
        outcome=Outcome.REJECTED,
        announce_on=announce_on,
        ground=basis.allocation_ground,
        reasons={one.id: _reason_for(basis, one) for one in basis.criteria if one.value is not None},
        motivation=basis.advice,
    )
    if basis.state == ApplicationState.INELIGIBLE or basis.allocation_ground == Ground.NOT_ELIGIBLE:
        return _refusal_before_review(basis, common)
    match basis.allocation:
        case AllocationOutcome.PARTIAL if not basis.allocation_cents:
            return replace(common, motivation=basis.advice or _no_place(basis))
        case AllocationOutcome.AWARD | AllocationOutcome.PARTIAL:
            return replace(
                common,
                outcome=Outcome.AWARDED,
                amount_cents=basis.allocation_cents,
                motivation=basis.advice or _fits(basis),
                starts_on=first_of_next_month(announce_on),
                payments=payments_of(basis.allocation_cents, weeks=basis.payment_weeks),
            )
        case AllocationOutcome.RESERVE:
            return replace(
                common,
                motivation=basis.advice or _no_place(basis),
                reserve_place=basis.reserve_place,
                list_until=reserve_term(announce_on, basis.reserve_months).last_day,
            )
        case AllocationOutcome.REJECT:
            return replace(common, motivation=basis.advice or _no_place(basis))


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after this day: when the activities may begin."""
    return add_length(day.replace(day=1), 1, Unit.MONTHS)


def payments_of(amount_cents: int, *, weeks: int) -> tuple[PaymentBasis, ...]:
    """Give the usual payments of an award (euro cents) as its letter says them, the first within `weeks`."""
    usual = usual_payments(amount_cents, weeks=weeks)
    return tuple(PaymentBasis(when=one.when.nl, cents=one.cents) for one in usual)


def coded_of(codes: Iterable[str]) -> tuple[CodedGround, ...]:
    """Give grounds of the law as a decision keeps them, in Dutch; DecisionError `coded_unfit` if unknown."""
    chosen = set(codes)
    for code in sorted(chosen - GROUNDS.keys()):
        raise DecisionError("coded_unfit", ground=code)
    return tuple(
        CodedGround(code=one.code, article=one.article, text=one.text.nl)
        for one in GROUNDS.values()
        if one.code in chosen
    )


def departs(basis: Basis, proposal: Proposal) -> bool:
    """Tell whether a proposal gives something else than the advice and the division do (Awb 3:50).

    Not processed says nothing about the merits, so there is no advice that it could depart from; a later
    decision says itself why it takes the place of the first.
    """
    if proposal.outcome is Outcome.NOT_PROCESSED or proposal.kind is not DecisionKind.FIRST:
        return False
    given = LetterKind(basis.allocation.value), basis.allocation_cents
    if given == (LetterKind.PARTIAL, 0):
        # A share that rounds to nothing is in law a rejection for want of money (Awb 4:25(2), 4:31).
        given = LetterKind.REJECT, 0
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
            "finding_reasons": {
                check: text.strip() for check, text in proposal.finding_reasons.items() if text.strip()
            },
            "coded": proposal.coded,
            "conditions": proposal.conditions,
            "obligations": proposal.obligations,
            "payments": proposal.payments,
            "missing": tuple(filter(None, (line.strip() for line in proposal.missing))),
            "extra": tuple(filter(None, (text.strip() for text in proposal.extra))),
            "list_until": proposal.list_until,
            "starts_on": proposal.starts_on,
        }
    )


def in_one_text(basis: Basis) -> str:
    """Give all the reasons as one text: the record of why, and what the database wants to see filled."""
    reasons = [f"{one.title}: {one.motivation}" for one in basis.criteria if one.motivation]
    return "\n\n".join(filter(None, (*reasons, *basis.finding_reasons.values(), basis.motivation)))


def refuse_unreasoned(basis: Basis, proposal: Proposal) -> None:
    """Refuse a proposal that cannot be motivated in law (Awb 3:46, 3:50, 4:5) or makes no sense.

    Raises DecisionError with the first code that holds.
    """
    whole = with_words_of(basis, proposal)
    awarded = proposal.outcome is Outcome.AWARDED
    letter = letter_kind(
        proposal.outcome, proposal.amount_cents, basis.requested_cents, proposal.reserve_place
    )
    faults = {
        "amount_without_award": not awarded and proposal.amount_cents != 0,
        "starts_on_needed": awarded and proposal.starts_on is None,
        "ground_needed": proposal.outcome is Outcome.REJECTED and not proposal.ground,
        "missing_needed": proposal.outcome is Outcome.NOT_PROCESSED and not whole.missing,
        "motivation_needed": not in_one_text(whole),
        "conditions_without_award": not awarded and bool(proposal.conditions or proposal.obligations),
        "reserve_incomplete": (proposal.reserve_place is None) is not (proposal.list_until is None)
        or (proposal.reserve_place is not None and proposal.outcome is not Outcome.REJECTED),
        "payments_incomplete": any(one.cents <= 0 or not one.when.strip() for one in proposal.payments),
        "payments_differ": bool(proposal.payments)
        and sum(one.cents for one in proposal.payments) != proposal.amount_cents,
        "coded_unfit": bool(unfit((one.code for one in proposal.coded), proposal.kind, letter)),
        "reason_needed": proposal.kind is not DecisionKind.FIRST and not proposal.reason.strip(),
        "remedy_needed": (proposal.kind is DecisionKind.REMEDY) is not bool(proposal.remedy_of.strip()),
    }
    for code, holds in faults.items():
        if holds:
            raise DecisionError(code)
    if settled_at_once(proposal.amount_cents):
        for one in proposal.payments:
            if waits_for_settlement(one.when):
                raise DecisionError("payment_after_settlement", when=one.when)
    if proposal.outcome is Outcome.REJECTED:
        _refuse_bare_rejection(whole, proposal.ground or "")
    if departs(whole, proposal) and not proposal.departure.strip():
        raise DecisionError("departure_needed")


def _refuse_bare_rejection(whole: Basis, ground: str) -> None:
    """Refuse a rejection without reasons for everything that failed (Awb 3:46).

    Below a threshold, each criterion has its own; below that of the total, each has or there is one for the
    whole. What a check found counts as its reason once an officer judged it. Raises DecisionError:
    criterion_reason_needed, finding_reason_needed.
    """
    match Ground.of(ground):
        case Ground.CRITERION:
            named = ground.partition(":")[2]
            bare = [one for one in whole.criteria if (one.id == named or _fails(one)) and not one.motivation]
        case Ground.BELOW_THRESHOLD:
            scored = [one for one in whole.criteria if one.value is not None]
            bare = [] if whole.motivation else [one for one in scored if not one.motivation]
        case _:
            bare = []
    if bare:
        raise DecisionError("criterion_reason_needed", criterion=bare[0].title, id=bare[0].id)
    if Ground.of(ground) is Ground.NOT_ELIGIBLE and not whole.verdict:
        for one in whole.findings:
            if not whole.finding_reasons.get(one.check):
                raise DecisionError("finding_reason_needed", check=one.check)


def _fails(criterion: CriterionBasis) -> bool:
    """Whether a criterion was scored on the wrong side of its threshold; scales run both ways."""
    if criterion.value is None or criterion.threshold is None:
        return False
    if criterion.best > criterion.worst:
        return criterion.value < criterion.threshold
    return criterion.value > criterion.threshold


def _reason_for(basis: Basis, criterion: CriterionBasis) -> str:
    """Give the reason of the committee where it agreed on another score, else those of the reviewers."""
    return basis.score_reasons.get(criterion.id) or _from_reports(criterion.reports)


def _from_reports(reports: tuple[str, ...]) -> str:
    """Put the reasons of the reviewers together, without their names, for the officer to work from."""
    if len(reports) == 1:
        return reports[0]
    return "\n\n".join(f"Beoordelaar {number}: {report}" for number, report in enumerate(reports, start=1))


def _fits(basis: Basis) -> str:
    if basis.allocation is AllocationOutcome.PARTIAL:
        return "De aanvraag voldoet aan de eisen van de ronde. Het subsidieplafond laat een deel toe."
    return "De aanvraag voldoet aan de eisen van de ronde en past binnen het subsidieplafond."


def _no_place(basis: Basis) -> str:
    """Say what the division says of an application that is good enough; nothing where the scores say it."""
    match basis.allocation_ground:
        case Ground.CEILING:
            return "De aanvraag voldoet aan de eisen van de ronde, maar het subsidieplafond is bereikt."
        case Ground.MAX_AWARDS:
            return "De aanvraag voldoet aan de eisen van de ronde, maar het aantal toekenningen is bereikt."
        case Ground.REGION_TAKEN:
            return "Voor de regio van deze aanvraag is in deze ronde al een andere aanvraag toegekend."
        case _:
            return ""


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
    return replace(
        refused,
        ground=Ground.NOT_ELIGIBLE.value,
        motivation=basis.verdict or (IN_THE_TABLE if basis.findings else ""),
    )
