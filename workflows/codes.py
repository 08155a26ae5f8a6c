"""The stable codes that the core answers with; words for them are found at the edge."""

from enum import StrEnum


class Check(StrEnum):
    """The checks on eligibility (ontvankelijkheid), in the order in which they are reported."""

    IN_TIME = "in_time"
    DOMAINS = "domains"
    REQUIRED_DOMAINS = "required_domains"
    SCALE = "scale"
    AREA = "area"
    INHABITANTS = "inhabitants"
    MUNICIPALITIES = "municipalities"
    AMOUNT = "amount"
    MONTHS = "months"
    REGIOBEELD = "regiobeeld"
    PREDECESSOR = "predecessor"
    ONE_PER_LEAD = "one_per_lead"
    ONE_PER_REGION = "one_per_region"


class Ground(StrEnum):
    """Why an application gets no money, or less than it asked.

    CRITERION is followed by a colon and the id of the criterion. INCOMPLETE is no outcome of the
    division: it is for an application that was not processed (Awb 4:5).
    """

    NOT_ELIGIBLE = "not_eligible"
    TOO_FEW_REVIEWS = "too_few_reviews"
    CRITERION = "criterion"
    BELOW_THRESHOLD = "below_threshold"
    REGION_TAKEN = "region_taken"
    MAX_AWARDS = "max_awards"
    CEILING = "ceiling"
    INCOMPLETE = "incomplete"

    @classmethod
    def of(cls, code: str) -> "Ground":
        """Give the kind of ground of a code, `criterion:<id>` too; ValueError when unknown."""
        return cls(code.partition(":")[0])
