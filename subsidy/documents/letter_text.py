"""Compose a decision letter: the phrases of the round's own definition, filled with the facts.

What a kind says comes from its definition; what the law asks of every letter (the plain summary,
the last day of the objection term and how it was counted, what an objection must hold) is said here.
Plain words come first, articles after. In English it is a courtesy translation: what somebody wrote stays
in Dutch, and it has no code, no signature and no record of the decision.
"""

from collections.abc import Iterable

from subsidy.documents.decision_record import decision_record
from subsidy.documents.letter import LetterContent, Signature
from subsidy.documents.letter_assessment import criterion_rows, finding_rows
from subsidy.documents.letter_facts import LetterFacts
from subsidy.documents.letter_hearing import MOTIVATION, REASON, heard_of
from subsidy.documents.letter_language import LANGUAGES, Code, Language
from subsidy.documents.letter_later import opening_of, sentences_of, subject_of, summary_of
from subsidy.documents.letter_law import articles_of, coded_of
from subsidy.documents.letter_payment import payment_of, schedule_of
from subsidy.documents.letter_remedy import remedy_of
from subsidy.documents.letter_standing import standing_of
from subsidy.documents.letter_values import Filler, LetterError
from workflows.definition import RoundDefinition
from workflows.phrases import LetterKind
from workflows.values import Text

GRANTS = frozenset({LetterKind.AWARD, LetterKind.PARTIAL})

RECEIVED = Text(
    nl="Op {day} ontvingen wij uw aanvraag.",
    en="On {day} we received your application.",
)
OPENING = Text(
    nl="In deze brief leest u wat wij hebben besloten, waarom, en wat u kunt doen als u het er niet mee eens "
    "bent.",
    en="In this letter you read what we decided, why, and what you can do if you disagree.",
)
PUBLISHED = Text(
    nl="Het subsidieplafond en de verdeelmethode zijn bekendgemaakt in {publication}.",
    en="The subsidy ceiling and the method of division were announced in {publication}.",
)
SUMMARIES = {
    LetterKind.AWARD: Text(nl="U krijgt subsidie: {amount}.", en="You get a subsidy: {amount}."),
    LetterKind.PARTIAL: Text(
        nl="U krijgt een deel van de subsidie waar u om vroeg: {amount}.",
        en="You get part of the subsidy that you asked for: {amount}.",
    ),
    LetterKind.REJECT: Text(nl="U krijgt geen subsidie.", en="You do not get a subsidy."),
    LetterKind.NOT_PROCESSED: Text(
        nl="Wij behandelen uw aanvraag niet. U krijgt daarom geen subsidie.",
        en="We do not process your application. So you do not get a subsidy.",
    ),
    LetterKind.RESERVE: Text(
        nl="U krijgt nu geen subsidie. Uw aanvraag staat op plaats {place} van de reservelijst.",
        en="You do not get a subsidy now. Your application has place {place} on the reserve list.",
    ),
    LetterKind.WITHDRAWAL: Text(nl="Wij trekken uw subsidie in.", en="We withdraw your subsidy."),
}
"""The outcome in one plain sentence."""


