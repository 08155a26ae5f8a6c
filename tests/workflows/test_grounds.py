"""The grounds of the law: which decision each serves, and before which the party is heard."""

from workflows.grounds import GROUNDS, needs_hearing, of_kind, unfit
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind


def test_every_ground_names_its_article_and_serves_something() -> None:
    assert all(one.article.startswith("Awb ") for one in GROUNDS.values())
    assert [code for code, one in GROUNDS.items() if not one.kinds or not one.letters] == []


def test_a_refusal_on_the_applicant_and_taking_back_are_heard_first() -> None:
    heard = {code for code in GROUNDS if needs_hearing([code])}
    assert {GROUNDS[code].article for code in heard} == {
        "Awb 4:35(1)(a)", "Awb 4:35(1)(b)", "Awb 4:35(1)(c)", "Awb 4:35(2)(a)", "Awb 4:35(2)(b)", "Awb 4:51",
        "Awb 4:48(1)(a)", "Awb 4:48(1)(b)", "Awb 4:48(1)(c)", "Awb 4:48(1)(d)",
        "Awb 4:50(1)(a)", "Awb 4:50(1)(b)", "Awb 4:50(1)(c)",
    }  # fmt: skip


def test_a_full_ceiling_and_an_own_request_need_no_hearing() -> None:
    assert not needs_hearing(["ceiling", "own_request", "incomplete", "after_objection", "something else"])
    assert needs_hearing(["ceiling", "insolvent"])


def test_grounds_serve_their_own_decisions_alone() -> None:
    assert unfit(["ceiling", "insolvent"], DecisionKind.FIRST, LetterKind.PARTIAL) == ()
    assert unfit(["insolvent"], DecisionKind.FIRST, LetterKind.AWARD) == ("insolvent",)
    assert unfit(["manifest_error"], DecisionKind.FIRST, LetterKind.REJECT) == ("manifest_error",)
    assert unfit(["no_such"], DecisionKind.FIRST, LetterKind.REJECT) == ("no_such",)
    assert unfit(["obligations_broken"], DecisionKind.WITHDRAWAL, LetterKind.WITHDRAWAL) == ()


def test_every_kind_of_decision_has_grounds() -> None:
    assert [kind for kind in DecisionKind if not of_kind(kind)] == []
    assert "after_objection" not in {one.code for one in of_kind(DecisionKind.FIRST)}
