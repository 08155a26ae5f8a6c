"""What a letter says of payment: the words of the class of its amount, unless payments of its own differ.

A round that was published keeps its own phrases, so which of them say when money is paid is known by what
they name: the weeks within which.
"""

from subsidy.documents.letter import PaymentRow
from subsidy.documents.letter_facts import LetterFacts
from subsidy.documents.letter_language import DUTCH, Language
from subsidy.documents.letter_values import Filler
from workflows.payments import settled_at_once, usual_payments
from workflows.phrases import AmountClass
from workflows.values import Text, placeholders

AS_IN_THE_TABLE = Text(
    nl="Wij betalen de subsidie zoals in de tabel hieronder staat (artikel 4:87 Awb).",
    en="We pay the subsidy as the table below says (article 4:87 Awb).",
)
ADVANCES_IN_THE_TABLE = Text(
    nl="Wij betalen de subsidie zoals in de tabel hieronder staat. Wat u krijgt voordat wij de subsidie "
    "hebben vastgesteld, is een voorschot (artikel 4:95 Awb).",
    en="We pay the subsidy as the table below says. What you get before we determined the subsidy is an "
    "advance (article 4:95 Awb).",
)
WEEKS = "payment_weeks"


def payment_of(
    amounts: AmountClass, facts: LetterFacts, words: Filler, *, weeks: int, write: Language = DUTCH
) -> tuple[str, ...]:
    """Give the sentences; with payments of its own the table says when, and no sentence says otherwise.

    `weeks` is the term of the first payment in this round.
    """
    if not facts.payments or _are_usual(facts, weeks):
        return words.each(amounts.payment)
    rest = words.each(one for one in amounts.payment if WEEKS not in placeholders(one.nl))
    return (
        *rest,
        write.say(AS_IN_THE_TABLE if settled_at_once(facts.amount_cents) else ADVANCES_IN_THE_TABLE),
    )


def schedule_of(facts: LetterFacts, write: Language, *, weeks: int) -> tuple[PaymentRow, ...]:
    """Give the payments for the table; usual words are there in both languages, others as they were typed."""
    usual = {one.when.nl: one.when for one in usual_payments(facts.amount_cents, weeks=weeks)}
    return tuple(
        one.model_copy(update={"when": write.say(usual[one.when])}) if one.when in usual else one
        for one in facts.payments
    )


def _are_usual(facts: LetterFacts, weeks: int) -> bool:
    usual = [(one.when.nl, one.cents) for one in usual_payments(facts.amount_cents, weeks=weeks)]
    return [(one.when, one.amount_cents) for one in facts.payments] == usual
