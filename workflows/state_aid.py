"""Small amounts of state aid: what an undertaking got in three years, against the ceilings.

De minimis aid (Regulation (EU) 2023/2831) and aid for services of general economic interest
(Regulation (EU) 2023/2832) have each a ceiling per single undertaking over three years, counted back from
the day on which new aid is granted (art. 3(2) of both). Amounts are in euro cents.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

YEARS = 3


class Regulation(StrEnum):
    """Under which regulation aid was given."""

    DE_MINIMIS = "de_minimis"
    SGEI = "sgei"


CEILING_CENTS: Mapping[Regulation, int] = MappingProxyType(
    {Regulation.DE_MINIMIS: 30_000_000, Regulation.SGEI: 75_000_000}
)


@dataclass(frozen=True, slots=True)
class Aid:
    """Aid that a participant got; without a date it counts, for nobody can say that it is too old."""

    participant: str
    regulation: Regulation
    amount_cents: int
    granted_on: date | None = None


@dataclass(frozen=True, slots=True)
class AidStanding:
    """How far a participant is under one regulation: earlier aid, and what is asked now."""

    participant: str
    regulation: Regulation
    earlier_cents: int
    asked_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Earlier aid and what is asked now together."""
        return self.earlier_cents + self.asked_cents

    @property
    def ceiling_cents(self) -> int:
        """The most that one undertaking may get in three years."""
        return CEILING_CENTS[self.regulation]

    @property
    def over_cents(self) -> int:
        """By how much the ceiling is passed; the ceiling itself is allowed."""
        return max(0, self.total_cents - self.ceiling_cents)


def standings(
    received: Iterable[Aid], *, on: date, lead: str | None = None, asked_cents: int = 0
) -> tuple[AidStanding, ...]:
    """Add up aid per participant and regulation over the three years before `on`, that day included.

    What is asked now counts for the lead, who receives the money, under both regulations: under which it
    is granted is not known yet. So the lead is always there, others when they got aid.
    """
    earlier: dict[tuple[str, Regulation], int] = {}
    if lead is not None:
        earlier |= {(lead, regulation): 0 for regulation in Regulation}
    for aid in _counting(received, on):
        place = (aid.participant, aid.regulation)
        earlier[place] = earlier.get(place, 0) + aid.amount_cents
    return tuple(
        AidStanding(participant, regulation, cents, asked_cents if participant == lead else 0)
        for (participant, regulation), cents in earlier.items()
    )


def first_day(on: date) -> date:
    """Give the first day that counts: the same date three years before, or 28 February."""
    try:
        return on.replace(year=on.year - YEARS)
    except ValueError:  # 29 February
        return on.replace(year=on.year - YEARS, day=28)


def _counting(received: Iterable[Aid], on: date) -> Iterator[Aid]:
    begin = first_day(on)
    return (aid for aid in received if aid.granted_on is None or begin <= aid.granted_on <= on)
