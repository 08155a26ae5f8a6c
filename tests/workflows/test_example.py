"""The demo round of ten real regions gives what was worked out beforehand; large rounds are quick."""

import json
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from subsidy.data import FOLDER, load_packaged_reference
from tests.workflows.rounds import MOMENTS, a_round, application, criterion, domains_of, review
from workflows.award import allocate
from workflows.eligibility import screen
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

REFERENCE = load_packaged_reference()
FILE = json.loads((FOLDER / "demo" / "regiobeeld-1.json").read_text(encoding="utf-8"), parse_float=Decimal)
ROUND = RoundSnapshot.model_validate(FILE["round"])
APPLICATIONS = [ApplicationSnapshot.model_validate(one) for one in FILE["applications"]]
EXPECTED = json.loads(
    (Path(__file__).parents[1] / "data" / "regiobeeld-1.expected.json").read_text(encoding="utf-8")
)


def test_screening_of_the_example() -> None:
    screenings = screen(ROUND, APPLICATIONS, REFERENCE, {})
    assert [one.reference for one in screenings] == sorted(EXPECTED["screen"])
    assert {
        one.reference: {
            "verdict": one.verdict,
            "scale": one.scale,
            "inhabitants": one.inhabitants,
            "domains": list(one.domains),
            "findings": {finding.check: finding.outcome for finding in one.findings},
        }
        for one in screenings
    } == EXPECTED["screen"]


def test_ranking_and_division_of_the_example() -> None:
    verdicts = {one.reference: one.eligible for one in screen(ROUND, APPLICATIONS, REFERENCE, {})}
    ranking = rank(ROUND, APPLICATIONS, verdicts)
    assert [
        [one.reference, one.total, list(one.criteria.values()), one.reviews, one.ground, one.rank]
        for one in ranking
    ] == [
        [reference, Fraction(total), [Fraction(value) for value in values], *rest]
        for reference, total, values, *rest in EXPECTED["rank"]
    ]
    allocations = allocate(ROUND, APPLICATIONS, ranking, reference=REFERENCE)
    assert {one.reference: [one.outcome, one.amount_cents, one.ground] for one in allocations} == EXPECTED[
        "allocate"
    ]
    assert sum(one.amount_cents for one in allocations) == ROUND.ceiling_cents


@pytest.mark.slow
def test_two_thousand_applications_take_a_few_seconds_at_most() -> None:
    names = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")
    round_ = a_round(
        10**9,
        criteria=[criterion(name) for name in names],
        min_domains=3,
        scales=["gemeente", "subregio", "bovenregionaal"],
        one_per_lead=True,
        one_per_region=True,
        one_award_per_region=True,
        tie_break=[*names, "submitted_at"],
    )
    codes = sorted(REFERENCE.municipalities)
    applications = [
        application(
            f"A-{number:04}",
            submitted_at=MOMENTS[number % 3],
            region={
                "name": "Regio",
                "municipalities": sorted({codes[number * step % 342] for step in (1, 7, 11)}),
            },
            partners=domains_of("gemeente", "burgers"),
            reviews=[
                review(f"r{index}", **dict.fromkeys(names, (number * 7 + index) % 5 + 1))
                for index in range(3)
            ],
        )
        for number in range(2_000)
    ]
    started = time.process_time()
    screen(round_, applications, REFERENCE, {})
    ranking = rank(round_, applications, dict.fromkeys((one.reference for one in applications), True))
    allocations = allocate(round_, applications, ranking, reference=REFERENCE)
    took = time.process_time() - started
    assert len(allocations) == 2_000
    # About 0.5 s; comparing all with all would take minutes.
    assert took < 10
