"""What was asked, what was awarded, and how much of the ceiling that took. Amounts in euro cents."""

from collections.abc import Sequence

from subsidy.models import Round
from subsidy.services.figures.cases import Case
from subsidy.services.figures.counting import Counted, count
from subsidy.services.figures.table import Cell, Table, rate, table

PER_ROUND = (
    "applications",
    "eligible",
    "awarded",
    "rejected",
    "success_rate",
    "requested_cents",
    "awarded_cents",
)


def money(rounds: Sequence[Round], cases: Sequence[Case]) -> Table:
    """Give the amounts of these rounds together, each also as a part of the ceiling.

    `unfunded` is what fundable applications asked and were refused in a decision.
    """
    ceiling = sum(one.ceiling_cents for one in rounds)
    awarded = sum(one.awarded_cents for one in cases)
    items = {
        "ceiling": ceiling,
        "requested": sum(one.sent.requested_cents for one in cases),
        "eligible": sum(one.sent.requested_cents for one in cases if one.eligible),
        "fundable": sum(one.sent.requested_cents for one in cases if one.ranked.fundable),
        "awarded": awarded,
        "left": ceiling - awarded,
        "unfunded": sum(one.sent.requested_cents for one in cases if one.ranked.fundable and one.rejected),
    }
    return table(
        "money",
        ("item", "amount_cents", "of_ceiling_rate"),
        ((item, cents, rate(cents, ceiling)) for item, cents in items.items()),
    )


def per_round(rounds: Sequence[Round], cases: Sequence[Case]) -> Table:
    """Give a row per round, in the order of the rounds."""
    return table(
        "rounds",
        ("round", "title", "kind", *PER_ROUND, "ceiling_cents", "ceiling_used_rate"),
        (_round_row(one, count(case for case in cases if case.round_id == one.id)) for one in rounds),
    )


def _round_row(round_: Round, counted: Counted) -> tuple[Cell, ...]:
    used = rate(counted.awarded_cents, round_.ceiling_cents)
    cells = counted.cells(PER_ROUND)
    return round_.slug, round_.title, round_.kind, *cells, round_.ceiling_cents, used


def awards_by_size(cases: Sequence[Case]) -> Table:
    """Count the awards by how much of what was asked they give."""
    awarded = [one for one in cases if one.awarded]
    whole = sum(one.awarded_cents >= one.sent.requested_cents for one in awarded)
    return table(
        "awards",
        ("award", "awarded", "of_awarded_rate"),
        (
            ("whole", whole, rate(whole, len(awarded))),
            ("partial", len(awarded) - whole, rate(len(awarded) - whole, len(awarded))),
        ),
    )
