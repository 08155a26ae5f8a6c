"""How applications were assessed: totals, scores per criterion, how reviewers differ, interests declared."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from statistics import mean, median

from subsidy.services.figures.cases import Case
from subsidy.services.figures.table import Cell, Table, rate, rounded, table
from workflows.rules import Criterion
from workflows.scoring import counted_reviews, spread

STEP = 10
TOP = 100


def totals(cases: Sequence[Case]) -> Table:
    """Count the weighted totals (0..100) in steps of ten; 100 falls in the last."""
    counted: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for case in cases:
        if case.total is not None:
            counted[case.ranked.fundable][min(int(case.total // STEP) * STEP, TOP - STEP)] += 1
    return table(
        "totals",
        ("total_from", "total_to", "fundable", "not_fundable"),
        ((low, low + STEP, counted[True][low], counted[False][low]) for low in range(0, TOP, STEP)),
    )


def criteria(cases: Sequence[Case]) -> Table:
    """Give a row per criterion of a round: its values, and how far reviewers lie apart.

    `spread` is the mean over applications of the highest less the lowest score, where two or more reviews
    count; values are on the scale of the criterion. For the cases of one round.
    """
    if not cases:
        return table("criteria", CRITERIA, ())
    rules = cases[0].rules
    spreads = [spread(rules, one.sent) for one in cases if len(counted_reviews(rules, one.sent)) > 1]
    return table(
        "criteria",
        CRITERIA,
        (
            (
                one.id,
                *_values([value for case in cases if (value := case.ranked.criteria[one.id]) is not None]),
                _mean_spread(one, spreads),
                float(one.worst),
                float(one.best),
            )
            for one in rules.criteria
        ),
    )


CRITERIA = ("criterion", "assessed", "mean", "median", "lowest", "highest", "spread", "worst", "best")


def interests(cases: Sequence[Case]) -> Table:
    """Count the assignments to reviewers, and those that ended in a declared interest (Awb 2:4)."""
    reviews = [review for one in cases for review in one.sent.reviews]
    declared = sum(review.conflict is not None for review in reviews)
    counted = sum(len(counted_reviews(one.rules, one.sent)) for one in cases)
    return table(
        "interests",
        ("review", "reviews", "of_reviews_rate"),
        (
            ("counted", counted, rate(counted, len(reviews))),
            ("interest_declared", declared, rate(declared, len(reviews))),
            (
                "incomplete",
                len(reviews) - counted - declared,
                rate(len(reviews) - counted - declared, len(reviews)),
            ),
        ),
    )


def _values(values: list[Fraction]) -> tuple[Cell, ...]:
    if not values:
        return 0, None, None, None, None
    return (
        len(values),
        rounded(Fraction(mean(values))),
        rounded(Fraction(median(values))),
        rounded(min(values)),
        rounded(max(values)),
    )


def _mean_spread(criterion: Criterion, spreads: Sequence[dict[str, Fraction | None]]) -> float | None:
    known = [apart for one in spreads if (apart := one[criterion.id]) is not None]
    return rounded(Fraction(mean(known))) if known else None
