"""Between a proposal and the form in which an officer composes it: filled in, and read back."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import Form

from forms.proposals import GivingForm, ProposalForm, proposal_form
from subsidy.models import Mandate, Round
from subsidy.services import mandates
from subsidy.services.basis import Basis, PaymentBasis
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import Proposal, coded_of, payments_of
from subsidy.services.snapshots import definition_of
from subsidy.wording.findings import check_label
from subsidy.wording.hearing import ground_words
from subsidy.wording.labels import ground_label
from subsidy.wording.mandates import limit_text, power_list
from subsidy.wording.spoken import language
from subsidy.wording.values import money
from workflows import grounds
from workflows.codes import Ground
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome
from workflows.values import Text, filled, placeholders

Data = Mapping[str, Any]


def criteria_titles(round_: Round) -> dict[str, str]:
    """Give the titles of the criteria by id, in which grounds are told."""
    spoken = language()
    return {one.id: one.label.in_language(spoken) for one in definition_of(round_).rules.criteria}


def form_for(
    basis: Basis, titles: Mapping[str, str], usable: Iterable[Mandate], kind: DecisionKind
) -> type[ProposalForm]:
    """Make the form of a proposal on one application; `titles` are those of the criteria."""
    thresholds = {one.id for one in basis.criteria if one.threshold is not None}
    return proposal_form(
        titles,
        {one.check: check_label(one.check) for one in basis.findings},
        grounds_of(titles, thresholds),
        coded=coded_options(kind),
        signers=signer_options(usable),
        language=language(),
    )


def coded_options(kind: DecisionKind) -> list[tuple[str, object]]:
    """Give the grounds of the law that a decision of this kind can rest on, in words."""
    return [(one.code, ground_words(one.code)) for one in grounds.of_kind(kind)]


def signer_options(usable: Iterable[Mandate]) -> list[tuple[str, object]]:
    """Give who may sign: name, function, for which decisions and up to which amount."""
    return [
        (
            str(one.id),
            f"{one.holder.name}, {one.function} ({power_list(one.powers)}; {limit_text(one.up_to_cents)})",
        )
        for one in usable
    ]


def data_of(proposal: Proposal) -> Data:
    """Fill the form of a proposal."""
    reasons = {ProposalForm.reason_name(one): text for one, text in proposal.reasons.items()}
    found = {ProposalForm.finding_name(one): text for one, text in proposal.finding_reasons.items()}
    return {
        "outcome": proposal.outcome.value,
        "amount": proposal.amount_cents or None,
        "ground": proposal.ground or "",
        "motivation": proposal.motivation,
        "departure": proposal.departure,
        "missing": "\n".join(proposal.missing),
        "reserve_place": proposal.reserve_place,
        "list_until": proposal.list_until,
        "starts_on": proposal.starts_on,
        "announce_on": proposal.announce_on,
        "extra": "\n\n".join(proposal.extra),
        **giving_data(proposal),
        **reasons,
        **found,
    }


def giving_data(proposal: Proposal) -> Data:
    """Fill what goes with an award, the grounds of the law, and who signs."""
    return {
        "coded": [one.code for one in proposal.coded],
        "conditions": "\n".join(proposal.conditions),
        "obligations": "\n".join(proposal.obligations),
        "payments": [{"when": one.when, "cents": one.cents} for one in proposal.payments],
        "mandate": str(proposal.mandate_id or ""),
    }


def typed(form: ProposalForm, basis: Basis, shown: Proposal) -> Proposal:
    """Read a valid form; what goes with another outcome than the one chosen is left out.

    `shown` is what the form began with. Raises DecisionError `coded_unfit`.
    """
    outcome = Outcome(form["outcome"].data)
    awarded, rejected = outcome is Outcome.AWARDED, outcome is Outcome.REJECTED
    amount = (form["amount"].data or 0) if awarded else 0
    whole = awarded and amount == basis.requested_cents
    return Proposal(
        outcome=outcome,
        announce_on=form["announce_on"].data,
        amount_cents=amount,
        ground=None if whole else form["ground"].data or None,
        reasons=form.reasons(one.id for one in basis.criteria),
        finding_reasons=form.finding_reasons(one.check for one in basis.findings) if rejected else {},
        motivation=form.motivation.data or "",
        departure=form.departure.data or "",
        extra=form.extra_typed(),
        missing=tuple((form.missing.data or "").splitlines()) if outcome is Outcome.NOT_PROCESSED else (),
        reserve_place=form["reserve_place"].data if rejected else None,
        list_until=form["list_until"].data if rejected else None,
        starts_on=form["starts_on"].data if awarded else None,
        coded=coded_of(form.codes()),
        conditions=form.conditions_typed() if awarded else (),
        obligations=form.obligations_typed() if awarded else (),
        payments=payments_typed(form, amount, shown, weeks=basis.payment_weeks),
        mandate_id=form.mandate_id(),
    )


def payments_typed(
    form: GivingForm, amount_cents: int, shown: Proposal, *, weeks: int
) -> tuple[PaymentBasis, ...]:
    """Read the payments of an award; where nobody wrote others, the usual ones follow the amount.

    `weeks` is the term of the first.
    """
    if not amount_cents:
        return ()
    sent = tuple(PaymentBasis(when=when, cents=cents) for when, cents in form.payments_typed())
    usual = payments_of(amount_cents, weeks=weeks)
    if not sent:
        return usual
    return usual if sent == shown.payments == payments_of(shown.amount_cents, weeks=weeks) else sent


def tell(form: ProposalForm, error_code: str, words: str, params: Mapping[str, object]) -> None:
    """Say a refusal at the field that it is about; above the form where it is about none."""
    if error_code in OF_PAYMENTS:
        form.miss_payments(words, when=str(params.get("when", "")))
        return
    name = AT.get(error_code, "")
    if error_code == "finding_reason_needed":
        name = ProposalForm.finding_name(str(params.get("check", "")))
    if error_code == "criterion_reason_needed":
        name = ProposalForm.reason_name(str(params.get("id", "")))
    if name in form:
        form[name].errors = [words]
    else:
        form.form_errors.append(words)


OF_PAYMENTS = frozenset({"payments_differ", "payments_incomplete", "payment_after_settlement"})
"""Refusals that are about the payments, which are no single field."""
AT: Mapping[str, str] = {
    "amount_needed": "amount",
    "amount_above_requested": "amount",
    "announce_date_past": "announce_on",
    "coded_unfit": "coded",
    "departure_needed": "departure",
    "ground_needed": "ground",
    "mandate_too_narrow": "mandate",
    "missing_needed": "missing",
    "motivation_needed": "motivation",
    "no_mandate": "mandate",
    "place_taken": "reserve_place",
    "reserve_incomplete": "list_until",
    "starts_on_needed": "starts_on",
}
"""The field that a refusal is about."""


def covered(usable: Sequence[Mandate], proposal: Proposal, round_: Round, *, day: date) -> Mandate | None:
    """Give whose mandate would serve for a proposal; None when nobody's does."""
    try:
        return mandates.choose(
            usable,
            kind=proposal.kind,
            outcome=proposal.outcome,
            amount_cents=proposal.amount_cents,
            round_id=round_.id,
            day=day,
        )
    except DecisionError:
        return None


