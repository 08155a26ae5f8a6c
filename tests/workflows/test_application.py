"""The life of an application: what may follow what, and on which conditions."""

import pytest

from workflows.application import MACHINE, UNDECIDED, ApplicationState
from workflows.machine import TransitionError

S = ApplicationState

# Facts under which every guard of every transition is content, from an advised application.
WELL: dict[str, object] = {
    "reason": "paper arrived on the last day",
    "motivation": "meets every criterion",
    "supplements_requested": 0,
    "supplement_term_over": True,
    "supplement_concluded": True,
    "something_missing": True,
    "rebuttals_opened": 0,
    "rebuttal_concluded": True,
    "uses_rebuttal": True,
    "uses_panel": True,
    "requested_cents": 1_000_000,
    "amount_cents": 750_000,
    "proposer_id": 1,
    "confirmer_id": 2,
    "replaces_id": 3,
    "letter_sha256": "0f" * 32,
}
OUT_OF = {
    S.DRAFT: {
        "submit",
        "enter",
        "import_in_review",
        "import_awarded",
        "import_rejected",
        "import_not_processed",
        "import_withdrawn",
    },
    S.SUBMITTED: {"request_supplement", "find_eligible", "find_ineligible", "withdraw"},
    S.SUPPLEMENT_REQUESTED: {"supplement", "supplement_expired", "withdraw"},
    S.ELIGIBLE: {"reconsider", "start_review", "advise", "award", "reject", "withdraw"},
    S.INELIGIBLE: {"reconsider", "reject", "leave_unprocessed", "withdraw"},
    S.IN_REVIEW: {"release_reports", "advise", "award", "reject", "withdraw"},
    S.REBUTTAL: {"close_rebuttal", "advise", "withdraw"},
    S.ADVISED: {"award", "reject", "withdraw"},
    S.AWARDED: {"amend_award", "reject_instead", "withdraw_award"},
    S.REJECTED: {"award_instead", "amend_rejection"},
    S.NOT_PROCESSED: {"award_instead", "reject_instead"},
    S.WITHDRAWN: {"award_instead"},
}


def refusal(state: ApplicationState, name: str, **changed: object) -> tuple[str, str]:
    with pytest.raises(TransitionError) as caught:
        MACHINE.plan(state, name, {**WELL, **changed})
    return caught.value.code, caught.value.basis


@pytest.mark.parametrize("state", list(ApplicationState))
def test_what_may_follow_each_state(state: ApplicationState) -> None:
    assert {transition.name for transition in MACHINE.available(state)} == OUT_OF[state]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("submit", S.SUBMITTED),
        ("enter", S.SUBMITTED),
        ("request_supplement", S.SUPPLEMENT_REQUESTED),
        ("supplement", S.SUBMITTED),
        ("supplement_expired", S.SUBMITTED),
        ("find_eligible", S.ELIGIBLE),
        ("find_ineligible", S.INELIGIBLE),
        ("reconsider", S.SUBMITTED),
        ("start_review", S.IN_REVIEW),
        ("release_reports", S.REBUTTAL),
        ("close_rebuttal", S.IN_REVIEW),
        ("advise", S.ADVISED),
        ("award", S.AWARDED),
        ("reject", S.REJECTED),
        ("leave_unprocessed", S.NOT_PROCESSED),
        ("withdraw", S.WITHDRAWN),
        ("award_instead", S.AWARDED),
        ("amend_award", S.AWARDED),
        ("reject_instead", S.REJECTED),
        ("amend_rejection", S.REJECTED),
        ("withdraw_award", S.WITHDRAWN),
        ("import_in_review", S.IN_REVIEW),
        ("import_awarded", S.AWARDED),
        ("import_rejected", S.REJECTED),
        ("import_not_processed", S.NOT_PROCESSED),
        ("import_withdrawn", S.WITHDRAWN),
    ],
)
def test_where_each_transition_leads(name: str, target: ApplicationState) -> None:
    assert MACHINE.transition(name).target is target


