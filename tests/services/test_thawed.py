"""What follows from a frozen round is kept for who looks again, and made anew for who has to be certain."""

from dataclasses import replace

import pytest

from subsidy.db import db
from subsidy.services import calculations, frozen, thawed
from subsidy.services.calculations import Material
from subsidy.services.kept import Kept
from subsidy.services.round_file_import import import_round
from tests.factories import MOMENT
from tests.services.files import content, demo
from workflows.permissions import SYSTEM


@pytest.fixture
def digest(app: object) -> str:
    """The demo round, frozen."""
    thawed.forget()
    round_ = import_round(content(demo()), actor=SYSTEM, now=MOMENT)
    db.session.flush()
    return frozen.keep(round_, calculations.material_of(round_), now=MOMENT)


@pytest.fixture
def ranked(monkeypatch: pytest.MonkeyPatch) -> list[Material]:
    """What was put in order since."""
    seen: list[Material] = []
    rank = calculations.rank

    def watched(material: Material) -> tuple[calculations.Ranked, ...]:
        seen.append(material)
        return rank(material)

    monkeypatch.setattr(calculations, "rank", watched)
    return seen


def test_a_second_look_calculates_nothing(digest: str, ranked: list[Material]) -> None:
    first = thawed.look(digest)
    assert thawed.look(digest) is first
    assert thawed.holds(digest)
    assert len(ranked) == 1


def test_making_it_anew_believes_nothing_that_was_kept(digest: str, ranked: list[Material]) -> None:
    first = thawed.look(digest)
    wrong = replace(first, division=())
    thawed._kept.put(digest, wrong)
    assert thawed.make(digest).division == first.division
    assert len(ranked) == 2
    # And who looks after it gets what was made.
    assert thawed.look(digest).division == first.division


def test_it_is_what_the_rules_give(digest: str) -> None:
    found = thawed.look(digest)
    material = frozen.thaw(digest)
    assert found.material == material
    assert found.ranking == calculations.rank(material)
    assert found.division == calculations.divide(material)


def test_no_more_is_kept_than_the_bounds_allow() -> None:
    kept: Kept[str] = Kept(3, heaviest=10, weigh=len)
    for word in ("een", "twee", "drie", "vier"):
        assert kept.get(word, lambda word=word: word) == word
    assert [word in kept for word in ("een", "twee", "drie", "vier")] == [False, False, True, True]
    # One that is heavier than all of it together still serves who asks for it again.
    assert kept.get("x" * 50, lambda: "x" * 50)
    assert "x" * 50 in kept
    assert "vier" not in kept
