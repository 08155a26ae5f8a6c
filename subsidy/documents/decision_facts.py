"""The facts that the letter of a stored decision says: its frozen basis, and the office that decided."""

from flask import current_app
from flask_babel import force_locale

import config
from subsidy.documents.decision_record import SCHEMA_PATH
from subsidy.documents.letter import Addressee, GroundRow, PaymentRow
from subsidy.documents.letter_facts import (
    AuthorityFacts,
    CriterionFacts,
    FindingFacts,
    HearingFacts,
    LaterFacts,
    LetterFacts,
    LotFacts,
    ReserveFacts,
    RoundFacts,
    SupplementFacts,
)
from subsidy.documents.letter_language import LANGUAGES, Code
from subsidy.documents.letterhead import letterhead
from subsidy.models import Decision, Round
from subsidy.services import (
    signature_pictures,
    snapshots,
)
from subsidy.services.basis import Basis, SignatureBasis
from subsidy.services.decisions import basis_of, letter_kind
from subsidy.services.proposal import IN_THE_TABLE, payments_of
from subsidy.wording.findings import finding_text
from workflows.codes import Ground
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome

# Refused before anybody assessed it: scores that may exist all the same are no reason.
BEFORE_REVIEW = {Ground.NOT_ELIGIBLE, Ground.INCOMPLETE}


def facts_of(
    round_: Round,
    decision: Decision,
    *,
    concept: bool,
    code: str = "",
    address_lines: tuple[str, ...] = (),
    language: Code = "nl",
) -> LetterFacts:
    """Gather what the letter of a decision says, from its own frozen basis and the settings of the office.

    `code` is for who wants to know whether the letter is genuine; a concept has none. What the program itself
    says of a finding is in `language`.
    """
    settings: config.Settings = current_app.config["SETTINGS"]
    basis = basis_of(decision)
    kind = letter_kind(
        Outcome(decision.outcome), decision.amount_cents, basis.requested_cents, decision.reserve_place
    )
    ground = _known_ground(decision.ground, basis)
    assessed = ground is None or Ground.of(ground) not in BEFORE_REVIEW
    if decision.announce_on is None or decision.objection_last_day is None:
        raise ValueError("a decision without dates has no letter")
    return LetterFacts(
        outcome=kind,
        office=letterhead(),
        authority=_authority(
            settings, basis.signature, picture=signature_pictures.digest_for(decision.mandate)
        ),
        round=_round_facts(round_, language),
        addressee=Addressee(
            organisation=basis.applicant, attention=basis.attention, address_lines=address_lines
        ),
        applicant_kvk=basis.applicant_kvk,
        reference=basis.reference,
        title=basis.title,
        region=basis.region,
        received_on=basis.received_on,
        announced_on=decision.announce_on,
        objection_until=decision.objection_last_day,
        proposed_at=decision.proposed_at,
        requested_cents=basis.requested_cents,
        amount_cents=decision.amount_cents,
        months=basis.months,
        starts_on=basis.starts_on,
        ends_on=decision.ends_on,
        ground=ground,
        findings=_findings(basis, language) if ground == Ground.NOT_ELIGIBLE else (),
        reserve=_reserve(decision, basis),
        supplement=_supplement(basis) if kind is LetterKind.NOT_PROCESSED else None,
        criteria=_criteria(basis) if assessed else (),
        total=basis.total if assessed else None,
        reviews=basis.reviews if assessed else 0,
        reviews_needed=basis.reviews_needed,
        rank=basis.rank if assessed else None,
        ranked=basis.ranked,
        lot=None if basis.lot is None else LotFacts(seed=basis.lot.seed, lot=basis.lot.lot),
        motivation=basis.motivation
        if assessed
        else "\n\n".join(filter(None, (_beside_the_table(basis.motivation), decision.departure))),
        deviation=decision.departure if assessed else "",
        coded=tuple(GroundRow(code=one.code, article=one.article, text=one.text) for one in basis.coded),
        extra=basis.extra,
        conditions=basis.conditions,
        obligations=basis.obligations,
        payments=_payments(basis, decision.amount_cents),
        later=_later(decision, basis),
        hearings=tuple(
            HearingFacts(
                asked_on=one.asked_on,
                last_day=one.last_day,
                answered_on=one.answered_on,
                by_mouth=one.by_mouth,
            )
            for one in basis.hearings
        ),
        concept=concept,
        code=code,
        schema_at=f"{settings.base_url}{SCHEMA_PATH}",
    )


