"""The rooms of the administration: people and roles, background work, events, development mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import GrantRow, OutboxRow, Round, User
from subsidy.services import events, grants, mail, outbox
from subsidy.services.advance import NotAllowedError
from tests.conftest import QueryCount
from tests.factories import MOMENT, grant, make_application, make_review, make_round, make_user
from workflows.permissions import SYSTEM, Actor, Grant, Role

LogIn = Callable[[User | Role], FlaskClient]


def roles_of(user: User) -> list[tuple[str, int | None]]:
    query = select(GrantRow.role, GrantRow.round_id).where(GrantRow.user_id == user.id).order_by(GrantRow.id)
    return [(row.role, row.round_id) for row in db.session.execute(query)]


def dead_row(number: int) -> OutboxRow:
    outbox.post("mail", f"mail:{number}", {"mail_id": number}, now=MOMENT)
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.key == f"mail:{number}")).one()
    row.dead_at, row.attempts, row.last_error = MOMENT, 8, "OSError: <no answer>"
    db.session.flush()
    return row


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        (Role.ADMINISTRATOR, ["/beheer/mensen", "/beheer/werk"]),
        (Role.AUDITOR, ["/beheer/mensen", "/beheer/werk", "/beheer/gebeurtenissen"]),
        (Role.OFFICER, ["/beheer/werk", "/beheer/gebeurtenissen"]),
    ],
)
def test_the_index_leads_to_the_rooms_that_open(as_user: LogIn, role: Role, rooms: list[str]) -> None:
    client = as_user(role)
    page = client.get("/beheer/").text
    for room in ("/beheer/mensen", "/beheer/werk", "/beheer/gebeurtenissen"):
        assert (f'href="{room}"' in page) == (room in rooms)
        assert (client.get(room).status_code == 200) == (room in rooms)


class TestGrants:
    def test_an_administrator_gives_and_takes_a_role(self, as_user: LogIn) -> None:
        person, round_ = make_user(Role.APPLICANT), make_round()
        client = as_user(Role.ADMINISTRATOR)
        here = f"/beheer/mensen/{person.id}"
        assert client.get(here).status_code == 200
        for _double_click in range(2):
            answer = client.post(f"{here}/rollen", data={"role": "reviewer", "round_id": str(round_.id)})
            assert (answer.status_code, answer.location) == (303, here)
        client.post(f"{here}/rollen", data={"role": "officer", "round_id": "all"})
        assert roles_of(person) == [("applicant", None), ("reviewer", round_.id), ("officer", None)]
        officer = db.session.scalars(select(GrantRow).where(GrantRow.role == "officer")).one()
        for _double_click in range(2):
            assert client.post(f"{here}/rollen/{officer.id}/intrekken").status_code == 303
        assert roles_of(person) == [("applicant", None), ("reviewer", round_.id)]
        assert list(events.verify()) == []

    @pytest.mark.parametrize(
        "data", [{"role": "king", "round_id": "all"}, {"role": "officer", "round_id": "0"}, {}]
    )
    def test_only_known_roles_and_rounds(self, as_user: LogIn, data: dict[str, str]) -> None:
        person = make_user()
        answer = as_user(Role.ADMINISTRATOR).post(f"/beheer/mensen/{person.id}/rollen", data=data)
        assert answer.status_code == 422
        assert roles_of(person) == []

    def test_nobody_changes_their_own_roles(self, as_user: LogIn) -> None:
        me = make_user(Role.ADMINISTRATOR)
        client = as_user(me)
        page = client.get(f"/beheer/mensen/{me.id}").text
        assert "/rollen" not in page
        given = client.post(f"/beheer/mensen/{me.id}/rollen", data={"role": "officer", "round_id": "all"})
        taken = client.post(f"/beheer/mensen/{me.id}/rollen/{me.grants[0].id}/intrekken")
        assert (given.status_code, taken.status_code) == (404, 404)
        assert roles_of(me) == [("administrator", None)]

    def test_who_administers_one_round_gives_no_roles(self, as_user: LogIn) -> None:
        mine, person = make_round(), make_user(Role.CHAIR)
        client = as_user(make_user(Role.ADMINISTRATOR, mine))
        there = f"/beheer/mensen/{person.id}/rollen"
        given = client.post(there, data={"role": "reviewer", "round_id": str(mine.id)})
        taken = client.post(f"{there}/{person.grants[0].id}/intrekken")
        assert (given.status_code, taken.status_code) == (404, 404)
        assert roles_of(person) == [("chair", None)]

    @pytest.mark.usefixtures("app")
    def test_a_grant_is_taken_from_its_own_person_only(self) -> None:
        one, other = make_user(Role.OFFICER), make_user(Role.OFFICER)
        assert not grants.take(SYSTEM, one, grant_id=other.grants[0].id, now=MOMENT)
        assert roles_of(other) == [("officer", None)]

    @pytest.mark.usefixtures("app")
    def test_the_service_asks_the_policy_itself(self) -> None:
        person = make_user(Role.OFFICER)
        officer = Actor(person.id, frozenset({Grant(Role.OFFICER)}))
        with pytest.raises(NotAllowedError):
            grants.give(officer, make_user(), role=Role.OFFICER, round_id=None, now=MOMENT)

    def test_an_auditor_sees_and_changes_nothing(self, as_user: LogIn) -> None:
        person = make_user(Role.OFFICER)
        client = as_user(Role.AUDITOR)
        assert "/rollen" not in client.get(f"/beheer/mensen/{person.id}").text
        assert client.post(f"/beheer/mensen/{person.id}/rollen").status_code == 404


class TestPeople:
    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        for _ in range(many):
            grant(make_user(Role.APPLICANT), Role.REVIEWER, make_round())
        client = as_user(Role.AUDITOR)
        with count_queries() as counted:
            assert client.get("/beheer/mensen").status_code == 200
        assert counted.count == 4

    def test_a_long_list_is_paged_by_name(self, as_user: LogIn) -> None:
        for number in range(70):
            make_user(name=f"{'abc'[number % 3]} {number:03d}")
        client = as_user(make_user(Role.AUDITOR, name="zz"))
        first = client.get("/beheer/mensen").text
        assert first.count("/beheer/mensen/") == 50
        further = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = client.get(further).text
        assert second.count("/beheer/mensen/") == 21
        assert 'rel="next"' not in second

    def test_searching_finds_names_addresses_and_no_patterns(self, as_user: LogIn) -> None:
        make_user(name="Anna de Boer", email="anna@gemeente.nl")
        make_user(name="Piet_50%", email="piet@voorbeeld.nl")
        make_user(name="Nog niet bevestigd", email_confirmed_at=None)
        client = as_user(make_user(Role.AUDITOR, name="Auditor", email="auditor@bureau.nl"))

        def found(search: str) -> int:
            return client.get("/beheer/mensen", query_string={"search": search}).text.count("/beheer/mensen/")

        assert [found(text) for text in ("DE BOER", "gemeente.nl", "_50%", "%", "x_", "bevestigd")] == [
            1,
            1,
            1,
            1,
            0,
            0,
        ]

    def test_staff_are_who_has_another_role_than_applicant(self, as_user: LogIn) -> None:
        make_user(Role.APPLICANT)
        grant(make_user(Role.APPLICANT), Role.REVIEWER)
        page = as_user(Role.AUDITOR).get("/beheer/mensen?staff=y").text
        assert page.count("/beheer/mensen/") == 2


class TestWork:
    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        for number in range(many):
            dead_row(number)
        client = as_user(Role.OFFICER)
        with count_queries() as counted:
            page = client.get("/beheer/werk").text
        assert page.count("&lt;no answer&gt;") == many
        assert counted.count == 3

    def test_failed_work_is_tried_again_once(self, as_user: LogIn) -> None:
        row = dead_row(1)
        client = as_user(Role.ADMINISTRATOR)
        assert client.post(f"/beheer/werk/{row.id}/opnieuw").status_code == 303
        db.session.refresh(row)
        assert (row.dead_at, row.attempts, row.due_at) == (None, 0, MOMENT)
        row.attempts = 3
        db.session.commit()
        assert client.post(f"/beheer/werk/{row.id}/opnieuw").status_code == 303
        db.session.refresh(row)
        assert row.attempts == 3
        assert client.post("/beheer/werk/999999/opnieuw").status_code == 404

    def test_an_auditor_sees_it_and_cannot_press(self, as_user: LogIn) -> None:
        row = dead_row(1)
        client = as_user(Role.AUDITOR)
        assert "/opnieuw" not in client.get("/beheer/werk").text
        assert client.post(f"/beheer/werk/{row.id}/opnieuw").status_code == 403

    def test_a_long_list_is_paged(self, as_user: LogIn) -> None:
        for number in range(51):
            dead_row(number)
        client = as_user(Role.OFFICER)
        first = client.get("/beheer/werk").text
        assert first.count("/opnieuw") == 50
        further = first.split('rel="next" href="')[1].split('"')[0]
        assert client.get(further).text.count("/opnieuw") == 1


class TestEvents:
    def something_happened(self, round_: Round, times: int) -> None:
        application = make_application(round_)
        for number in range(times):
            events.append(
                "review.interest_declared",
                at=MOMENT + timedelta(minutes=number),
                actor_id=make_user(name=f"Referent {number}").id,
                round_id=round_.id,
                application_id=application.id,
                facts={"review": number},
                personal={"nature": f"familie {number}"},
            )
        db.session.flush()

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        round_ = make_round()
        self.something_happened(round_, many)
        address = f"/beheer/gebeurtenissen/ronde/{round_.slug}"
        client = as_user(Role.AUDITOR)
        with count_queries() as counted:
            page = client.get(address).text
        assert page.count("familie") == many
        assert counted.count == 4

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_of_rounds_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        for _ in range(many):
            make_round()
        client = as_user(Role.AUDITOR)
        with count_queries() as counted:
            page = client.get("/beheer/gebeurtenissen").text
        assert page.count("/beheer/gebeurtenissen/ronde/") == many
        assert counted.count == 2

    def test_the_last_comes_first_and_the_list_is_paged(self, as_user: LogIn) -> None:
        round_ = make_round()
        self.something_happened(round_, 51)
        client = as_user(Role.OFFICER)
        first = client.get(f"/beheer/gebeurtenissen/ronde/{round_.slug}").text
        assert first.index("familie 50") < first.index("familie 1<")
        further = first.split('rel="next" href="')[1].split('"')[0]
        assert client.get(further).text.count("familie") == 1

    def test_a_role_on_one_round_opens_the_events_of_that_round_alone(self, as_user: LogIn) -> None:
        mine, other = make_round(), make_round()
        client = as_user(make_user(Role.OFFICER, mine))
        page = client.get("/beheer/gebeurtenissen").text
        assert mine.slug in page
        assert other.slug not in page
        codes = [
            client.get(f"/beheer/gebeurtenissen/{there}").status_code
            for there in (f"ronde/{mine.slug}", f"ronde/{other.slug}", "bureau")
        ]
        assert codes == [200, 404, 404]

    def test_who_has_a_conflict_in_the_round_sees_no_events_of_it(self, as_user: LogIn) -> None:
        round_, officer = make_round(), make_user(Role.OFFICER)
        make_review(make_application(round_), officer, declared_at=MOMENT, conflict="familie")
        client = as_user(officer)
        assert client.get(f"/beheer/gebeurtenissen/ronde/{round_.slug}").status_code == 404

    def test_what_happened_to_roles_is_an_event_of_the_office(self, as_user: LogIn) -> None:
        grants.give(SYSTEM, make_user(), role=Role.CHAIR, round_id=None, now=MOMENT)
        page = as_user(Role.AUDITOR).get("/beheer/gebeurtenissen/bureau").text
        assert "chair" in page


class TestDevelopmentMail:
    def test_everyone_reads_it_in_development_and_links_can_be_followed(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.test_request_context():
            for number in range(2):
                written = mail.compose(
                    f"test:{number}",
                    recipient=f"iemand{number}@voorbeeld.nl",
                    template="no_account",
                    context={"name": "", "token": ""},
                    now=MOMENT,
                )
                mail.deliver({"mail_id": written.id})
        page = client.get("/beheer/post").text
        assert page.index("iemand1@voorbeeld.nl") < page.index("iemand0@voorbeeld.nl")
        assert 'href="http://localhost:8000/account/registreren"' in page

    def test_it_does_not_exist_in_production(
        self, app: Flask, client: FlaskClient, as_user: LogIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = replace(app.config["SETTINGS"], production=True, smtp_url="smtp://localhost")
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        assert client.get("/beheer/post").status_code == 302
        administrator = as_user(Role.ADMINISTRATOR)
        assert administrator.get("/beheer/post").status_code == 403
        assert "/beheer/post" not in administrator.get("/beheer/").text


@pytest.mark.parametrize("page", ["/beheer/mensen", "/beheer/werk", "/beheer/"])
def test_the_menu_says_in_which_room_a_page_is(as_user: LogIn, page: str) -> None:
    menu = as_user(Role.ADMINISTRATOR).get(page).text
    assert 'href="/beheer/" aria-current="page"' in menu
    assert menu.count('aria-current="page"') == 1
