"""How long it takes to divide a round of 2,000 applications: the checks, the order and the ceiling.

The floor is scoring and ordering alone. Usage: python -m scripts.bench_division [--turns N]
[--applications N]; prints one JSON object, and exits with 1 when a division takes longer than LIMIT.
"""

import argparse
import json
import platform
import statistics
import sys
from typing import Any

from scripts.bench_certainty import applications_of, reference, round_of, seconds
from subsidy.services import calculations
from subsidy.services.calculations import Material
from workflows.rules import Distribution
from workflows.scoring import rank

LIMIT = 2.0
REVIEWERS = 400


def material_of(number: int, distribution: Distribution, *, one_per_region: bool) -> Material:
    """Give a round in memory on which the office found nothing yet, so that its checks are run too."""
    plain = round_of(number, one_per_region=one_per_region)
    changes = {
        "distribution": distribution,
        "first_come_unit": "day",
        "tie_break": ["lot"],
        "lot_seed": "x",
        "min_domains": 1,
        "one_per_lead": True,
    }
    rules = plain.rules.model_validate(plain.rules.model_dump() | changes)
    return Material(
        plain.model_copy(update={"rules": rules}),
        tuple(applications_of(number, REVIEWERS)),
        reference(),
        verdicts={},
        awards={},
    )


def measure(turns: int, number: int, distribution: Distribution, *, one_per_region: bool) -> dict[str, Any]:
    """Take turns; medians in seconds."""
    material = material_of(number, distribution, one_per_region=one_per_region)
    eligible = {one.reference: True for one in material.applications}

    def divide() -> None:
        calculations.divide(material, calculations.rank(material))

    ours, floor = [], []
    for _ in range(turns):
        floor.append(seconds(lambda: rank(material.round, material.applications, eligible)))
        ours.append(seconds(divide))
    return {
        "seconds": statistics.median(ours),
        "slowest": max(ours),
        "floor_seconds": statistics.median(floor),
        "ratio": statistics.median(one / other for one, other in zip(ours, floor, strict=True)),
    }


def main() -> int:
    """Measure and print one JSON object; return 1 when a division took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--applications", type=int, default=2_000)
    options = parser.parse_args()
    measures = {
        f"{distribution}{', one award per region' if one_per_region else ''}": measure(
            options.turns, options.applications, distribution, one_per_region=one_per_region
        )
        for distribution in Distribution
        for one_per_region in (False, True)
    }
    slowest = max(one["seconds"] for one in measures.values())
    result = {
        "measure": "division",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter": sys.executable,
        "applications": options.applications,
        "limit_seconds": LIMIT,
        **measures,
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 1 if slowest > LIMIT else 0


if __name__ == "__main__":
    raise SystemExit(main())
