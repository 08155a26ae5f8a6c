"""What follows from a region, seen at once: scale, size, the larger regions around it, earlier awards in it.

One reading for the page of the form, for the part of it that changes while somebody picks, and for who
reads it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from subsidy.data import load_tiles
from subsidy.models import Application
from subsidy.services.answers.parts import Row
from subsidy.services.answers.region import former_note, region_facts, region_of
from subsidy.services.entries import RegionEntry
from subsidy.services.overlap import Overlap, overlap_of
from subsidy.services.snapshots import round_snapshot
from workflows.codes import Check
from workflows.eligibility import Finding, judge_region
from workflows.regions import Around, Reference, Surroundings, surroundings_of

NOT, PARTLY, WHOLLY = 0, 2, 4


@dataclass(frozen=True, slots=True)
class RegionTile:
    """A GGD region on the tile map: column and row from 0; `step` is how dark it is, `shown` stands on it."""

    name: str
    label: str
    x: int
    y: int
    shown: str
    step: int


@dataclass(frozen=True, slots=True)
class RegionOverview:
    """What follows from a region; `notes` tell what was read otherwise than it was given."""

    facts: tuple[Row, ...]
    findings: tuple[Finding, ...]
    around: Surroundings
    tiles: tuple[RegionTile, ...]
    overlap: Overlap
    notes: tuple[str, ...]


def overview_of(application: Application, entry: RegionEntry, reference: Reference) -> RegionOverview | None:
    """Give the overview of a region that need not be stored; None as long as no municipality is known.

    Codes that the reference data does not know are left out. At most two queries.
    """
    known = replace(
        entry, municipalities=tuple(code for code in entry.municipalities if reference.resolve(code))
    )
    if not known.municipalities:
        return None
    region = region_of(known)
    around = surroundings_of(region, reference)
    findings = judge_region(round_snapshot(application.round), region, reference)
    return RegionOverview(
        region_facts(region, reference),
        tuple(_with_names(finding, reference) for finding in findings),
        around,
        tuple(_tiles({one.code: one for one in around.ggd})),
        overlap_of(region, reference, besides=application),
        tuple(former_note(code, reference) for code in known.municipalities if code in reference.former),
    )


def _tiles(touched: dict[str, Around]) -> Iterator[RegionTile]:
    for tile in load_tiles("ggd"):
        one = touched.get(tile.code)
        yield RegionTile(
            tile.name,
            tile.label,
            tile.column - 1,
            tile.row - 1,
            f"{one.inside}/{one.size}" if one else "",
            NOT if one is None else WHOLLY if one.whole else PARTLY,
        )


def _with_names(finding: Finding, reference: Reference) -> Finding:
    """Name the municipalities that a finding has in codes."""
    outside = finding.params.get("outside")
    if finding.check is not Check.AREA or not isinstance(outside, list):
        return finding
    names = [reference.municipalities[str(code)].name for code in outside]
    return replace(finding, params={**finding.params, "outside": [*names]})
