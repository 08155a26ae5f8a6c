"""Which regions that were awarded before clash with a region: the awards of other collaborations in it.

Only awards that were announced, so nobody learns here who applies now or what is still to be decided.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select

from subsidy.db import db
from subsidy.models import Application, Decision, RegionMunicipality, RegionNeighbourhood, Round
from subsidy.services.in_force import in_force
from workflows.regions import Reference, district_of, municipalities_of
from workflows.snapshot import Region

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AwardHere:
    """An award in (a part of) the region; `municipalities` are the names of those that both have."""

    title: str
    round: str
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The awards in a region, those of the newest rounds first, and how many more there are."""

    awards: tuple[AwardHere, ...] = ()
    more: int = 0


def overlap_of(region: Region, reference: Reference, *, besides: Application) -> Overlap:
    """Give the awards that clash with a region, `besides` the application itself and its predecessor.

    They clash as in `regions.regions_clash`: a municipality is shared, and where both name neighbourhoods
    one of those too. Two queries at most, served by the index on the code of a municipality. Raises
    UnknownMunicipalityError.
    """
    codes = codes_of(region, reference)
    if not codes:
        return Overlap()
    rows = db.session.execute(awards_in(region, codes, besides)).all()
    if not rows:
        return Overlap()
    shared = _shared([row.id for row in rows], codes, reference)
    awards = tuple(AwardHere(row.title, row.round, tuple(shared[row.id])) for row in rows)
    return Overlap(awards, rows[0].found - len(awards))


def codes_of(region: Region, reference: Reference) -> frozenset[str]:
    """Give the codes under which the municipalities of a region may be stored, those of before as well.

    An older round kept the codes of its own day.
    """
    today = municipalities_of(region, reference)
    return today | {old for old, new in reference.former.items() if new in today}


def awards_in(region: Region, codes: Collection[str], besides: Application) -> Select[*tuple[Any, ...]]:
    """Give the query after the awards in these municipalities, each row with the number of all."""
    here = select(RegionMunicipality.application_id).where(RegionMunicipality.code.in_(sorted(codes)))
    query = (
        select(
            Application.id, Application.title, Round.title.label("round"), func.count().over().label("found")
        )
        .join(Decision, Decision.application_id == Application.id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.id.in_(here),
            Application.id != besides.id,
            Decision.outcome == "awarded",
            in_force(),
        )
        .order_by(Round.opens_at.desc(), Application.id.desc())
        .limit(MOST_SHOWN)
    )
    if besides.predecessor:
        query = query.where(Application.reference != besides.predecessor)
    return query.where(_share_a_neighbourhood(region)) if region.neighbourhoods else query


def _share_a_neighbourhood(region: Region) -> ColumnElement[bool]:
    """Whether an award names no neighbourhoods, or one of these, or one that lies in or around these."""
    mine = RegionNeighbourhood.application_id == Application.id
    around = {district_of(code) for code in region.neighbourhoods if code.startswith("BU")}
    districts = [code for code in region.neighbourhoods if code.startswith("WK")]
    district = literal("WK").concat(func.substr(RegionNeighbourhood.code, 3, 6))
    same = RegionNeighbourhood.code.in_(sorted({*region.neighbourhoods, *around}))
    inside = and_(RegionNeighbourhood.code.startswith("BU"), district.in_(districts))
    return ~exists().where(mine) | exists().where(mine, same | inside)


def _shared(
    applications: Collection[int], codes: Collection[str], reference: Reference
) -> defaultdict[int, list[str]]:
    """Give the names of the municipalities that each award has in common with the region, in order."""
    rows = db.session.execute(
        select(RegionMunicipality.application_id, RegionMunicipality.code).where(
            RegionMunicipality.application_id.in_(applications), RegionMunicipality.code.in_(sorted(codes))
        )
    )
    shared = defaultdict(list)
    named = {
        (application_id, reference.municipalities[reference.resolve(code) or code].name)
        for application_id, code in rows
    }
    for application_id, name in sorted(named):
        shared[application_id].append(name)
    return shared
