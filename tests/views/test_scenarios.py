"""What if, through the pages: make, change and compare scenarios, and take the comparison along."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import AccessLog, Application, Round, Scenario, ScenarioReport, User
from subsidy.services import calculations, scenarios
from subsidy.services.round_file_import import import_round
from subsidy.services.scenarios import ScenarioValues
from tests.conftest import QueryCount
from tests.factories import MOMENT, lower_ceiling, make_interest, make_user
from tests.pages import parse, words
from tests.services.files import content, demo, many
from workflows.permissions import SYSTEM, Role

pytestmark = pytest.mark.usefixtures("app")
LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def round_(app: object) -> Round:  # the store has to be there
    """The demo round, brought in without outcomes."""
    found = import_round(content(demo()), actor=SYSTEM, now=MOMENT)
    db.session.commit()
    return found


@pytest.fixture
def officer(app: object) -> User:
    """An officer who reads English."""
    return make_user(Role.OFFICER, locale="en")


def url(round_: Round, rest: str = "") -> str:
    return f"/bureau/ronden/{round_.slug}/wat-als{rest}"


def text(answer: TestResponse) -> str:
    return words(parse(answer.get_data(as_text=True)))


def typed(round_: Round, **changes: Any) -> dict[str, Any]:
    """What the form of the round sends when only these fields are changed."""
    rules = calculations.material_of(round_).round.rules
    data: dict[str, Any] = {
        "name": "Proef",
        "note": "",
        "ceiling_cents": "65000",
        "distribution": rules.distribution.value,
        "min_domains": "3",
        "domains_mode": "required",
        "required_domains": ["gemeente", "zorgaanbieder"],
        "max_amount_cents": "10000",
        "max_months": "12",
        "partial_award": "y",
        "min_partial_cents": "2500",
        "aggregate": "mean",
        "first_come_unit": "instant",
        "min_reviews": "2",
        "threshold_total": "50",
        "tie-1": "relevantie",
        "tie-2": "submitted_at",
        **{f"weight-{one.id}": str(one.weight) for one in rules.criteria},
        **{f"threshold-{one.id}": str(one.threshold or "") for one in rules.criteria},
    }
    return data | changes


def make(
    round_: Round, officer: User, name: str = "Proef", ceiling_cents: int = 6_000_000, **rules: Any
) -> int:
    own = calculations.material_of(round_).round.rules
    values = ScenarioValues(name, "", ceiling_cents, own.model_copy(update=rules))
    made = scenarios.make(round_, values, actor=actor_of(officer), now=MOMENT)
    db.session.commit()
    return made.id


def test_a_scenario_with_nothing_changed_changes_nothing(
    round_: Round, officer: User, as_user: LogIn
) -> None:
    client = as_user(officer)
    assert "no scenarios for this round yet" in text(client.get(url(round_)))
    answer = client.post(url(round_, "/nieuw"), data=typed(round_), follow_redirects=True)
    assert answer.status_code == 200
    page = text(answer)
    assert "This scenario changes no rule and no ceiling." in page
    assert "No application gets another outcome" in page
    made = db.session.scalars(select(Scenario)).one()
    assert scenarios.rules_of(made) == calculations.material_of(round_).round.rules


def test_make_compare_change_copy_and_delete(round_: Round, officer: User, as_user: LogIn) -> None:
    client = as_user(officer)
    data = typed(round_, ceiling_cents="60000", **{"weight-haalbaarheid": "90", "max_awards": "4"})
    page = text(client.post(url(round_, "/nieuw"), data=data, follow_redirects=True))
    assert "Haalbaarheid: weight 20 90" in page
    assert "Largest number of awards none 4" in page
    assert "€ 10,000 less" in page.replace("\u00a0", " ")
    made = db.session.scalars(select(Scenario)).one()
    edit = url(round_, f"/{made.id}/wijzigen")
    assert 'value="90"' in client.get(edit).get_data(as_text=True)
    renamed = data | {"name": "Andere naam", "version": "1"}
    assert client.post(edit, data=renamed).status_code == 303
    stale = client.post(edit, data=renamed | {"note": "te laat"})
    assert stale.status_code == 422
    assert "Somebody else changed this scenario" in text(stale)
    assert "te laat" in stale.get_data(as_text=True)
    copied = client.post(url(round_, f"/{made.id}/kopie"), data={"copy_name": "Andere naam"})
    assert copied.status_code == 422
    assert "another scenario with this name" in text(copied)
    assert client.post(url(round_, f"/{made.id}/kopie"), data={"copy_name": "Kopie"}).status_code == 303
    listed = text(client.get(url(round_)))
    assert "Andere naam" in listed
    assert "Kopie" in listed
    gone = url(round_, f"/{made.id}/verwijderen")
    assert "It was not deleted" in text(client.post(gone, data={"version": "1"}, follow_redirects=True))
    for said in ("The scenario is deleted", "deleted this scenario in the meantime"):
        assert said in text(client.post(gone, data={"version": "2"}, follow_redirects=True))
    assert [one.name for one in db.session.scalars(select(Scenario))] == ["Kopie"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "", "Give the scenario a name."),
        ("ceiling_cents", "veel", "amount"),
        ("ceiling_cents", "", "Fill in the ceiling."),
        ("weight-kwaliteit", "0", "Write a number above 0."),
        ("threshold_total", "101", "from 0 to 100"),
        ("max_awards", "0", "from 1 to"),
        ("tie-2", "relevantie", "named earlier already"),
        ("tie-2", "lot", "Fill in the seed"),
        ("tie-3", "geluk", "Choose one from the list"),
        ("distribution", "loten", "Choose one from the list"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_kept(
    round_: Round, officer: User, as_user: LogIn, name: str, value: str, said: str
) -> None:
    data = typed(round_, note="Blijft staan.") | {name: value}
    answer = as_user(officer).post(url(round_, "/nieuw"), data=data)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Blijft staan." in page
    field = "lot_seed" if value == "lot" else name
    assert f'href="#{field}' in page
    assert said in page
    assert db.session.scalar(select(func.count()).select_from(Scenario)) == 0


def test_lots_are_drawn_with_the_seed(round_: Round, officer: User, as_user: LogIn) -> None:
    data = typed(round_, lot_seed="zaad-2026", **{"tie-1": "lot", "tie-2": ""})
    assert as_user(officer).post(url(round_, "/nieuw"), data=data).status_code == 303
    rules = scenarios.rules_of(db.session.scalars(select(Scenario)).one())
    assert (rules.tie_break, rules.lot_seed) == (("lot",), "zaad-2026")


def test_three_stand_beside_each_other_and_not_more(round_: Round, officer: User, as_user: LogIn) -> None:
    ids = [make(round_, officer, f"Nummer {n}", 6_000_000 - n) for n in range(4)]
    client = as_user(officer)
    page = text(client.get(url(round_, "/vergelijken"), query_string={"s": ids[:3]}))
    assert all(f"{n}. Nummer {n - 1}" in page for n in (1, 2, 3))
    for chosen in ([], ids):
        answer = client.get(url(round_, "/vergelijken"), query_string={"s": chosen}, follow_redirects=True)
        assert "Choose one, two or three scenarios" in text(answer)
    for wrong in (["999999"], ["x"], [str(2**63)]):
        assert client.get(url(round_, "/vergelijken"), query_string={"s": wrong}).status_code == 404


def test_a_round_that_changed_is_told_and_can_be_computed_again(
    round_: Round, officer: User, as_user: LogIn
) -> None:
    client = as_user(officer)
    first = make(round_, officer, "Eerst")
    there = {"s": [first]}
    assert "The round changed since" not in text(client.get(url(round_, "/vergelijken"), query_string=there))
    lower_ceiling(round_, 6_400_000)
    db.session.commit()
    assert "The round changed since" in text(client.get(url(round_, "/vergelijken"), query_string=there))
    assert "The round changed since" in text(client.get(url(round_)))
    both = {"s": [first, make(round_, officer, "Later")]}
    apart = text(client.get(url(round_, "/vergelijken"), query_string=both))
    assert "cannot stand beside each other" in apart
    assert client.get(url(round_, "/vergelijken.xlsx"), query_string=both).status_code == 404
    page = text(client.post(url(round_, "/opnieuw"), data=both, follow_redirects=True))
    assert "computed on the round as it is now" in page
    assert "The round changed since" not in page


def test_the_differences_come_first_and_all_on_request(officer: User, as_user: LogIn) -> None:
    round_ = import_round(content(many(120)), actor=SYSTEM, now=MOMENT)
    db.session.commit()
    scenario = make(round_, officer, max_awards=1)
    client = as_user(officer)
    here = {"s": scenario}
    page = parse(client.get(url(round_, "/vergelijken"), query_string=here).get_data(as_text=True))
    assert "Show all 120 applications" in words(page)
    seen = []
    address: str | None = url(round_, f"/vergelijken?s={scenario}&alles=1")
    while address:
        page = parse(client.get(address).get_data(as_text=True))
        seen += [words(one) for one in page.findall(".//table")[-1].findall(".//tbody/tr/th")]
        following = page.find(".//a[@rel='next']")
        address = None if following is None else following.get("href")
    assert len(set(seen)) == len(seen) == 120
    assert client.get(url(round_, "/vergelijken"), query_string=here | {"na": "weg"}).status_code == 404


def test_the_workbook_has_every_application_and_no_formula(
    round_: Round, officer: User, as_user: LogIn
) -> None:
    scenario = make(round_, officer, "=HYPERLINK(1)")
    answer = as_user(officer).get(url(round_, "/vergelijken.xlsx"), query_string={"s": scenario})
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert scenarios.digest_of(round_) in sheets[0]
    assert "Nothing was decided here" in sheets[0]
    assert all("<f>" not in sheet for sheet in sheets)
    assert all(f"JZOJP-RB-{n:03}" in sheets[2] for n in range(1, 11))
    assert db.session.scalar(select(func.count()).select_from(AccessLog)) == 1


def test_a_pdf_is_made_once_by_a_job_and_says_that_nothing_was_decided(
    round_: Round, officer: User, as_user: LogIn
) -> None:
    client = as_user(officer)
    scenario = make(round_, officer, "Minder & minder <geld>")
    for _click in range(2):
        assert client.post(url(round_, "/pdf"), data={"s": scenario}).status_code == 303
    here = url(round_, f"/vergelijken?s={scenario}")
    assert "The PDF is being made" in text(client.get(here))
    db.session.commit()
    jobs.drain_here(300)
    report = db.session.scalars(select(ScenarioReport)).one()
    assert report.pdf_sha256 is not None
    assert "Download the PDF" in text(client.get(here))
    with client.get(url(round_, f"/pdf/{report.sha256}")) as answer:
        assert answer.headers["X-Content-SHA256"] == report.pdf_sha256
        with pikepdf.open(io.BytesIO(answer.data)) as pdf:
            attached = pdf.attachments["scenarios.json"].get_file().read_bytes().decode()
    assert "JZOJP-RB-005" in attached
    assert client.get(url(round_, f"/pdf/{'0' * 64}")).status_code == 404
    scenarios.delete(
        db.session.get_one(Scenario, scenario), round_, version=1, actor=actor_of(officer), now=MOMENT
    )
    db.session.commit()
    with client.get(url(round_, f"/pdf/{report.sha256}")) as answer:
        assert answer.status_code == 200


def test_who_may_only_look_sees_no_button_and_cannot_post(
    round_: Round, officer: User, as_user: LogIn
) -> None:
    scenario = make(round_, officer)
    client = as_user(make_user(Role.FINANCE, locale="en"))
    page = client.get(url(round_)).get_data(as_text=True)
    assert "/wat-als/nieuw" not in page
    assert "/wijzigen" not in page
    assert client.get(url(round_, f"/vergelijken?s={scenario}")).status_code == 200
    for rest in (
        "/nieuw",
        f"/{scenario}/wijzigen",
        f"/{scenario}/kopie",
        f"/{scenario}/verwijderen",
        "/opnieuw",
    ):
        assert client.post(url(round_, rest), data=typed(round_)).status_code == 404


def test_who_has_an_interest_in_a_file_sees_no_scenario(round_: Round, officer: User, as_user: LogIn) -> None:
    scenario = make(round_, officer)
    conflicted = make_user(Role.OFFICER)
    make_interest(db.session.scalars(select(Application)).first(), conflicted)  # type: ignore[arg-type]
    client = as_user(conflicted)
    for rest in ("", "/nieuw", f"/vergelijken?s={scenario}", f"/vergelijken.xlsx?s={scenario}"):
        assert client.get(url(round_, rest)).status_code == 404


def test_a_list_costs_the_same_for_three_as_for_one(
    round_: Round, officer: User, as_user: LogIn, count_queries: Callable[[], QueryCount]
) -> None:
    client = as_user(officer)
    make(round_, officer, "Een")
    for names in ((), ("Twee", "Drie")):
        for name in names:
            make(round_, officer, name)
        client.get(url(round_))
        with count_queries() as counted:
            client.get(url(round_))
        assert counted.count == LIST_QUERIES, counted.statements


LIST_QUERIES = 15
