"""Solve the division of reviewers over files, and say why it came out so."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from workflows.assignment import (
    SECONDS,
    Assignment,
    Chosen,
    Missing,
    Pair,
    Problem,
    Reviewer,
    obstacle,
)
from workflows.assignment_advice import advice
from workflows.assignment_lp import minimise
from workflows.assignment_network import in_order, network
from workflows.assignment_reasons import reasons_of


def solve(problem: Problem, *, seconds: float = SECONDS) -> Assignment:
    """Give the best division, with reasons, within these seconds of solving."""
    problem = in_order(problem)
    made = network(problem)
    solution = minimise(made.program, made.goals, made.start, seconds=seconds)
    short = made.short(solution.values)
    pairs = sorted({*problem.kept, *made.chosen(solution.values)})
    loads = Counter({one.id: one.load for one in problem.reviewers})
    loads.update(person for _file, person in pairs)
    # The goal that nothing else is measured by: the first that is not proven, or the last.
    open_goals = [at for at in range(len(made.goals)) if solution.gap(at)]
    at = open_goals[0] if open_goals else len(made.goals) - 1
    return Assignment(
        pairs=_with_reasons(problem, pairs, loads),
        loads=dict(sorted(loads.items())),
        missing=_missing(problem, short),
        advice=advice(problem, short, seconds=seconds) if short and not open_goals else (),
        objective=solution.objectives[at],
        bound=solution.bounds[at],
        gap=solution.gap(at),
        proven=not open_goals,
    )


def _with_reasons(problem: Problem, pairs: list[Pair], loads: Mapping[int, int]) -> tuple[Chosen, ...]:
    files = {one.id: one for one in problem.files}
    people = {one.id: one for one in problem.reviewers}
    able = _able(problem)
    asked: dict[int, set[int]] = {}
    for file, person in pairs:
        asked.setdefault(file, set()).add(person)
    found = []
    for file, person in pairs:
        kept = (file, person) in problem.kept
        reasons: list[Mapping[str, Any]] = [{"code": "kept"}] if kept else []
        if file in files and person in people:
            reasons += reasons_of(files[file], people[person])
            if not kept:
                others = [people[one] for one in able[file] - asked[file]]
                reasons += _place(people[person], others, loads)
                waived = problem.warnings((file, person))
                reasons += [{"code": "despite", "warnings": sorted(waived)}] if waived else []
        found.append(Chosen(file, person, kept, tuple(reasons)))
    return tuple(found)


def _place(reviewer: Reviewer, others: list[Reviewer], loads: Mapping[int, int]) -> list[Mapping[str, Any]]:
    """Tell how this reviewer stood, without this file, beside those who could have had it and have not."""
    if not others:
        return [{"code": "only_possible"}]
    if all(loads[one.id] >= one.most for one in others):
        return [{"code": "others_full"}]
    mine = (loads[reviewer.id] - 1) / reviewer.most
    if all(mine <= loads[one.id] / max(1, one.most) for one in others):
        return [{"code": "lightest"}]
    return [{"code": "balance"}]


def _able(problem: Problem) -> dict[int, set[int]]:
    """Give per file who could have it, by everything but their load."""
    return {
        file.id: {one.id for one in problem.reviewers if obstacle(problem, file, one) is None}
        for file in problem.files
    }


def _missing(problem: Problem, short: Mapping[int, int]) -> tuple[Missing, ...]:
    found = []
    for file in problem.files:
        if file.id not in short:
            continue
        met = Counter(obstacle(problem, file, one) or "full" for one in problem.reviewers)
        # Who was chosen for this very file stands in nobody's way.
        chosen = file.needed - short[file.id] - met["already"]
        met["full"] -= chosen
        found.append(Missing(file.id, short[file.id], {code: n for code, n in sorted(met.items()) if n > 0}))
    return tuple(found)
