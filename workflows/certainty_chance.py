"""The chance that an application stands above the line: the bootstrap over its reviewers.

Each draw picks for every application as many reviews as it has, out of its own, with replacement, and then
ranks and divides. The chance is the share of the draws in which the application gets money. What the panel
agreed, and its order of priority, stay as they are. Efron & Tibshirani (1993), chapter 6.
"""

from collections import defaultdict

import numpy as np

from workflows.certainty_sheet import Floats, Sheet, Whole, aggregate, weigh

AT_ONCE = 250
HALF = np.uint64(32)


def chances(sheet: Sheet, *, draws: int, seed: int) -> Floats:
    """Give the chance (0..1) of each row to stand above the line; the same seed gives the same chances."""
    lots = Lots(seed)
    found = np.zeros(len(sheet.references))
    weights = sheet.weights
    for start in range(0, draws, AT_ONCE):
        number = min(AT_ONCE, draws - start)
        values = resampled(sheet, number, lots)
        found += sheet.above(weigh(values, weights), values).sum(axis=0)
    chances: Floats = found / draws
    return chances


class Lots:
    """Numbers below a bound, drawn with a seed.

    From the raw output of PCG64, which numpy promises never to change: a seed that was published years ago
    gives the same draws. That a bound does not divide 2**32 shifts a chance by less than one in a billion.
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.PCG64(seed)

    def below(self, bound: int, shape: tuple[int, ...]) -> Whole:
        """Draw whole numbers 0..bound-1."""
        raw = self._generator.random_raw(shape)
        found: Whole = (((raw >> HALF) * np.uint64(bound)) >> HALF).astype(np.int64)
        return found


def resampled(sheet: Sheet, draws: int, lots: Lots) -> Floats:
    """Give values (draws by rows by criteria) of so many draws over the reviews of each application."""
    criteria = len(sheet.rules.criteria)
    found = np.full((draws, len(sheet.references), criteria), np.nan)
    rows_with: defaultdict[int, list[int]] = defaultdict(list)
    for row, scores in enumerate(sheet.given):
        rows_with[len(scores)].append(row)
    for reviews, rows in sorted(rows_with.items()):
        if reviews == 0:
            continue
        scores = np.stack([sheet.given[row] for row in rows])
        chosen = lots.below(reviews, (draws, len(rows), reviews))
        across = np.arange(len(rows))[None, :, None]
        for place in range(criteria):
            found[:, rows, place] = aggregate(sheet.rules, scores[across, chosen, place], axis=2)
    return sheet.with_agreed(found)
