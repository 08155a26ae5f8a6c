"""Who is next when money comes free: the reserve list, in the order that held for the first decisions.

The list begins with who was awarded a part: it stood before the first reserve place in the ranking, and
was refused the rest only in so far as the ceiling would be exceeded (Awb 4:25(2)). Then come the reserve
places by number. Nobody overtakes: where the next does not fit and no part can be given, all behind it wait.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.regions import Reference, RegionIndex
from workflows.rules import Distribution, Rules
from workflows.snapshot import Region


class Turn(StrEnum):
    """How a place on the list stands.

    NEXT can be proposed now; MOVING has a decision on its way; SHORT would be next and does not fit, so all
    behind it wait. LAPSED is past its last day, REGION_TAKEN and MAX_AWARDS are what the rules refuse.
    """

    NEXT = "next"
    MOVING = "moving"
    WAITING = "waiting"
    SHORT = "short"
    LAPSED = "lapsed"
    REGION_TAKEN = "region_taken"
    MAX_AWARDS = "max_awards"
    NOT_ANNOUNCED = "not_announced"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the list; `number` is None for who was awarded a part, of which `held_cents` is the amount.

    `until` is the last day on which it can move up, None for a part: that can be raised as long as the list
    lasts. `moving`: a decision to replace its own is on its way.
    """

    reference: str
    number: int | None
    rank: int | None
    requested_cents: int
    held_cents: int = 0
    until: date | None = None
    announced: bool = True
    moving: bool = False
    region: Region | None = None

    @property
    def wants_cents(self) -> int:
        """Give what it lacks, in euro cents."""
        return self.requested_cents - self.held_cents

    @property
    def order(self) -> tuple[bool, int, str]:
        """Give what the list is ordered by, smaller first: who has a part by rank, then places by number."""
        return self.number is not None, self.number or self.rank or 0, self.reference


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands; `amount_cents` is the amount of the award that it would get, 0 unless NEXT."""

    place: Place
    turn: Turn
    amount_cents: int = 0


@dataclass(frozen=True, slots=True)
class Awarded:
    """The awards of a round that hold now or are on their way: how many, and (where it matters) where."""

    number: int
    regions: tuple[Region, ...] = ()


def parts_are_raised(rules: Rules) -> bool:
    """Tell whether who was awarded a part is on the list: not where everybody got the same share."""
    return rules.distribution is not Distribution.PROPORTIONAL


def standings(
    places: Iterable[Place],
    *,
    free_cents: int,
    rules: Rules,
    awarded: Awarded,
    today: date,
    reference: Reference,
) -> tuple[Standing, ...]:
    """Tell of every place how it stands, in the order of the list; at most one is NEXT.

    `free_cents` is what is neither promised nor spoken for by a proposal.
    """
    in_order = ordered(places)
    last_day = max((one.until for one in in_order if one.until is not None), default=None)
    gate = _Gate(rules, awarded, reference)
    found: list[Standing] = []
    stopped = False
    for place in in_order:
        until = place.until if place.number is not None else last_day
        known = _settled(place, until, today)
        if known is None:
            known = gate.refusal(place)
        if known is None:
            standing = Standing(place, Turn.WAITING) if stopped else _turn_of(place, rules, free_cents)
        else:
            standing = Standing(place, known)
        # Who is past the last day, or refused by a rule, holds up nobody; whoever is not there yet does.
        stopped = stopped or standing.turn in {Turn.NEXT, Turn.SHORT, Turn.NOT_ANNOUNCED}
        found.append(standing)
    return tuple(found)


def ordered(places: Iterable[Place]) -> list[Place]:
    """Put who was awarded a part before the reserve places: those by rank, these by number."""
    return sorted(places, key=lambda one: one.order)


def next_of(found: Sequence[Standing]) -> Standing | None:
    """Give whose turn it is."""
    return next((one for one in found if one.turn is Turn.NEXT), None)


def _settled(place: Place, until: date | None, today: date) -> Turn | None:
    if place.moving:
        return Turn.MOVING
    if until is not None and until < today:
        return Turn.LAPSED
    return None if place.announced else Turn.NOT_ANNOUNCED


def _turn_of(place: Place, rules: Rules, free: int) -> Standing:
    if place.wants_cents <= free:
        return Standing(place, Turn.NEXT, place.requested_cents)
    # A first part has to be worth carrying out; more of a part that was awarded always helps.
    least = 1 if place.held_cents else max(rules.min_partial_cents, 1)
    if rules.partial_award and free >= least:
        return Standing(place, Turn.NEXT, place.held_cents + free)
    return Standing(place, Turn.SHORT)


class _Gate:
    """The rules that hold whatever money there is: one award per region, a maximum of awards."""

    def __init__(self, rules: Rules, awarded: Awarded, reference: Reference) -> None:
        self._rules = rules
        self._number = awarded.number
        self._regions = RegionIndex(reference)
        for region in awarded.regions:
            self._regions.add(region, "")

    def refusal(self, place: Place) -> Turn | None:
        """Give which rule refuses this place; who has a part counts already and is refused by none."""
        if place.number is None:
            return None
        taken = place.region is not None and self._regions.first_clash(place.region) is not None
        if self._rules.one_award_per_region and taken:
            return Turn.REGION_TAKEN
        full = self._rules.max_awards is not None and self._number >= self._rules.max_awards
        return Turn.MAX_AWARDS if full else None
