"""How a kind of round is reviewed: what a motivation needs, who sees whose name, when a committee decides.

Not in a round file; frozen with the definition of a round. Conflicts of interest: Awb 2:4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from workflows.rules import Criterion
from workflows.values import Count, Model, Ordinal, Slug


class Recommendation(StrEnum):
    """What a reviewer recommends on an application as a whole; it never counts in a total."""

    FUND = "fund"
    FUND_WITH_CHANGES = "fund_with_changes"
    DO_NOT_FUND = "do_not_fund"


class ReviewRules(Model):
    """The settings of a review; the unit is in the name.

    `hide_reviewers`: reviewers do not see who else reviews an application, nor what they wrote, until they
    handed in. `hide_applicants`: reviewers do not see who applies. `interest_years`: how long after working
    together in an application somebody is warned for it. `matrix`: the criteria across and down in the view
    of relevance against quality. `shows_certainty`: the chair and the evaluator see how sure the order is;
    off by default, because what is shown becomes part of the file.
    """

    motivation_min_words: Count = 0
    recommends: bool = True
    hide_reviewers: bool = True
    hide_applicants: bool = False
    interest_years: Ordinal = 3
    most_per_reviewer: Ordinal = 10
    quorum_percent: Annotated[int, Field(ge=0, le=100)] = 50
    matrix: tuple[Slug, Slug] | None = None
    shows_certainty: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """What a review lacks before it can be handed in.

    `part`: `score`, `motivation`, `short` (a motivation of too few words) or `recommendation`, which is of
    no criterion.
    """

    criterion: Criterion | None
    part: str


def missing_from(
    criteria: Iterable[Criterion],
    rules: ReviewRules,
    *,
    scores: Mapping[str, Decimal],
    motivations: Mapping[str, str],
    recommendation: str,
) -> tuple[Missing, ...]:
    """Tell what a review lacks, in the order of the criteria; a score off the scale is no score.

    A score without motivation is not a score (Awb 3:46).
    """
    missing: list[Missing] = []
    for criterion in criteria:
        score = scores.get(criterion.id)
        if score is None or not criterion.holds(score):
            missing.append(Missing(criterion, "score"))
        words = len(motivations.get(criterion.id, "").split())
        if words == 0:
            missing.append(Missing(criterion, "motivation"))
        elif words < rules.motivation_min_words:
            missing.append(Missing(criterion, "short"))
    if rules.recommends and recommendation not in set(Recommendation):
        missing.append(Missing(None, "recommendation"))
    return tuple(missing)
