"""What would help when reviewers are missing: each advice was tried, so following it gives what it says."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from math import ceil
from typing import Any

from workflows.assignment import Advice, Pair, Problem, Reviewer
from workflows.assignment_lp import minimise
from workflows.assignment_network import network

# What somebody new takes on, when nobody is there to compare with.
USUAL_MOST = 10
# Nobody is asked to take on more than this above what they said.
RAISED_BY = 5


def advice(problem: Problem, short: Mapping[int, int], *, seconds: float) -> tuple[Advice, ...]:
    """Give what helps, the most first; `short` is what each file misses. Nothing that helps nobody."""
    now = sum(short.values())
    everything = frozenset(chain.from_iterable(problem.doubtful.values()))
    waived = replace(problem, waived=problem.waived | everything)
    found: list[Advice] = []
    for code, tried, raised_by in (
        ("raise_most", problem, RAISED_BY),
        ("waive", waived, 0),
        ("raise_and_waive", waived, RAISED_BY),
    ):
        gives, params = _try(tried, problem, now, raised_by=raised_by, seconds=seconds)
        # Two things at once are worth telling only when neither does as much alone.
        if gives > (max(one.gives for one in found) if found and code == "raise_and_waive" else 0):
            found.append(Advice(code, params, gives))
    found.append(_ask_more(problem, short))
    return tuple(sorted(found, key=lambda one: -one.gives))


def _try(
    tried: Problem, problem: Problem, now: int, *, raised_by: int, seconds: float
) -> tuple[int, dict[str, Any]]:
    if tried.waived == problem.waived and not raised_by:
        return 0, {}
    made = network(replace(tried, previous=frozenset()), raised_by=raised_by)
    # What is missing and what that takes; with people who take more, the first goal says both.
    goals = made.goals if raised_by else made.goals[:3]
    values = minimise(made.program, goals, made.start, seconds=seconds).values
    chosen = made.chosen(values)
    waived = {pair: problem.warnings(pair) - problem.waived for pair in chosen}
    params: dict[str, Any] = {}
    if raised_by:
        params["people"] = [list(one) for one in sorted(made.raised(values).items())]
    if tried is not problem:
        params["codes"] = sorted(frozenset(chain.from_iterable(waived.values())))
        params["pairs"] = _pairs(waived)
    return now - sum(made.short(values).values()), params


def _pairs(waived: Mapping[Pair, frozenset[str]]) -> int:
    return sum(bool(codes) for codes in waived.values())


def _ask_more(problem: Problem, short: Mapping[int, int]) -> Advice:
    """Tell how many people more are enough: each takes every file at most once, and no more than `most`."""
    most = usual_most(problem.reviewers)
    now = sum(short.values())
    people = max(ceil(now / most), *short.values()) if len(short) else 0
    return Advice("ask_more", {"people": people, "most": most}, now)


def usual_most(reviewers: tuple[Reviewer, ...]) -> int:
    """Give what most people here can take on: the median, rounded down."""
    ordered = sorted(one.most for one in reviewers if one.most > 0)
    return ordered[(len(ordered) - 1) // 2] if ordered else USUAL_MOST
