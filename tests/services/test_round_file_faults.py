"""A broken round file tells all that is wrong with it, each at its place, and stores nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services.file_faults import FaultyFileError
from subsidy.services.round_file_import import check_round_file, import_round
from tests.conftest import MOMENT
from tests.services.files import OUTCOME, Document, broken, content, demo
from workflows.permissions import SYSTEM


def faults_of(file: bytes) -> list[tuple[str, str]]:
    with pytest.raises(FaultyFileError) as caught:
        check_round_file(file)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def put(*steps: str | int, value: object) -> Callable[[Document], object]:
    """Return the change that puts a value at a place."""

    def change(document: Any) -> None:
        for step in steps[:-1]:
            document = document[step]
        document[steps[-1]] = value

    return change


def drop(*steps: str | int) -> Callable[[Document], object]:
    """Return the change that takes away what is at a place."""

    def change(document: Any) -> None:
        for step in steps[:-1]:
            document = document[step]
        del document[steps[-1]]

    return change


RULES = ("round", "rules")
FIRST = ("applications", 0)
CRITERION = {"id": "extra", "title": "Extra", "weight": 1, "best": 1, "worst": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # Against the schema.
        (put("format", value="subsidy-round/2"), [("/format", "const")]),
        (drop("round", "kind"), [("/round", "required")]),
        (drop("round"), [("", "required")]),
        (drop(*FIRST, "months"), [("/applications/0", "required")]),
        (put(*FIRST, "months", value=0), [("/applications/0/months", "minimum")]),
        (put(*FIRST, "months", value=True), [("/applications/0/months", "type")]),
        (put(*FIRST, "months", value="6"), [("/applications/0/months", "type")]),
        (put(*FIRST, "requested_cents", value=1.5), [("/applications/0/requested_cents", "type")]),
        (put(*FIRST, "requested_cents", value=10**15), [("/applications/0/requested_cents", "maximum")]),
        (put(*FIRST, "title", value="x" * 201), [("/applications/0/title", "maxLength")]),
        (put(*FIRST, "nonsense", value=1), [("/applications/0/nonsense", "additionalProperties")]),
        (put(*FIRST, "reference", value="A B"), [("/applications/0/reference", "pattern")]),
        (put(*FIRST, "reference", value="A\n"), [("/applications/0/reference", "pattern")]),
        (put(*FIRST, "lead", "domain", value="leger"), [("/applications/0/lead/domain", "enum")]),
        (put(*FIRST, "lead", "kvk", value="1234567"), [("/applications/0/lead/kvk", "pattern")]),
        (
            put(*FIRST, "region", "municipalities", value=[]),
            [("/applications/0/region/municipalities", "minItems")],
        ),
        (put(*FIRST, "themes", value=["a", "a"]), [("/applications/0/themes", "uniqueItems")]),
        (
            put(*RULES, "criteria", 0, "weight", value=0),
            [("/round/rules/criteria/0/weight", "exclusiveMinimum")],
        ),
        (put(*FIRST, "submitted_at", value="gisteren"), [("/applications/0/submitted_at", "format")]),
        (
            put(*FIRST, "submitted_at", value="2019-02-30T10:00:00Z"),
            [("/applications/0/submitted_at", "format")],
        ),
        (
            put(*FIRST, "submitted_at", value="2019-06-12T10:00:00.1234567Z"),
            [("/applications/0/submitted_at", "format")],
        ),
        (lambda document: document.__setitem__("applications", "none"), [("/applications", "type")]),
        # Beyond the schema.
        (
            put(*FIRST, "submitted_at", value="2019-06-12T10:00:00"),
            [("/applications/0/submitted_at", "instant_without_offset")],
        ),
        (
            put(*FIRST, "region", "municipalities", value=["GM0637", "GM9999"]),
            [("/applications/0/region/municipalities/1", "municipality_unknown")],
        ),
        (
            put(*RULES, "allowed_municipalities", value=["GM9999"]),
            [("/round/rules/allowed_municipalities/0", "municipality_unknown")],
        ),
        (
            put(
                *FIRST,
                "region",
                value={"name": "x", "municipalities": ["GM0637"], "neighbourhoods": ["WK051801"]},
            ),
            [
                ("/applications/0/region", "required"),
                ("/applications/0/region/neighbourhoods/0", "neighbourhood_outside"),
            ],
        ),
        (
            put("applications", 2, "reference", value="JZOJP-RB-001"),
            [("/applications/2/reference", "reference_repeated")],
        ),
        (
            put(*FIRST, "reviews", 1, "reviewer", value="referent-1"),
            [("/applications/0/reviews/1/reviewer", "reviewer_repeated")],
        ),
        (
            put(*FIRST, "reviews", 0, "scores", "relevantie", value=5.01),
            [("/applications/0/reviews/0/scores/relevantie", "score_outside")],
        ),
        (
            put(*FIRST, "reviews", 0, "scores", value={"stijl": 3}),
            [("/applications/0/reviews/0/scores/stijl", "criterion_unknown")],
        ),
        (
            put(*FIRST, "panel", value={"scores": {"stijl": 3, "kwaliteit": 0.9}}),
            [
                ("/applications/0/panel/scores/kwaliteit", "score_outside"),
                ("/applications/0/panel/scores/stijl", "criterion_unknown"),
            ],
        ),
        (
            lambda document: document["round"]["rules"]["criteria"].extend(
                [CRITERION, {**CRITERION, "best": 2}]
            ),
            [
                ("/round/rules/criteria/3/best", "scale_empty"),
                ("/round/rules/criteria/4/id", "criterion_repeated"),
            ],
        ),
        (
            put(*RULES, "criteria", 0, "id", value="lot"),
            [
                ("/round/rules/criteria/0/id", "not"),
                ("/round/rules/tie_break/0", "tie_break_unknown"),
                *(
                    (f"/applications/{application}/reviews/{review}/scores/relevantie", "criterion_unknown")
                    for application in range(10)
                    for review, given in enumerate(demo()["applications"][application]["reviews"])
                    if "scores" in given
                ),
            ],
        ),
        (put(*RULES, "tie_break", value=["stijl"]), [("/round/rules/tie_break/0", "tie_break_unknown")]),
        (put(*RULES, "tie_break", value=["lot"]), [("/round/rules", "required")]),
        (
            put("round", "closes_at", value="2019-06-04T07:00:00Z"),
            [("/round/closes_at", "closes_before_opening")],
        ),
        (
            put(*FIRST, "outcome", value=OUTCOME),
            [(f"/applications/{index}", "required") for index in range(1, 10)],
        ),
        # What the core refuses in the end.
        (put("round", "opens_at", value="1800-01-01T00:00:00Z"), [("/round/opens_at", "value_error")]),
        (put(*RULES, "threshold_total", value=1e-20), [("/round/rules/threshold_total", "value_error")]),
        (put("round", "definition", value={"kind": "regiobeeld"}), None),
    ],
)
def test_each_fault(
    app: Flask, change: Callable[[Document], object], expected: list[tuple[str, str]] | None
) -> None:
    found = faults_of(broken(change))
    if expected is None:
        assert {pointer for pointer, _ in found} == {"/round/definition"}
        assert {code for _, code in found} == {"required"}
    else:
        assert found == expected


def test_a_number_in_an_answer_that_would_be_rounded_is_a_fault(app: Flask) -> None:
    file = broken(put(*FIRST, "answers", value={"plan": [0.1, 1e-30, {"x": "HERE"}]}))
    exact = file.replace(b'"HERE"', b"1.00000000000000000001")
    assert faults_of(exact) == [("/applications/0/answers/plan/2/x", "number_inexact")]


def test_all_faults_are_told_at_once_and_nothing_is_stored(app: Flask) -> None:
    document = demo()
    document["round"]["closes_at"] = document["round"]["opens_at"]
    document["round"]["rules"]["tie_break"] = ["stijl"]
    document["round"]["rules"]["distribution"] = "loting"
    document["applications"][3]["months"] = 0
    document["applications"][3]["region"]["municipalities"].append("GM9999")
    del document["applications"][7]["lead"]
    with pytest.raises(FaultyFileError) as caught:
        import_round(content(document), actor=SYSTEM, now=MOMENT)
    assert [fault.pointer for fault in caught.value.faults] == [
        "/round/closes_at",
        "/round/rules/distribution",
        "/round/rules/tie_break/0",
        "/applications/3/months",
        "/applications/3/region/municipalities/4",
        "/applications/7",
    ]
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0


@pytest.mark.parametrize(
    "file", [b"[]", b"3", b"null", b'"x"', b"{}", b'{"applications": [3, null, []], "round": []}']
)
def test_a_file_of_another_shape_is_refused_calmly(app: Flask, file: bytes) -> None:
    assert faults_of(file)


def test_what_is_in_the_installation_is_named(app: Flask) -> None:
    import_round(content(demo()), actor=SYSTEM, now=MOMENT)
    found = faults_of(content(demo()))
    assert found[0] == ("/round/slug", "slug_taken")
    assert found[1:] == [(f"/applications/{index}/reference", "reference_taken") for index in range(10)]
    assert db.session.scalar(select(func.count()).select_from(Application)) == 10
