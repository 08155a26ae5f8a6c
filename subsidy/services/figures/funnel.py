"""From what came in to what was awarded, and why the others were not."""

from collections import Counter
from collections.abc import Callable, Sequence

from subsidy.services.figures.cases import DECIDED, Case
from subsidy.services.figures.table import Table, rate, table
from workflows.eligibility import FindingOutcome

STAGES: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("submitted", lambda _: True),
    ("complete", lambda one: one.complete),
    ("supplemented", lambda one: one.supplied),
    ("eligible", lambda one: one.eligible),
    ("assessed", lambda one: one.total is not None),
    ("fundable", lambda one: one.ranked.fundable),
    ("awarded", lambda one: one.awarded),
)
"""What an application passes; `supplemented` tells how many of the complete ones were completed later."""

# What an outcome without a recorded ground is counted under.
NO_GROUND = "unknown"


def funnel(cases: Sequence[Case]) -> Table:
    """Count how many passed each stage, as a number and as a part of what came in."""
    numbers = ((stage, sum(passed(one) for one in cases)) for stage, passed in STAGES)
    return table(
        "funnel",
        ("stage", "applications", "of_submitted_rate"),
        ((stage, number, rate(number, len(cases))) for stage, number in numbers),
    )


def outcomes(cases: Sequence[Case]) -> Table:
    """Count how applications ended; `pending` still waits for a decision."""
    ends = (*(state.value for state in DECIDED), "pending")
    counted = Counter(one.outcome for one in cases)
    requested: Counter[str] = Counter()
    for one in cases:
        requested[one.outcome] += one.sent.requested_cents
    return table(
        "outcomes",
        ("outcome", "applications", "of_submitted_rate", "requested_cents"),
        ((end, counted[end], rate(counted[end], len(cases)), requested[end]) for end in ends),
    )


def grounds(cases: Sequence[Case]) -> Table:
    """Count why applications were rejected or not processed, most frequent first."""
    refused = [one for one in cases if one.outcome in {"rejected", "not_processed"}]
    counted = Counter((one.outcome, one.ground or NO_GROUND) for one in refused)
    in_order = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    return table(
        "grounds",
        ("outcome", "ground", "applications", "of_refused_rate"),
        ((outcome, ground, number, rate(number, len(refused))) for (outcome, ground), number in in_order),
    )


def checks(cases: Sequence[Case]) -> Table:
    """Count per check on eligibility what the rules found, with what the check rests on."""
    found: dict[str, Counter[str]] = {}
    bases: dict[str, str] = {}
    for finding in (finding for one in cases for finding in one.findings):
        found.setdefault(finding.check.value, Counter())[finding.outcome.value] += 1
        bases[finding.check.value] = finding.basis
    return table(
        "checks",
        ("check", "basis", "passed", "warned", "failed"),
        (
            (
                check,
                bases[check],
                counted[FindingOutcome.PASSED.value],
                counted[FindingOutcome.WARNED.value],
                counted[FindingOutcome.FAILED.value],
            )
            for check, counted in found.items()
        ),
    )
