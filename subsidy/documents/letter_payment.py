"""What a letter says of payment: the words of the class of its amount, unless payments of its own differ.

A round that was published keeps its own phrases, so which of them say when money is paid is known by what
they name: the weeks within which.
"""

from collections.abc import Callable

from subsidy.documents.letter_facts import LetterFacts
from workflows.payments import usual_payments
from workflows.phrases import AmountClass
from workflows.values import Text, placeholders

AS_IN_THE_TABLE = "Wij betalen de subsidie zoals in de tabel hieronder staat (artikel 4:87 Awb)."
WEEKS = "payment_weeks"


def payment_of(amounts: AmountClass, facts: LetterFacts, words: Callable[[Text], str]) -> tuple[str, ...]:
    """Give the sentences; with payments of its own the table says when, and no sentence says otherwise."""
    if not facts.payments or _are_usual(facts):
        return tuple(words(one) for one in amounts.payment)
    rest = (words(one) for one in amounts.payment if WEEKS not in placeholders(one.nl))
    return (*rest, AS_IN_THE_TABLE)


def _are_usual(facts: LetterFacts) -> bool:
    usual = [(one.when.nl, one.cents) for one in usual_payments(facts.amount_cents)]
    return [(one.when, one.amount_cents) for one in facts.payments] == usual