def compose_letter(definition: RoundDefinition, facts: LetterFacts, language: Code = "nl") -> LetterContent:
    """Write the letter. `definition` must be the one that the round stored on publication.

    Raises LetterError when a phrase asks for a fact that is not there (a reserve place without
    its last day, say).
    """
    phrases, weeks = definition.letters, definition.terms.payment_weeks
    write = LANGUAGES[language]
    words = Filler(definition, facts, write)
    outcome = phrases.outcome(facts.outcome)
    grants = facts.outcome in GRANTS
    amounts = phrases.amount_class(facts.amount_cents)
    # What is taken back was weighed when it was given; this letter is about why it is taken back.
    taken_back = facts.outcome is LetterKind.WITHDRAWAL
    # A file that was refused before it was reviewed has no advice and no scores to tell of.
    assessed = not taken_back and (facts.reviews > 0 or any(row.value is not None for row in facts.criteria))
    later = facts.later
    general = _besides(facts.motivation, later.reason if later else "")
    motivated = general or (assessed and any(row.motivation.strip() for row in facts.criteria))
    subject, plain = words(outcome.subject), _summary(facts, write)
    translated = language != "nl"
    return LetterContent(
        kind=definition.kind,
        outcome=facts.outcome,
        concept=facts.concept,
        language=language,
        in_dutch=_typed(definition, facts) if translated else frozenset(),
        code="" if translated else facts.code,
        office=facts.office,
        authority=facts.authority.name,
        addressee=facts.addressee,
        reference=facts.reference,
        dated=facts.announced_on,
        received_on=facts.received_on,
        subject=subject if later is None else subject_of(later, facts, subject, write),
        round_title=facts.round.title,
        salutation=words(phrases.salutation),
        opening=(f"{_came_before(facts, write)} {write.say(OPENING)}",),
        summary=plain if later is None else summary_of(later, facts, plain, write),
        requested_cents=facts.requested_cents,
        amount_cents=facts.amount_cents,
        amount_in_words=write.amount_in_words(facts.amount_cents),
        replaced_cents=0 if later is None else later.amount_cents,
        decision_sentences=(
            *words.each(outcome.decision),
            *(() if later is None else sentences_of(later, write)),
        ),
        conditions=facts.conditions if grants else (),
        extra=(*words.each(outcome.extra), *facts.extra),
        reason="" if later is None else later.reason.strip(),
        grounds=(words(phrases.ground(facts.ground)),) if facts.ground else (),
        coded=coded_of(facts, write),
        missing=facts.supplement.missing if facts.supplement else (),
        findings=finding_rows(facts, phrases, words, write),
        procedure=(
            *(() if taken_back else (*words.each(phrases.procedure), *_publication(facts, write))),
            *heard_of(facts.hearings, weighed_under=MOTIVATION if motivated else REASON, write=write),
        ),
        advice=(*words.each(phrases.advice), *filter(None, (facts.deviation.strip(),))) if assessed else (),
        scores_intro=words(phrases.scores) if assessed else "",
        criteria=criterion_rows(facts, write) if assessed else (),
        total=(write.score(facts.total, 2) or "") if assessed else "",
        standing=standing_of(facts, write) if assessed else (),
        general_motivation=general,
        obligations=(*words.each(amounts.obligations), *facts.obligations) if grants else (),
        payment=payment_of(amounts, facts, words, weeks=weeks, write=write) if grants else (),
        payment_schedule=schedule_of(facts, write, weeks=weeks) if grants else (),
        legal_basis=_once(
            (*words.each(phrases.legal_basis), *articles_of(facts, words.each(outcome.legal_basis), write))
        ),
        remedy=remedy_of(definition, facts, words, write),
        closing=words(phrases.closing),
        signature=Signature(
            greeting=words(phrases.signature),
            name=facts.authority.signatory,
            function=facts.authority.function,
            mandate=facts.authority.mandate,
            picture_sha256="" if translated else facts.authority.picture_sha256,
        ),
        decision={} if translated else decision_record(definition, facts),
        created_at=facts.proposed_at,
        modified_at=facts.proposed_at,
    )


def _came_before(facts: LetterFacts, write: Language) -> str:
    if facts.later is not None:
        return opening_of(facts.later, facts, write)
    return write.say(RECEIVED, day=write.long_date(facts.received_on))


def _besides(motivation: str, reason: str) -> str:
    """Give the motivation; nothing where it says no more than the reason, which the letter has already."""
    return "" if motivation.strip() == reason.strip() else motivation.strip()


def _summary(facts: LetterFacts, write: Language) -> str:
    """Say the outcome in one plain sentence."""
    if facts.outcome is LetterKind.RESERVE and facts.reserve is None:
        raise LetterError("the letter needs the place on the reserve list and its last day")
    place = "" if facts.reserve is None else str(facts.reserve.place)
    return write.say(SUMMARIES[facts.outcome], amount=write.euros(facts.amount_cents), place=place)


def _publication(facts: LetterFacts, write: Language) -> tuple[str, ...]:
    if not facts.round.publication:
        return ()
    return (write.say(PUBLISHED, publication=facts.round.publication),)


def _typed(definition: RoundDefinition, facts: LetterFacts) -> frozenset[str]:
    """Give every text of the letter that stands in Dutch whatever its language, because somebody wrote it."""
    later, supplement = facts.later, facts.supplement
    texts = (
        *facts.conditions,
        *facts.extra,
        *(() if later is None else (later.reason,)),
        *(() if supplement is None else supplement.missing),
        *(text for one in facts.findings for text in (one.typed, one.basis)),
        *(text for one in facts.criteria for text in (one.title, one.motivation)),
        *(one.title for one in definition.rules.criteria),
        facts.deviation,
        facts.motivation,
        *facts.obligations,
        *(one.when for one in facts.payments),
        *(one.condition for one in facts.payments),
    )
    return frozenset(filter(None, (one.strip() for one in texts)))


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))
