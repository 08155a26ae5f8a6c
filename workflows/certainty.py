"""How sure an order is: beside the ranking, never in place of it.

Four questions about one round as it stands. How strict is each reviewer, and what would the totals be
without that? How far do reviewers agree per criterion? What is the chance that an application stands above
the line, had others of its reviews been drawn? How far must a weight move before another set stands above
the line? The methods and their sources are in docs/certainty.md. Floats are fine here: nothing of this feeds
a rank or a decision.
"""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from workflows import certainty_agreement, certainty_severity, certainty_weights
from workflows.certainty_agreement import Undefined
from workflows.certainty_chance import chances
from workflows.certainty_severity import Additive, Effect, Given
from workflows.certainty_sheet import scores_of, sheet_of, weigh
from workflows.regions import Reference
from workflows.rules import Rules
from workflows.scoring import Ranked, counted_reviews, rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot
from workflows.values import Count, Model

DRAWS = 2000
SEED_DIGITS = 8
SHOWN = 4
# What people read about a criterion; no figure depends on it.
WORDS = {"title", "title_en", "guidance", "lay_guidance", "anchors"}


class Placed(Model):
    """One eligible application.

    `total` is that of the ranking (0..100), `above` whether the division gives it money now, `chance` (0..1)
    how often it does over the draws; None for what no draw can bring above the line: too few reviews.
    `corrected` is the total without the severity of its reviewers, with its standard error in points, and
    `corrected_rank` its place by that among the ranked of the same part.
    """

    reference: str
    rank: int | None
    total: float | None
    above: bool
    reviews: Count
    chance: float | None
    corrected: float | None = None
    corrected_error: float | None = None
    corrected_rank: int | None = None
    part: int | None = None


class Severity(Model):
    """One reviewer: points (of 100) above or below the others of the same part, with its standard error."""

    reviewer: str
    reviews: Count
    effect: float | None
    error: float | None
    part: int


class Agreement(Model):
    """Krippendorff's alpha on one criterion; `undefined` says why there is none.

    `applications` is how many have two or more counted reviews.
    """

    criterion: str
    alpha: float | None
    undefined: Undefined | None
    applications: Count


class WeightRoom(Model):
    """The share (0..1) of a criterion in the total, and where a lower or higher one changes the set."""

    criterion: str
    share: float
    down: float | None
    up: float | None


class Certainty(Model):
    """All of it. `parts` is the number of groups of reviewers that nothing connects; `noise` is in points."""

    draws: Count
    seed: Count
    parts: Count
    noise: float | None
    applications: tuple[Placed, ...]
    reviewers: tuple[Severity, ...]
    agreement: tuple[Agreement, ...]
    weights: tuple[WeightRoom, ...]


def seed_of(slug: str) -> int:
    """Give the seed of a round. It follows from the address of the round, so that nobody can pick one."""
    return int(hashlib.sha256(slug.encode()).hexdigest()[:SEED_DIGITS], 16) >> 1


def certainty_of(
    round: RoundSnapshot,
    applications: Iterable[ApplicationSnapshot],
    eligible: Mapping[str, bool],
    *,
    reference: Reference,
    draws: int = DRAWS,
) -> Certainty:
    """Compute it all; `eligible` is the verdict per reference, as for `scoring.rank`."""
    rules = round.rules
    known = [one for one in applications if eligible.get(one.reference, False)]
    seed = seed_of(round.slug)
    sheet = sheet_of(round, known, eligible, reference=reference)
    values = sheet.values()
    now = sheet.above(weigh(values, sheet.weights)[None], values[None])[0]
    above = dict(zip(sheet.references, now.tolist(), strict=True))
    chance = dict(zip(sheet.references, chances(sheet, draws=draws, seed=seed).tolist(), strict=True))
    model = certainty_severity.fit(totals_given(rules, known))
    # Who misses a threshold has no rank, and may well have a chance: the nearest to it first.
    ranked = sorted(
        rank(round, known, eligible), key=lambda one: (one.rank or len(known) + 1, -(one.total or 0))
    )
    places = _corrected_ranks(ranked, model)
    return Certainty(
        draws=draws,
        seed=seed,
        parts=model.parts,
        noise=_shown(model.noise),
        applications=tuple(
            _placed(one, above, chance, model.applications.get(one.reference), places) for one in ranked
        ),
        reviewers=tuple(
            Severity(
                reviewer=name,
                reviews=effect.reviews,
                effect=_shown(effect.value),
                error=_shown(effect.error),
                part=effect.part,
            )
            for name, effect in model.reviewers.items()
        ),
        agreement=agreement_of(rules, known),
        weights=tuple(
            _room(criterion.id, certainty_weights.room(sheet, place))
            for place, criterion in enumerate(rules.criteria)
        ),
    )


