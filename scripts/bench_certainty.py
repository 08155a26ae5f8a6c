"""How long it takes to say how sure an order is: 500 applications with three reviews each, beside the floor.

The floor is ranking and dividing the same round once, the exact way. Usage: python -m scripts.bench_certainty
[--turns N] [--applications N] [--reviewers N]; prints one JSON object.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from workflows.award import allocate
from workflows.certainty import certainty_of
from workflows.regions import Municipality, Reference
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

OPENS = datetime(2026, 3, 2, 8, tzinfo=UTC)
CRITERIA = {"relevance": 40, "quality": 30, "participation": 20, "feasibility": 10}
REVIEWS = 3
GRADES = 5
ASKED = 5_000_000
PLACES = 300


def round_of(applications: int, *, one_per_region: bool) -> RoundSnapshot:
    """Give a tender with money for two in five."""
    criteria = [
        {"id": name, "title": name, "weight": w, "best": 5, "worst": 1} for name, w in CRITERIA.items()
    ]
    return RoundSnapshot.model_validate(
        {
            "slug": "bench-1",
            "kind": "bench",
            "number": 1,
            "title": "Bench",
            "opens_at": OPENS,
            "closes_at": OPENS + timedelta(weeks=6),
            "ceiling_cents": ASKED * applications * 2 // 5,
            "rules": {
                "distribution": "tender",
                "criteria": criteria,
                "threshold_total": 40,
                "partial_award": True,
                "one_award_per_region": one_per_region,
            },
        }
    )


def applications_of(number: int, reviewers: int) -> list[ApplicationSnapshot]:
    """Give so many applications; every reviewer has a severity of their own."""
    chance = np.random.default_rng(4)
    severity = chance.normal(0, 0.5, reviewers)
    made = []
    for at in range(number):
        worth = chance.normal(3.2, 0.7, len(CRITERIA))
        chosen = chance.choice(reviewers, REVIEWS, replace=False)
        reviews = []
        for who in chosen:
            felt = worth + severity[who] + chance.normal(0, 0.6, len(CRITERIA))
            scores = {
                name: int(min(GRADES, max(1, round(float(one)))))
                for name, one in zip(CRITERIA, felt, strict=True)
            }
            reviews.append(
                {"reviewer": f"r{who}", "scores": scores, "motivation": dict.fromkeys(CRITERIA, "Why.")}
            )
        made.append(
            ApplicationSnapshot.model_validate(
                {
                    "reference": f"B-{at:04d}",
                    "submitted_at": OPENS + timedelta(minutes=at),
                    "title": f"Plan {at}",
                    "lead": {"name": f"Stichting {at}", "domain": "zorgaanbieder"},
                    "region": {"name": "Regio", "municipalities": [f"GM{1 + at % PLACES:04d}"]},
                    "requested_cents": ASKED + int(chance.integers(-100, 100)) * 10_000,
                    "months": 12,
                    "reviews": reviews,
                }
            )
        )
    return made


def reference() -> Reference:
    """Give municipalities for the regions."""
    return Reference.from_rows(
        "bench",
        (
            Municipality(f"GM{at:04d}", f"Place {at}", "PV20", "P", "GG1", "G", "ZK1", "Z", 50_000)
            for at in range(1, PLACES + 1)
        ),
        {},
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(turns: int, number: int, reviewers: int, *, one_per_region: bool) -> dict[str, Any]:
    """Take turns; medians in seconds."""
    round_ = round_of(number, one_per_region=one_per_region)
    applications = applications_of(number, reviewers)
    eligible = {one.reference: True for one in applications}
    known = reference()

    def once() -> None:
        allocate(round_, applications, rank(round_, applications, eligible), reference=known)

    ours, floor = [], []
    for _ in range(turns):
        floor.append(seconds(once))
        ours.append(seconds(lambda: certainty_of(round_, applications, eligible, reference=known)))
    return {
        "seconds": statistics.median(ours),
        "slowest": max(ours),
        "floor_seconds": statistics.median(floor),
        "ratio": statistics.median(one / other for one, other in zip(ours, floor, strict=True)),
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--applications", type=int, default=500)
    parser.add_argument("--reviewers", type=int, default=120)
    options = parser.parse_args()
    given = (options.turns, options.applications, options.reviewers)
    result = {
        "measure": "certainty",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter": sys.executable,
        "numpy": np.__version__,
        "applications": options.applications,
        "reviews": options.applications * REVIEWS,
        "tender": measure(*given, one_per_region=False),
        "one_award_per_region": measure(*given, one_per_region=True),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
