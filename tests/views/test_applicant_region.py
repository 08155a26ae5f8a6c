"""The section about the region, as a browser meets it, and the part of it that follows while picking."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Application, RegionMunicipality, Round, User
from tests.conftest import QueryCount
from tests.factories import make_application, make_round, make_user
from tests.services.decided import make_decided, region
from workflows.kinds import KINDS
from workflows.permissions import Role
from workflows.rules import Scale

LogIn = Callable[[User | Role], FlaskClient]
TEXEL, ZOETERMEER, UTRECHT = "GM0448", "GM0637", "GM0344"


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def round_(app: object) -> Round:
    return make_round("netwerk")


@pytest.fixture
def draft(round_: Round, applicant: User) -> Application:
    return make_application(round_, "draft", member=applicant, municipalities=[])


def facts(client: FlaskClient, application: Application, **typed: Any) -> str:
    """What follows from what stands on the page."""
    answer = client.post(f"/aanvragen/{application.id}/regio", data=typed)
    assert answer.status_code == 200
    return answer.text


def tiles(page: str) -> dict[str, str]:
    """The step of each region on the map, by its label; those that take part."""
    found = re.findall(r'<g data-step="(\d)".*?<text x="22" y="17">(\w+)</text>', page, re.DOTALL)
    assert len(found) == 25
    return {label: step for step, label in found if step != "0"}


def ticked(page: str) -> set[str]:
    """The municipalities that are ticked on a page."""
    return set(re.findall(r'name="municipalities" value="(GM\d{4})" checked', page))


def test_nothing_picked_gives_no_facts(as_user: LogIn, applicant: User, draft: Application) -> None:
    client = as_user(applicant)
    assert "<dl" not in facts(client, draft)
    assert "<dl" not in facts(client, draft, municipalities=["GM9999", "<b>", "\x00"])


def test_a_whole_ggd_region_is_dark_on_the_map(as_user: LogIn, applicant: User, draft: Application) -> None:
    page = facts(as_user(applicant), draft, municipalities=[ZOETERMEER])
    assert tiles(page) == {"Haag": "2"}
    zeeland = ["GM0654", "GM0664", "GM0677", "GM0678", "GM0687", "GM0703", "GM0715", "GM0716", "GM0717",
               "GM0718", "GM1676", "GM1695", "GM1714"]  # fmt: skip
    page = facts(as_user(applicant), draft, municipalities=zeeland)
    assert tiles(page) == {"Zeel": "4"}
    assert "13/13" in page
    assert tiles(facts(as_user(applicant), draft, municipalities=[TEXEL, UTRECHT])) == {"HN": "2", "Utr": "2"}


def test_inhabitants_come_with_the_day_on_which_they_were_counted(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    page = facts(as_user(applicant), draft, municipalities=[TEXEL])
    assert re.search(r"2023", page)
    assert re.search(r"2025", page)


def test_the_rules_of_the_round_are_held_against_what_is_typed(as_user: LogIn, applicant: User) -> None:
    kind = KINDS["netwerk"]
    rules = kind.rules.model_copy(
        update={"scales": (Scale.GGD_REGIO,), "allowed_municipalities": (TEXEL,), "min_inhabitants": 20_000}
    )
    narrow = make_round("netwerk", definition=kind.model_copy(update={"rules": rules}))
    application = make_application(narrow, "draft", member=applicant)
    page = facts(as_user(applicant), application, municipalities=[ZOETERMEER])
    assert page.count('class="nl-data-badge') == 3
    assert "Zoetermeer" in page
    assert ZOETERMEER not in page


def test_an_award_in_the_region_is_told(
    as_user: LogIn, applicant: User, round_: Round, draft: Application
) -> None:
    make_decided(round_, "awarded", 5, title="Samen <op> Texel", municipalities=region(TEXEL, UTRECHT))
    page = facts(as_user(applicant), draft, municipalities=[TEXEL])
    assert "Samen &lt;op&gt; Texel" in page
    assert round_.title in page
    assert "Utrecht" not in page.split("Samen &lt;op&gt; Texel")[1]
    assert "Samen" not in facts(as_user(applicant), draft, municipalities=[ZOETERMEER])


def test_nothing_typed_here_is_an_error(as_user: LogIn, applicant: User, draft: Application) -> None:
    client = as_user(applicant)
    for strange in ("", "WK1", "\x00", "💶" * 500, "WK051801", "-1", "9" * 400, "\u202e12"):
        facts(
            client,
            draft,
            region_name=strange,
            municipalities=["GM0518", strange],
            neighbourhoods=strange,
            inhabitants=strange,
        )
    db.session.expire_all()
    assert db.session.get_one(Application, draft.id).municipalities == []


def test_strangers_get_nothing(as_user: LogIn, draft: Application) -> None:
    address = f"/aanvragen/{draft.id}/regio"
    assert as_user(Role.APPLICANT).post(address).status_code in {403, 404}


@pytest.mark.parametrize("awards", [1, 3])
def test_it_costs_the_same_whatever_is_found(
    as_user: LogIn,
    applicant: User,
    round_: Round,
    draft: Application,
    count_queries: Callable[[], QueryCount],
    awards: int,
) -> None:
    for _ in range(awards):
        make_decided(round_, "awarded", 5, municipalities=region(TEXEL, ZOETERMEER))
    client = as_user(applicant)
    facts(client, draft, municipalities=[TEXEL])  # reads the reference data, once per process
    address = f"/aanvragen/{draft.id}/regio"
    db.session.expunge_all()
    with count_queries() as queries:
        client.post(address, data={"municipalities": [TEXEL, ZOETERMEER]})
    assert queries.count == 5


def test_a_whole_area_is_added_and_taken_away_without_scripts(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client = as_user(applicant)
    address = f"/aanvragen/{draft.id}/onderdelen/region"
    mark = re.search(r'name="seen"[^>]*value="([^"]*)"', client.get(address).text)
    assert mark
    typed = {"seen": mark[1], "region_name": "Zeeland en Texel"}
    added = client.post(address, data={**typed, "municipalities": [TEXEL], "area": "PV29", "add_area": "1"})
    assert added.status_code == 200
    assert len(ticked(added.text)) == 14
    assert tiles(added.text) == {"Zeel": "4", "HN": "2"}
    codes = sorted(ticked(added.text))
    left = client.post(address, data={**typed, "municipalities": codes, "area": "PV29", "remove_area": "1"})
    assert ticked(left.text) == {TEXEL}
    assert 'value="Zeeland en Texel"' in left.text
    db.session.expire_all()
    assert db.session.get_one(Application, draft.id).municipalities == []


def test_a_former_municipality_is_shown_as_what_it_became(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    given = [RegionMunicipality(position=0, given_code="GM0003", code="GM1979")]
    application = make_application(round_, "draft", member=applicant, municipalities=given)
    client = as_user(applicant)
    page = client.get(f"/aanvragen/{application.id}/onderdelen/region").text
    assert ticked(page) == {"GM1979"}
    assert "Appingedam" in page
    assert "Appingedam" in client.get(f"/aanvragen/{application.id}/nakijken").text


def test_neighbourhoods_lie_within_one_municipality(as_user: LogIn, applicant: User) -> None:
    application = make_application(make_round("regiobeeld"), "draft", member=applicant)
    client = as_user(applicant)
    address = f"/aanvragen/{application.id}/onderdelen/region"
    mark = re.search(r'name="seen"[^>]*value="([^"]*)"', client.get(address).text)
    assert mark
    typed = {
        "seen": mark[1],
        "region_name": "Escamp",
        "neighbourhoods": "WK051801",
        "inhabitants": "12.000",
    }
    refused = client.post(address, data={**typed, "municipalities": ["GM0518", ZOETERMEER]})
    assert refused.status_code == 422
    assert ticked(refused.text) == {"GM0518", ZOETERMEER}
    assert "WK051801" in refused.text
    assert client.post(address, data={**typed, "municipalities": ["GM0518"]}).status_code == 303