def _authority(
    settings: config.Settings, signature: SignatureBasis | None, *, picture: str
) -> AuthorityFacts:
    """Name the authority and who decides in its name (Awb 10:10); a concept has no signatory yet."""
    if signature is None:
        return AuthorityFacts(
            name=settings.deciding_authority,
            mandate=settings.mandate,
            signatory=settings.signatory,
            function=settings.office_name,
        )
    return AuthorityFacts(
        name=settings.deciding_authority,
        mandate=signature.mandate,
        signatory=signature.name,
        function=signature.function,
        picture_sha256=picture,
    )


def _round_facts(round_: Round, language: Code) -> RoundFacts:
    publication = round_.official_publication
    if publication and round_.officially_published_on:
        write = LANGUAGES[language]
        day = write.long_date(round_.officially_published_on)
        publication = f"{publication}, {write.choose('op', 'on')} {day}"
    return RoundFacts(
        slug=round_.slug,
        number=round_.number,
        title=round_.title,
        ceiling_cents=round_.ceiling_cents,
        distribution=snapshots.definition_of(round_).rules.distribution,
        publication=publication,
    )


def _known_ground(ground: str | None, basis: Basis) -> str | None:
    """Give a ground that phrases exist for; brought-in history may name any other."""
    if not ground:
        return None
    try:
        kind = Ground.of(ground)
    except ValueError:
        return None
    if kind is Ground.CRITERION and basis.criterion(ground.partition(":")[2]) is None:
        return None
    return ground


def _criteria(basis: Basis) -> tuple[CriterionFacts, ...]:
    return tuple(
        CriterionFacts(
            id=one.id,
            title=one.title,
            weight=one.weight,
            best=one.best,
            worst=one.worst,
            threshold=one.threshold,
            value=one.value,
            motivation=one.motivation,
        )
        for one in basis.criteria
    )


def _beside_the_table(motivation: str) -> str:
    """Give the motivation; nothing where it says no more than the sentence that comes with the table."""
    return "" if motivation.strip() == IN_THE_TABLE else motivation


def _findings(basis: Basis, language: Code) -> tuple[FindingFacts, ...]:
    with force_locale(language):
        return tuple(
            FindingFacts(
                check=one.check,
                detail=finding_text(one.check, one.params),
                typed=basis.finding_reasons.get(one.check, ""),
                basis=one.basis,
            )
            for one in basis.findings
        )


def _payments(basis: Basis, amount_cents: int) -> tuple[PaymentRow, ...]:
    """Give the payments for their table; one payment, as usual, is in the words of the letter already."""
    usual = payments_of(amount_cents, weeks=basis.payment_weeks)
    if len(usual) == 1 and basis.payments == usual:
        return ()
    return tuple(PaymentRow(when=one.when, amount_cents=one.cents) for one in basis.payments)


def _later(decision: Decision, basis: Basis) -> LaterFacts | None:
    """Tell of the decision that this one takes the place of."""
    old = basis.replaces
    if old is None or old.announced_on is None:
        return None
    return LaterFacts(
        kind=DecisionKind(decision.kind),
        reason=decision.reason,
        remedy_of=decision.remedy_of,
        announced_on=old.announced_on,
        outcome=letter_kind(Outcome(old.outcome), old.amount_cents, basis.requested_cents, old.reserve_place),
        amount_cents=old.amount_cents,
        reserve_place=old.reserve_place,
    )


def _reserve(decision: Decision, basis: Basis) -> ReserveFacts | None:
    if decision.reserve_place is None or basis.list_until is None:
        return None
    return ReserveFacts(place=decision.reserve_place, until=basis.list_until)


def _supplement(basis: Basis) -> SupplementFacts | None:
    if basis.supplement is None:
        return None
    return SupplementFacts(
        asked_on=basis.supplement.asked_on, until=basis.supplement.until, missing=basis.missing
    )
