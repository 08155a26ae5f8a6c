"""The bench of letters measures what it says: the same documents both ways, and limits that can be missed."""

from pathlib import Path

import pytest

from scripts.bench_letters import measure
from scripts.bench_letters_figures import Measured, Turns

KEPT = [(100, 150.0), (1_000, 160.0)]


def found(
    *, ours: tuple[float, float] = (10, 5), plain: float = 12, memory: list[tuple[int, float]] = KEPT
) -> Measured:
    """What one process and two found in three turns of a hundred letters; seconds a turn."""
    return Measured(
        "sqlite",
        {number: Turns([100] * 3, [one] * 3, [one] * 3) for number, one in zip((1, 2), ours, strict=True)},
        {number: Turns([100] * 3, [plain / number] * 3, [plain] * 3) for number in (1, 2)},
        memory,
    )


def test_what_keeps_every_limit_misses_none() -> None:
    assert found().missed() == []
    assert found().ratios == pytest.approx({1: 1.2, 2: 1.2})
    assert found().growth_mb == pytest.approx(10)


def test_each_limit_can_be_missed() -> None:
    assert found(ours=(10, 5), plain=9).missed() == [
        "sqlite: 1 process: 0.90 x plain, at least 1.0",
        "sqlite: 2 processes: 0.90 x plain, at least 1.0",
    ]
    assert found(ours=(10, 5.6)).missed() == ["sqlite: 2 processes: 1.79 x one, at least 1.85"]
    assert found(memory=[(50, 90.0), (100, 150.0), (1_000, 175.0)]).missed() == [
        "sqlite: memory grew 25 MB, at most 20"
    ]


def test_a_turn_that_was_disturbed_does_not_decide() -> None:
    disturbed = found()
    disturbed.ours[1].wall[1] = 60
    assert disturbed.missed() == []


@pytest.mark.slow
def test_each_letter_goes_through_the_whole_job_and_its_pages_are_drawn_plain(tmp_path: Path) -> None:
    """It stops by itself when a letter was not stored, has not two pages, or differs from its plain page."""
    measured = measure("sqlite", f"sqlite:///{tmp_path}/bench.db", count=2, turn=1)
    for way in (measured.ours, measured.plain):
        assert {number: turns.letters for number, turns in way.items()} == {1: [1, 1], 2: [1, 1]}
        assert all(second > 0 for turns in way.values() for second in (*turns.wall, *turns.cpu))
    drawn = [letters for letters, _size in measured.memory]
    assert drawn == sorted(drawn)
    assert 2 <= drawn[-1] <= 4, "all that one process drew, and its part of what two drew"
    assert all(20 < size < 1_000 for _letters, size in measured.memory)
