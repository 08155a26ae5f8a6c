"""How strict each reviewer is: total = application + reviewer, by least squares.

The additive two-way model without interaction of Searle (1971), chapter 7, on data in which not everybody
reviews everything. Applications and reviewers that no chain of shared reviews connects cannot be compared:
each connected part gets effects of its own, that add up to zero within it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from workflows.certainty_sheet import Floats


class Given(NamedTuple):
    """The total (0..100) that one reviewer gave one application."""

    application: str
    reviewer: str
    total: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What the model says of one reviewer or application.

    Of a reviewer: how many points above (milder) or below zero (stricter) the others of the same part. Of an
    application: the total that it would have with reviewers of average severity. `error` is the standard
    error in points, None where nothing is left to estimate it from. `part` counts from 1.
    """

    value: float | None
    error: float | None
    part: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Additive:
    """The fitted model. `noise` is the standard deviation in points of what it does not explain."""

    applications: dict[str, Effect]
    reviewers: dict[str, Effect]
    parts: int
    noise: float | None


def fit(reviews: Sequence[Given]) -> Additive:
    """Fit the model; a reviewer who shares no application with anybody has no severity (None)."""
    names = sorted({one.application for one in reviews})
    people = sorted({one.reviewer for one in reviews})
    at = {name: index for index, name in enumerate(names)}
    who = {name: index for index, name in enumerate(people)}
    part_of = _parts(reviews, at, who)
    number = np.zeros((len(names), len(people)))
    score = np.zeros((len(names), len(people)))
    for one in reviews:
        number[at[one.application], who[one.reviewer]] += 1
        score[at[one.application], who[one.reviewer]] += one.total
    per_application = number.sum(axis=1)
    means = number / per_application[:, None]
    # With the applications eliminated, the reviewers have normal equations whose matrix is a Laplacian:
    # its pseudo-inverse gives the solution that adds up to zero in every part.
    inverse = np.linalg.pinv(np.diag(number.sum(axis=0)) - number.T @ means, hermitian=True)
    severity = inverse @ (score.sum(axis=0) - means.T @ score.sum(axis=1))
    level = score.sum(axis=1) / per_application - means @ severity
    parts = len(set(part_of.values()))
    noise = _noise(reviews, level, severity, (at, who), parts)
    spread = np.sum((means @ inverse) * means, axis=1)
    alone = _alone(part_of, people)
    return Additive(
        applications={
            name: Effect(
                float(level[index]),
                None if noise is None else float(noise * np.sqrt(1 / per_application[index] + spread[index])),
                part_of[name, "application"],
                int(per_application[index]),
            )
            for name, index in at.items()
        },
        reviewers={
            name: Effect(
                None if name in alone else float(severity[index]),
                None if noise is None or name in alone else float(noise * np.sqrt(inverse[index, index])),
                part_of[name, "reviewer"],
                int(number[:, index].sum()),
            )
            for name, index in who.items()
        },
        parts=parts,
        noise=noise,
    )


Node = tuple[str, str]


def _parts(reviews: Sequence[Given], at: dict[str, int], who: dict[str, int]) -> dict[Node, int]:
    """Number the connected parts, from 1, the largest first; applications and reviewers are the nodes."""
    head: dict[Node, Node] = {(name, "application"): (name, "application") for name in at}
    head |= {(name, "reviewer"): (name, "reviewer") for name in who}

    def top(node: Node) -> Node:
        while head[node] != node:
            head[node] = head[head[node]]
            node = head[node]
        return node

    for one in reviews:
        head[top((one.application, "application"))] = top((one.reviewer, "reviewer"))
    members: dict[Node, list[Node]] = {}
    for node in head:
        members.setdefault(top(node), []).append(node)
    largest_first = sorted(members.values(), key=lambda nodes: (-len(nodes), min(nodes)))
    return {node: number for number, nodes in enumerate(largest_first, start=1) for node in nodes}


def _alone(part_of: dict[Node, int], people: Sequence[str]) -> frozenset[str]:
    """Tell who is the only reviewer of their part: nothing to be stricter or milder than."""
    parts = [part_of[name, "reviewer"] for name in people]
    return frozenset(name for name in people if parts.count(part_of[name, "reviewer"]) == 1)


def _noise(
    reviews: Sequence[Given],
    level: Floats,
    severity: Floats,
    places: tuple[dict[str, int], dict[str, int]],
    parts: int,
) -> float | None:
    """Give the standard deviation of the residuals; None when the model fits by having no room."""
    at, who = places
    free = len(reviews) - len(at) - len(who) + parts
    if free <= 0:
        return None
    rest = [one.total - level[at[one.application]] - severity[who[one.reviewer]] for one in reviews]
    return float(np.sqrt(np.sum(np.square(rest)) / free))
