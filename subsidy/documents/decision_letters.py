"""From a stored decision to its letter: facts, words, bytes, and the digest under which they are kept.

The final bytes are drawn once, by a job, when the proposal is made. What a second officer reads, what is
announced and what is kept are those bytes. A concept is drawn afresh and marked so; it is never stored.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from subsidy import clock
from subsidy.db import db
from subsidy.documents.decision_facts import facts_of
from subsidy.documents.letter import LetterContent, render_letter
from subsidy.documents.letter_language import Code
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.letter_values import LetterError
from subsidy.documents.pdf import many_documents
from subsidy.models import Decision, Letter, Round
from subsidy.services import (
    basis_gathering,
    by_post,
    events,
    file_store,
    letters,
    wordings,
)
from subsidy.services.basis import Basis
from subsidy.services.in_force import taken
from subsidy.services.outbox import HopelessError
from subsidy.services.proposal import proposed_day, suggest
from subsidy.services.proposal_writing import draft
from workflows.definition import RoundDefinition
from workflows.permissions import SYSTEM

MEDIA_TYPE = "application/pdf"


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


def content_for(decision: Decision, *, letter: Letter | None = None, language: Code = "nl") -> LetterContent:
    """Return the final letter of a decision taken here, with the words, the code and the address of its row.

    Without a row yet it has the words of now. Raises LetterError when a fact is missing.
    """
    round_ = decision.application.round
    if letter is None:
        return compose_letter(wordings.definition_now(round_), facts_of(round_, decision, concept=False))
    facts = facts_of(
        round_,
        decision,
        concept=False,
        code=letter.code,
        address_lines=by_post.window_of(letter.facts),
        language=language,
    )
    return compose_letter(wordings.definition_with(round_, letter.wording_id), facts, language)


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
