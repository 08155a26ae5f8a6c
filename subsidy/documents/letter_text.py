"""Compose a decision letter: the phrases of the round's own definition, filled with the facts.

What a kind says comes from its definition; what the law asks of every letter (the plain summary,
the last day of the objection term and how it was counted, what an objection must hold) is said here.
Plain words come first, articles after.
"""

from collections.abc import Iterable
from datetime import timedelta

from subsidy.documents.decision_record import decision_record
from subsidy.documents.dutch import (
    amount_in_words,
    article_in_words,
    decimal_comma,
    euros,
    long_date,
    weekday_and_date,
)
from subsidy.documents.letter import (
    CriterionRow,
    FindingRow,
    LetterContent,
    RemedyClause,
    Signature,
)
from subsidy.documents.letter_facts import CriterionFacts, LetterFacts
from subsidy.documents.letter_hearing import MOTIVATION, REASON, heard_of
from subsidy.documents.letter_later import opening_of, sentences_of, subject_of, summary_of
from subsidy.documents.letter_law import articles_of
from subsidy.documents.letter_payment import payment_of
from subsidy.documents.letter_standing import standing_of
from workflows.codes import Check, Ground
from workflows.definition import RoundDefinition
from workflows.phrases import LetterKind
from workflows.values import Text, filled, placeholders

GRANTS = frozenset({LetterKind.AWARD, LetterKind.PARTIAL})

CHECK_TITLES = {
    Check.IN_TIME: "Op tijd",
    Check.DOMAINS: "Aantal domeinen",
    Check.REQUIRED_DOMAINS: "Verplichte domeinen",
    Check.SCALE: "Schaal van de regio",
    Check.AREA: "Gebied",
    Check.INHABITANTS: "Aantal inwoners",
    Check.MUNICIPALITIES: "Aantal gemeenten",
    Check.AMOUNT: "Bedrag",
    Check.MONTHS: "Looptijd",
    Check.REGIOBEELD: "Regiobeeld",
    Check.PREDECESSOR: "Eerdere subsidie",
    Check.ONE_PER_LEAD: "Eén aanvraag per organisatie",
    Check.ONE_PER_REGION: "Eén aanvraag per regio",
}

# Awb 6:5, first paragraph.
OBJECTION_HOLDS = (
    "uw naam en adres",
    "de datum waarop u het bezwaar schrijft",
    "het kenmerk en de datum van deze brief",
    "waarom u het niet eens bent met het besluit",
    "uw handtekening",
)


OPENING = (
    "In deze brief leest u wat wij hebben besloten, waarom, "
    "en wat u kunt doen als u het er niet mee eens bent."
)


class LetterError(ValueError):
    """A fact that this letter needs is missing; the message names it."""


