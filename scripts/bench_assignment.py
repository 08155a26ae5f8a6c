"""How quickly a round is divided: 500 applications, 120 reviewers, three each.

The problem is drawn with a fixed seed: conflicts, warnings, themes, regions, people of several sizes. Prints
one JSON object with seconds, what is missing and the gap. Usage: python -m scripts.bench_assignment
[--files N] [--reviewers N] [--each N] [--runs N].
"""

import argparse
import json
import platform
import random
import statistics
import time
from dataclasses import replace

from workflows.assignment import File, Problem, Reviewer
from workflows.assignment_solver import solve

THEMES = ("preventie", "e_health", "ouderen", "ggz", "jeugd", "chronisch")
DOMAINS = ("gemeente", "zorgverzekeraar", "zorgkantoor", "zorgaanbieder", "sociaal_domein", "burgers")
MUNICIPALITIES = tuple(f"GM{number:04d}" for number in range(1, 343))


def draw(files: int, reviewers: int, each: int, *, most: int | None = None, seed: int = 1) -> Problem:
    """Give a round of this size; `most` fixes what everybody takes on."""
    dice = random.Random(seed)  # noqa: S311  # to draw an example, not a secret

    def some(values: tuple[str, ...], least: int, highest: int) -> frozenset[str]:
        return frozenset(dice.sample(values, dice.randint(least, highest)))

    asked = tuple(
        File(number, each, some(THEMES, 1, 2), some(DOMAINS, 3, 5), some(MUNICIPALITIES, 1, 8))
        for number in range(1, files + 1)
    )
    people = tuple(
        Reviewer(
            10_000 + number,
            most or dice.choice((8, 10, 12, 15, 20, 25)),
            themes=some(THEMES, 1, 3),
            domains=some(DOMAINS, 1, 2),
            municipalities=some(MUNICIPALITIES, 0, 20),
            available=dice.random() > 0.02,  # noqa: PLR2004
            lay=dice.random() < 0.15,  # noqa: PLR2004
        )
        for number in range(1, reviewers + 1)
    )
    every = [(file.id, person.id) for file in asked for person in people]
    barred = frozenset(pair for pair in every if dice.random() < 0.05)  # noqa: PLR2004
    doubtful = {pair: ("own_region",) for pair in every if dice.random() < 0.05}  # noqa: PLR2004
    return Problem(asked, people, barred, doubtful)


def main() -> None:
    """Measure: enough people, too few, with a lay reviewer each, and again after one dropped out."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("files", 500), ("reviewers", 120), ("each", 3), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    usual = draw(given.files, given.reviewers, given.each)
    scarce = draw(given.files, given.reviewers, given.each, most=max(1, given.files * given.each // 130))
    chosen = frozenset((one.file, one.reviewer) for one in solve(usual).pairs)
    gone = usual.reviewers[0].id
    problems = {
        "enough": usual,
        "too_few": scarce,
        "lay_in_each": replace(usual, wants_lay=True),
        "one_dropped": replace(
            usual,
            reviewers=usual.reviewers[1:],
            kept=frozenset(pair for pair in chosen if pair[1] != gone),
        ),
        "made_again": replace(usual, reviewers=usual.reviewers[1:], previous=chosen),
    }
    measured = {}
    for name, problem in problems.items():
        seconds = []
        for _run in range(given.runs):
            begin = time.perf_counter()
            found = solve(problem)
            seconds.append(time.perf_counter() - begin)
        measured[name] = {
            "seconds": round(statistics.median(seconds), 2),
            "slowest": round(max(seconds), 2),
            "pairs": len(found.pairs),
            "missing": found.short,
            "proven": found.proven,
            "gap": found.gap,
            "advice": [one.code for one in found.advice],
        }
    size = f"{given.files} x {given.reviewers} x {given.each}"
    print(json.dumps({"python": platform.python_version(), "size": size, **measured}, indent=2))


if __name__ == "__main__":
    main()
