"""Scale, inhabitants and clashes, on the toy map and on the real one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.data import load_packaged, load_packaged_reference, load_tiles
from tests.workflows import oracle
from tests.workflows.rounds import TOY, regions
from workflows.regions import (
    Reference,
    RegionIndex,
    UnknownMunicipalityError,
    inhabitants_of,
    regions_clash,
    scales_of,
    surroundings_of,
    touched,
)
from workflows.rules import Scale
from workflows.snapshot import Region

REAL = load_packaged_reference()
TWENTE = (
    "GM0141", "GM0147", "GM0153", "GM0158", "GM0163", "GM0164", "GM0168",
    "GM0173", "GM0183", "GM0189", "GM1700", "GM1735", "GM1742", "GM1774",
)  # fmt: skip


def region(*codes: str, **changes: object) -> Region:
    return Region.model_validate({"name": "Regio", "municipalities": codes, **changes})


@given(regions())
def test_every_region_has_at_least_one_scale(given_region: dict[str, object]) -> None:
    found = scales_of(Region.model_validate(given_region), TOY)
    assert len(found) >= 1
    assert list(found) == [scale for scale in Scale if scale in found]


@given(st.lists(st.sampled_from(sorted(REAL.municipalities)), min_size=1, max_size=20, unique=True))
def test_every_region_of_the_real_map_has_at_least_one_scale(codes: list[str]) -> None:
    found = scales_of(region(*codes), REAL)
    assert len(found) >= 1
    assert inhabitants_of(region(*codes), REAL) == sum(REAL.municipalities[one].inhabitants for one in codes)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["GM0001"], ["gemeente"]),
        (["GM0901", "GM0001"], ["gemeente"]),
        (["GM0001", "GM0002", "GM0003"], ["ggd_regio", "zorgkantoorregio"]),
        (["GM0001", "GM0002"], ["subregio"]),
        (["GM0004", "GM0005"], ["ggd_regio", "subregio"]),
        (["GM0904", "GM0005"], ["ggd_regio", "subregio"]),
        (["GM0004", "GM0005", "GM0006", "GM0007"], ["zorgkantoorregio"]),
        (["GM0004", "GM0006"], ["subregio"]),
        (["GM0003", "GM0004"], ["bovenregionaal"]),
        (["GM0008"], ["gemeente"]),
        ([], []),
    ],
)
def test_scales(codes: list[str], expected: list[str]) -> None:
    assert [scale.value for scale in scales_of(region(*codes), TOY)] == expected


def test_neighbourhoods_make_it_wijken_whatever_the_municipalities() -> None:
    parts = region("GM0001", "GM0002", neighbourhoods=["WK000100", "BU00020001"], inhabitants=700)
    assert scales_of(parts, TOY) == (Scale.WIJKEN,)
    assert inhabitants_of(parts, TOY) == 700


def test_inhabitants_of_whole_municipalities_are_those_of_the_reference_data() -> None:
    assert inhabitants_of(region("GM0901", "GM0001", "GM0002", inhabitants=5), TOY) == 3_000


def test_a_strange_code_is_refused() -> None:
    with pytest.raises(UnknownMunicipalityError) as refusal:
        scales_of(region("GM0001", "GM0999"), TOY)
    assert refusal.value.code == "GM0999"


def test_real_regions() -> None:
    assert scales_of(region(*TWENTE), REAL)[0] is Scale.GGD_REGIO
    assert inhabitants_of(region(*TWENTE), REAL) == 638_897
    assert scales_of(region("GM0637"), REAL) == (Scale.GEMEENTE,)
    assert scales_of(region("GM0400", "GM0441", "GM0448", "GM1911"), REAL) == (Scale.SUBREGIO,)
    assert touched(region(*TWENTE), REAL).ggd == ("GG1106",)
    assert touched(region("GM0363", "GM0034"), REAL).province == ("PV24", "PV27")


def test_nine_ggd_regions_are_zorgkantoor_regions_too() -> None:
    by_ggd: dict[str, list[str]] = {}
    for one in REAL.municipalities.values():
        by_ggd.setdefault(one.ggd_code, []).append(one.code)
    both = [
        codes
        for codes in by_ggd.values()
        if scales_of(region(*codes), REAL) == (Scale.GGD_REGIO, Scale.ZORGKANTOORREGIO)
    ]
    assert (len(by_ggd), len(both)) == (25, 9)


@given(regions(), regions())
def test_clashes_are_what_the_specification_says(a: dict[str, object], b: dict[str, object]) -> None:
    one, other = Region.model_validate(a), Region.model_validate(b)
    assert regions_clash(one, other, TOY) is oracle.clash(one, other)
    assert regions_clash(other, one, TOY) is oracle.clash(one, other)
    assert regions_clash(one, one, TOY)


@given(st.lists(regions(), min_size=1, max_size=8))
def test_the_index_finds_the_first_of_those_that_clash(given_regions: list[dict[str, object]]) -> None:
    *earlier, last = [Region.model_validate(one) for one in given_regions]
    index = RegionIndex(TOY)
    for number, one in enumerate(earlier):
        index.add(one, f"{number}")
    clashing = [f"{number}" for number, one in enumerate(earlier) if oracle.clash(one, last)]
    assert index.first_clash(last) == (clashing[0] if clashing else None)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (["WK036300"], ["WK036300"], True),
        (["WK036300"], ["BU03630001"], True),
        (["BU036300AA"], ["WK036300"], True),
        (["WK036300"], ["BU03630101"], False),
        (["BU03630001"], ["BU03630002"], False),
        (["WK036300"], [], True),
    ],
)
def test_parts_of_one_municipality(one: list[str], other: list[str], *, clash: bool) -> None:
    first = region("GM0363", neighbourhoods=one, inhabitants=1)
    second = region("GM0363", neighbourhoods=other, inhabitants=1)
    assert regions_clash(first, second, REAL) is clash


def test_the_packaged_data_are_complete() -> None:
    packaged = load_packaged()
    assert len(REAL.municipalities) == 342
    assert sum(one.inhabitants for one in packaged.municipalities) == 17_811_291
    assert len({one.zk_code for one in packaged.municipalities}) == 31
    assert len({one.province_code for one in packaged.municipalities}) == 12
    names = {one.ggd_code: one.ggd for one in packaged.municipalities}
    assert {tile.code: tile.name for tile in load_tiles("ggd")} == names
    assert len(load_tiles("province")) == 12


def test_former_codes_lead_to_a_municipality_of_today() -> None:
    packaged = load_packaged()
    # 388 municipalities in 2017; 17 of today have a code that did not exist then.
    new = {one.successor for one in packaged.former if (one.successor or "") >= "GM1949"}
    assert 388 - len(packaged.former) + len(new) == 342
    assert {one.name for one in packaged.former if one.successor is None} == {
        "Littenseradiel",
        "Winsum",
        "Haaren",
    }
    assert set(REAL.former).isdisjoint(REAL.municipalities)
    assert set(REAL.former.values()) <= set(REAL.municipalities)
    assert REAL.resolve("GM0457") == "GM0363"
    assert REAL.resolve("GM0501") == "GM1992"
    assert REAL.resolve("GM0363") == "GM0363"
    assert REAL.resolve("GM0788") is None


@pytest.mark.parametrize("former", [{"GM0001": "GM0002"}, {"GM0901": "GM0999"}])
def test_a_former_code_must_lead_from_the_past_to_today(former: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="does not lead"):
        Reference.from_rows("toy", TOY.municipalities.values(), former)


def test_a_code_stands_once_in_the_reference_data() -> None:
    (first, *_) = TOY.municipalities.values()
    with pytest.raises(ValueError, match="GM0001 is listed twice"):
        Reference.from_rows("toy", (first, first), {})


def test_the_larger_regions_around_a_region_with_how_much_takes_part() -> None:
    found = surroundings_of(region("GM0001", "GM0901", "GM0004"), TOY)
    assert [(one.code, one.inside, one.size, one.whole) for one in found.ggd] == [
        ("A", 1, 3, False),
        ("B", 1, 2, False),
    ]
    whole = surroundings_of(region("GM0004", "GM0005"), TOY)
    assert [(one.inside, one.size, one.whole) for one in (*whole.ggd, *whole.zorgkantoor)] == [
        (2, 2, True),
        (2, 4, False),
    ]
    part = surroundings_of(region("GM0008", neighbourhoods=["WK000801"], inhabitants=1), TOY)
    assert [(one.inside, one.size, one.whole) for one in part.ggd] == [(1, 1, False)]
    assert surroundings_of(region(), TOY).province == ()


@given(st.lists(st.sampled_from(sorted(REAL.municipalities)), unique=True))
def test_every_municipality_lies_in_one_region_of_each_kind(codes: list[str]) -> None:
    found = surroundings_of(region(*codes), REAL)
    for regions_around in (found.ggd, found.zorgkantoor, found.province):
        assert sum(one.inside for one in regions_around) == len(codes)
        assert all(one.whole == (one.inside == one.size) for one in regions_around)


def test_a_version_named_by_a_day_tells_the_day_of_its_division() -> None:
    assert str(REAL.divided_on) == "2025-01-01"
    assert str(REAL.counted_on) == "2023-01-01"
    assert REAL.former_names["GM0003"] == "Appingedam"
    assert TOY.divided_on is None
