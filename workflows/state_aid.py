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

from workflows.values import Text

YEARS = 3
# From then on each grant is entered in a central register (art. 6 of both).
REGISTER_FROM = date(2026, 1, 1)


class Regulation(StrEnum):
    """Under which regulation aid was given."""

    DE_MINIMIS = "de_minimis"
    SGEI = "sgei"


CEILING_CENTS: Mapping[Regulation, int] = MappingProxyType(
    {Regulation.DE_MINIMIS: 30_000_000, Regulation.SGEI: 75_000_000}
)

_SINCE_2024 = date(2024, 1, 1)
_BEFORE = {
    Regulation.DE_MINIMIS: Text(nl="(EU) nr. 1407/2013", en="(EU) No 1407/2013"),
    Regulation.SGEI: Text(nl="(EU) nr. 360/2012", en="(EU) No 360/2012"),
}
_SINCE = {
    Regulation.DE_MINIMIS: Text(nl="(EU) 2023/2831", en="(EU) 2023/2831"),
    Regulation.SGEI: Text(nl="(EU) 2023/2832", en="(EU) 2023/2832"),
}


def number_of(regulation: Regulation, *, on: date) -> Text:
    """Give the number of the Regulation that was in force on this day.

    The ones of before 2024 are known here; what they took the place of is not (before 2014 and 2012).
    """
    return (_SINCE if on >= _SINCE_2024 else _BEFORE)[regulation]


def in_register(*, on: date) -> bool:
    """Tell whether aid that is granted on this day goes into the central register."""
    return on >= REGISTER_FROM


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
