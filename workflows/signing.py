"""What a partner confirms when it signs, and what of that changed afterwards.

A partner confirms the terms under which it takes part: the amount that is asked, with whom, what it pays
itself, and how long the project lasts. Texts may be improved without asking anybody again; these may not.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

# So long before the deadline no confirmation falls away any more: nobody could ask for it again in time.
LAST_HOURS = timedelta(hours=24)


class Change(StrEnum):
    """What is different from what was confirmed."""

    AMOUNT = "amount"
    PARTNERS = "partners"
    CONTRIBUTIONS = "contributions"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one partner confirms: amounts in euro cents, duration in months (None: not filled in yet).

    `lead` and `partners` are names; `own_cents` and `cofinancing_cents` are what this partner pays or brings.
    """

    asked_cents: int
    lead: str
    partners: tuple[str, ...]
    own_cents: int
    cofinancing_cents: int
    months: int | None

    @property
    def digest(self) -> str:
        """SHA-256 of what matters: the same for another order of partners, or another spelling of a name."""
        return sha256(json.dumps(self._compared(), sort_keys=True).encode()).hexdigest()

    def stored(self) -> dict[str, object]:
        """As JSON, to keep with the signature."""
        return {**asdict(self), "partners": list(self.partners)}

    def _compared(self) -> dict[str, object]:
        return {
            Change.AMOUNT: self.asked_cents,
            Change.PARTNERS: [_plain(self.lead), sorted(map(_plain, self.partners))],
            Change.CONTRIBUTIONS: [self.own_cents, self.cofinancing_cents],
            Change.DURATION: self.months,
        }


def terms_from(stored: Mapping[str, object]) -> Terms:
    """Give the terms that `stored` made; KeyError when one is missing."""
    values = dict(stored)
    partners = values["partners"]
    names = tuple(map(str, partners)) if isinstance(partners, Iterable) else ()
    return Terms(**{**values, "partners": names})  # type: ignore[arg-type]  # as `stored` wrote them


def changed(old: Terms, new: Terms) -> tuple[Change, ...]:
    """Give what is different, for who has to be told why the old confirmation no longer holds."""
    before, after = old._compared(), new._compared()  # noqa: SLF001  # two of a kind
    return tuple(change for change in Change if before[change] != after[change])


def same_name(one: str, other: str) -> bool:
    """Whether two names differ at most in what people write differently."""
    return _plain(one) == _plain(other)


def spared(deadline: datetime, now: datetime) -> bool:
    """Whether the deadline is so near that confirmations stay as they are."""
    return deadline - LAST_HOURS <= now <= deadline


def _plain(name: str) -> str:
    """The name without what people write differently: capitals, spaces, dots."""
    return "".join(c for c in name.casefold() if c.isalnum()) or name
