"""Who reviews what: the best division of reviewers over applications, exactly.

In this order, each goal among what is best for the ones before it:

1. as few reviewers missing as possible, and what is missing spread over the files;
2. of an earlier proposal as many pairs as possible stay;
3. as few pairs as possible with a warning that was waived (none, unless it was);
4. where asked, a lay reviewer in as many files as possible;
5. even load and expertise, weighed against each other (`KNOWS_*`, `EVEN`).

Assignments that exist (`kept`) stay whatever happens, and nobody gets a pair with a conflict of interest
(Awb 2:4), a language that they do not read, or more than they can take on. Reviewers and files are put in
order of their numbers first, so that the same question always gets the same answer.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Pair = tuple[int, int]
"""The number of an application and that of a reviewer."""

# Points for expertise. Knowing a theme counts for more than knowing the region, and that for more than
# coming from one of the domains.
KNOWS_THEME = 6
KNOWS_MORE_THEMES = 1
KNOWS_REGION = 4
KNOWS_DOMAIN = 2
# Load weighs EVEN x most x (load / most) squared: the next review of somebody who takes 10 costs 4 points
# more than the one before it. So a theme outweighs being one review busier than another, and not two.
EVEN = 20
# Weights are whole numbers, in thousandths of a point.
POINT = 1000

SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class File:
    """An application and what a reviewer of it should know. `needed`: reviewers in all, kept ones too."""

    id: int
    needed: int
    themes: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reviews. `most`: reviews in this round in all; `load`: those outside this problem."""

    id: int
    most: int
    load: int = 0
    themes: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"nl"})
    available: bool = True
    lay: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What to divide, and what stands in the way.

    `barred` pairs never come. `doubtful` pairs have warnings, by code; such a pair comes only when all its
    warnings are among `waived`. `kept` pairs exist already. `previous` pairs are those of a proposal that
    is made again. `wants_lay`: a lay reviewer in every file, where there is one.
    """

    files: tuple[File, ...]
    reviewers: tuple[Reviewer, ...]
    barred: AbstractSet[Pair] = frozenset()
    doubtful: Mapping[Pair, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    waived: frozenset[str] = frozenset()
    kept: AbstractSet[Pair] = frozenset()
    previous: AbstractSet[Pair] = frozenset()
    wants_lay: bool = False

    def warnings(self, pair: Pair) -> frozenset[str]:
        """Give the warnings on a pair."""
        return frozenset(self.doubtful.get(pair, ()))

    def taken(self) -> Mapping[int, int]:
        """Count the reviews that each reviewer has now, in this problem and outside it."""
        counts = {one.id: one.load for one in self.reviewers}
        for _file, reviewer in self.kept:
            counts[reviewer] = counts.get(reviewer, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pair with the reasons for it: codes with parameters. `kept` when it existed already."""

    file: int
    reviewer: int
    kept: bool
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that lacks `short` reviewers, with how many people stand outside it, by what keeps them there.

    That is the first that holds of `already`, `barred`, `away`, `language`, `warned` and `full`.
    """

    file: int
    short: int
    obstacles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that would help: a code with parameters, and how many missing reviewers it `gives`.

    `raise_most`: people (ids) with by how many. `waive`: codes, and the number of pairs. `raise_and_waive`:
    both at once. `ask_more`: how many people, each of whom takes on `most` and has no conflict.
    """

    code: str
    params: Mapping[str, Any]
    gives: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The best division found. `objective` and `bound` are in thousandths of a point (see the goals).

    `proven`: no division is better. Otherwise the time was over and `gap` is the part of the objective that
    might still be won.
    """

    pairs: tuple[Chosen, ...]
    loads: Mapping[int, int]
    missing: tuple[Missing, ...]
    advice: tuple[Advice, ...]
    objective: float
    bound: float
    gap: float
    proven: bool

    @property
    def short(self) -> int:
        """How many reviewers are missing in all."""
        return sum(one.short for one in self.missing)


def expertise(file: File, reviewer: Reviewer) -> int:
    """Give the points for what this reviewer knows about this file."""
    themes = len(file.themes & reviewer.themes)
    return (
        (KNOWS_THEME + KNOWS_MORE_THEMES * (themes - 1) if themes else 0)
        + (KNOWS_REGION if file.municipalities & reviewer.municipalities else 0)
        + (KNOWS_DOMAIN if file.domains & reviewer.domains else 0)
    )


def obstacle(problem: Problem, file: File, reviewer: Reviewer) -> str | None:
    """Tell what keeps this reviewer from this file; None when nothing does, except perhaps a full agenda."""
    pair = (file.id, reviewer.id)
    if pair in problem.kept:
        return "already"
    if pair in problem.barred:
        return "barred"
    if not reviewer.available:
        return "away"
    if file.language not in reviewer.languages:
        return "language"
    if not problem.warnings(pair) <= problem.waived:
        return "warned"
    return None
