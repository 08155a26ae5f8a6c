"""The fields that a phrase of a letter can name, with their values in the language of the letter."""

from collections.abc import Iterable

from subsidy.documents.letter_facts import CriterionFacts, LetterFacts
from subsidy.documents.letter_language import DUTCH, Language
from workflows.codes import Ground
from workflows.definition import RoundDefinition
from workflows.state_aid import Regulation, in_register, number_of
from workflows.values import Text, filled, placeholders

DE_MINIMIS = Text(
    nl="Is de subsidie staatssteun? Dan valt zij onder de de-minimisverordening {number}.",
    en="Is the subsidy state aid? Then it falls under the de minimis Regulation {number}.",
)
SGEI = Text(
    nl="Is de subsidie staatssteun? Dan valt zij onder Verordening {number}, over diensten van algemeen "
    "economisch belang.",
    en="Is the subsidy state aid? Then it falls under Regulation {number}, on services of general economic "
    "interest.",
)
REGISTER = Text(
    nl="Wij nemen haar op in het centrale register.",
    en="We enter it in the central register.",
)


class LetterError(ValueError):
    """A fact that this letter needs is missing; the message names it."""


class Filler:
    """Fills the `{named}` fields of a phrase in the language of the letter; says which fact is missing."""

    def __init__(self, definition: RoundDefinition, facts: LetterFacts, language: Language = DUTCH) -> None:
        self._language = language.code
        self._values = {
            name: value for name, value in values_of(definition, facts, language).items() if value is not None
        }

    def __call__(self, phrase: Text) -> str:
        """Give the phrase with its fields filled; raises LetterError."""
        text = phrase.in_language(self._language)
        if unknown := sorted(placeholders(text) - self._values.keys()):
            raise LetterError(
                f"the letter needs {', '.join(unknown)}, which this file does not have: {text!r}"
            )
        return filled(text, self._values)

    def each(self, phrases: Iterable[Text]) -> tuple[str, ...]:
        """Do so for several."""
        return tuple(self(phrase) for phrase in phrases)


def values_of(
    definition: RoundDefinition, facts: LetterFacts, language: Language = DUTCH
) -> dict[str, str | None]:
    """Give every field that a phrase may name (workflows/phrases.py); None is a fact that is not there."""
    write, rules, score = language, definition.rules, language.score
    criterion = _criterion_of_the_ground(facts)
    return {
        "reference": facts.reference,
        "title": facts.title,
        "applicant": facts.addressee.organisation,
        "region": facts.region,
        "round": facts.round.title,
        "kind": write.say(definition.title),
        "scheme": write.say(definition.letters.scheme),
        "authority": facts.authority.name,
        "months": str(facts.months),
        "requested": write.euros(facts.requested_cents),
        "submitted_on": write.long_date(facts.received_on),
        "decided_on": write.long_date(facts.announced_on),
        "ceiling": write.euros(facts.round.ceiling_cents),
        "amount": write.euros(facts.amount_cents),
        "amount_in_words": write.amount_in_words(facts.amount_cents),
        "starts_on": write.long_date(facts.starts_on) if facts.starts_on else None,
        "ends_on": write.long_date(facts.ends_on) if facts.ends_on else None,
        "payment_weeks": str(definition.terms.payment_weeks),
        "state_aid": _state_aid(DE_MINIMIS, Regulation.DE_MINIMIS, facts, write),
        "state_aid_sgei": _state_aid(SGEI, Regulation.SGEI, facts, write),
        "place": str(facts.reserve.place) if facts.reserve else None,
        "list_until": write.long_date(facts.reserve.until) if facts.reserve else None,
        "criterion": criterion.title if criterion else None,
        "score": score(criterion.value, 2) if criterion else None,
        "threshold": score(criterion.threshold) if criterion else None,
        "total": score(facts.total, 2),
        "threshold_total": score(rules.threshold_total),
        "reviews": str(facts.reviews),
        "reviews_needed": str(facts.reviews_needed),
        "max_awards": str(rules.max_awards) if rules.max_awards is not None else None,
        "asked_on": write.long_date(facts.supplement.asked_on) if facts.supplement else None,
        "supplement_until": write.long_date(facts.supplement.until) if facts.supplement else None,
        "objection_until": write.weekday_and_date(facts.objection_until),
        "objection_weeks": str(definition.terms.objection_weeks),
    }


def _criterion_of_the_ground(facts: LetterFacts) -> CriterionFacts | None:
    if facts.ground is None or Ground.of(facts.ground) is not Ground.CRITERION:
        return None
    identifier = facts.ground.partition(":")[2]
    return next((row for row in facts.criteria if row.id == identifier), None)


def _state_aid(sentence: Text, regulation: Regulation, facts: LetterFacts, write: Language) -> str:
    """Name the Regulation that is in force on the day of the award, and the register once there is one."""
    number = write.say(number_of(regulation, on=facts.announced_on))
    said = write.say(sentence, number=number)
    return f"{said} {write.say(REGISTER)}" if in_register(on=facts.announced_on) else said
