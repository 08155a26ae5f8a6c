"""How far a weight can move, against walking over every point where anything crosses."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given

from tests.workflows.rounds import TOY, a_round, application, criterion, review, rounds
from workflows import certainty_weights
from workflows.certainty_sheet import sheet_of
from workflows.certainty_weights import _Lines, room
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Drawn = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def two(ceiling_cents: int = 100_000, **changes: object) -> Drawn:
    """Two criteria of equal weight; A scores 5 and 2, B scores 2 and 4; there is money for one."""
    round_ = a_round(ceiling_cents, criteria=[criterion("q"), criterion("r")], min_reviews=1, **changes)
    applications = [
        application("A", reviews=[review(q=5, r=2)]),
        application("B", reviews=[review(q=2, r=4)]),
    ]
    return round_, applications, {"A": True, "B": True}


def rooms(drawn: Drawn) -> list[tuple[float | None, float | None]]:
    sheet = sheet_of(*drawn, reference=TOY)
    found = [room(sheet, place) for place in range(len(sheet.rules.criteria))]
    return [(one.down, one.up) for one in found]


def test_by_hand() -> None:
    # 100 t + 25 (1 - t) = 25 t + 75 (1 - t) at t = 0.4.
    (q_down, q_up), (r_down, r_up) = rooms(two())
    assert q_down == pytest.approx(0.4)
    assert q_up is None
    assert r_down is None
    assert r_up == pytest.approx(0.6)


def test_with_money_for_all_no_weight_matters() -> None:
    assert rooms(two(200_000)) == [(None, None), (None, None)]


def test_a_threshold_moves_the_line_too() -> None:
    # B has 25 t + 75 (1 - t), which reaches 45 up to t = 0.6.
    (_, q_up), (r_down, _) = rooms(two(200_000, threshold_total="45"))
    assert q_up == pytest.approx(0.6)
    assert r_down == pytest.approx(0.4)


def test_one_criterion_is_all_of_the_total() -> None:
    round_ = a_round(100_000, criteria=[criterion("q")], min_reviews=1)
    sheet = sheet_of(round_, [application("A", reviews=[review(q=3)])], {"A": True}, reference=TOY)
    assert room(sheet, 0) == certainty_weights.Room(1.0, None, None)


@pytest.mark.slow
@given(rounds())
def test_leaving_out_what_cannot_matter_changes_nothing(drawn: Drawn) -> None:
    sheet = sheet_of(*drawn, reference=TOY)

    def everything(lines: _Lines, _now: object, _candidates: object) -> np.ndarray:
        return np.triu(np.ones((len(lines.rest), len(lines.rest)), dtype=bool), 1)

    def always(_lines: _Lines, _candidates: object) -> bool:
        return True

    for place in range(len(sheet.rules.criteria)):
        quick = room(sheet, place)
        with patch.object(_Lines, "_rivals", everything), patch.object(_Lines, "_order_counts", always):
            slow = room(sheet, place)
        for one, other in ((quick.down, slow.down), (quick.up, slow.up)):
            assert one == pytest.approx(other)


@pytest.mark.slow
@given(rounds())
def test_just_before_nothing_changed_and_just_after_it_did(drawn: Drawn) -> None:
    sheet = sheet_of(*drawn, reference=TOY)
    if not sheet.references:
        return
    for place in range(len(sheet.rules.criteria) if len(sheet.rules.criteria) > 1 else 0):
        found = room(sheet, place)
        lines = _Lines.of(sheet, place)
        (now,) = lines.above(np.array([found.share]))
        for edge, end in ((found.down, 0.0), (found.up, 1.0)):
            until = end if edge is None else edge
            between = found.share + (until - found.share) * np.linspace(0, 0.999, 40)
            assert (lines.above(between) == now).all()
            if edge is not None:
                beyond = edge + (1e-7 if end else -1e-7)
                assert (lines.above(np.array([beyond]))[0] != now).any()