def totals_given(rules: Rules, applications: Iterable[ApplicationSnapshot]) -> list[Given]:
    """Give the total (0..100) of every counted review by itself."""
    if not rules.criteria:
        return []
    weights = np.array([float(one.weight) for one in rules.criteria])
    weights /= weights.sum()
    return [
        Given(application.reference, review.reviewer, float(total))
        for application in applications
        for review, total in zip(
            counted_reviews(rules, application),
            weigh(scores_of(rules, application), weights),
            strict=True,
        )
    ]


def agreement_of(rules: Rules, applications: Iterable[ApplicationSnapshot]) -> tuple[Agreement, ...]:
    """Give alpha per criterion over the counted reviews."""
    counted = [counted_reviews(rules, application) for application in applications]
    shared = sum(len(reviews) > 1 for reviews in counted)
    found = []
    for criterion in rules.criteria:
        alpha = certainty_agreement.alpha(
            [[float(review.scores[criterion.id]) for review in reviews] for reviews in counted]
        )
        undefined = alpha if isinstance(alpha, Undefined) else None
        found.append(
            Agreement(
                criterion=criterion.id,
                alpha=None if isinstance(alpha, Undefined) else _shown(alpha),
                undefined=undefined,
                applications=shared,
            )
        )
    return tuple(found)


def material_digest(
    round: RoundSnapshot, applications: Iterable[ApplicationSnapshot], eligible: Mapping[str, bool]
) -> str:
    """Give the SHA-256 of all that the figures depend on; with another digest they are out of date.

    Reasons in words are left out but for whether they are there: without, a score does not count.
    """
    rules = round.rules
    told: list[object] = [
        round.slug,
        round.ceiling_cents,
        rules.model_dump_json(
            exclude={"criteria": {"__all__": {"title", "title_en", "guidance", "anchors"}}}
        ),
    ]
    told += [
        (
            one.reference,
            eligible.get(one.reference, False),
            one.requested_cents,
            one.received_at.isoformat(),
            one.region.model_dump_json(),
            [(review.reviewer, _plain(review.scores)) for review in counted_reviews(rules, one)],
            (_plain(one.panel.scores), one.panel.priority) if one.panel else None,
        )
        for one in sorted(applications, key=lambda one: one.reference)
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _plain(scores: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """Give scores as text that is the same for 4 and 4.0."""
    return [(name, str(Fraction(score))) for name, score in sorted(scores.items())]


def _placed(
    ranked: Ranked,
    above: Mapping[str, bool],
    chance: Mapping[str, float],
    effect: Effect | None,
    places: Mapping[str, int],
) -> Placed:
    name = ranked.reference
    return Placed(
        reference=name,
        rank=ranked.rank,
        total=None if ranked.total is None else _shown(float(ranked.total)),
        above=above.get(name, False),
        reviews=ranked.reviews,
        chance=_shown(chance.get(name)),
        corrected=_shown(effect.value) if effect else None,
        corrected_error=_shown(effect.error) if effect else None,
        corrected_rank=places.get(name),
        part=effect.part if effect else None,
    )


def _corrected_ranks(ranked: Iterable[Ranked], model: Additive) -> dict[str, int]:
    """Give the places that the ranked would have by their corrected totals, within their own part."""
    effects = model.applications
    in_order = sorted(
        (one for one in ranked if one.rank is not None and one.reference in effects),
        key=lambda one: (-_even(effects[one.reference].value), one.rank or 0),
    )
    places: dict[str, int] = {}
    for part in {effects[one.reference].part for one in in_order}:
        mine = [one.reference for one in in_order if effects[one.reference].part == part]
        places |= {name: place for place, name in enumerate(mine, start=1)}
    return places


def _even(value: float | None) -> float:
    """Round so that equals are equal."""
    return round(value or 0.0, 9)


def _room(criterion: str, found: certainty_weights.Room) -> WeightRoom:
    return WeightRoom(
        criterion=criterion, share=round(found.share, 6), down=_fine(found.down), up=_fine(found.up)
    )


def _fine(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _shown(value: float | None) -> float | None:
    return None if value is None else round(value, SHOWN)