def compose_letter(definition: RoundDefinition, facts: LetterFacts) -> LetterContent:
    """Write the letter. `definition` must be the one that the round stored on publication.

    Raises LetterError when a phrase asks for a fact that is not there (a reserve place without
    its last day, say).
    """
    phrases = definition.letters
    words = _Filler(definition, facts)
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
    subject, plain = words(outcome.subject), _summary(facts)
    return LetterContent(
        kind=definition.kind,
        outcome=facts.outcome,
        concept=facts.concept,
        code=facts.code,
        office=facts.office,
        authority=facts.authority.name,
        addressee=facts.addressee,
        reference=facts.reference,
        dated=facts.announced_on,
        received_on=facts.received_on,
        subject=subject if later is None else subject_of(later, facts, subject),
        round_title=facts.round.title,
        salutation=words(phrases.salutation),
        opening=(f"{_came_before(facts)} {OPENING}",),
        summary=plain if later is None else summary_of(later, facts, plain),
        requested_cents=facts.requested_cents,
        amount_cents=facts.amount_cents,
        amount_in_words=amount_in_words(facts.amount_cents),
        replaced_cents=0 if later is None else later.amount_cents,
        decision_sentences=(
            *words.each(outcome.decision),
            *(() if later is None else sentences_of(later)),
        ),
        conditions=facts.conditions if grants else (),
        extra=(*words.each(outcome.extra), *facts.extra),
        reason="" if later is None else later.reason.strip(),
        grounds=(words(phrases.ground(facts.ground)),) if facts.ground else (),
        coded=tuple(
            f"{one.text.removesuffix('.')} ({article_in_words(one.article)})." for one in facts.coded
        ),
        missing=facts.supplement.missing if facts.supplement else (),
        findings=tuple(
            FindingRow(
                check=CHECK_TITLES[Check(finding.check)],
                reason=" ".join(
                    filter(None, (words(phrases.findings[Check(finding.check)]), finding.detail))
                ),
                basis=finding.basis,
            )
            for finding in facts.findings
        ),
        procedure=(
            *(() if taken_back else (*words.each(phrases.procedure), *_publication(facts))),
            *heard_of(facts.hearings, weighed_under=MOTIVATION if motivated else REASON),
        ),
        advice=(*words.each(phrases.advice), *filter(None, (facts.deviation.strip(),))) if assessed else (),
        scores_intro=words(phrases.scores) if assessed else "",
        criteria=tuple(_criterion_row(row, facts.criteria) for row in facts.criteria) if assessed else (),
        total=decimal_comma(facts.total, 2) if assessed and facts.total is not None else "",
        standing=standing_of(facts) if assessed else (),
        general_motivation=general,
        obligations=(*words.each(amounts.obligations), *facts.obligations) if grants else (),
        payment=payment_of(amounts, facts, words, weeks=definition.terms.payment_weeks) if grants else (),
        payment_schedule=facts.payments if grants else (),
        legal_basis=_once(
            (*words.each(phrases.legal_basis), *articles_of(facts, words.each(outcome.legal_basis)))
        ),
        remedy=_remedy(words.each(phrases.remedy), definition, facts),
        closing=words(phrases.closing),
        signature=Signature(
            greeting=words(phrases.signature),
            name=facts.authority.signatory,
            function=facts.authority.function,
            mandate=facts.authority.mandate,
            picture_sha256=facts.authority.picture_sha256,
        ),
        decision=decision_record(definition, facts),
        created_at=facts.proposed_at,
        modified_at=facts.proposed_at,
    )


def _came_before(facts: LetterFacts) -> str:
    if facts.later is not None:
        return opening_of(facts.later, facts)
    return f"Op {long_date(facts.received_on)} ontvingen wij uw aanvraag."


def _besides(motivation: str, reason: str) -> str:
    """Give the motivation; nothing where it says no more than the reason, which the letter has already."""
    return "" if motivation.strip() == reason.strip() else motivation.strip()


class _Filler:
    """Fills the `{named}` fields of a phrase in Dutch; says which fact is missing."""

    def __init__(self, definition: RoundDefinition, facts: LetterFacts) -> None:
        self._values = {
            name: value for name, value in values_of(definition, facts).items() if value is not None
        }

    def __call__(self, phrase: Text) -> str:
        if unknown := sorted(placeholders(phrase.nl) - self._values.keys()):
            raise LetterError(
                f"the letter needs {', '.join(unknown)}, which this file does not have: {phrase.nl!r}"
            )
        return filled(phrase.nl, self._values)

    def each(self, phrases: Iterable[Text]) -> tuple[str, ...]:
        return tuple(self(phrase) for phrase in phrases)


def values_of(definition: RoundDefinition, facts: LetterFacts) -> dict[str, str | None]:
    """Give every field that a phrase may name (workflows/phrases.py); None is a fact that is not there."""
    criterion = _criterion_of_the_ground(facts)
    rules = definition.rules
    return {
        "reference": facts.reference,
        "title": facts.title,
        "applicant": facts.addressee.organisation,
        "region": facts.region,
        "round": facts.round.title,
        "kind": definition.title.nl,
        "scheme": definition.letters.scheme.nl,
        "authority": facts.authority.name,
        "months": str(facts.months),
        "requested": euros(facts.requested_cents),
        "submitted_on": long_date(facts.received_on),
        "decided_on": long_date(facts.announced_on),
        "ceiling": euros(facts.round.ceiling_cents),
        "amount": euros(facts.amount_cents),
        "amount_in_words": amount_in_words(facts.amount_cents),
        "starts_on": long_date(facts.starts_on) if facts.starts_on else None,
        "ends_on": long_date(facts.ends_on) if facts.ends_on else None,
        "payment_weeks": str(definition.terms.payment_weeks),
        "place": str(facts.reserve.place) if facts.reserve else None,
        "list_until": long_date(facts.reserve.until) if facts.reserve else None,
        "criterion": criterion.title if criterion else None,
        "score": decimal_comma(criterion.value, 2) if criterion and criterion.value is not None else None,
        "threshold": decimal_comma(criterion.threshold)
        if criterion and criterion.threshold is not None
        else None,
        "total": decimal_comma(facts.total, 2) if facts.total is not None else None,
        "threshold_total": decimal_comma(rules.threshold_total)
        if rules.threshold_total is not None
        else None,
        "reviews": str(facts.reviews),
        "reviews_needed": str(facts.reviews_needed),
        "max_awards": str(rules.max_awards) if rules.max_awards is not None else None,
        "asked_on": long_date(facts.supplement.asked_on) if facts.supplement else None,
        "supplement_until": long_date(facts.supplement.until) if facts.supplement else None,
        "objection_until": weekday_and_date(facts.objection_until),
        "objection_weeks": str(definition.terms.objection_weeks),
    }


