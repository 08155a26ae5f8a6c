"""From a stored decision to its letter: facts, words, bytes, and the digest under which they are kept.

The final bytes are drawn once, by a job, when the proposal is made. What a second officer reads, what is
announced and what is kept are those bytes. A concept is drawn afresh and marked so; it is never stored.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, update

import config
from subsidy import clock
from subsidy.db import db
from subsidy.documents.decision_record import SCHEMA_PATH
from subsidy.documents.dutch import long_date
from subsidy.documents.letter import Addressee, GroundRow, LetterContent, PaymentRow, render_letter
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
from subsidy.documents.letter_text import LetterError, compose_letter
from subsidy.documents.letterhead import letterhead
from subsidy.documents.pdf import many_documents
from subsidy.models import Decision, Letter, Round
from subsidy.services import (
    basis_gathering,
    by_post,
    events,
    file_store,
    letters,
    signature_pictures,
    snapshots,
    wordings,
)
from subsidy.services.basis import Basis, SignatureBasis
from subsidy.services.decisions import basis_of, letter_kind
from subsidy.services.in_force import taken
from subsidy.services.outbox import HopelessError
from subsidy.services.proposal import payments_of, proposed_day, suggest
from subsidy.services.proposal_writing import draft
from subsidy.wording.findings import finding_text
from workflows.codes import Ground
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind
from workflows.permissions import SYSTEM
from workflows.phrases import LetterKind
from workflows.snapshot import Decision as Outcome

MEDIA_TYPE = "application/pdf"
# Refused before anybody assessed it: scores that may exist all the same are no reason.
BEFORE_REVIEW = {Ground.NOT_ELIGIBLE, Ground.INCOMPLETE}


def make_letter(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw the letter of a proposal and store its bytes and digest, once.

    No transaction is open while it draws. Raises HopelessError when a fact that the letter needs is missing:
    a proposal never changes, so waiting brings it no nearer.
    """
    decision = db.session.get_one(Decision, payload["decision_id"])
    if decision.letter_sha256 is not None or decision.returned_at is not None:
        return
    letter = letters.of_decision(decision, now=clock.read())
    try:
        content = content_for(decision, letter=letter)
    except LetterError as error:
        raise HopelessError(str(error)) from error
    round_id, application_id = decision.round_id, decision.application_id
    db.session.commit()
    pdf = render_letter(content)
    now = clock.read()
    stored = file_store.put(pdf, media_type=MEDIA_TYPE, now=now)
    first = db.session.execute(
        update(Decision)
        .where(Decision.id == payload["decision_id"])
        .where(Decision.letter_sha256.is_(None), Decision.returned_at.is_(None))
        .values(letter_sha256=stored.sha256)
        .returning(Decision.id)
    ).first()
    if first is not None:
        letters.keep_drawn(letter, stored.sha256)
        events.append(
            "decision.letter_made",
            at=now,
            actor_id=None,
            round_id=round_id,
            application_id=application_id,
            facts={"decision": payload["decision_id"], "letter_sha256": stored.sha256},
        )
    db.session.commit()


def content_for(decision: Decision, *, letter: Letter | None = None) -> LetterContent:
    """Return the final letter of a decision taken here, with the words, the code and the address of its row.

    Without a row yet it has the words of now. Raises LetterError when a fact is missing.
    """
    round_ = decision.application.round
    if letter is None:
        return compose_letter(wordings.definition_now(round_), facts_of(round_, decision, concept=False))
    return compose_letter(
        wordings.definition_with(round_, letter.wording_id),
        facts_of(
            round_,
            decision,
            concept=False,
            code=letter.code,
            address_lines=by_post.window_of(letter.facts),
        ),
    )


def concept_for(round_: Round, basis: Basis, definition: RoundDefinition, *, now: datetime) -> LetterContent:
    """Return a concept of the letter that the division gives an application, in the words of `definition`.

    Raises LetterError when a fact is missing.
    """
    proposal = suggest(basis, announce_on=proposed_day(clock.day_of(now)))
    concept = draft(proposal, basis, actor=SYSTEM, now=now)
    return compose_letter(definition, facts_of(round_, concept, concept=True))


def letters_of(round_: Round, *, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Give every application's letter by reference: the stored one where a decision was taken here.

    Else a concept for the outcome that the division gives. Raises LetterError and FileDamagedError.
    """
    letters = dict(
        db.session.execute(
            select(Decision.application_id, Decision.letter_sha256).where(
                Decision.round_id == round_.id,
                taken(),
                Decision.letter_sha256.is_not(None),
            )
        ).all()
    )
    definition = wordings.definition_now(round_)
    with many_documents() as collector:
        for application_id, basis in basis_gathering.gather(round_).items():
            digest = letters.get(application_id)
            if digest is not None:
                yield basis.reference, file_store.read(digest)
                continue
            yield basis.reference, render_letter(concept_for(round_, basis, definition, now=now))
            collector.count()


def facts_of(
    round_: Round,
    decision: Decision,
    *,
    concept: bool,
    code: str = "",
    address_lines: tuple[str, ...] = (),
) -> LetterFacts:
    """Gather what the letter of a decision says, from its own frozen basis and the settings of the office.

    `code` is for who wants to know whether the letter is genuine; a concept has none.
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
        round=_round_facts(round_),
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
        findings=_findings(basis) if ground == Ground.NOT_ELIGIBLE else (),
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
        else "\n\n".join(filter(None, (basis.motivation, decision.departure))),
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


def _round_facts(round_: Round) -> RoundFacts:
    publication = round_.official_publication
    if publication and round_.officially_published_on:
        publication = f"{publication}, op {long_date(round_.officially_published_on)}"
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


def _findings(basis: Basis) -> tuple[FindingFacts, ...]:
    with force_locale("nl"):
        return tuple(
            FindingFacts(
                check=one.check,
                detail=" ".join(
                    filter(
                        None,
                        (finding_text(one.check, one.params), basis.finding_reasons.get(one.check)),
                    )
                ),
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
