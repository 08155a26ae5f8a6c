"""How long it took, and how applications came in and follow each other."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from subsidy.clock import day_of
from subsidy.services.figures.cases import Case
from subsidy.services.figures.table import Cell, Table, table


def lead_times(cases: Sequence[Case]) -> Table:
    """Give the days from receipt to decision per outcome, and net of the time to supplement.

    The term stands still from the day after the invitation until the supplement, or the end of its term
    (Awb 4:15(1)(a)). Withdrawals are no decisions and are left out.
    """
    ends = ("awarded", "rejected", "not_processed")
    return table(
        "lead-times",
        ("outcome", "decided", "shortest_days", "median_days", "longest_days", "median_net_days"),
        (
            (end, *_days([one for one in cases if one.outcome == end and one.decided_on is not None]))
            for end in ends
        ),
    )


def received(cases: Sequence[Case]) -> Table:
    """Count the applications that came in per day (in Amsterdam), and together up to that day."""
    per_day = sorted(Counter(day_of(one.sent.submitted_at) for one in cases).items())
    together = 0
    rows: list[tuple[Cell, ...]] = []
    for day, number in per_day:
        together += number
        rows.append((day.isoformat(), number, together))
    return table("received", ("day", "applications", "together"), rows)


def pathway(cases: Sequence[Case]) -> Table:
    """Count the awards that follow an earlier award, by kind and by the kind before."""
    steps = Counter((one.kind, one.follows) for one in cases if one.awarded and one.follows is not None)
    return table(
        "pathway",
        ("kind", "follows", "awarded"),
        ((kind, before, number) for (kind, before), number in sorted(steps.items())),
    )


def returning(cases: Sequence[Case]) -> Table:
    """Count main applicants by how many applications they sent in; by KvK number, else by name."""
    leads = Counter(one.sent.lead.kvk or one.sent.lead.name.casefold() for one in cases)
    return table(
        "returning",
        ("times_applied", "leads"),
        sorted(Counter(leads.values()).items()),
    )


def _days(decided: Sequence[Case]) -> tuple[Cell, ...]:
    if not decided:
        return 0, None, None, None, None
    whole = [_lead_days(one) for one in decided]
    net = [_lead_days(one) - _still_days(one) for one in decided]
    return len(decided), min(whole), float(median(whole)), max(whole), float(median(net))


def _lead_days(case: Case) -> int:
    if case.decided_on is None:
        raise ValueError(f"{case.reference} is not decided")
    return (case.decided_on - day_of(case.sent.submitted_at)).days


def _still_days(case: Case) -> int:
    if case.asked_at is None or case.concluded_at is None:
        return 0
    return (day_of(case.concluded_at) - day_of(case.asked_at)).days
