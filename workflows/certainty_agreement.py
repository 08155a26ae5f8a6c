"""Krippendorff's alpha per criterion: how far reviewers agree beyond chance.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability; scores are taken as an interval scale.
1 is full agreement, 0 is what chance would give, below 0 reviewers disagree more than by chance.
"""

from collections.abc import Sequence
from enum import StrEnum

import krippendorff
import numpy as np

from workflows.certainty_sheet import Floats


class Undefined(StrEnum):
    """Why there is no alpha."""

    TOO_FEW = "too_few"
    """No application has two or more scores."""
    NO_VARIATION = "no_variation"
    """All scores are the same, so nothing can tell agreement from chance."""


def alpha(units: Sequence[Sequence[float]]) -> float | Undefined:
    """Give alpha over the scores of each application; those with one score count for nothing."""
    paired = [unit for unit in units if len(unit) > 1]
    if not paired:
        return Undefined.TOO_FEW
    if len({score for unit in paired for score in unit}) == 1:
        return Undefined.NO_VARIATION
    # Who gave a score does not matter to alpha, so a row is a turn and not a reviewer.
    table: Floats = np.full((max(map(len, paired)), len(paired)), np.nan)
    for column, unit in enumerate(paired):
        table[: len(unit), column] = unit
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval"))
