"""Dividing reviewers over files: never a conflict, never too much, and exactly as good as can be."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.assignment_oracle import best, fewest_missing
from workflows.assignment import Assignment, File, Problem, Reviewer, obstacle
from workflows.assignment_lp import Program, minimise
from workflows.assignment_network import network, shortages
from workflows.assignment_solver import solve

PERSON = 100


def files(*needed: int, **values: frozenset[str]) -> tuple[File, ...]:
    return tuple(File(number, each, **values) for number, each in enumerate(needed, 1))


def people(*most: int) -> tuple[Reviewer, ...]:
    return tuple(Reviewer(PERSON + number, each) for number, each in enumerate(most, 1))


def pairs(found: Assignment) -> set[tuple[int, int]]:
    return {(one.file, one.reviewer) for one in found.pairs}


def codes(found: Assignment, pair: tuple[int, int]) -> list[str]:
    (chosen,) = [one for one in found.pairs if (one.file, one.reviewer) == pair]
    return [reason["code"] for reason in chosen.reasons]


THEMES = ("preventie", "ouderen", "ggz")
some_themes = st.frozensets(st.sampled_from(THEMES), max_size=2)
some_places = st.frozensets(st.sampled_from(("GM0001", "GM0002", "GM0003")), max_size=2)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    asked = tuple(
        File(number, draw(st.integers(0, 3)), draw(some_themes), municipalities=draw(some_places))
        for number in range(1, draw(st.integers(1, 5)) + 1)
    )
    able = tuple(
        Reviewer(
            PERSON + number,
            draw(st.integers(0, 4)),
            load=draw(st.integers(0, 1)),
            themes=draw(some_themes),
            municipalities=draw(some_places),
            languages=frozenset({draw(st.sampled_from(("nl", "nl", "nl", "en")))}),
            available=draw(st.sampled_from((True, True, True, False))),
            lay=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    )
    every = [(file.id, person.id) for file in asked for person in able]
    some = st.frozensets(st.sampled_from(every), max_size=4) if every else st.just(frozenset())
    return Problem(
        asked,
        able,
        barred=draw(some),
        doubtful={pair: draw(st.sampled_from((("a",), ("b",), ("a", "b")))) for pair in draw(some)},
        waived=draw(st.sampled_from((frozenset(), frozenset({"a"}), frozenset({"a", "b"})))),
        kept=draw(some),
        previous=draw(some),
        wants_lay=draw(st.booleans()),
    )


@given(problems())
def test_no_conflict_no_overload_and_what_exists_stays(problem: Problem) -> None:
    found = solve(problem)
    new = {(one.file, one.reviewer) for one in found.pairs if not one.kept}
    by_id = {one.id: one for one in (*problem.files, *problem.reviewers)}
    assert pairs(found) - new == problem.kept
    assert new.isdisjoint(problem.barred)
    assert all(obstacle(problem, by_id[file], by_id[person]) is None for file, person in new)
    taken = problem.taken()
    added = Counter(person for _file, person in new)
    for one in problem.reviewers:
        assert found.loads[one.id] == taken[one.id] + added[one.id]
        assert added[one.id] <= max(0, one.most - taken[one.id])
    lacks = shortages(problem)
    got = Counter(file for file, _person in new)
    missing = {one.file: one.short for one in found.missing}
    assert {file: lacks[file] - got[file] for file in lacks if lacks[file] > got[file]} == missing
    assert all(reason for one in found.pairs for reason in one.reasons)
    assert all(one.reasons for one in found.pairs)


@pytest.mark.slow
@given(problems())
def test_no_other_division_is_better(problem: Problem) -> None:
    """The goals of the same problem, one after the other, by another solver with another formulation."""
    found = solve(problem)
    made = network(problem)
    if not made.program.columns:
        return
    assert found.proven
    assert found.gap == 0
    values = minimise(made.program, made.goals, made.start, seconds=5).values
    assert [float(goal @ values) for goal in made.goals] == pytest.approx(best(made))
    assert float(made.goals[-1] @ values) == found.objective == found.bound


@given(problems())
def test_nobody_is_missing_who_could_be_found(problem: Problem) -> None:
    allowed = np.array(
        [[obstacle(problem, file, one) is None for one in problem.reviewers] for file in problem.files]
    ).reshape(len(problem.files), len(problem.reviewers))
    lacks, taken = shortages(problem), problem.taken()
    free = [max(0, one.most - taken[one.id]) for one in problem.reviewers]
    needs = [lacks.get(one.id, 0) for one in problem.files]
    assert solve(problem).short == fewest_missing(allowed, needs, free)


@pytest.mark.slow
@given(problems())
def test_the_order_of_the_question_does_not_matter(problem: Problem) -> None:
    turned = replace(problem, files=problem.files[::-1], reviewers=problem.reviewers[::-1])
    assert solve(turned) == solve(problem)


@pytest.mark.slow
@given(problems())
def test_following_the_advice_gives_what_it_says(problem: Problem) -> None:
    found = solve(problem)
    assert bool(found.missing) == any(one.code == "ask_more" for one in found.advice)
    for one in found.advice:
        followed = problem
        if "codes" in one.params:
            followed = replace(followed, waived=followed.waived | set(one.params["codes"]))
        if one.code == "ask_more":
            numbers = range(1, one.params["people"] + 1)
            more = tuple(Reviewer(PERSON * 2 + number, one.params["most"]) for number in numbers)
            followed = replace(followed, reviewers=(*followed.reviewers, *more))
        elif "people" in one.params:
            by = dict(map(tuple, one.params["people"]))
            taken = problem.taken()
            raised = tuple(
                replace(each, most=max(each.most, taken[each.id]) + by.get(each.id, 0))
                for each in followed.reviewers
            )
            followed = replace(followed, reviewers=raised)
        again = solve(followed)
        assert one.gives > 0
        assert found.short - again.short == one.gives
        if one.code == "ask_more":
            assert again.short == 0


@pytest.mark.slow
@given(problems())
def test_without_advice_to_raise_or_waive_neither_helps(problem: Problem) -> None:
    found = solve(problem)
    told = {one.code for one in found.advice}
    every = frozenset(code for warnings in problem.doubtful.values() for code in warnings)
    if "waive" not in told:
        assert solve(replace(problem, waived=every)).short == found.short
    if "raise_most" not in told:
        wide = tuple(replace(one, most=one.most + 9) for one in problem.reviewers)
        assert solve(replace(problem, reviewers=wide)).short == found.short


@given(problems(), st.data())
def test_after_one_drops_out_only_what_must_change_changes(problem: Problem, data: st.DataObject) -> None:
    first = solve(problem)
    if not problem.reviewers:
        return
    gone = data.draw(st.sampled_from(problem.reviewers)).id
    confirmed = frozenset(pair for pair in pairs(first) if pair[1] != gone)
    again = solve(
        replace(
            problem,
            reviewers=tuple(one for one in problem.reviewers if one.id != gone),
            kept=confirmed,
            previous=frozenset(),
        )
    )
    assert confirmed <= pairs(again)
    lost = {file for file, person in pairs(first) if person == gone}
    short = {one.file for one in first.missing}
    assert {file for file, _person in pairs(again) - confirmed} <= lost | short


def test_work_is_even_in_relation_to_what_people_take_on() -> None:
    found = solve(Problem(files(2, 2, 2, 2, 2, 2), people(8, 8, 4, 4)))
    assert found.loads == {101: 4, 102: 4, 103: 2, 104: 2}


def test_expertise_outweighs_one_review_more_and_not_two() -> None:
    knows = replace(people(10)[0], themes=frozenset({"ggz"}))
    asked = files(1, 1, 1, 1, themes=frozenset({"ggz"}))
    found = solve(Problem(asked, (knows, *people(10, 10)[1:])))
    assert found.loads == {101: 3, 102: 1}
    assert codes(found, next(iter(pair for pair in pairs(found) if pair[1] == 101)))[0] == "theme"


def test_the_reasons_of_a_pair_say_why() -> None:
    file = File(1, 2, frozenset({"ggz"}), frozenset({"gemeente"}), frozenset({"GM0001"}))
    knows = Reviewer(101, 5, 0, frozenset({"ggz"}), frozenset({"gemeente"}), frozenset({"GM0001"}), lay=True)
    found = solve(Problem((file, File(2, 1)), (knows, *people(5, 5, 5)[1:]), barred={(2, 102), (2, 103)}))
    assert codes(found, (1, 101)) == ["theme", "region", "domain", "lay", "balance"]
    assert codes(found, (2, 101)) == ["lay", "only_possible"]
    assert codes(solve(Problem(files(1), people(5, 5))), (1, 101)) == ["lightest"]
    full = solve(Problem(files(1, 1), people(1, 1)))
    assert [codes(full, pair) for pair in pairs(full)] == [["others_full"], ["others_full"]]
    alone = solve(Problem((file,), (knows,), kept={(1, 101)}))
    assert codes(alone, (1, 101)) == ["kept", "theme", "region", "domain", "lay"]
    last = solve(Problem(files(1), people(5), doubtful={(1, 101): ("own_region",)}, waived={"own_region"}))
    assert codes(last, (1, 101)) == ["only_possible", "despite"]


def test_a_warning_is_waived_only_where_that_finds_somebody() -> None:
    doubtful = {(1, 101): ("own_region",), (2, 101): ("own_region",)}
    problem = Problem(files(1, 1), people(5, 1), doubtful=doubtful, waived={"own_region"})
    found = solve(problem)
    assert found.short == 0
    assert sum(pair in doubtful for pair in pairs(found)) == 1
    refused = solve(replace(problem, waived=frozenset()))
    assert refused.short == 1
    told = {one.code: dict(one.params) for one in refused.advice}
    assert told["waive"] == {"codes": ["own_region"], "pairs": 1}
    assert told["raise_most"] == {"people": [[102, 1]]}
    assert dict(refused.missing[0].obstacles) == {"full": 1, "warned": 1}


def test_what_is_missing_is_spread_over_the_files() -> None:
    found = solve(Problem(files(2, 2, 2), people(3)))
    assert {one.file: one.short for one in found.missing} == {1: 1, 2: 1, 3: 1}
    short = solve(Problem(files(2, 2), people(1, 1)))
    assert [one.short for one in short.missing] == [1, 1]


def test_a_lay_reviewer_comes_first_where_that_is_asked() -> None:
    lay = replace(people(3, 3)[1], lay=True)
    knows = replace(people(3)[0], themes=frozenset(THEMES))
    problem = Problem(files(1, 1, themes=frozenset(THEMES)), (knows, lay))
    assert {person for _file, person in pairs(solve(problem))} != {102}
    assert {person for _file, person in pairs(solve(replace(problem, wants_lay=True)))} == {102}


def test_a_proposal_made_again_keeps_what_it_can() -> None:
    problem = Problem(files(2, 2, 2, 2), people(9, 9, 9, 9))
    previous = frozenset({(1, 101), (1, 102), (2, 101), (2, 102), (3, 101), (3, 102), (4, 101), (4, 102)})
    assert pairs(solve(replace(problem, previous=previous))) == previous
    without = replace(problem, previous=previous, barred={(1, 101)})
    assert len(pairs(solve(without)) & previous) == 7


def test_nobody_and_nothing_are_fine() -> None:
    assert solve(Problem((), ())).pairs == ()
    alone = solve(Problem(files(2), ()))
    assert (alone.short, alone.missing[0].obstacles) == (2, {})
    assert [(one.code, dict(one.params)) for one in alone.advice] == [("ask_more", {"people": 2, "most": 10})]


def test_when_the_time_is_over_there_is_a_division_and_the_gap_says_so() -> None:
    knows = replace(people(4)[0], themes=frozenset({"ggz"}))
    asked = (*files(1), File(2, 1, frozenset({"ggz"})))
    problem = Problem(asked, (knows, *people(4, 4)[1:]))
    found = solve(problem, seconds=0)
    assert not found.proven
    assert found.gap > 0
    assert found.bound < found.objective
    assert (found.short, found.advice) == (0, ())
    assert solve(problem).objective <= found.objective


@given(problems())
def test_the_first_division_keeps_the_rules(problem: Problem) -> None:
    made = network(problem)
    program = made.program
    if program.columns:
        matrix = np.zeros((len(program.low), program.columns))
        for column in range(program.columns):
            for at in range(program.starts[column], program.starts[column + 1]):
                matrix[program.rows[at], column] = program.values[at]
        rows = matrix @ made.start
        assert ((program.low <= rows) & (rows <= program.high)).all()
        assert (made.start <= program.upper).all()


def test_a_bound_holds_for_any_program() -> None:
    """A row that is open at one side: at most one of two columns, of which one is wanted more."""
    program = Program(
        upper=np.ones(2),
        low=np.array([-np.inf]),
        high=np.array([1.0]),
        starts=np.array([0, 1, 2], dtype=np.int32),
        rows=np.array([0, 0], dtype=np.int32),
        values=np.ones(2),
    )
    found = minimise(program, [np.array([-1.0, -1.0]), np.array([0.0, -5.0])], np.zeros(2), seconds=5)
    assert (found.objectives, found.bounds, found.proven) == ((-1.0, -5.0), (-1.0, -5.0), True)
    assert list(found.values) == [0.0, 1.0]


def test_loads_never_leave_a_better_place_free() -> None:
    found = solve(Problem(files(*[3] * 20), people(*[10] * 8)))
    loads = sorted(found.loads.values())
    assert sum(loads) == 60
    assert all(after - before <= 1 for before, after in pairwise(loads))
