"""The fast way to rank and divide says the same as the exact way."""

import numpy as np
import pytest
from hypothesis import given

from tests.workflows.rounds import TOY, rounds
from workflows.award import AllocationOutcome, allocate
from workflows.certainty_chance import Lots, chances, resampled
from workflows.certainty_sheet import Sheet, sheet_of, weigh
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

MONEY = {AllocationOutcome.AWARD, AllocationOutcome.PARTIAL}
Drawn = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def above(sheet: Sheet) -> set[str]:
    values = sheet.values()
    (found,) = sheet.above(weigh(values, sheet.weights)[None], values[None])
    return {name for name, paid in zip(sheet.references, found, strict=True) if paid}


def above_exactly(
    round_: RoundSnapshot, applications: list[ApplicationSnapshot], eligible: dict[str, bool]
) -> set[str]:
    ranking = rank(round_, applications, eligible)
    division = allocate(round_, applications, ranking, reference=TOY)
    return {one.reference for one in division if one.outcome in MONEY}


@pytest.mark.slow
@given(rounds())
def test_the_same_stand_above_the_line(drawn: Drawn) -> None:
    round_, applications, eligible = drawn
    sheet = sheet_of(round_, applications, eligible, reference=TOY)
    assert above(sheet) == above_exactly(round_, applications, eligible)


@pytest.mark.slow
@given(rounds())
def test_a_draw_is_a_round_with_those_reviews(drawn: Drawn) -> None:
    """Ranking each draw the exact way, with the reviews that it picked, gives the same set."""
    round_, applications, eligible = drawn
    sheet = sheet_of(round_, applications, eligible, reference=TOY)
    values = resampled(sheet, 3, Lots(7))
    found = sheet.above(weigh(values, sheet.weights), values)
    kept = [one for one in applications if one.reference in sheet.references]
    for draw, flags in zip(values, found, strict=True):
        # A panel that agreed on every value of the draw makes exactly that draw of it.
        redrawn = [
            one.model_copy(update={"panel": _agreed(round_, one, draw[row])})
            for row, one in enumerate(sorted(kept, key=lambda one: one.reference))
        ]
        exactly = above_exactly(round_, redrawn, eligible)
        assert {name for name, paid in zip(sheet.references, flags, strict=True) if paid} == exactly


def _agreed(round_: RoundSnapshot, application: ApplicationSnapshot, values: np.ndarray) -> object:
    panel = application.panel
    scores = {}
    for criterion, value in zip(round_.rules.criteria, values, strict=True):
        scale = float(criterion.best) - float(criterion.worst)
        scores[criterion.id] = f"{float(criterion.worst) + scale * value:.12f}"
    priority = panel.priority if panel else None
    return ApplicationSnapshot.model_validate(
        application.model_dump() | {"panel": {"scores": scores, "priority": priority}}
    ).panel


@pytest.mark.slow
@given(rounds())
def test_a_seed_gives_the_same_chances_and_they_are_chances(drawn: Drawn) -> None:
    round_, applications, eligible = drawn
    sheet = sheet_of(round_, applications, eligible, reference=TOY)
    one, again = chances(sheet, draws=20, seed=3), chances(sheet, draws=20, seed=3)
    assert one.tolist() == again.tolist()
    assert all(0 <= chance <= 1 for chance in one)
