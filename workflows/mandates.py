"""Who may decide in the name of the authority (Awb 10:3 to 10:12): on what, how much, and when.

The holder of a mandate decides for the authority and the letter says so (Awb 10:10). Who proposed a
decision never takes it, whatever mandate they hold.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.snapshot import Decision as Outcome


class DecisionKind(StrEnum):
    """How a decision stands to the one before it on the same application.

    Every kind but FIRST names the decision that it replaces. INCREASE gives more out of money that came
    free, RESERVE moves an application up from the reserve list, REMEDY follows an objection, an appeal or a
    court order and is tested against the original moment (Awb 4:25(3)).
    """

    FIRST = "first"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    INCREASE = "increase"
    RESERVE = "reserve"
    REMEDY = "remedy"


class Power(StrEnum):
    """What a mandate can be for; an amount limits AWARD and REMEDY."""

    AWARD = "award"
    REJECT = "reject"
    NOT_PROCESS = "not_process"
    WITHDRAW = "withdraw"
    REMEDY = "remedy"


class Standing(StrEnum):
    """Where a mandate stands on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    OVER = "over"
    WITHDRAWN = "withdrawn"


_BY_OUTCOME = {
    Outcome.AWARDED: Power.AWARD,
    Outcome.REJECTED: Power.REJECT,
    Outcome.NOT_PROCESSED: Power.NOT_PROCESS,
    Outcome.WITHDRAWN: Power.WITHDRAW,
}


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a mandate is for; `up_to_cents` (euro cents) None is without limit, `round_id` None all rounds.

    Its first and its last day still count; it ends at once when it is withdrawn.
    """

    holder_id: int
    powers: frozenset[Power]
    from_day: date
    until_day: date | None = None
    up_to_cents: int | None = None
    round_id: int | None = None
    withdrawn: bool = False


def power_of(kind: DecisionKind, outcome: Outcome) -> Power:
    """Tell what somebody must be empowered to, to take such a decision."""
    return Power.REMEDY if kind is DecisionKind.REMEDY else _BY_OUTCOME[outcome]


def standing_of(mandate: Mandate, day: date) -> Standing:
    """Tell where a mandate stands on a day: only one in force can carry a decision."""
    if mandate.withdrawn:
        return Standing.WITHDRAWN
    if mandate.until_day is not None and mandate.until_day < day:
        return Standing.OVER
    return Standing.NOT_YET if day < mandate.from_day else Standing.IN_FORCE


def covers(mandate: Mandate, power: Power, *, amount_cents: int, round_id: int, day: date) -> bool:
    """Tell whether a mandate is for this power and amount (euro cents), in this round, on this day."""
    return (
        standing_of(mandate, day) is Standing.IN_FORCE
        and power in mandate.powers
        and (mandate.round_id is None or mandate.round_id == round_id)
        and (mandate.up_to_cents is None or amount_cents <= mandate.up_to_cents)
    )
