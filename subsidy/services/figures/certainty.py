"""How sure an order is, as tables: for the page, and as CSV files."""

from subsidy.services.figures.table import Table, table
from workflows.certainty import Certainty


def tables_of(found: Certainty) -> dict[str, Table]:
    """Give every table, by name. An empty cell in `weights`: no share changes who is above the line."""
    made = (_applications(found), _reviewers(found), _agreement(found), _weights(found))
    return {one.name: one for one in made}


def _applications(found: Certainty) -> Table:
    return table(
        "applications",
        (
            "reference", "rank", "total", "above_line", "reviews", "chance_rate", "corrected_rank",
            "corrected_total", "corrected_error", "part",
        ),
        (
            (
                one.reference,
                one.rank,
                one.total,
                "yes" if one.above else "no",
                one.reviews,
                one.chance,
                one.corrected_rank,
                one.corrected,
                one.corrected_error,
                one.part,
            )
            for one in found.applications
        ),
    )  # fmt: skip


def _reviewers(found: Certainty) -> Table:
    return table(
        "reviewers",
        ("reviewer", "reviews", "effect", "error", "part"),
        ((one.reviewer, one.reviews, one.effect, one.error, one.part) for one in found.reviewers),
    )


def _agreement(found: Certainty) -> Table:
    return table(
        "agreement",
        ("criterion", "alpha", "applications", "undefined"),
        (
            (one.criterion, one.alpha, one.applications, one.undefined and one.undefined.value)
            for one in found.agreement
        ),
    )


def _weights(found: Certainty) -> Table:
    return table(
        "weights",
        ("criterion", "share_rate", "changes_below_rate", "changes_above_rate"),
        ((one.criterion, one.share, one.down, one.up) for one in found.weights),
    )
