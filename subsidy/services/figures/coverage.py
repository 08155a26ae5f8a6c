"""Where the money reaches: municipalities and inhabitants, per larger region, with the blank spots.

All counts are of awards, on the municipalities of one version of the reference data. A region of
neighbourhoods counts with the inhabitants that it gave, divided over its municipalities by their size.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from subsidy.services.figures.cases import Case
from subsidy.services.figures.table import SHOWN, Cell, Table, rate, table
from workflows.regions import Municipality, Reference

PER = 100_000


class Level(StrEnum):
    """The larger regions in which municipalities lie."""

    GGD = "ggd"
    ZORGKANTOOR = "zorgkantoor"
    PROVINCE = "province"

    def of(self, one: Municipality) -> tuple[str, str]:
        """Give code and name of the region in which a municipality lies."""
        match self:
            case Level.GGD:
                return one.ggd_code, one.ggd
            case Level.ZORGKANTOOR:
                return one.zk_code, one.zorgkantoor
            case Level.PROVINCE:
                return one.province_code, one.province


@dataclass(frozen=True, slots=True)
class Reach:
    """What reaches one municipality: applications, awards, and inhabitants in an awarded region."""

    municipality: Municipality
    applications: int
    awards: int
    inhabitants: int


def reach_of(cases: Sequence[Case], reference: Reference) -> tuple[Reach, ...]:
    """Count for every municipality of the reference data, by code."""
    applications: Counter[str] = Counter()
    awards: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for case in cases:
        here = _known_today(case, reference)
        applications.update(code for code in here)
        if case.awarded:
            awards.update(code for code in here)
            reached.update(_inhabitants(case, here, reference))
    return tuple(
        Reach(one, applications[code], awards[code], min(reached[code], one.inhabitants))
        for code, one in sorted(reference.municipalities.items())
    )


def regions(level: Level, cases: Sequence[Case], reached: Sequence[Reach]) -> Table:
    """Give a row per larger region: how much of it is reached, and awards per 100,000 inhabitants.

    An award counts in every larger region in which it has a municipality, once.
    """
    region_of = {one.municipality.code: level.of(one.municipality)[0] for one in reached}
    awards: Counter[str] = Counter()
    for case in cases:
        if case.awarded:
            awards.update({region_of[code] for code in case.municipalities if code in region_of})
    per_region: dict[tuple[str, str], list[Reach]] = {}
    for one in reached:
        per_region.setdefault(level.of(one.municipality), []).append(one)
    return table(
        level.value,
        (
            "region_code",
            "region",
            "municipalities",
            "reached",
            "reached_rate",
            "inhabitants",
            "inhabitants_reached",
            "inhabitants_reached_rate",
            "awards",
            "awards_per_100000",
        ),
        (
            (code, name, *_region_cells(some, awards[code]))
            for (code, name), some in sorted(per_region.items())
        ),
    )


def municipalities(reached: Sequence[Reach]) -> Table:
    """Give a row per municipality; one without awards is a blank spot."""
    return table(
        "municipalities",
        ("municipality_code", "municipality", "ggd", "province", "inhabitants", "applications", "awards"),
        (
            (
                one.municipality.code,
                one.municipality.name,
                one.municipality.ggd,
                one.municipality.province,
                one.municipality.inhabitants,
                one.applications,
                one.awards,
            )
            for one in reached
        ),
    )


def blank_spots(reached: Sequence[Reach]) -> Table:
    """Give a row per GGD region that has municipalities without an award, with their names."""
    blank: dict[str, list[Municipality]] = {}
    for one in reached:
        if not one.awards:
            blank.setdefault(one.municipality.ggd, []).append(one.municipality)
    return table(
        "blank-spots",
        ("ggd", "municipalities", "inhabitants", "names"),
        (
            (
                ggd,
                len(some),
                sum(one.inhabitants for one in some),
                ", ".join(sorted(one.name for one in some)),
            )
            for ggd, some in sorted(blank.items())
        ),
    )


def _region_cells(some: Sequence[Reach], awards: int) -> tuple[Cell, ...]:
    inhabitants = sum(one.municipality.inhabitants for one in some)
    reached = sum(one.inhabitants for one in some)
    with_award = sum(one.awards > 0 for one in some)
    return (
        len(some),
        with_award,
        rate(with_award, len(some)),
        inhabitants,
        reached,
        rate(reached, inhabitants),
        awards,
        round(awards * PER / inhabitants, SHOWN) if inhabitants else None,
    )


def _known_today(case: Case, reference: Reference) -> frozenset[str]:
    """Give the municipalities of a region in this reference data; what it no longer knows is left out."""
    resolved = (reference.resolve(code) for code in case.municipalities)
    return frozenset(code for code in resolved if code is not None)


def _inhabitants(case: Case, here: frozenset[str], reference: Reference) -> dict[str, int]:
    """Divide the inhabitants of a region over its municipalities."""
    sizes = {code: reference.municipalities[code].inhabitants for code in here}
    whole = sum(sizes.values())
    if not case.sent.region.neighbourhoods or not whole:
        return sizes
    return {code: case.inhabitants * size // whole for code, size in sizes.items()}
