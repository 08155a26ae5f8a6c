"""First come, first served: who goes before whom, and when nobody waits any more who could be passed over.

The money goes in order of receipt (Awb 4:26), so what one application gets can only be said once those that
were received before it were decided, or once there is enough for all of them and for this one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from workflows.rules import FirstComeUnit, Rules
from workflows.scoring import SortKey, day_in_amsterdam, unscored_tie_key


@dataclass(frozen=True, slots=True)
class InLine:
    """An application as the line knows it; `requested_cents` in euro cents.

    `rank` is its place among the fundable, needed only where a criterion separates who came together; None
    when it has none yet.
    """

    reference: str
    received_at: datetime
    requested_cents: int
    rank: int | None = None


def needs_ranks(rules: Rules) -> bool:
    """Tell whether the order of who came together rests on scores."""
    return any(rules.criterion(name) is not None for name in rules.tie_break)


def place_in_line(rules: Rules, one: InLine) -> SortKey:
    """Give what the line is ordered by, smaller first: as `scoring.rank` orders the fundable.

    Where scores separate who came together, one without a rank goes first: it may turn out to.
    """
    by_day = rules.first_come_unit is FirstComeUnit.DAY
    received = day_in_amsterdam(one.received_at) if by_day else one.received_at
    if needs_ranks(rules):
        return (received, one.rank or 0, one.reference)
    ties = (
        unscored_tie_key(
            rules,
            name,
            reference=one.reference,
            requested_cents=one.requested_cents,
            received_at=one.received_at,
        )
        for name in rules.tie_break
    )
    return (received, *ties, one.reference)


class Line:
    """Who waits for money that is given in order of receipt.

    `left_cents` is what no decision or proposal claims yet, in euro cents; `awards` how many there are.
    """

    def __init__(self, rules: Rules, waiting: Iterable[InLine], *, left_cents: int, awards: int) -> None:
        self.rules = rules
        self._left = left_cents
        self._awards = awards
        ordered = sorted((place_in_line(rules, one), one.reference, one.requested_cents) for one in waiting)
        self._waiting = {reference: (place, cents) for place, reference, cents in ordered}

    def passes_over(self, one: InLine, cents: int) -> bool:
        """Tell whether giving `cents` to this one could pass over somebody who was received before it.

        It cannot when what is left covers all who go before and this one. Where a region gets one award, or
        where the number of awards does not reach that far either, those before always have to be decided.
        """
        mine = place_in_line(self.rules, one)
        before, asked = 0, 0
        for reference, (place, requested) in self._waiting.items():
            if place >= mine:
                break
            if reference != one.reference:
                before += 1
                asked += requested
        if not before:
            return False
        most = self.rules.max_awards
        enough = most is None or self._awards + before + 1 <= most
        return self.rules.one_award_per_region or not enough or asked + cents > self._left

    def day_not_over(self, one: InLine, today: date) -> bool:
        """Tell whether somebody may still come in who goes together with this one."""
        by_day = self.rules.first_come_unit is FirstComeUnit.DAY
        return by_day and day_in_amsterdam(one.received_at) >= today

    def serve(self, reference: str, cents: int) -> None:
        """Let one leave the line with this much, 0 for nothing."""
        self._waiting.pop(reference, None)
        if cents:
            self._left -= cents
            self._awards += 1
