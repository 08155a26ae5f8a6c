"""What came of making a decision again: which parts were held beside each other, and what differs."""

from dataclasses import dataclass
from enum import StrEnum

Value = str | int | None


class Part(StrEnum):
    """What is held beside what it was, in the order of a page."""

    FROZEN = "frozen"
    RULES = "rules"
    APPLICATION = "application"
    FINDINGS = "findings"
    REVIEWS = "reviews"
    SCORES = "scores"
    TOTAL = "total"
    ADVICE = "advice"
    RANK = "rank"
    DIVISION = "division"
    RESERVE = "reserve"
    WORDS = "words"
    LETTER = "letter"
    LEDGER = "ledger"
    EVENTS = "events"
    CHAIN = "chain"


class Lack(StrEnum):
    """Why nothing can be made again."""

    # Brought in from a round file: it was decided elsewhere.
    IMPORTED = "imported"
    # Taken before rounds were frozen with their decisions.
    NOT_FROZEN = "not_frozen"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was; `detail` names a field, a check, a criterion or an event."""

    part: Part
    detail: str
    then: Value
    now: Value


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came of it: the parts that were held beside each other, and what differs.

    With a `lack` the round was not calculated again.
    """

    parts: tuple[Part, ...]
    differences: tuple[Difference, ...]
    lack: Lack | None = None

    @property
    def identical(self) -> bool:
        """Whether all of it was made again, and is what it was."""
        return self.lack is None and not self.differences

    def differs(self, part: Part) -> bool:
        """Whether something of this part is not as it was."""
        return any(one.part is part for one in self.differences)


def shown(value: object) -> Value:
    """Give a value as a difference keeps it."""
    return value if value is None or isinstance(value, int | str) else str(value)
