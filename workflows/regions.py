"""Regions: which municipalities, how many people, which scale, and when two of them clash.

Everything counts with one Reference: a dated list of municipalities. A round keeps the version it
was published with, so a later merger of municipalities changes no running round.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Self

from workflows.rules import Scale
from workflows.snapshot import Region


class UnknownMunicipalityError(LookupError):
    """A code that is neither a municipality of the reference data nor a former one."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(f"unknown municipality {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality with the regions it lies in. Codes are those of CBS: GM, PV, GG, ZK."""

    code: str
    name: str
    province_code: str
    province: str
    ggd_code: str
    ggd: str
    zk_code: str
    zorgkantoor: str
    inhabitants: int


@dataclass(frozen=True)
class Reference:
    """The municipalities of one date, and the former codes that are wholly part of one of them.

    `former_names` are the names that went with former codes, `counted_on` is the day on which the
    inhabitants were counted; both may be unknown.
    """

    version: str
    municipalities: Mapping[str, Municipality]
    former: Mapping[str, str]
    former_names: Mapping[str, str] = field(default_factory=dict)
    counted_on: date | None = None

    @classmethod
    def from_rows(
        cls,
        version: str,
        municipalities: Iterable[Municipality],
        former: Mapping[str, str],
        *,
        former_names: Mapping[str, str] | None = None,
        counted_on: date | None = None,
    ) -> Self:
        """Build a Reference; ValueError when a code comes twice or a former code leads nowhere."""
        known: dict[str, Municipality] = {}
        for one in municipalities:
            if one.code in known:
                raise ValueError(f"{one.code} is listed twice")
            known[one.code] = one
        for old, new in former.items():
            if old in known or new not in known:
                raise ValueError(f"{old} -> {new} does not lead from a former to a present municipality")
        return cls(
            version,
            MappingProxyType(known),
            MappingProxyType(dict(former)),
            MappingProxyType(dict(former_names or {})),
            counted_on,
        )

    @property
    def divided_on(self) -> date | None:
        """The day of this division into municipalities; None for a version that is named otherwise."""
        try:
            return date.fromisoformat(self.version)
        except ValueError:
            return None

    def resolve(self, code: str) -> str | None:
        """Give today's code for a present or former code; None for any other."""
        return code if code in self.municipalities else self.former.get(code)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Number of municipalities per GGD region, zorgkantoor region and province."""
        return MappingProxyType(
            Counter(
                code
                for one in self.municipalities.values()
                for code in (one.ggd_code, one.zk_code, one.province_code)
            )
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """The larger regions that a region lies in, wholly or partly: codes by code point."""

    ggd: tuple[str, ...]
    zorgkantoor: tuple[str, ...]
    province: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """A larger region around a region: `inside` of its `size` municipalities take part.

    `whole` says that all of it does; a region of neighbourhoods takes part in a municipality only partly.
    """

    code: str
    name: str
    inside: int
    size: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The larger regions around a region, by name."""

    ggd: tuple[Around, ...]
    zorgkantoor: tuple[Around, ...]
    province: tuple[Around, ...]


def municipalities_of(region: Region, reference: Reference) -> frozenset[str]:
    """Give today's codes of its municipalities; UnknownMunicipalityError for a strange one."""
    codes = set()
    for code in region.municipalities:
        resolved = reference.resolve(code)
        if resolved is None:
            raise UnknownMunicipalityError(code)
        codes.add(resolved)
    return frozenset(codes)


def inhabitants_of(region: Region, reference: Reference) -> int:
    """Count people: as given (else 0) for neighbourhoods, else from the reference data."""
    if region.neighbourhoods:
        return region.inhabitants or 0
    return sum(reference.municipalities[code].inhabitants for code in municipalities_of(region, reference))


def scales_of(region: Region, reference: Reference) -> tuple[Scale, ...]:
    """Give every scale that holds, the one to report first; none while no municipality is named.

    A GGD region can be a zorgkantoor region too (nine are), or a proper part of one.
    """
    codes = municipalities_of(region, reference)
    if not codes:
        return ()
    if region.neighbourhoods:
        return (Scale.WIJKEN,)
    if len(codes) == 1:
        return (Scale.GEMEENTE,)
    lying_in = touched(region, reference)
    held = set()
    for scale, around in (
        (Scale.GGD_REGIO, lying_in.ggd),
        (Scale.ZORGKANTOORREGIO, lying_in.zorgkantoor),
    ):
        if len(around) == 1:
            whole = len(codes) == reference.sizes[around[0]]
            held.add(scale if whole else Scale.SUBREGIO)
    return tuple(scale for scale in Scale if scale in held) or (Scale.BOVENREGIONAAL,)


def touched(region: Region, reference: Reference) -> Touched:
    """Give the GGD regions, zorgkantoor regions and provinces that a region lies in."""
    members = [reference.municipalities[code] for code in municipalities_of(region, reference)]
    return Touched(
        ggd=tuple(sorted({one.ggd_code for one in members})),
        zorgkantoor=tuple(sorted({one.zk_code for one in members})),
        province=tuple(sorted({one.province_code for one in members})),
    )


def surroundings_of(region: Region, reference: Reference) -> Surroundings:
    """Give the larger regions that a region lies in, with how much of each takes part."""
    members = [reference.municipalities[code] for code in municipalities_of(region, reference)]

    def around(parts: Iterable[tuple[str, str]]) -> tuple[Around, ...]:
        return tuple(
            Around(
                code,
                name,
                inside,
                reference.sizes[code],
                inside == reference.sizes[code] and not region.neighbourhoods,
            )
            for (name, code), inside in sorted(Counter(parts).items())
        )

    return Surroundings(
        ggd=around((one.ggd, one.ggd_code) for one in members),
        zorgkantoor=around((one.zorgkantoor, one.zk_code) for one in members),
        province=around((one.province, one.province_code) for one in members),
    )


def regions_clash(a: Region, b: Region, reference: Reference) -> bool:
    """Tell whether two regions clash.

    They do when they share a municipality. Two that both name neighbourhoods do only when one of
    the codes is the same, or a BU of one lies in a WK of the other.
    """
    index = RegionIndex(reference)
    index.add(a, "a")
    return index.first_clash(b) is not None


class RegionIndex:
    """Regions added one by one, asked which of them clashes: no comparing of all with all."""

    def __init__(self, reference: Reference) -> None:
        """Start empty; a former code counts as the municipality that it is now part of."""
        self._reference = reference
        self._names: list[str] = []
        self._whole: dict[str, int] = {}
        self._in_part: dict[str, int] = {}
        self._neighbourhoods: dict[str, int] = {}
        self._districts_of_bu: dict[str, int] = {}

    def add(self, region: Region, name: str) -> None:
        """Put a region in, under the name that `first_clash` gives back."""
        position = len(self._names)
        self._names.append(name)
        for code in municipalities_of(region, self._reference):
            (self._in_part if region.neighbourhoods else self._whole).setdefault(code, position)
        for code in region.neighbourhoods:
            self._neighbourhoods.setdefault(code, position)
            if code.startswith("BU"):
                self._districts_of_bu.setdefault(district_of(code), position)

    def first_clash(self, region: Region) -> str | None:
        """Give the name of the region put in first of those that clash with this one."""
        codes = municipalities_of(region, self._reference)
        found = [self._whole.get(code) for code in codes]
        if region.neighbourhoods:
            for code in region.neighbourhoods:
                found.append(self._neighbourhoods.get(code))
                found.append(
                    self._neighbourhoods.get(district_of(code))
                    if code.startswith("BU")
                    else self._districts_of_bu.get(code)
                )
        else:
            found += [self._in_part.get(code) for code in codes]
        return self._names[min(hits)] if (hits := [hit for hit in found if hit is not None]) else None


def district_of(bu: str) -> str:
    """Give the WK in which a BU lies: the same six characters after the letters."""
    return f"WK{bu[2:8]}"
