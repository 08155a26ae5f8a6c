"""The section about the region: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import dataclass

from subsidy.models import Application, RegionMunicipality, RegionNeighbourhood
from subsidy.services.entries.rows import refill
from workflows.regions import Reference, UnknownMunicipalityError


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """The region in CBS codes; `inhabitants` goes with neighbourhoods."""

    name: str = ""
    municipalities: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    inhabitants: int | None = None


def stored_region(application: Application) -> RegionEntry:
    """Give what is stored."""
    return RegionEntry(
        application.region_name,
        tuple(one.given_code for one in application.municipalities),
        tuple(one.code for one in application.neighbourhoods),
        application.region_inhabitants,
    )


def write_region(application: Application, region: RegionEntry, reference: Reference) -> None:
    """Put this in the place of what is stored; UnknownMunicipalityError for a strange code."""
    application.region_name = region.name
    application.region_inhabitants = region.inhabitants
    refill(
        application.municipalities,
        [{"given_code": given, "code": _today(given, reference)} for given in region.municipalities],
        RegionMunicipality,
    )
    refill(
        application.neighbourhoods, [{"code": code} for code in region.neighbourhoods], RegionNeighbourhood
    )


def region_lacks(region: RegionEntry) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if not region.name:
        yield "region_name", True
    if not region.municipalities:
        yield "municipalities", True


def _today(given: str, reference: Reference) -> str:
    code = reference.resolve(given)
    if code is None:
        raise UnknownMunicipalityError(given)
    return code
