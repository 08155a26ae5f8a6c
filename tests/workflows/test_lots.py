"""Drawing lots: the recipe that everybody can repeat, and between whom a lot decided."""

import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.rounds import a_round, application, rounds, rules
from workflows.lots import decided_by_lot, drawn_in, draws_lots, recipe, ties_of
from workflows.scoring import lot_of, rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

LOTS: dict[str, Any] = {"tie_break": ["requested_asc", "lot"], "lot_seed": "zaad"}


@pytest.mark.parametrize(("seed", "reference"), [("zaad", "2026-001"), ("'s-Gravenhage %d \\n", "A'1")])
def test_the_recipe_in_a_shell_gives_the_same_lot(seed: str, reference: str) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum on this machine")
    law = rules(tie_break=["lot"], lot_seed=seed)
    command = recipe(law, reference)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == lot_of(law, reference)


def test_a_round_without_lots_draws_none() -> None:
    plain = rules(tie_break=["requested_asc"])
    assert not draws_lots(plain)
    assert drawn_in(plain, [application("A-1")], []) == ()


def test_only_equals_are_decided_by_lot() -> None:
    round_ = a_round(**LOTS)
    asked = {"A-1": 300, "A-2": 200, "A-3": 200, "A-4": 100, "A-5": 50, "A-6": 50}
    applications = [application(name, requested_cents=cents) for name, cents in asked.items()]
    ranking = rank(round_, applications, dict.fromkeys(asked, True))
    drawn = drawn_in(round_.rules, applications, ranking)
    assert [(one.rank, one.tie) for one in drawn] == [(1, 1), (2, 1), (3, None), (4, 2), (5, 2), (6, None)]
    assert [one.reference for one in drawn[:2]] == sorted(
        ["A-5", "A-6"], key=lambda name: lot_of(round_.rules, name)
    )
    assert [[one.tie for one in tie] for tie in ties_of(drawn)] == [[1, 1], [2, 2]]
    decided = decided_by_lot(round_.rules, applications, ranking)
    assert decided == {name: lot_of(round_.rules, name) for name in ("A-2", "A-3", "A-5", "A-6")}


def test_what_comes_behind_the_lot_never_decides() -> None:
    round_ = a_round(tie_break=["lot", "requested_asc"], lot_seed="zaad")
    applications = [application("A-1", requested_cents=1), application("A-2", requested_cents=2)]
    ranking = rank(round_, applications, {"A-1": True, "A-2": True})
    assert set(decided_by_lot(round_.rules, applications, ranking)) == {"A-1", "A-2"}


@pytest.mark.slow
@given(rounds(), st.text(max_size=3))
def test_another_seed_moves_only_who_was_decided_by_lot(
    case: tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]], seed: str
) -> None:
    round_, applications, eligible = case
    other = round_.model_copy(update={"rules": round_.rules.model_copy(update={"lot_seed": seed})})
    before, after = (
        {one.reference: one.rank for one in rank(each, applications, eligible)} for each in (round_, other)
    )
    ranking = rank(round_, applications, eligible)
    decided = decided_by_lot(round_.rules, applications, ranking)
    assert {name: place for name, place in after.items() if name not in decided} == {
        name: place for name, place in before.items() if name not in decided
    }
    for tie in ties_of(drawn_in(round_.rules, applications, ranking)):
        assert sorted(after[one.reference] or 0 for one in tie) == [one.rank for one in tie]