def test_there_are_no_other_transitions() -> None:
    assert len(MACHINE.transitions) == 26


def test_undecided_is_received_and_without_outcome() -> None:
    undecided = {state for state in S if "withdraw" in OUT_OF[state]}
    assert set(UNDECIDED) == undecided


@pytest.mark.parametrize("state", [S.AWARDED, S.REJECTED, S.NOT_PROCESSED, S.WITHDRAWN])
def test_what_was_decided_changes_by_a_decision_that_names_the_old_one_and_says_why(
    state: ApplicationState,
) -> None:
    for name in OUT_OF[state]:
        assert MACHINE.plan(state, name, WELL).name == name
        assert MACHINE.transition(name).target in MACHINE.final
        assert refusal(state, name, replaces_id=None) == ("replaces_nothing", "")
        assert refusal(state, name, reason=" ") == ("reason_needed", "")
        assert refusal(state, name, confirmer_id=WELL["proposer_id"])[0] == "second_person_needed"


def test_submission_asks_for_no_facts_at_all() -> None:
    assert MACHINE.transition("submit").reads == frozenset()


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (S.DRAFT, "enter"),
        (S.SUBMITTED, "request_supplement"),
        (S.ELIGIBLE, "reconsider"),
        (S.INELIGIBLE, "reconsider"),
    ],
)
def test_a_step_out_of_the_ordinary_has_a_reason(state: ApplicationState, name: str) -> None:
    assert MACHINE.plan(state, name, WELL).name == name
    assert refusal(state, name, reason="  ") == ("reason_needed", "")


def test_there_is_one_chance_to_supplement() -> None:
    assert refusal(S.SUBMITTED, "request_supplement", supplements_requested=1) == (
        "supplement_already_requested",
        "Awb 4:5(1)",
    )


def test_the_program_cannot_end_the_term_early() -> None:
    assert MACHINE.plan(S.SUPPLEMENT_REQUESTED, "supplement_expired", WELL).target is S.SUBMITTED
    assert refusal(S.SUPPLEMENT_REQUESTED, "supplement_expired", supplement_term_over=False) == (
        "supplement_term_runs",
        "Awb 4:5(1)",
    )


@pytest.mark.parametrize("name", ["find_eligible", "find_ineligible"])
def test_a_finding_is_motivated(name: str) -> None:
    assert refusal(S.SUBMITTED, name, motivation="") == ("motivation_needed", "")


def test_reports_are_sent_for_rebuttal_once_and_only_where_the_round_has_it() -> None:
    assert MACHINE.plan(S.IN_REVIEW, "release_reports", WELL).target is S.REBUTTAL
    assert refusal(S.IN_REVIEW, "release_reports", rebuttals_opened=1)[0] == "rebuttal_already_held"
    assert refusal(S.IN_REVIEW, "release_reports", uses_rebuttal=False)[0] == "round_without_rebuttal"


HELD = {"rebuttals_opened": 1}


@pytest.mark.parametrize("state", [S.ELIGIBLE, S.IN_REVIEW, S.REBUTTAL])
def test_an_advice_has_recorded_reasons(state: ApplicationState) -> None:
    assert MACHINE.plan(state, "advise", {**WELL, **HELD}).target is S.ADVISED
    assert refusal(state, "advise", **HELD, motivation="\n") == ("motivation_needed", "Awb 3:9")


@pytest.mark.parametrize("name", ["advise", "award", "reject"])
def test_nobody_goes_on_from_a_review_before_the_rebuttal(name: str) -> None:
    facts = {"uses_panel": False, "rebuttals_opened": 0}
    assert refusal(S.IN_REVIEW, name, **facts) == ("rebuttal_needed", "")
    for well in ({"rebuttals_opened": 1}, {"uses_rebuttal": False}):
        assert MACHINE.plan(S.IN_REVIEW, name, {**WELL, **facts, **well}).name == name
    assert MACHINE.plan(S.ELIGIBLE, name, {**WELL, **facts}).name == name


