"""Counted reviews, totals, what is fundable, and the order; held against the specification."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import oracle
from tests.workflows.rounds import MOMENTS, a_round, application, criterion, review, rounds
from workflows.rules import Distribution
from workflows.scoring import Ranked, rank, reviews_needed, rounded, spread
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Round = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def order_of(ranking: tuple[Ranked, ...]) -> list[str]:
    return [one.reference for one in ranking if one.fundable]


@given(rounds())
def test_ranking_is_what_the_specification_says(case: Round) -> None:
    round_, applications, eligible = case
    ranking = rank(round_, applications, eligible)
    assert order_of(ranking) == oracle.order(round_, applications, eligible)
    assert [one.rank for one in ranking if one.fundable] == list(range(1, len(order_of(ranking)) + 1))
    unranked = [one.reference for one in ranking if one.rank is None]
    assert unranked == sorted(unranked)
    by_reference = {one.reference: one for one in ranking}
    for one in applications:
        scored = by_reference[one.reference]
        assert scored.total == oracle.total(round_, one)
        assert scored.criteria == oracle.values(round_, one)
        assert scored.reviews == len(oracle.counted(round_, one))
        assert scored.ground == oracle.ground(round_, one, eligible=eligible[one.reference])


@pytest.mark.slow
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(case: Round, chance: Random) -> None:
    round_, applications, eligible = case
    shuffled = []
    for one in applications:
        reviews = list(one.reviews)
        chance.shuffle(reviews)
        shuffled.append(one.model_copy(update={"reviews": tuple(reviews)}))
    chance.shuffle(shuffled)
    assert rank(round_, shuffled, eligible) == rank(round_, applications, eligible)


@pytest.mark.slow
@given(rounds((Distribution.TENDER, Distribution.PROPORTIONAL)), st.data())
def test_a_better_score_never_ranks_lower(case: Round, data: st.DataObject) -> None:
    round_, applications, eligible = case
    before = order_of(rank(round_, applications, eligible))
    scored = [
        one for one in applications if one.reference in before and one.reviews and round_.rules.criteria
    ]
    if not scored:
        return
    chosen = data.draw(st.sampled_from(scored))
    one_criterion = data.draw(st.sampled_from(round_.rules.criteria))
    index = data.draw(st.integers(0, len(chosen.reviews) - 1))
    old = chosen.reviews[index]
    if one_criterion.id not in old.scores:
        return
    improved = old.model_copy(update={"scores": {**old.scores, one_criterion.id: one_criterion.best}})
    better = chosen.model_copy(
        update={"reviews": (*chosen.reviews[:index], improved, *chosen.reviews[index + 1 :])}
    )
    others = [one for one in applications if one is not chosen]
    after = order_of(rank(round_, [better, *others], eligible))
    assert after.index(chosen.reference) <= before.index(chosen.reference)


def test_total_weighs_to_a_hundred_whatever_the_weights_add_up_to() -> None:
    round_ = a_round(criteria=[criterion("a", weight=2), criterion("b", weight=1)], min_reviews=1)
    (only,) = rank(round_, [application("A", reviews=[review(a=5, b=3)])], {"A": True})
    assert only.total == Fraction(250, 3)
    assert rounded(only.total) == Decimal("83.3333")


def test_lower_can_be_better() -> None:
    lower = criterion("a", best=1, worst=5, threshold="1.49")
    round_ = a_round(criteria=[lower], min_reviews=1, tie_break=["a"])
    ranking = rank(
        round_,
        [
            application("A", reviews=[review(a="1.49")]),
            application("B", reviews=[review(a="1")]),
            application("C", reviews=[review(a="1.5")]),
        ],
        dict.fromkeys("ABC", True),
    )
    assert [(one.reference, one.rank, one.ground) for one in ranking] == [
        ("B", 1, None),
        ("A", 2, None),
        ("C", None, "criterion:a"),
    ]


def test_totals_that_are_equal_as_fractions_are_equal() -> None:
    round_ = a_round(
        criteria=[criterion("a", best=1, worst=0), criterion("b", best=1, worst=0)],
        tie_break=["requested_asc"],
        min_reviews=3,
    )
    thirds = [review("1", a="0.1", b="0.1"), review("2", a="0.2", b="0.1"), review("3", a="0.3", b="0.1")]
    ranking = rank(
        round_,
        [
            application("A", reviews=thirds, requested_cents=2),
            application(
                "B", reviews=[review(str(n), a="0.15", b="0.15") for n in range(3)], requested_cents=1
            ),
        ],
        {"A": True, "B": True},
    )
    assert ranking[0].total == ranking[1].total == Fraction(15)
    assert order_of(ranking) == ["B", "A"]


@pytest.mark.parametrize(
    ("changes", "reviews", "value"),
    [
        ({}, [1, 2, 5], Fraction(8, 3)),
        ({"aggregate": "median"}, [1, 2, 5], Fraction(2)),
        ({"aggregate": "median"}, [1, 2, 4, 5], Fraction(3)),
    ],
)
def test_mean_and_median(changes: dict[str, object], reviews: list[int], value: Fraction) -> None:
    round_ = a_round(criteria=[criterion("a")], **changes)
    given_reviews = [review(str(index), a=score) for index, score in enumerate(reviews)]
    (only,) = rank(round_, [application("A", reviews=given_reviews)], {"A": True})
    assert only.criteria == {"a": value}
    assert only.reviews == len(reviews)


def test_a_score_without_motivation_and_one_with_a_conflict_do_not_count() -> None:
    round_ = a_round(criteria=[criterion("a")])
    blank = review("1", a=5) | {"motivation": {"a": "  "}}
    torn = review("2", a=5) | {"conflict": "partner"}
    (only,) = rank(round_, [application("A", reviews=[blank, torn, review("3", a=1)])], {"A": True})
    assert (only.criteria, only.reviews, only.ground) == ({"a": Fraction(1)}, 1, "too_few_reviews")


def test_the_panel_replaces_scores_but_not_reviews() -> None:
    round_ = a_round(criteria=[criterion("a")], min_reviews=1)
    agreed = {"scores": {"a": "4.5"}, "reason": "na bespreking"}
    (reviewed, alone) = rank(
        round_,
        [
            application("A", reviews=[review(a=1)], panel=agreed),
            application("B", panel=agreed),
        ],
        {"A": True, "B": True},
    )
    assert (reviewed.criteria["a"], reviewed.ground) == (Fraction(9, 2), None)
    assert (alone.criteria["a"], alone.ground) == (Fraction(9, 2), "too_few_reviews")


def test_priority_goes_before_the_total() -> None:
    round_ = a_round(criteria=[criterion("a")], min_reviews=1)
    ranking = rank(
        round_,
        [
            application("A", reviews=[review(a=5)]),
            application("B", reviews=[review(a=2)], panel={"priority": 2}),
            application("C", reviews=[review(a=1)], panel={"priority": 1}),
        ],
        dict.fromkeys("ABC", True),
    )
    assert order_of(ranking) == ["C", "B", "A"]


def test_without_criteria_all_are_equal_and_need_no_review() -> None:
    ranking = rank(
        a_round(tie_break=["requested_asc"], threshold_total=50),
        [application("A", requested_cents=2), application("B", requested_cents=1), application("C")],
        {"A": True, "B": True},
    )
    assert [(one.reference, one.total, one.ground) for one in ranking] == [
        ("B", None, None),
        ("A", None, None),
        ("C", None, "not_eligible"),
    ]


def test_first_come_by_the_instant_and_by_the_day_in_amsterdam() -> None:
    # The first two lie on one day in UTC, the last two on one day in Amsterdam.
    applications = [
        application("A", submitted_at=MOMENTS[0], requested_cents=3),
        application("B", submitted_at=MOMENTS[1], requested_cents=2),
        application("C", submitted_at=MOMENTS[2], requested_cents=1),
    ]
    eligible = dict.fromkeys("ABC", True)
    shared = {"distribution": "first_come", "tie_break": ["requested_asc"]}
    by_instant = rank(a_round(**shared), applications, eligible)
    by_day = rank(a_round(**shared, first_come_unit="day"), applications, eligible)
    assert order_of(by_instant) == ["A", "B", "C"]
    assert order_of(by_day) == ["A", "C", "B"]


def test_what_was_supplemented_later_was_received_later() -> None:
    early = application("A", submitted_at=MOMENTS[0], completed_at=MOMENTS[2])
    late = application("B", submitted_at=MOMENTS[1])
    ranking = rank(a_round(distribution="first_come"), [early, late], {"A": True, "B": True})
    assert order_of(ranking) == ["B", "A"]


def test_lots_are_drawn_by_a_hash_that_anyone_can_recompute() -> None:
    # echo -n zaad:A | sha256sum begins with 335666, zaad:B with e3a374, zaad:C with 0ffa43.
    ranking = rank(
        a_round(tie_break=["lot"], lot_seed="zaad"),
        [application("A"), application("B"), application("C")],
        dict.fromkeys("ABC", True),
    )
    assert order_of(ranking) == ["C", "A", "B"]


def test_number_of_reviews_by_amount() -> None:
    tiers = [{"from_cents": 2_500_000, "reviews": 2}, {"from_cents": 1_000, "reviews": 1}]
    given_rules = a_round(min_reviews=3, reviews_by_amount=tiers).rules
    asked = (999, 1_000, 2_499_999, 2_500_000)
    assert [reviews_needed(given_rules, amount) for amount in asked] == [3, 1, 1, 2]


def test_spread_is_between_the_highest_and_the_lowest_counted_score() -> None:
    given_rules = a_round(criteria=[criterion("a"), criterion("b")]).rules
    several = application("A", reviews=[review("1", a=2, b=3), review("2", a="4.5", b=3), review("3", a=1)])
    assert spread(given_rules, several) == {"a": Fraction(5, 2), "b": Fraction(0)}
    assert spread(given_rules, application("B")) == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 3), "0.3333"),
        (Fraction(5, 100_000), "0.0001"),
        (Fraction(-5, 100_000), "-0.0001"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(95), "95.0000"),
    ],
)
def test_rounding_is_half_up_to_four_decimals(value: Fraction, shown: str) -> None:
    assert str(rounded(value)) == shown
