"""`flask round verify`: silence when all is as it was, and every difference by its reference."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from subsidy.db import db
from subsidy.documents import decision_letters
from tests.factories import make_round
from tests.services.decided import make_decided as make_imported
from tests.services.later import WITHDRAWAL, carry_out, in_force_of, make_decided
from tests.services.tampering import damage_file, past_the_triggers

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a function that runs `flask round verify` with arguments."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(
        args=["round", "verify", *map(str, arguments)], catch_exceptions=False
    )


def test_a_round_that_is_as_it_was_prints_nothing(run: Run) -> None:
    scene = make_decided()
    carry_out(scene, 0, WITHDRAWAL)
    db.session.commit()
    result = run(scene.round.slug)
    assert (result.exit_code, result.stdout) == (0, "")
    # The last line is that of the whole: every decision was compared in every part.
    assert result.stderr.strip().splitlines()[-1].startswith("4 ")


def test_what_could_not_be_compared_is_counted(run: Run) -> None:
    scene = make_decided((5,))
    past_the_triggers("event", "UPDATE event SET facts = '{}' WHERE name = 'decision.proposed'")
    db.session.commit()
    told = run(scene.round.slug).stderr.strip().splitlines()
    assert told[-1].startswith("1 ")
    assert "besluit" in told[-1] or "decision could not be compared" in told[-1]


def test_every_difference_is_told_by_its_reference(run: Run) -> None:
    scene = make_decided()
    first, second, _third = (in_force_of(one) for one in scene.applications)
    assert first.letter_sha256 is not None
    damage_file(first.letter_sha256)
    past_the_triggers("ledger_line", "DELETE FROM ledger_line WHERE decision_id = :id", id=second.id)
    db.session.commit()
    result = run(scene.round.slug, "--json")
    assert result.exit_code == 1
    names = [one.reference for one in scene.applications]
    assert [(one["reference"], one["part"], one["detail"]) for one in json.loads(result.stdout)] == [
        (names[0], "letter", ""),
        (names[1], "ledger", "amount_cents"),
        (scene.round.slug, "ledger", "promised_cents"),
    ]
    lines = run(scene.round.slug).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [names[0], names[1], scene.round.slug]
    assert lines[1].split("\t")[2:] == ["€\N{NO-BREAK SPACE}10.000", "€\N{NO-BREAK SPACE}0"]


def test_a_broken_chain_is_a_difference_of_the_round(run: Run) -> None:
    scene = make_decided()
    past_the_triggers("event", "UPDATE event SET actor_id = 0 WHERE name = 'decision.letter_made'")
    db.session.commit()
    result = run(scene.round.slug, "--json")
    assert result.exit_code == 1
    assert {(one["reference"], one["part"]) for one in json.loads(result.stdout)} == {
        (scene.round.slug, "chain")
    }


def test_history_is_left_alone(run: Run) -> None:
    round_ = make_round()
    make_imported(round_, "awarded", 100)
    db.session.commit()
    result = run(round_.slug)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1" in result.stderr


def test_a_round_that_is_not_there_is_refused(run: Run) -> None:
    result = run("onbekend")
    assert (result.exit_code, result.stdout) == (2, "")
