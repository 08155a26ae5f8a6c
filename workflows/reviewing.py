"""How a kind of round is reviewed: what a motivation needs, who sees whose name, when a committee decides.

Not in a round file; frozen with the definition of a round. Conflicts of interest: Awb 2:4.
"""

from typing import Annotated

from pydantic import Field

from workflows.values import Count, Model, Ordinal, Slug


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
