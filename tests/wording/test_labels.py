"""Every code that a person can meet has words, in the language of the page."""

import re
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from subsidy.wording import decisions, hearing, labels
from workflows import application, round
from workflows.award import AllocationOutcome
from workflows.codes import Ground
from workflows.machine import TransitionError
from workflows.permissions import Role
from workflows.phrases import LetterKind
from workflows.rules import Domain, Scale
from workflows.snapshot import Decision
from workflows.states import ApplicationState, Phase, RoundState

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (ApplicationState, labels.STATES),
        (RoundState, labels.ROUND_STATES),
        (Phase, labels.PHASES),
        (Role, labels.ROLES),
        (Domain, labels.DOMAINS),
        (Scale, labels.SCALES),
    ],
)
def test_every_code_has_words_and_every_word_a_code(codes: type[StrEnum], words: labels.Words) -> None:
    assert set(words) == {code.value for code in codes}


def test_every_outcome_and_ground_has_words() -> None:
    assert set(labels.OUTCOMES) == {*AllocationOutcome, *Decision, LetterKind.WITHDRAWAL}
    assert set(labels.GROUNDS) == set(Ground) - {Ground.CRITERION}


def test_every_refusal_of_a_machine_has_words() -> None:
    machines = (application.MACHINE, round.MACHINE)
    guards = {
        guard.code
        for machine in machines
        for step in machine.transitions
        for guard in (*step.guards, *step.warnings)
    }
    assert set(labels.ERRORS) == guards | {"unknown_transition", "wrong_state", "round_closed"}


def test_every_event_has_words() -> None:
    machines = (application.MACHINE, round.MACHINE)
    by_machine = {step.event for machine in machines for step in machine.transitions}
    things = "account|application|attachment|decision|grant|leadership|member|message|question|review|round"
    things += "|assignment|interest|meeting|rebuttal|reviewer|signature|ceiling|hearing|mandate|scenario"
    things += "|letterhead|wording"
    named = re.compile(rf'"((?:{things})\.[a-z_]+)"')
    sources = [*(ROOT / "subsidy/services").glob("*.py"), *(ROOT / "subsidy/documents").glob("*.py")]
    by_service = {name for source in sources for name in named.findall(source.read_text(encoding="utf-8"))}
    assert set(labels.EVENTS) == by_machine | by_service


def test_a_ground_names_its_criterion(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        titled = labels.ground_label("criterion:plan", {"plan": "The plan"})
        assert titled == "below the threshold of The plan"
        assert labels.ground_label("criterion:plan") == "below the threshold of plan"
        assert labels.ground_label("ceiling") == "the ceiling was reached"
        assert labels.ground_label(None) == ""


def test_a_refusal_says_where_the_application_or_round_stands(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for state, word in (("awarded", "Awarded"), ("published", "Published")):
            error = TransitionError("wrong_state", {"transition": "x", "state": state})
            assert word in labels.error_text(error.code, error.params)
        assert labels.error_text("applications_undecided", {"undecided": 3}).endswith("(3)")
        assert labels.error_text("a_new_code") == "a_new_code"


def test_a_batch_that_kept_the_code_alone_has_whole_words(app: Flask) -> None:
    codes = {*decisions.REFUSALS, *hearing.PROPOSAL_REFUSALS}
    with app.test_request_context():
        assert [code for code in sorted(codes) if "%(" in decisions.decision_refusal(code)] == []
