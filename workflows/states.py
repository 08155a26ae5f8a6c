"""The words for where an application and a round stand.

They live apart from the machines because the permissions speak of them too, and the machines
ask the permissions.
"""

from enum import StrEnum


class ApplicationState(StrEnum):
    """Where an application stands; stored, and written by one service only."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ELIGIBLE = "eligible"
    # A finding of the office, not yet a decision: by letter it becomes rejected or not processed.
    INELIGIBLE = "ineligible"
    IN_REVIEW = "in_review"
    REBUTTAL = "rebuttal"
    ADVISED = "advised"
    AWARDED = "awarded"
    REJECTED = "rejected"
    NOT_PROCESSED = "not_processed"
    WITHDRAWN = "withdrawn"


class RoundState(StrEnum):
    """What a person decided about a round; stored. What the clock decides is a `Phase`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DECIDED = "decided"
    EVALUATED = "evaluated"


class Phase(StrEnum):
    """Where a round stands for people: derived from its state, its dates and the clock."""

    PREPARATION = "preparation"
    ANNOUNCED = "announced"
    OPEN = "open"
    # Closed for applications: the office checks what came in.
    CLOSED = "closed"
    REVIEW = "review"
    PANEL = "panel"
    DECIDED = "decided"
    EVALUATED = "evaluated"
