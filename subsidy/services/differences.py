"""What came of making a decision again: which parts were held beside each other, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int | None


class Part(StrEnum):
    """What is held beside what it was, in the order of a page."""

    FROZEN = "frozen"
    RULES = "rules"
    APPLICATION = "application"
    FINDINGS = "findings"
    # Instead of the checks made again: those that the office judged, as they were frozen with its verdict.
    JUDGED = "judged"
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


class NotHeld(StrEnum):
    """Why one part was not held beside anything, so that nothing can be said of it."""

    # The round was not frozen with the decision, or what was frozen is gone or was changed.
    NOT_FROZEN = "not_frozen"
    DAMAGED = "damaged"
    # What the decision rests on cannot be read.
    UNREADABLE = "unreadable"
    # The round was frozen before the findings under a verdict were frozen with it.
    FINDINGS_NOT_FROZEN = "findings_not_frozen"
    # No event holds the digest of what the decision says.
    NO_DIGEST = "no_digest"
    # A proposal of which the letter is still being made.
    NO_LETTER = "no_letter"


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

    `left_out` are the parts of which nothing can be said, with why. With a `lack` the round was not
    calculated again.
    """

    parts: tuple[Part, ...]
    differences: tuple[Difference, ...]
    lack: Lack | None = None
    left_out: Mapping[Part, NotHeld] = field(default_factory=dict)

    @property
    def identical(self) -> bool:
        """Whether the round was calculated again, and all that was compared is what it was."""
        return self.lack is None and not self.differences

    @property
    def whole(self) -> bool:
        """Whether there is no part that was not compared."""
        return self.lack is None and not self.left_out

    def differs(self, part: Part) -> bool:
        """Whether something of this part is not as it was."""
        return any(one.part is part for one in self.differences)


def shown(value: object) -> Value:
    """Give a value as a difference keeps it."""
    return value if value is None or isinstance(value, int | str) else str(value)
