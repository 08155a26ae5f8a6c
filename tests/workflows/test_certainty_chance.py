"""The bootstrap, against a worked example and against every draw that there is."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from tests.workflows.rounds import TOY, a_round, application, criterion, review
from workflows.certainty_chance import Lots, chances, resampled
from workflows.certainty_sheet import sheet_of

# Efron & Tibshirani (1993), An Introduction to the Bootstrap, table 2.1: survival in days of treated mice.
MICE = (94, 197, 16, 38, 99, 141, 23)
# Idem, table 2.2: the standard error of their mean, with ever more bootstrap samples.
MICE_ERROR = 23.36
DRAWS = 20_000


def scored(*reviews: int, **changes: object) -> dict[str, object]:
    return {"reviews": [review(f"r{number}", q=score) for number, score in enumerate(reviews)], **changes}


def test_the_error_of_a_mean_is_that_of_the_book() -> None:
    round_ = a_round(criteria=[criterion("q", best=200, worst=0)])
    mice = application("A-1", **scored(*MICE))
    sheet = sheet_of(round_, [mice], {"A-1": True}, reference=TOY)
    means = 200 * resampled(sheet, DRAWS, Lots(1))[:, 0, 0]
    assert np.mean(means) == pytest.approx(86.86, abs=0.6)
    assert np.std(means) == pytest.approx(MICE_ERROR, abs=0.3)
    theirs = stats.bootstrap((np.array(MICE, dtype=float),), np.mean, rng=1, n_resamples=DRAWS)
    assert np.std(means) == pytest.approx(theirs.standard_error, abs=0.5)


def test_chances_are_those_of_counting_every_draw() -> None:
    scores = {"A-1": (5, 3, 2), "A-2": (4, 3, 3), "A-3": (5, 1, 4)}
    round_ = a_round(200_000, criteria=[criterion("q")])
    sheet = sheet_of(
        round_,
        [application(name, **scored(*given)) for name, given in scores.items()],
        dict.fromkeys(scores, True),
        reference=TOY,
    )
    counted = dict.fromkeys(scores, 0)
    draws = list(product(*(product(given, repeat=3) for given in scores.values())))
    for draw in draws:
        # Equals were received at the same moment, so the reference decides.
        ordered = sorted(zip(scores, draw, strict=True), key=lambda one: (-sum(one[1]), one[0]))
        for name, _ in ordered[:2]:
            counted[name] += 1
    found = chances(sheet, draws=DRAWS, seed=5)
    for chance, name in zip(found, sheet.references, strict=True):
        assert chance == pytest.approx(counted[name] / len(draws), abs=0.015)


def test_agreed_scores_and_single_reviews_do_not_vary() -> None:
    round_ = a_round(100_000, criteria=[criterion("q")], min_reviews=1)
    applications = [
        application("A-1", **scored(1, 5, panel={"scores": {"q": "3"}})),
        application("A-2", **scored(4)),
    ]
    sheet = sheet_of(round_, applications, {"A-1": True, "A-2": True}, reference=TOY)
    assert chances(sheet, draws=200, seed=1).tolist() == [0, 1]


def test_the_draws_of_a_published_seed_stay_what_they_are() -> None:
    assert Lots(2026).below(3, (12,)).tolist() == [0, 1, 1, 1, 1, 2, 2, 0, 1, 0, 2, 2]
    counts = np.bincount(Lots(1).below(3, (30_000,)))
    assert stats.chisquare(counts).pvalue > 0.001
