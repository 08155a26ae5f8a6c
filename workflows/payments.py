"""The usual payments of an award: how many, and what share each is, by its amount.

A small award is determined and paid at once; a larger one is paid in advances, and the rest once it is
determined (Awb 4:42, 4:95; Uniform Subsidiekader). The shares are demo values: an officer can write others.
"""

from typing import NamedTuple

from workflows.values import Text

EUROS = 100
ADVANCES_FROM_CENTS = 25_000 * EUROS
ACCOUNTING_FROM_CENTS = 125_000 * EUROS

AT_ONCE = Text(
    nl="Binnen 6 weken na de bekendmaking van dit besluit",
    en="Within 6 weeks after this decision is announced",
)
HALFWAY = Text(nl="Halverwege, na uw voortgangsverslag", en="Halfway, after your progress report")
AFTERWARDS = Text(nl="Na de vaststelling van de subsidie", en="After the subsidy was determined")


class Payment(NamedTuple):
    """One payment: when, and euro cents."""

    when: Text
    cents: int


def usual_payments(amount_cents: int) -> tuple[Payment, ...]:
    """Give the usual payments of an award of `amount_cents`; they add up to it, the last takes the rest."""
    if amount_cents <= 0:
        return ()
    if amount_cents < ADVANCES_FROM_CENTS:
        return _shared(amount_cents, (AT_ONCE, 100))
    if amount_cents < ACCOUNTING_FROM_CENTS:
        return _shared(amount_cents, (AT_ONCE, 80), (AFTERWARDS, 20))
    return _shared(amount_cents, (AT_ONCE, 40), (HALFWAY, 40), (AFTERWARDS, 20))


def _shared(amount_cents: int, *shares: tuple[Text, int]) -> tuple[Payment, ...]:
    paid = [Payment(when, amount_cents * percent // 100) for when, percent in shares[:-1]]
    rest = amount_cents - sum(one.cents for one in paid)
    return (*paid, Payment(shares[-1][0], rest))
