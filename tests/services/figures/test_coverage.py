"""Where awards reach, counted by hand."""

import pytest

from subsidy.models import RegionNeighbourhood, Round
from subsidy.services import reference
from subsidy.services.figures import coverage
from subsidy.services.figures.cases import Case
from subsidy.services.figures.coverage import Level
from tests.factories import make_round
from tests.services.decided import cases, make_decided, region, row_of

pytestmark = pytest.mark.usefixtures("app")

ZOETERMEER, DEN_HAAG, TEXEL = "GM0637", "GM0518", "GM0448"
PEOPLE_IN_ZOETERMEER = 126_998


def reached_by(round_: Round) -> tuple[tuple[Case, ...], tuple[coverage.Reach, ...]]:
    found = cases(round_)
    return found, coverage.reach_of(found, reference.reference_of(round_.reference_version))


def test_only_awards_reach() -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 1_000_000)
    make_decided(round_, "rejected", municipalities=region(TEXEL))
    found, reached = reached_by(round_)
    haaglanden = row_of(coverage.regions(Level.GGD, found, reached), "GGD Haaglanden")
    assert (haaglanden["reached"], haaglanden["inhabitants_reached"], haaglanden["awards"]) == (
        1,
        PEOPLE_IN_ZOETERMEER,
        1,
    )
    expected = round(100_000 / haaglanden["inhabitants"], 4)
    assert haaglanden["awards_per_100000"] == expected
    texel = row_of(coverage.municipalities(reached), "Texel")
    assert (texel["applications"], texel["awards"]) == (1, 0)
    blank = row_of(coverage.blank_spots(reached), "GGD Haaglanden")
    assert "Zoetermeer" not in blank["names"]
    assert blank["municipalities"] == haaglanden["municipalities"] - 1


def test_an_award_counts_once_in_a_region_and_in_every_region_that_it_touches() -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 1, municipalities=region(ZOETERMEER, DEN_HAAG, TEXEL))
    found, reached = reached_by(round_)
    per_ggd = coverage.regions(Level.GGD, found, reached)
    assert row_of(per_ggd, "GGD Haaglanden")["awards"] == 1
    assert row_of(per_ggd, "GGD Hollands-Noorden")["awards"] == 1
    assert sum(per_ggd.column("municipalities")) == 342  # type: ignore[arg-type]


def test_neighbourhoods_reach_their_own_inhabitants() -> None:
    round_ = make_round()
    make_decided(
        round_,
        "awarded",
        1,
        neighbourhoods=[RegionNeighbourhood(position=0, code="WK063701")],
        region_inhabitants=9_000,
    )
    _found, reached = reached_by(round_)
    (zoetermeer,) = [one for one in reached if one.municipality.code == ZOETERMEER]
    assert (zoetermeer.awards, zoetermeer.inhabitants) == (1, 9_000)


def test_people_are_counted_once_however_many_awards() -> None:
    round_ = make_round()
    for _ in range(3):
        make_decided(round_, "awarded", 1)
    _found, reached = reached_by(round_)
    (zoetermeer,) = [one for one in reached if one.municipality.code == ZOETERMEER]
    assert (zoetermeer.awards, zoetermeer.inhabitants) == (3, PEOPLE_IN_ZOETERMEER)