def _criterion_of_the_ground(facts: LetterFacts) -> CriterionFacts | None:
    if facts.ground is None or Ground.of(facts.ground) is not Ground.CRITERION:
        return None
    identifier = facts.ground.partition(":")[2]
    return next((row for row in facts.criteria if row.id == identifier), None)


def _summary(facts: LetterFacts) -> str:
    """Say the outcome in one plain sentence."""
    match facts.outcome:
        case LetterKind.AWARD:
            return f"U krijgt subsidie: {euros(facts.amount_cents)}."
        case LetterKind.PARTIAL:
            return f"U krijgt een deel van de subsidie waar u om vroeg: {euros(facts.amount_cents)}."
        case LetterKind.REJECT:
            return "U krijgt geen subsidie."
        case LetterKind.NOT_PROCESSED:
            return "Wij behandelen uw aanvraag niet. U krijgt daarom geen subsidie."
        case LetterKind.RESERVE:
            if facts.reserve is None:
                raise LetterError("the letter needs the place on the reserve list and its last day")
            place = facts.reserve.place
            return f"U krijgt nu geen subsidie. Uw aanvraag staat op plaats {place} van de reservelijst."
        case LetterKind.WITHDRAWAL:
            return "Wij trekken uw subsidie in."


def _publication(facts: LetterFacts) -> tuple[str, ...]:
    if not facts.round.publication:
        return ()
    return (f"Het subsidieplafond en de verdeelmethode zijn bekendgemaakt in {facts.round.publication}.",)


def _criterion_row(row: CriterionFacts, rows: tuple[CriterionFacts, ...]) -> CriterionRow:
    share = 100 * row.weight / sum(one.weight for one in rows)
    return CriterionRow(
        title=row.title,
        weight=f"{decimal_comma(share, 0 if share == share.to_integral_value() else 1)}%",
        score="" if row.value is None else decimal_comma(row.value, 2),
        scale=f"van {decimal_comma(row.worst)} tot {decimal_comma(row.best)} (best)",
        threshold="" if row.threshold is None else decimal_comma(row.threshold),
        motivation=row.motivation.strip(),
    )


def _remedy(sentences: tuple[str, ...], definition: RoundDefinition, facts: LetterFacts) -> RemedyClause:
    """Name the last day and how it is counted: Awb 6:7 and 6:8, Algemene termijnenwet art. 1."""
    weeks = definition.terms.objection_weeks
    counted_to = facts.announced_on + timedelta(weeks=weeks)
    computation = (
        f"Wij maken dit besluit bekend op {weekday_and_date(facts.announced_on)}. "
        f"De dag daarna begint de termijn van {weeks} weken "
        "(artikelen 6:7 en 6:8 van de Algemene wet bestuursrecht)."
    )
    if facts.objection_until != counted_to:
        computation += (
            f" De termijn zou eindigen op {weekday_and_date(counted_to)}. "
            "Dat is een dag in het weekend of een vrije dag. Daarom hebt u tijd tot en met "
            "de eerstvolgende werkdag (artikel 1 van de Algemene termijnenwet)."
        )
    return RemedyClause(
        sentences=sentences,
        last_day=facts.objection_until,
        computation=computation,
        address_lines=(facts.office.name, "Bezwaar", *facts.office.address_lines),
        requirements=OBJECTION_HOLDS,
    )


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))
