"""Mandates on screen: given and withdrawn by an administrator, read by the office, and another who signs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Mandate, User
from subsidy.services import decisions
from tests.conftest import MOMENT, QueryCount
from tests.factories import declare, give_mandate, make_interest, make_round, make_user
from tests.services.rounds import make_scene
from tests.services.test_ledger import award
from tests.views.test_any_text import STRANGE
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
LIST, GIVE = "/beheer/mandaten", "/beheer/mandaten/geven"


def english(role: Role, **values: Any) -> User:
    return make_user(role, locale="en", **values)


def typed(officer: User, /, **changes: object) -> dict[str, object]:
    return {
        "holder": str(officer.id),
        "powers": ["award", "reject"],
        "up_to_cents": "50.000",
        "for_round": "all",
        "function": "hoofd subsidies",
        "reference": "Mandaatbesluit 2026, artikel 3",
        "from_day": MOMENT.date().isoformat(),
        "until_day": "",
    } | changes


def mandates() -> list[Mandate]:
    return list(db.session.scalars(select(Mandate).order_by(Mandate.id)))


class TestGiving:
    def test_an_administrator_gives_and_withdraws_once_each(self, as_user: LogIn) -> None:
        officer, client = make_user(Role.OFFICER, name="Mila Smit"), as_user(english(Role.ADMINISTRATOR))
        for _double_click in range(2):
            assert client.post(GIVE, data=typed(officer)).location == LIST
        (mandate,) = mandates()
        assert (mandate.up_to_cents, mandate.powers, mandate.until_day) == (
            5_000_000,
            ["award", "reject"],
            None,
        )
        page = client.get(LIST).text
        assert "Mila Smit" in page
        assert "Award, Rejection" in page
        for _double_click in range(2):
            assert client.post(f"{LIST}/{mandate.id}/intrekken").location == LIST
        assert mandate.withdrawn_at == MOMENT
        assert "Nobody has a mandate now" in client.get(LIST).text
        assert "Mila Smit" in client.get(LIST, query_string={"alle": "ja"}).text
        assert client.post(f"{LIST}/999999/intrekken").status_code == 404

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"holder": ""}, "Choose an officer."),
            ({"holder": "999999"}, "Choose one from the list."),
            ({"powers": []}, "Tick at least one kind of decision."),
            ({"powers": ["rule"]}, "Choose from the list."),
            ({"up_to_cents": "0"}, "Write a number from 1"),
            ({"for_round": ""}, "Choose one from the list."),
            ({"for_round": "999999"}, "Choose one from the list."),
            ({"function": " "}, "Fill in the function"),
            ({"reference": ""}, "Fill in where the mandate was given."),
            ({"from_day": "ooit"}, "Write a date"),
            ({"until_day": "2026-03-09"}, "The last day comes before the first day."),
            ({"from_day": "2026-01-01", "until_day": "2026-03-09"}, "The last day has passed"),
        ],
    )
    def test_what_is_refused_stays_on_the_page(
        self, as_user: LogIn, changes: dict[str, object], said: str
    ) -> None:
        officer = make_user(Role.OFFICER)
        answer = as_user(english(Role.ADMINISTRATOR)).post(GIVE, data=typed(officer, **changes))
        assert answer.status_code == 422
        assert said in answer.text
        assert "50.000" in answer.text or "up_to_cents" in changes
        assert mandates() == []

    @pytest.mark.slow
    def test_strange_text_is_refused_with_words(self, as_user: LogIn) -> None:
        client = as_user(Role.ADMINISTRATOR)
        officer = make_user(Role.OFFICER)
        for name in typed(officer):
            for value in (*STRANGE, "9" * 5000, "-1", str(2**63)):
                answer = client.post(GIVE, data=typed(officer, **{name: value}))
                assert answer.status_code in {303, 422}, (name, value)
        assert client.post(GIVE).status_code == 422

    def test_an_administrator_is_no_choice_for_oneself(self, as_user: LogIn) -> None:
        me = english(Role.ADMINISTRATOR)
        officer_too = make_user(Role.OFFICER, name="Iemand Anders")
        me.grants.append(make_user(Role.OFFICER).grants[0])
        db.session.flush()
        own = give_mandate(me)
        client = as_user(me)
        page = client.get(GIVE).text
        assert officer_too.name in page
        assert f'value="{me.id}"' not in page
        assert client.post(GIVE, data=typed(me)).status_code == 422
        assert f"/{own.id}/intrekken" not in client.get(LIST).text
        assert client.post(f"{LIST}/{own.id}/intrekken").status_code == 404
        assert own.withdrawn_at is None

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.FINANCE])
    def test_the_office_reads_and_changes_nothing(self, as_user: LogIn, role: Role) -> None:
        officer = make_user(Role.OFFICER, name="Mila Smit")
        mandate = give_mandate(officer)
        client = as_user(role)
        page = client.get(LIST).text
        assert "Mila Smit" in page
        assert "/intrekken" not in page
        assert "/geven" not in page
        answers = [client.get(GIVE), client.post(GIVE), client.post(f"{LIST}/{mandate.id}/intrekken")]
        assert [one.status_code for one in answers] == [403, 403, 403]

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        round_ = make_round()
        for _ in range(many):
            give_mandate(make_user(Role.OFFICER), round_id=round_.id)
        client = as_user(Role.AUDITOR)
        with count_queries() as counted:
            assert client.get(LIST).text.count("<tr>") == many + 1
        assert counted.count == 2

    def test_a_long_list_is_paged(self, as_user: LogIn) -> None:
        officer = make_user(Role.OFFICER)
        for _ in range(51):
            give_mandate(officer)
        client = as_user(Role.AUDITOR)
        first = client.get(LIST).text
        further = first.split('rel="next" href="')[1].split('"')[0]
        assert client.get(further).text.count("<tr>") == 2


class TestAnotherSigns:
    def test_it_says_who_decides_and_lets_another_sign(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        scene.letter(award(scene, 0))
        application = scene.applications[0]
        here = f"/bureau/aanvragen/{application.id}/besluit"
        third = english(Role.OFFICER, name="Derde Medewerker")
        declare(third, scene.round)
        mandate = give_mandate(third, function="directeur", up_to_cents=2_000_000)
        client = as_user(third)
        signs = db.session.scalars(select(Mandate).where(Mandate.user_id == scene.confirmer.user_id)).one()
        page = client.get(here).text
        assert f"{signs.holder.name} decides, hoofd subsidies" in page
        signs.withdrawn_at = MOMENT
        db.session.commit()
        assert "This mandate was withdrawn on" in client.get(here).text
        assert "proposal waits for it" in client.get(f"/bureau/ronden/{scene.round.slug}/besluiten").text
        assert "proposal waits for it" in client.get(f"/bureau/ronden/{scene.round.slug}").text
        offered = client.get(f"{here}/ondertekenaar").text
        assert "Derde Medewerker, directeur" in offered
        for _double_click in range(2):
            answer = client.post(f"{here}/ondertekenaar", data={"mandate": mandate.id})
            assert (answer.status_code, answer.location) == (303, here)
        assert decisions.get_current(application).mandate_id == mandate.id
        assert "Somebody else signs" in client.get(here).text
        assert "proposal waits for it" not in client.get(f"/bureau/ronden/{scene.round.slug}").text

    @pytest.mark.parametrize("sent", [{}, {"mandate": ""}, {"mandate": "999999"}, {"mandate": "x\x00"}])
    def test_a_choice_outside_the_list_is_refused(self, as_user: LogIn, sent: dict[str, str]) -> None:
        scene = make_scene((5,))
        old = award(scene, 0)
        user = db.session.get_one(User, scene.proposer.user_id)
        third = make_user(Role.OFFICER)
        give_mandate(third)
        here = f"/bureau/aanvragen/{scene.applications[0].id}/besluit/ondertekenaar"
        assert as_user(user).post(here, data=sent).status_code == 422
        assert decisions.get_current(scene.applications[0]).id == old.id

    def test_without_a_proposal_there_is_nothing_to_sign(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        user = db.session.get_one(User, scene.proposer.user_id)
        here = f"/bureau/aanvragen/{scene.applications[0].id}/besluit"
        client = as_user(user)
        assert client.get(f"{here}/ondertekenaar").location == here
        assert client.post(f"{here}/ondertekenaar", data={"mandate": "1"}).location == here

    def test_an_interest_closes_the_page(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        award(scene, 0)
        third = make_user(Role.OFFICER)
        make_interest(scene.applications[0], third)
        here = f"/bureau/aanvragen/{scene.applications[0].id}/besluit/ondertekenaar"
        assert as_user(third).get(here).status_code == 404