def blank_payment(form: Form) -> Form:
    """Give an empty line of payment, for scripts to copy."""
    line: Form = form["payments"].unbound_field.args[0](prefix="payments-__index__-")
    return line


def usual_obligations(definition: RoundDefinition, basis: Basis, amount_cents: int) -> list[str]:
    """Give the obligations of every award of this amount, as the letter words them."""
    known = {
        "months": str(basis.months),
        "amount": money(amount_cents),
        "requested": money(basis.requested_cents),
        "title": basis.title,
        "applicant": basis.applicant,
        "region": basis.region,
        "payment_weeks": str(definition.terms.payment_weeks),
    }
    phrases = definition.letters.amount_class(amount_cents).obligations
    return [_filled(one, known) for one in phrases]


def _filled(phrase: Text, known: Mapping[str, str]) -> str:
    words = phrase.in_language(language())
    return filled(words, dict.fromkeys(placeholders(words), "\N{HORIZONTAL ELLIPSIS}") | dict(known))


def grounds_of(titles: Mapping[str, str], thresholds: Container[str]) -> list[tuple[str, object]]:
    """Give every ground with its words; one per criterion that has a threshold, for the letter says which."""
    codes: list[str] = []
    for ground in Ground:
        of_criteria = (f"{ground}:{one}" for one in titles if one in thresholds)
        codes += of_criteria if ground is Ground.CRITERION else [ground.value]
    return [(code, ground_label(code, titles)) for code in codes]
