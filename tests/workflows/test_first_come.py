"""The line of a round that serves in order of receipt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from tests.workflows.rounds import TOY, rounds, rules
from workflows.award import allocate
from workflows.first_come import InLine, Line, place_in_line
from workflows.rules import Distribution, FirstComeUnit, Rules
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

FIRST = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def first_come(**changes: object) -> Rules:
    return rules(**{"distribution": "first_come", **changes})


def waiting(reference: str, hours: int, cents: int = 100, **values: int) -> InLine:
    return InLine(reference, FIRST + hours * HOUR, cents, **values)


def a_line(law: Rules, *ones: InLine, left: int = 0, awards: int = 0) -> Line:
    return Line(law, ones, left_cents=left, awards=awards)


class TestPassingOver:
    def test_who_was_received_first_never_passes_over_anybody(self) -> None:
        line = a_line(first_come(), waiting("a", 0), waiting("b", 1))
        assert not line.passes_over(waiting("a", 0), 100)
        assert line.passes_over(waiting("b", 1), 100)

    def test_enough_for_all_before_and_this_one_passes_over_nobody(self) -> None:
        ones = waiting("a", 0, 70), waiting("b", 1, 30), waiting("c", 2, 1_000)
        assert not a_line(first_come(), *ones, left=100).passes_over(ones[1], 30)
        assert a_line(first_come(), *ones, left=99).passes_over(ones[1], 30)

    def test_who_was_served_no_longer_waits_and_took_its_money(self) -> None:
        ones = waiting("a", 0, 70), waiting("b", 1, 30), waiting("c", 2, 30)
        line = a_line(first_come(), *ones, left=120)
        line.serve("a", 70)
        assert line.passes_over(ones[2], 30)
        line.serve("b", 0)
        assert not line.passes_over(ones[2], 30)

    def test_the_number_of_awards_has_to_reach_that_far(self) -> None:
        ones = waiting("a", 0), waiting("b", 1)
        assert a_line(first_come(max_awards=2), *ones, left=500, awards=1).passes_over(ones[1], 100)
        assert not a_line(first_come(max_awards=2), *ones, left=500).passes_over(ones[1], 100)

    def test_who_came_before_may_take_the_region(self) -> None:
        ones = waiting("a", 0), waiting("b", 1)
        assert a_line(first_come(one_award_per_region=True), *ones, left=500).passes_over(ones[1], 100)

    def test_a_day_puts_together_who_came_on_it(self) -> None:
        law = first_come(first_come_unit=FirstComeUnit.DAY, tie_break=["requested_asc"])
        dear, cheap = waiting("a", 0, 300), waiting("b", 1, 200)
        assert a_line(law, dear, cheap).passes_over(dear, 300)
        assert not a_line(law, dear, cheap).passes_over(cheap, 200)

    def test_who_has_no_rank_yet_may_turn_out_to_go_first(self) -> None:
        criterion = {"id": "kwaliteit", "title": "Kwaliteit", "weight": 1, "best": 5, "worst": 1}
        law = first_come(first_come_unit="day", tie_break=["kwaliteit"], criteria=[criterion])
        unread, best = waiting("a", 0), waiting("b", 1, rank=1)
        assert a_line(law, unread, best).passes_over(best, 100)
        assert not a_line(law, waiting("a", 0, rank=2), best).passes_over(best, 100)


@pytest.mark.slow
@given(rounds((Distribution.FIRST_COME,)))
def test_the_line_stands_as_the_ranking_does(
    case: tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]],
) -> None:
    round_, applications, eligible = case
    ranked = {one.reference: one.rank for one in rank(round_, applications, eligible) if one.rank}
    line = sorted(
        (
            InLine(one.reference, one.received_at, one.requested_cents, ranked[one.reference])
            for one in applications
            if one.reference in ranked
        ),
        key=lambda one: place_in_line(round_.rules, one),
    )
    assert [one.reference for one in line] == sorted(ranked, key=lambda name: ranked[name])


@pytest.mark.slow
@given(rounds((Distribution.FIRST_COME,)))
def test_who_may_go_early_gets_the_same_whatever_becomes_of_who_was_before(
    case: tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]],
) -> None:
    round_, applications, eligible = case
    all_in = dict.fromkeys(eligible, True)
    ranks = {one.reference: one.rank for one in rank(round_, applications, all_in)}
    ones = {
        one.reference: InLine(one.reference, one.received_at, one.requested_cents, ranks[one.reference])
        for one in applications
    }
    for name, one in ones.items():
        line = Line(round_.rules, ones.values(), left_cents=round_.ceiling_cents, awards=0)
        first = min(ones.values(), key=lambda each: place_in_line(round_.rules, each))
        if ranks[name] is None or one is first or line.passes_over(one, one.requested_cents):
            continue
        for verdicts in (all_in, eligible | {name: True}, {name: True}):
            ranking = rank(round_, applications, verdicts)
            given_ = {each.reference: each for each in allocate(round_, applications, ranking, reference=TOY)}
            assert (given_[name].outcome, given_[name].amount_cents) == ("award", one.requested_cents)
