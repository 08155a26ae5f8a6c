"""Counting cases: the same numbers for a whole, for a kind, for a round, and for every group."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean

from subsidy.services.figures.cases import Case
from subsidy.services.figures.table import Cell, Table, rate, rounded, table
from workflows.states import ApplicationState

GROUPED = (
    "applications",
    "awarded",
    "rejected",
    "success_rate",
    "requested_cents",
    "awarded_cents",
    "mean_total",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are and how they ended. Amounts in euro cents; outcomes are of decisions taken."""

    applications: int
    eligible: int
    awarded: int
    rejected: int
    not_processed: int
    withdrawn: int
    requested_cents: int
    awarded_cents: int
    mean_total: float | None

    @property
    def success_rate(self) -> float | None:
        """Awards as a part of awards and rejections; None when there are neither."""
        decided = self.awarded + self.rejected
        return self.awarded / decided if decided else None

    def cells(self, columns: Sequence[str]) -> tuple[Cell, ...]:
        """Give some of the numbers, by name."""
        return tuple(
            rate(self.awarded, self.awarded + self.rejected)
            if name == "success_rate"
            else getattr(self, name)
            for name in columns
        )


def count(cases: Iterable[Case]) -> Counted:
    """Count some cases."""
    some = tuple(cases)
    totals = [one.total for one in some if one.total is not None]
    return Counted(
        applications=len(some),
        eligible=sum(one.eligible for one in some),
        awarded=_in_state(some, ApplicationState.AWARDED),
        rejected=_in_state(some, ApplicationState.REJECTED),
        not_processed=_in_state(some, ApplicationState.NOT_PROCESSED),
        withdrawn=_in_state(some, ApplicationState.WITHDRAWN),
        requested_cents=sum(one.sent.requested_cents for one in some),
        awarded_cents=sum(one.awarded_cents for one in some),
        mean_total=rounded(Fraction(mean(totals))) if totals else None,
    )


def grouped(keyed: Iterable[tuple[str, Case]]) -> dict[str, list[Case]]:
    """Put cases under their keys, in order of the key; a case may come under several."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for key, case in keyed:
        groups[key].append(case)
    return dict(sorted(groups.items()))


def cross_table(name: str, column: str, groups: Mapping[str, Iterable[Case]]) -> Table:
    """Give a row per group with its outcomes and its money, in the order of the groups."""
    return table(
        name, (column, *GROUPED), ((key, *count(cases).cells(GROUPED)) for key, cases in groups.items())
    )


def _in_state(cases: Iterable[Case], state: ApplicationState) -> int:
    return sum(one.state is state for one in cases)
