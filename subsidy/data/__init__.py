"""The reference facts that come with the program; where they are from stands in SOURCES.md."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from workflows.regions import Municipality, Reference

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FormerMunicipality:
    """A code that no longer exists; `successor` is None when its area was split over several."""

    code: str
    name: str
    ended_on: date
    successor: str | None


@dataclass(frozen=True, slots=True)
class Packaged:
    """The packaged version of the reference data, with what a Reference does not tell."""

    version: str
    source: str
    population_date: date
    municipalities: tuple[Municipality, ...]
    former: tuple[FormerMunicipality, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a region on a tile map: column 1 is west, row 1 is north; `label` fits on the tile."""

    code: str
    name: str
    label: str
    column: int
    row: int


@cache
def load_packaged() -> Packaged:
    """Read the packaged municipalities and former codes, once per process."""
    about = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))
    return Packaged(
        version=about["version"],
        source=about["source"],
        population_date=date.fromisoformat(about["population_date"]),
        municipalities=tuple(
            Municipality(
                code=row["code"],
                name=row["name"],
                province_code=row["province_code"],
                province=row["province"],
                ggd_code=row["ggd_code"],
                ggd=row["ggd"],
                zk_code=row["zk_code"],
                zorgkantoor=row["zorgkantoor"],
                inhabitants=int(row["inhabitants"]),
            )
            for row in _rows("municipalities.csv")
        ),
        former=tuple(
            FormerMunicipality(
                code=row["code"],
                name=row["name"],
                ended_on=date.fromisoformat(row["ended_on"]),
                successor=row["successor"] or None,
            )
            for row in _rows("former_municipalities.csv")
        ),
    )


@cache
def load_packaged_reference() -> Reference:
    """Give the packaged reference data as the core counts with it."""
    packaged = load_packaged()
    former = {one.code: one.successor for one in packaged.former if one.successor is not None}
    return Reference.from_rows(
        packaged.version,
        packaged.municipalities,
        former,
        former_names={one.code: one.name for one in packaged.former},
        counted_on=packaged.population_date,
    )


@cache
def load_tiles(kind: str) -> tuple[Tile, ...]:
    """Give the tile map of "ggd" or "province"."""
    return tuple(
        Tile(row["code"], row["name"], row["label"], int(row["column"]), int(row["row"]))
        for row in _rows(f"{kind}_tiles.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