@pytest.mark.parametrize("name", ["advise", "close_rebuttal"])
def test_the_term_to_answer_is_not_cut_short(name: str) -> None:
    assert MACHINE.plan(S.REBUTTAL, name, {**WELL, **HELD}).name == name
    assert refusal(S.REBUTTAL, name, **HELD, rebuttal_concluded=False) == ("rebuttal_term_runs", "")


DECISIONS = [(S.ADVISED, "award"), (S.ADVISED, "reject"), (S.INELIGIBLE, "leave_unprocessed")]


@pytest.mark.parametrize(("state", "name"), DECISIONS)
class TestEveryDecision:
    def well(self, name: str) -> dict[str, object]:
        return {"supplements_requested": 1 if name == "leave_unprocessed" else 0}

    def test_is_possible(self, state: ApplicationState, name: str) -> None:
        assert MACHINE.plan(state, name, {**WELL, **self.well(name)}).name == name

    def test_is_motivated(self, state: ApplicationState, name: str) -> None:
        found = refusal(state, name, **self.well(name), motivation=" ")
        assert found == ("motivation_needed", "Awb 3:46")

    @pytest.mark.parametrize(("proposer", "confirmer"), [(1, 1), (None, 1), (1, None), (None, None)])
    def test_is_confirmed_by_another(
        self, state: ApplicationState, name: str, proposer: int | None, confirmer: int | None
    ) -> None:
        found = refusal(state, name, **self.well(name), proposer_id=proposer, confirmer_id=confirmer)
        assert found == ("second_person_needed", "")

    @pytest.mark.parametrize("digest", [None, ""])
    def test_has_a_letter(self, state: ApplicationState, name: str, digest: str | None) -> None:
        found = refusal(state, name, **self.well(name), letter_sha256=digest)
        assert found == ("letter_needed", "Awb 3:41")


@pytest.mark.parametrize("cents", [0, -1])
def test_an_award_has_an_amount(cents: int) -> None:
    assert refusal(S.ADVISED, "award", amount_cents=cents) == ("amount_needed", "Awb 4:31")


def test_an_award_is_not_more_than_was_asked() -> None:
    assert MACHINE.plan(S.ADVISED, "award", {**WELL, "amount_cents": 1_000_000}).name == "award"
    assert refusal(S.ADVISED, "award", amount_cents=1_000_001)[0] == "amount_above_requested"


@pytest.mark.parametrize("state", [S.ELIGIBLE, S.IN_REVIEW])
def test_an_award_waits_for_the_panel_where_there_is_one(state: ApplicationState) -> None:
    assert refusal(state, "award") == ("advice_needed", "Awb 3:9")
    assert MACHINE.plan(state, "award", {**WELL, **HELD, "uses_panel": False}).target is S.AWARDED


def test_a_refusal_on_a_full_ceiling_needs_no_panel_one_after_review_does() -> None:
    assert MACHINE.plan(S.ELIGIBLE, "reject", WELL).target is S.REJECTED
    assert MACHINE.plan(S.INELIGIBLE, "reject", WELL).target is S.REJECTED
    assert refusal(S.IN_REVIEW, "reject") == ("advice_needed", "Awb 3:9")
    without = {**WELL, **HELD, "uses_panel": False}
    assert MACHINE.plan(S.IN_REVIEW, "reject", without).target is S.REJECTED


def test_not_processed_is_for_what_is_missing_after_one_chance() -> None:
    asked = {"supplements_requested": 1}
    basis = "Awb 4:5(1)"
    assert refusal(S.INELIGIBLE, "leave_unprocessed") == ("supplement_never_requested", basis)
    assert refusal(S.INELIGIBLE, "leave_unprocessed", **asked, supplement_concluded=False) == (
        "supplement_term_runs",
        basis,
    )
    assert refusal(S.INELIGIBLE, "leave_unprocessed", **asked, something_missing=False) == (
        "nothing_missing",
        basis,
    )


def test_history_comes_in_without_motivation() -> None:
    for transition in MACHINE.transitions:
        if transition.name.startswith("import_"):
            assert transition.reads == frozenset()
