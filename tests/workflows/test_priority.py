"""The order of priority: which numbers hold an order, and who departs from the score."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.rounds import a_round, application, criterion, review, rounds
from workflows.priority import (
    departing,
    order_by_score,
    order_now,
    place_by_score,
    placed,
    priorities,
)
from workflows.rules import Distribution
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Round = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]
IN_ORDER = (Distribution.TENDER, Distribution.PROPORTIONAL)


def held(application: ApplicationSnapshot, numbers: dict[str, int]) -> ApplicationSnapshot:
    """The application as it is with these numbers stored, and no other."""
    panel = application.panel.model_dump() if application.panel else {}
    panel |= {"priority": numbers.get(application.reference)}
    return ApplicationSnapshot.model_validate(application.model_dump() | {"panel": panel})


@pytest.mark.slow
@given(rounds(IN_ORDER), st.data())
def test_the_numbers_make_the_ranking_give_the_order_that_was_meant(case: Round, data: st.DataObject) -> None:
    round_, applications, eligible = case
    by_score = order_by_score(round_, applications, eligible)
    meant = tuple(data.draw(st.permutations(by_score)))
    numbers = priorities(meant, by_score)
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert order_now(round_, [held(one, numbers) for one in applications], eligible) == meant
    fewer = {reference: number for reference, number in numbers.items() if number < len(numbers)}
    if numbers:
        assert order_now(round_, [held(one, fewer) for one in applications], eligible) != meant


@pytest.mark.slow
@given(rounds(IN_ORDER))
def test_the_order_by_score_pays_no_heed_to_places(case: Round) -> None:
    round_, applications, eligible = case
    assert order_by_score(round_, applications, eligible) == order_now(
        round_, [held(one, {}) for one in applications], eligible
    )


def test_an_order_by_score_holds_no_numbers() -> None:
    assert priorities(("A", "B", "C"), ("A", "B", "C")) == {}
    assert priorities((), ()) == {}


def test_what_stands_above_the_lowest_departure_is_held_too() -> None:
    assert priorities(("A", "C", "B", "D", "E"), ("A", "B", "C", "D", "E")) == {"A": 1, "C": 2}
    assert priorities(("B", "C", "A"), ("A", "B", "C")) == {"B": 1, "C": 2}


def test_an_application_is_put_on_a_place_and_the_others_keep_theirs() -> None:
    order = ("A", "B", "C", "D")
    assert placed(order, "D", 2) == ("A", "D", "B", "C")
    assert placed(order, "A", 3) == ("B", "C", "A", "D")
    assert placed(order, "B", 2) == order
    assert placed(order, "B", 0) == ("B", "A", "C", "D")
    assert placed(order, "B", 99) == ("A", "C", "D", "B")


def test_who_departs_is_who_passes_another() -> None:
    by_score = ("A", "B", "C")
    assert departing(("C", "A", "B"), by_score) == {"A", "B", "C"}
    assert departing(("B", "A", "C"), by_score) == {"A", "B"}
    assert departing(by_score, by_score) == frozenset()
    assert departing((), ()) == frozenset()


@given(st.permutations("ABCDE"))
def test_departing_is_standing_the_wrong_way_round_with_any_other(order: list[str]) -> None:
    wrong = {
        one
        for at, above in enumerate(order)
        for below in order[at + 1 :]
        if above > below
        for one in (above, below)
    }
    assert departing(order, tuple("ABCDE")) == wrong


@given(st.permutations("ABCDE"), st.sampled_from("ABCDE"))
def test_the_place_by_score_departs_from_as_few_as_can_be(order: list[str], one: str) -> None:
    by_score = tuple("ABCDE")

    def passed(place: int) -> int:
        new = placed(order, one, place)
        here = new.index(one)
        return sum(other > one for other in new[:here]) + sum(other < one for other in new[here + 1 :])

    place = place_by_score(order, by_score, one)
    assert passed(place) == min(passed(other) for other in range(1, 6))


def test_putting_every_application_back_gives_the_order_by_score() -> None:
    for order in permutations("ABCD"):
        now: tuple[str, ...] = order
        for one in "ABCD" * 4:
            now = placed(now, one, place_by_score(now, tuple("ABCD"), one))
        assert now == tuple("ABCD")


def test_agreed_scores_go_before_the_mean_and_a_place_before_both() -> None:
    round_ = a_round(criteria=[criterion("a")], min_reviews=1)
    eligible = dict.fromkeys("ABC", True)
    given_ = [
        application("A", reviews=[review(a=5)]),
        application("B", reviews=[review(a=3)], panel={"scores": {"a": 4}, "priority": 1}),
        application("C", reviews=[review(a=3)]),
    ]
    assert order_now(round_, given_, eligible) == ("B", "A", "C")
    assert order_by_score(round_, given_, eligible) == ("A", "B", "C")
