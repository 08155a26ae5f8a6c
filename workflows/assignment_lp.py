"""A linear program with goals in order of weight, solved exactly: each among what is best for those before.

What is best for the first goal alone is a face of the feasible set: what lies there has every variable with
a reduced cost, and every row with a dual value, at the bound where it is. Fixing those is all it takes to
keep the first goal while the next is minimised, without adding a row that would spoil whole numbers. The
matrices here are those of networks and the costs are whole, so duals are whole too and corners are 0 or 1:
no rounding decides anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

# Duals are whole numbers: what is above a half is not nothing.
SOMETHING = 0.5
INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Program:
    """Columns from 0 to `upper`, rows from `low` to `high`, and the matrix by column."""

    upper: Floats
    low: Floats
    high: Floats
    starts: Ints
    rows: Ints
    values: Floats

    @property
    def columns(self) -> int:
        """How many there are."""
        return len(self.upper)


@dataclass(frozen=True, slots=True)
class Solution:
    """The value of every column, and per goal what was reached beside what no solution can go below.

    `proven` when they are the same for every goal; otherwise the time was over.
    """

    values: Floats
    objectives: tuple[float, ...]
    bounds: tuple[float, ...]

    @property
    def proven(self) -> bool:
        """Whether no solution is better."""
        return all(self.gap(goal) == 0 for goal in range(len(self.objectives)))

    def gap(self, goal: int) -> float:
        """Give the part of the objective that may still be won; 0 is none."""
        objective, bound = self.objectives[goal], self.bounds[goal]
        if objective - bound < SOMETHING:
            return 0.0
        return (objective - bound) / max(1.0, abs(objective))


def minimise(program: Program, goals: Sequence[Floats], start: Floats, *, seconds: float) -> Solution:
    """Minimise the goals in this order; `start` is any solution, used when the time is over too early."""
    state = _State(program, start)
    solver = _solver(program)
    objectives: list[float] = []
    bounds: list[float] = []
    for goal in goals:
        duals = np.zeros(len(program.low))
        if not state.best_without_solving(goal):
            duals = _run(solver, state, goal, seconds=seconds)
        objective, bound = state.judge(goal, duals)
        objectives.append(objective)
        bounds.append(bound)
        # Without a proof nothing can be fixed: the goals after it are judged as the solution stands.
        if objective == bound:
            state.hold(goal, duals)
            _narrow(solver, state)
        else:
            seconds = 0.0
    return Solution(state.values, tuple(objectives), tuple(bounds))


class _State:
    """The best solution so far, and the bounds between which the next goal may move."""

    def __init__(self, program: Program, start: Floats) -> None:
        self.program = program
        self.values = start
        self.lower, self.upper = np.zeros(program.columns), program.upper.copy()
        self.low, self.high = program.low.copy(), program.high.copy()

    def best_without_solving(self, goal: Floats) -> bool:
        """Tell whether every column that the goal is about is already where it is best."""
        return bool(float(goal @ self.values) - self._bound(np.zeros(len(self.low)), goal) < SOMETHING)

    def judge(self, goal: Floats, duals: Floats) -> tuple[float, float]:
        """Give the objective, and what no solution can go below; the same when it is proven."""
        objective = float(goal @ self.values)
        bound = self._bound(duals, self._reduced(goal, duals))
        return objective, objective if objective - bound < SOMETHING else bound

    def hold(self, goal: Floats, duals: Floats) -> None:
        """Fix what keeps the goal where it is."""
        held = np.abs(self._reduced(goal, duals)) > SOMETHING
        self.lower[held] = self.upper[held] = self.values[held]
        tight = np.abs(duals) > SOMETHING
        side = np.where(duals > 0, self.low, self.high)
        self.low[tight] = self.high[tight] = side[tight]

    def _reduced(self, goal: Floats, duals: Floats) -> Floats:
        """Give what a unit more of each column costs, after what its rows are worth."""
        if self.program.columns == 0:
            return goal
        worth = self.program.values * duals[self.program.rows]
        return goal - np.add.reduceat(worth, self.program.starts[:-1])

    def _bound(self, duals: Floats, reduced: Floats) -> float:
        """Give what no solution can go below: true for any duals, because every column has two bounds.

        A row is worth nothing at a side where it is open, whatever the solver says.
        """
        side = np.where(duals > 0, self.low, self.high)
        worth = np.where(np.isfinite(side), duals * np.where(np.isfinite(side), side, 0.0), -INFINITE)
        worth[duals == 0] = 0.0
        return float(worth.sum() + np.minimum(reduced * self.lower, reduced * self.upper).sum())


def _run(solver: highspy.Highs, state: _State, goal: Floats, *, seconds: float) -> Floats:
    """Solve for one goal; the solution goes into the state, and the duals come back (zeros without any)."""
    duals = np.zeros(len(state.low))
    if solver.getRunTime() >= seconds:
        return duals
    solver.changeColsCost(len(goal), np.arange(len(goal), dtype=np.int32), goal)
    # The clock of the solver runs on over the goals, and so does its limit.
    solver.setOptionValue("time_limit", seconds)
    solver.run()
    found = solver.getSolution()
    if found.dual_valid:
        duals = np.asarray(found.row_dual)
    if found.value_valid and _feasible(solver):
        values = np.rint(np.asarray(found.col_value))
        if goal @ values <= goal @ state.values:
            state.values = values
    return duals


def _narrow(solver: highspy.Highs, state: _State) -> None:
    columns, rows = state.program.columns, len(state.low)
    solver.changeColsBounds(columns, np.arange(columns, dtype=np.int32), state.lower, state.upper)
    solver.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), state.low, state.high)  # type: ignore[attr-defined]


def _solver(program: Program) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # it ships half its types
    solver.setOptionValue("output_flag", False)
    # One thread: the same problem gives the same answer, on any machine.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    problem = highspy.HighsLp()
    problem.num_col_ = program.columns
    problem.num_row_ = len(program.low)
    problem.col_cost_ = np.zeros(program.columns)
    problem.col_lower_ = np.zeros(program.columns)
    problem.col_upper_ = program.upper
    problem.row_lower_ = program.low
    problem.row_upper_ = program.high
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = program.starts
    problem.a_matrix_.index_ = program.rows
    problem.a_matrix_.value_ = program.values
    solver.passModel(problem)
    return solver


def _feasible(solver: highspy.Highs) -> bool:
    return bool(solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)
