"""Whether the ceiling of a published round may be changed (Awb 4:25 to 4:28).

Raising is always allowed and is published. Lowering does not touch applications that were received before
its publication (4:27(2)), unless the three conditions of 4:28 hold together; and no change goes below what
was promised already.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.states import RoundState


class Condition(StrEnum):
    """The conditions of Awb 4:28, which hold together or not at all."""

    # a: applications had to be sent in before the budget was adopted or approved.
    BEFORE_BUDGET = "before_budget"
    # b: the lowering follows from adopting or approving the budget.
    FROM_BUDGET = "from_budget"
    # c: the announcement of the ceiling pointed at a lowering and what it means for applications sent in.
    FORETOLD = "foretold"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a ceiling; amounts in euro cents, days in Amsterdam.

    `received` counts the applications that were sent in up to and including the day of publication;
    `opens_on` is the first day of the period for which the ceiling was set.
    """

    state: RoundState
    before_cents: int
    after_cents: int
    promised_cents: int
    received: int
    published_on: date
    opens_on: date
    today: date
    conditions: frozenset[Condition] = frozenset()

    @property
    def lowers(self) -> bool:
        """Whether there will be less."""
        return self.after_cents < self.before_cents


def refusal(change: Change) -> str | None:
    """Give the code of why a change cannot be made; None when it can."""
    faults = {
        "round_in_preparation": change.state is RoundState.DRAFT,
        "round_closed": change.state in {RoundState.DECIDED, RoundState.EVALUATED},
        "same_ceiling": change.after_cents == change.before_cents,
        "not_published_yet": change.published_on > change.today,
        "below_promised": change.after_cents < change.promised_cents,
        "received_before": (
            change.lowers and change.received > 0 and change.conditions != frozenset(Condition)
        ),
    }
    return next((code for code, holds in faults.items() if holds), None)


def warnings(change: Change) -> tuple[str, ...]:
    """Give what an officer should know of a change that can be made.

    A ceiling belongs to be announced before the period opens (4:27(1)); a lowering after it only counts for
    who applied later, unless 4:28 holds.
    """
    late = change.published_on >= change.opens_on
    bound = change.lowers and change.received > 0
    known = {"published_after_opening": late, "binds_received": bound}
    return tuple(code for code, holds in known.items() if holds)
