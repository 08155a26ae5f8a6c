"""The matrix of a round: its applications by two criteria, for the committee to look at; no decision."""

from collections.abc import Mapping
from dataclasses import dataclass

from subsidy.models import Round
from subsidy.services.ranking import Line, ranking_of
from subsidy.services.snapshots import definition_of
from workflows.matrix import Matrix, matrix_of
from workflows.rules import Criterion


@dataclass(frozen=True, slots=True)
class View:
    """A matrix with its two criteria, and the line of the ranking for each reference in it."""

    across: Criterion
    down: Criterion
    matrix: Matrix
    lines: Mapping[str, Line]

    def step(self, column: int, row: int) -> int:
        """Return how good a cell is, from 4 (best on both) to 0; for its colour alone."""
        most = len(self.matrix.across) + len(self.matrix.down) - 2
        return 4 - (4 * (column + row) + most // 2) // most if most else 4


def view_of(round_: Round) -> View | None:
    """Put every application that was not withdrawn in its cell; None where the round has no matrix."""
    definition = definition_of(round_)
    named = definition.reviewing.matrix
    if named is None:
        return None
    across, down = (definition.rules.criterion(name) for name in named)
    if across is None or down is None:
        return None
    lines = [line for line in ranking_of(round_).lines if line.state != "withdrawn"]
    return View(
        across,
        down,
        matrix_of(across, down, [line.ranked for line in lines]),
        {line.ranked.reference: line for line in lines},
    )
