"""The usual payments of an award: how many, and what share each is, by its amount.

A small award is determined and paid at once; a larger one is paid in advances, and the rest once it is
determined (Awb 4:42, 4:95; Uniform Subsidiekader). The shares are demo values: an officer can write others.
"""

import re
from typing import NamedTuple

from workflows.values import Text

EUROS = 100
ADVANCES_FROM_CENTS = 25_000 * EUROS
ACCOUNTING_FROM_CENTS = 125_000 * EUROS

HALFWAY = Text(nl="Halverwege, na uw voortgangsverslag", en="Halfway, after your progress report")
AFTERWARDS = Text(nl="Na de vaststelling van de subsidie", en="After the subsidy was determined")
# What an officer can write for the same; another thing can be determined later (a yearly plan, say).
_WAITS = re.compile(
    r"\b(?:na|bij)\s+(?:de\s+|uw\s+)?(?:definitieve\s+)?(?:subsidie)?vaststelling\b"
    r"(?!\s+van\s+(?!(?:de|uw|deze)\s+subsidie|het\s+(?:subsidie)?bedrag))"
    r"|\bsubsidie\b.*\bvastgesteld\b"
    r"|\bafter\b.*\bdetermin(?:ed|ation)\b",
    re.IGNORECASE | re.DOTALL,
)


class Payment(NamedTuple):
    """One payment: when, and euro cents."""

    when: Text
    cents: int


def at_once(weeks: int) -> Text:
    """Say when the first payment comes: within the weeks of the round (RoundDefinition.terms)."""
    one = weeks == 1
    return Text(
        nl=f"Binnen {weeks} {'week' if one else 'weken'} na de bekendmaking van dit besluit",
        en=f"Within {weeks} {'week' if one else 'weeks'} after this decision is announced",
    )


def settled_at_once(amount_cents: int) -> bool:
    """Tell whether an award of this amount is determined by the decision itself (USK; Awb 4:42)."""
    return amount_cents < ADVANCES_FROM_CENTS


def waits_for_settlement(when: str) -> bool:
    """Tell whether a payment waits, in the words of an officer, for the determination of the subsidy."""
    return _WAITS.search(when) is not None


def usual_payments(amount_cents: int, *, weeks: int) -> tuple[Payment, ...]:
    """Give the usual payments of an award of `amount_cents`; they add up to it, the last takes the rest.

    `weeks` is the term of the first, from the announcement.
    """
    if amount_cents <= 0:
        return ()
    first = at_once(weeks)
    if settled_at_once(amount_cents):
        return _shared(amount_cents, (first, 100))
    if amount_cents < ACCOUNTING_FROM_CENTS:
        return _shared(amount_cents, (first, 80), (AFTERWARDS, 20))
    return _shared(amount_cents, (first, 40), (HALFWAY, 40), (AFTERWARDS, 20))


def _shared(amount_cents: int, *shares: tuple[Text, int]) -> tuple[Payment, ...]:
    paid = [Payment(when, amount_cents * percent // 100) for when, percent in shares[:-1]]
    rest = amount_cents - sum(one.cents for one in paid)
    return (*paid, Payment(shares[-1][0], rest))
