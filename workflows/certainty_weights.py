"""How far a weight can move before another set of applications stands above the line.

The share of one criterion in the total goes up or down and the others keep their proportion. Then every
total is a straight line, and the set can change only where two of these cross or one crosses the threshold.
So the answer is exact: each stretch between two such points is judged once, in its middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workflows.certainty_sheet import DECIMALS, SLACK, TOTAL, Flags, Floats, Sheet
from workflows.rules import Distribution

FIRST_BATCH, LARGEST_BATCH = 32, 1024


@dataclass(frozen=True, slots=True)
class Room:
    """The share (0..1) of a criterion, and the shares below and above it from which the set is another.

    None: there is no such share, down to nothing or up to all of the total.
    """

    share: float
    down: float | None
    up: float | None


def room(sheet: Sheet, place: int) -> Room:
    """Find how far the weight of the criterion at this place can move."""
    shares = sheet.weights
    share = float(shares[place])
    if len(shares) == 1 or not sheet.references:
        return Room(share, None, None)
    lines = _Lines.of(sheet, place)
    now = lines.above(np.array([share]))[0]
    points = lines.breakpoints(now)
    return Room(
        share,
        lines.first_change(now, [share, *points[points < share][::-1], 0.0]),
        lines.first_change(now, [share, *points[points > share], 1.0]),
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """Totals as lines: `rest` at share 0, `own` at share 1."""

    sheet: Sheet
    values: Floats
    rest: Floats
    own: Floats

    @classmethod
    def of(cls, sheet: Sheet, place: int) -> "_Lines":
        values = sheet.values()
        others = sheet.weights.copy()
        others[place] = 0
        return cls(sheet, values, 100 * values @ (others / others.sum()), 100 * values[:, place])

    def above(self, shares: Floats) -> Flags:
        """Tell for each share which applications stand above the line."""
        totals = self.rest + shares[:, None] * (self.own - self.rest)
        return self.sheet.above(np.round(totals, DECIMALS), self.values[None])

    def first_change(self, now: Flags, points: list[float]) -> float | None:
        """Walk from the present share outwards; give where the first stretch with another set begins."""
        for batch in _batches(points):
            edges = np.array(batch)
            changed = (self.above((edges[:-1] + edges[1:]) / 2) != now).any(axis=1)
            if changed.any():
                return float(edges[int(np.argmax(changed))])
        return None

    def breakpoints(self, now: Flags) -> Floats:
        """Give, in order, the shares between 0 and 1 where the set above the line can change."""
        candidates = self._reaching()
        found = [self._at_threshold(candidates)]
        if self._order_counts(candidates):
            found.append(self._crossings(self._rivals(now, candidates)))
        points = np.concatenate(found)
        inside = points[(points > SLACK) & (points < 1 - SLACK)]
        distinct: Floats = np.unique(np.round(inside, DECIMALS + 3))
        return distinct

    def _reaching(self) -> Flags:
        """Tell which reach the thresholds per criterion: no weight changes that."""
        plenty = np.full((1, len(self.rest)), 100.0)
        reaching: Flags = self.sheet.fundable(plenty, self.values[None])[0]
        return reaching

    def _at_threshold(self, candidates: Flags) -> Floats:
        threshold = self.sheet.rules.threshold_total
        if threshold is None:
            return np.zeros(0)
        rest, own = self.rest[candidates], self.own[candidates]
        sloping = own != rest
        points: Floats = (float(threshold) - rest[sloping]) / (own - rest)[sloping]
        return points

    def _order_counts(self, candidates: Flags) -> bool:
        """Tell whether it matters at all who goes first: there is money, place and region for everybody."""
        sheet, rules = self.sheet, self.sheet.rules
        if TOTAL not in [key for key in sheet.keys if isinstance(key, int)]:
            return False
        short = rules.distribution is Distribution.TENDER and (
            int(sheet.asked[candidates].sum()) > sheet.ceiling_cents
        )
        most = rules.max_awards is not None and int(candidates.sum()) > rules.max_awards
        clash = sheet.clash is not None and bool(sheet.clash[candidates][:, candidates].any())
        return short or most or clash

    def _rivals(self, now: Flags, candidates: Flags) -> Flags:
        """Tell of every two whether it can matter who of them goes first, as long as the set is the same.

        Above with below the line always. Two below only when one of them would fit in what is left, and two
        above only when the last of them may get a part. Whose region is taken has to do with who took it.
        """
        sheet, rules = self.sheet, self.sheet.rules
        below = candidates & ~now
        found: Flags = np.outer(now, below)
        waiting = below
        if sheet.clash is not None:
            closed = below & (sheet.clash & now).any(axis=1)
            found &= ~closed | sheet.clash
            waiting = below & ~closed
        if rules.max_awards is None or now.sum() < rules.max_awards:
            left = sheet.ceiling_cents - int(sheet.asked[now].sum())
            found |= np.outer(waiting & (sheet.asked <= left), waiting)
        if rules.partial_award:
            found |= np.outer(now, now)
        first = sheet.keys[0]
        rivals: Flags = np.triu(found | found.T, 1) & np.equal.outer(first, first)
        return rivals

    def _crossings(self, rivals: Flags) -> Floats:
        """Give where the lines of rivals cross, at a total that does not lie below the threshold."""
        one, other = np.nonzero(rivals)
        apart = self.rest[one] - self.rest[other]
        turn = (self.own[other] - self.rest[other]) - (self.own[one] - self.rest[one])
        crossing = turn != 0
        points: Floats = apart[crossing] / turn[crossing]
        least = self.sheet.rules.threshold_total
        if least is None:
            return points
        rest, own = self.rest[one[crossing]], self.own[one[crossing]]
        kept: Floats = points[rest + points * (own - rest) >= float(least) - SLACK]
        return kept


def _batches(points: list[float]) -> Iterator[list[float]]:
    size, start = FIRST_BATCH, 0
    while start < len(points) - 1:
        yield points[start : start + size + 1]
        start, size = start + size, min(2 * size, LARGEST_BATCH)
