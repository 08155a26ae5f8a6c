"""The worked-out arithmetic says what the ranking and the division said."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from tests.workflows.rounds import TOY, a_round, application, rounds
from workflows.award import allocate
from workflows.explanation import Turn, around, parts_of, sharing_of, turns_of
from workflows.rules import Criterion, Distribution
from workflows.scoring import Ranked, rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Round = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def turns(case: Round) -> tuple[Turn, ...]:
    round_, applications, eligible = case
    ranking = rank(round_, applications, eligible)
    division = allocate(round_, applications, ranking, reference=TOY)
    return turns_of(ranking, division, applications, round_.ceiling_cents)


@pytest.mark.slow
@given(rounds())
def test_the_points_of_the_criteria_add_up_to_the_total(case: Round) -> None:
    round_, applications, eligible = case
    for ranked in rank(round_, applications, eligible):
        parts = parts_of(round_.rules.criteria, ranked.criteria)
        points = [one.points for one in parts]
        assert sum(one.share for one in parts) == (1 if parts else 0)
        if parts and None not in points:
            assert sum(one for one in points if one is not None) == ranked.total


@pytest.mark.slow
@given(rounds())
def test_the_money_runs_down_and_never_below_nothing(case: Round) -> None:
    left = case[0].ceiling_cents
    for number, turn in enumerate(turns(case), start=1):
        assert (turn.rank, turn.before_cents) == (number, left)
        assert turn.paid is (turn.given_cents > 0) or turn.asked_cents == 0
        left = turn.after_cents
        assert left >= 0


@pytest.mark.slow
@given(rounds((Distribution.PROPORTIONAL,)))
def test_in_proportion_each_gets_its_part_to_the_cent(case: Round) -> None:
    found = turns(case)
    sharing = sharing_of(case[0].rules, found, case[0].ceiling_cents)
    assert sharing is not None
    for turn in found:
        if turn.paid:
            assert abs(turn.given_cents - sharing.part * turn.asked_cents) <= 1


@pytest.mark.parametrize(
    ("best", "worst", "value", "points"), [(5, 1, 4, 75), (1, 5, 4, 25), (10, 0, 10, 100), (3, 1, 1, 0)]
)
def test_a_value_lies_between_worst_and_best_whichever_way_the_scale_runs(
    best: int, worst: int, value: int, points: int
) -> None:
    only = Criterion(
        id="kwaliteit", title="Kwaliteit", weight=Decimal(7), best=Decimal(best), worst=Decimal(worst)
    )
    (part,) = parts_of((only,), {"kwaliteit": Fraction(value)})
    assert part.points == points


def test_weights_need_not_add_up_to_a_hundred() -> None:
    criteria = tuple(
        Criterion(id=name, title=name, weight=Decimal(weight), best=Decimal(5), worst=Decimal(1))
        for name, weight in (("a", 1), ("b", 2))
    )
    parts = parts_of(criteria, {"a": Fraction(5), "b": None})
    assert [(one.share, one.points) for one in parts] == [
        (Fraction(1, 3), Fraction(100, 3)),
        (Fraction(2, 3), None),
    ]


def test_shows_who_stands_around_it() -> None:
    many = [application(f"A-{number}", requested_cents=number) for number in range(1, 10)]
    ranking = [Ranked(one.reference, None, {}, 0, True, None, n) for n, one in enumerate(many, start=1)]
    division = allocate(a_round(), many, ranking, reference=TOY)
    found = turns_of(ranking, division, many, 1_000_000)
    assert [one.rank for one in around(found, "A-5", each_side=2)] == [3, 4, 5, 6, 7]
    assert [one.rank for one in around(found, "A-1", each_side=2)] == [1, 2, 3]
    assert [one.rank for one in around(found, "niet", each_side=1)] == [1, 2]
    assert sharing_of(a_round().rules, found, 1) is None
