"""The same division in other ways: every goal kept by a row of its own, and chains that find a place."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_matrix

from workflows.assignment_network import Network


def best(made: Network) -> list[float]:
    """Give what each goal comes to when it is minimised among what is best for those before it."""
    program = made.program
    shape = (len(program.low), program.columns)
    matrix = csc_matrix((program.values, program.rows, program.starts), shape=shape)
    rows = [LinearConstraint(matrix, program.low, program.high)]
    reached = []
    for goal in made.goals:
        found = milp(
            goal,
            constraints=rows,
            bounds=Bounds(np.zeros(program.columns), program.upper),
            integrality=np.ones(program.columns),
            options={"mip_rel_gap": 0},
        )
        assert found.success, found.message
        reached.append(round(float(found.fun)))
        rows.append(LinearConstraint(goal[np.newaxis, :], reached[-1] - 0.5, reached[-1] + 0.5))
    return [float(one) for one in reached]


def fewest_missing(allowed: NDArray[np.bool_], needs: list[int], free: list[int]) -> int:
    """Count what stays missing when every file asks whoever is free, or moves somebody to get free."""
    asked: set[tuple[int, int]] = set()

    def find(file: int, seen: set[int]) -> bool:
        for person in np.flatnonzero(allowed[file]):
            if person in seen or (file, person) in asked:
                continue
            seen.add(person)
            busy = [other for other, who in asked if who == person]
            if len(busy) < free[person]:
                asked.add((file, person))
                return True
            for other in busy:
                if find(other, seen):
                    asked.discard((other, person))
                    asked.add((file, person))
                    return True
        return False

    found = sum(find(file, set()) for file, need in enumerate(needs) for _unit in range(need))
    return sum(needs) - found
