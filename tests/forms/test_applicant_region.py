"""The form of the region: municipalities of before, whole areas, and neighbourhoods."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.applicant_region import RegionForm, change_area, region_fields
from forms.choices import Offer, Place
from workflows.kinds import KINDS

OFFER = Offer(
    municipalities=(
        Place("GM0518", "Den Haag", "Zuid-Holland", ("GG7014", "PV28")),
        Place("GM1979", "Eemsdelta", "Groningen", ("GG0111", "PV20"), ("Appingedam", "Delfzijl")),
    ),
    areas=(Place("GG7014", "GGD Haaglanden", "GGD"),),
    former={"GM0003": "GM1979", "GM0010": "GM1979"},
)


@pytest.fixture
def made(app: object) -> type[Form]:
    """In the language of the page, which the application knows."""
    return type("Made", (RegionForm,), region_fields(KINDS["regiobeeld"], OFFER))


def test_former_municipalities_are_those_of_today(made: type[Form]) -> None:
    stored = made(data={"municipalities": ("GM0003", "GM0010", "GM0518")})
    assert stored["municipalities"].data == ["GM1979", "GM0518"]
    assert stored["municipalities"].renewed == ("GM0003", "GM0010")
    typed = made(MultiDict({"municipalities": "GM0003"}))
    assert typed["municipalities"].data == ["GM1979"]


def test_an_unknown_municipality_is_refused_by_name(made: type[Form]) -> None:
    form = made(MultiDict([("region_name", "X"), ("municipalities", "GM9999"), ("municipalities", "GM0518")]))
    assert not form.validate()
    assert "GM9999" in form.errors["municipalities"][0]
    assert "GM0518" not in form.errors["municipalities"][0]


def test_an_area_comes_and_goes(made: type[Form]) -> None:
    form = made(data={"municipalities": ["GM1979"], "area": "GG7014"})
    change_area(form, ("GM0518", "GM1979"), add=True)
    assert form["municipalities"].data == ["GM1979", "GM0518"]
    assert form["area"].data == ""
    change_area(form, ("GM0518",), add=False)
    assert form["municipalities"].data == ["GM1979"]
    change_area(form, (), add=False)
    assert form["municipalities"].data == ["GM1979"]


def test_a_place_tells_its_areas_and_other_names(made: type[Form]) -> None:
    shown = dict(made()["municipalities"].iter_groups())
    (eemsdelta,) = shown["Groningen"]
    assert eemsdelta.render_kw == {"data-areas": "GG0111 PV20", "data-also": "Appingedam,Delfzijl"}
    (den_haag,) = shown["Zuid-Holland"]
    assert den_haag.render_kw["data-also"] is None


@pytest.mark.parametrize(
    ("picked", "codes", "wrong"),
    [
        (("GM0518",), "WK051801", False),
        (("GM0518", "GM1979"), "WK051801", True),
        (("GM1979",), "WK051801", True),
        ((), "WK051801", True),
        (("GM0518", "GM1979"), "", False),
    ],
)
def test_neighbourhoods_lie_within_the_one_municipality(
    made: type[Form], picked: tuple[str, ...], codes: str, *, wrong: bool
) -> None:
    data = MultiDict([("region_name", "X"), ("neighbourhoods", codes), ("inhabitants", "10")])
    data.setlist("municipalities", picked)
    form = made(data)
    form.validate()
    assert ("neighbourhoods" in form.errors) is wrong
    assert form["neighbourhoods"].data == codes
