"""The hearing before a decision (zienswijze) in the browser of the applicant and in that of the office."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Application, Hearing, Membership, User
from subsidy.services import hearings
from tests import factories
from tests.conftest import MOMENT, Clock, QueryCount
from tests.pages import parse
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
SCRIPT = "<script>alert('x')</script>"
TEXT = "De stichting is gefuseerd."
ASKED = {
    "grounds": "wrong_data",
    "intention": "Wij willen de aanvraag afwijzen.",
    "differs": "Het handelsregister zegt iets anders.",
    "last_day": "2026-03-24",
}


@pytest.fixture
def member(app: Flask) -> User:
    assert app.testing
    return factories.make_user(Role.APPLICANT, locale="en")


@pytest.fixture
def officer(member: User) -> User:
    assert member.id
    return factories.make_user(Role.OFFICER, locale="en")


@pytest.fixture
def file(member: User) -> Application:
    return factories.make_application(factories.make_round(), "advised", member=member)


@pytest.fixture
def running(file: Application) -> Hearing:
    return factories.hear_before(
        file, "wrong_data", opened_at=MOMENT, last_day=MOMENT.date() + timedelta(days=14)
    )


def own(file: Application) -> str:
    return f"/aanvragen/{file.id}/zienswijze"


def office(file: Application, rest: str = "") -> str:
    return f"/bureau/aanvragen/{file.id}/zienswijze{rest}"


def typed(page: str, name: str) -> str:
    """What a page has in a text area."""
    areas = [one for one in parse(page).iter("textarea") if one.get("name") == name]
    return "".join("".join(one.itertext()).lstrip("\n") for one in areas)


class TestTheApplicant:
    def test_is_led_there_and_reads_what_is_intended(
        self, file: Application, running: Hearing, member: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        assert (
            "Give your view on what we intend, at the latest on 24 March 2026"
            in client.get("/aanvragen").text
        )
        assert own(file) in client.get(f"/aanvragen/{file.id}").text
        page = client.get(own(file)).text
        assert running.intention in page
        assert running.data in page
        assert "(article 4:35, paragraph 2, part a, Awb)" in page
        assert "You need not give a view" in page

    def test_has_no_page_when_nothing_was_asked(
        self, file: Application, member: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        assert client.get(own(file)).status_code == 404
        assert client.post(own(file), data={"answer": TEXT}).status_code == 404

    def test_sends_a_view_once_however_often_they_press(
        self, file: Application, running: Hearing, member: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        for _press in range(2):
            answer = client.post(own(file), data={"hearing": running.id, "answer": TEXT})
            assert answer.status_code == 303
        page = client.get(own(file)).text
        assert "It can no longer be changed." in page
        assert "<textarea" not in page
        course = client.get(f"/aanvragen/{file.id}").text
        assert "We asked for your view" not in course  # made by the factory, without its event
        assert "Your view received" in course
        assert "Give your view" not in client.get("/aanvragen").text

    def test_in_a_second_window_gets_the_text_back(
        self, file: Application, running: Hearing, member: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        client.post(own(file), data={"hearing": running.id, "answer": TEXT})
        late = client.post(own(file), data={"hearing": running.id, "answer": f"Iets anders {SCRIPT}"})
        assert late.status_code == 409
        assert "A view was given already" in late.text
        assert "Iets anders &lt;script&gt;" in late.text
        assert running.answer == TEXT

    def test_after_the_term_is_told_so_and_can_still_send(
        self, file: Application, running: Hearing, member: User, as_user: AsUser, clock: Clock
    ) -> None:
        clock.now = MOMENT + timedelta(days=15)
        client = as_user(member)
        assert "It then counts as too late" in client.get(own(file)).text
        answer = client.post(own(file), data={"hearing": running.id, "answer": TEXT}, follow_redirects=True)
        assert "sent in after the term" in answer.text
        assert "After the term" in answer.text

    @pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
    def test_is_told_what_is_wrong_and_keeps_what_was_typed(
        self, file: Application, running: Hearing, member: User, as_user: AsUser, text: str
    ) -> None:
        answer = as_user(member).post(own(file), data={"hearing": running.id, "answer": text})
        assert answer.status_code == 422
        assert 'href="#answer"' in answer.text
        assert typed(answer.text, "answer").strip() == text.strip()
        assert running.answered_at is None

    def test_who_may_only_read_reads(self, file: Application, running: Hearing, as_user: AsUser) -> None:
        reader = factories.make_user(Role.APPLICANT, locale="en")
        db.session.add(Membership(application_id=file.id, user_id=reader.id, capacity="view"))
        client = as_user(reader)
        page = client.get(own(file)).text
        assert running.intention in page
        assert "<textarea" not in page
        answer = client.post(own(file), data={"hearing": running.id, "answer": TEXT})
        assert (answer.status_code, running.answered_at) == (409, None)
        assert TEXT in answer.text

    def test_who_was_logged_out_finds_the_text_again(
        self, app: Flask, file: Application, running: Hearing, member: User
    ) -> None:
        db.session.commit()
        client = app.test_client()
        parked = client.post(own(file), data={"hearing": running.id, "answer": TEXT})
        assert parked.status_code == 303
        assert "/account/inloggen" in parked.headers["Location"]
        back = parked.headers["Location"].partition("next=")[2].replace("%3F", "?").replace("%3D", "=")
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = member.get_id(), True
        page = client.get(back.replace("%2F", "/")).text
        assert typed(page, "answer") == TEXT


class TestTheOffice:
    def test_asks_and_reads_the_answer(
        self, file: Application, officer: User, member: User, as_user: AsUser
    ) -> None:
        client = as_user(officer)
        assert office(file) in client.get(f"/bureau/aanvragen/{file.id}").text
        page = client.get(office(file)).text
        assert 'value="2026-03-24"' in page
        asked = client.post(office(file), data=ASKED, follow_redirects=True)
        assert "with a notification by e-mail" in asked.text
        assert "Wait for the view" in asked.text
        assert "1 on its way" in asked.text
        assert "<summary>Ask again</summary>" not in asked.text
        (hearing,) = hearings.find(file)
        as_user(member).post(own(file), data={"hearing": hearing.id, "answer": f"{TEXT} {SCRIPT}"})
        page = client.get(office(file)).text
        assert f"{TEXT} &lt;script&gt;" in page
        assert f"By {member.name}." in page
        assert "go into the view in the motivation" in page
        history = client.get(f"/bureau/aanvragen/{file.id}").text
        assert "Applicant asked for a view" in history
        assert "Until 24 March 2026." in history

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("grounds", "", "Tick at least one ground."),
            ("grounds", "ceiling", "Choose from the list."),
            ("intention", " ", "Say what you intend to decide."),
            ("differs", "", "Say on which data this rests"),
            ("last_day", "2026-03-10", "Choose a day after today"),
            ("last_day", "2027-12-01", "more than a year away"),
            ("last_day", "31-02-2026", "day"),
        ],
    )
    def test_is_told_what_is_wrong_and_keeps_what_was_typed(
        self, file: Application, officer: User, as_user: AsUser, name: str, value: str, said: str
    ) -> None:
        answer = as_user(officer).post(office(file), data={**ASKED, name: value or []})
        assert answer.status_code == 422
        assert said in answer.text
        assert f'href="#{name}' in answer.text
        for other in {"intention", "differs"} - {name}:
            assert typed(answer.text, other) == ASKED[other]
        assert hearings.find(file) == []

    def test_does_not_ask_twice(self, file: Application, officer: User, as_user: AsUser) -> None:
        client = as_user(officer)
        for _press in range(2):
            assert client.post(office(file), data=ASKED).status_code == 303
        other = client.post(office(file), data={**ASKED, "differs": "Iets anders."})
        assert other.status_code == 422
        assert "can answer until and including 24 March 2026" in other.text
        assert len(hearings.find(file)) == 1

    def test_writes_down_what_was_said(
        self, file: Application, running: Hearing, officer: User, as_user: AsUser
    ) -> None:
        client = as_user(officer)
        noted = {"hearing": running.id, "way": "mouth", "received_on": "2026-03-10", "answer": TEXT}
        wrong = client.post(office(file, "/antwoord"), data={**noted, "received_on": "2026-03-09"})
        assert wrong.status_code == 422
        assert "This is not between the day of the request and today." in wrong.text
        assert typed(wrong.text, "answer") == TEXT
        assert '<details class="more" open>' in wrong.text
        page = client.post(office(file, "/antwoord"), data=noted, follow_redirects=True).text
        assert "Given by mouth on 10 March 2026" in page
        again = client.post(office(file, "/antwoord"), data={**noted, "answer": "Iets anders."})
        assert again.status_code == 422
        assert "A view was given already" in again.text
        assert running.answer == TEXT

    def test_prints_the_request_for_who_has_no_account(self, officer: User, as_user: AsUser) -> None:
        file = factories.make_application(factories.make_round(), "advised")
        client = as_user(officer)
        assert client.get(office(file, "/papier")).status_code == 404
        asked = client.post(office(file), data=ASKED, follow_redirects=True).text
        assert "nobody gets it by e-mail" in asked
        assert office(file, "/papier") in asked
        page = client.get(office(file, "/papier")).text
        assert ASKED["intention"] in page
        assert file.reference is not None
        assert file.reference in page

    def test_asks_again_and_keeps_the_first(self, file: Application, officer: User, as_user: AsUser) -> None:
        first = factories.hear_before(file, "insolvent", intention="De eerste keer.")
        client = as_user(officer)
        page = client.get(office(file)).text
        assert "No view within the term" in page
        assert "<summary>Ask again</summary>" in page
        after = client.post(office(file), data=ASKED, follow_redirects=True).text
        assert first.intention in after
        assert "Asked before" in after

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.FINANCE, Role.AUDITOR])
    def test_others_of_the_office_read_along(
        self, file: Application, running: Hearing, as_user: AsUser, role: Role
    ) -> None:
        client = as_user(role)
        page = client.get(office(file)).text
        assert running.data in page
        assert "<textarea" not in page
        assert client.post(office(file), data=ASKED).status_code == 404

    def test_lists_those_of_a_round(
        self, file: Application, running: Hearing, officer: User, as_user: AsUser
    ) -> None:
        hidden = factories.make_application(file.round, "advised", title="Verborgen")
        factories.hear_before(hidden, "insolvent")
        factories.make_interest(hidden, officer)
        page = as_user(officer).get(f"/bureau/ronden/{file.round.slug}/zienswijzen").text
        assert office(file) in page
        assert "Wait for the view" in page
        assert "Verborgen" not in page
        assert running.intention not in page


def test_the_worklist_says_where_it_stands(
    file: Application, running: Hearing, officer: User, as_user: AsUser, clock: Clock
) -> None:
    assert file.id == running.application_id
    client = as_user(officer)
    page = client.get("/bureau/?wacht=propose").text
    assert "Wait for the view" in page
    assert "until 24 March 2026" in page
    clock.now = MOMENT + timedelta(days=15)
    assert "No view within the term" in client.get("/bureau/?wacht=propose").text
    running.answer, running.answered_at = TEXT, MOMENT
    db.session.commit()
    page = client.get("/bureau/?wacht=propose").text
    assert "View came in" in page
    assert TEXT not in page


def test_a_list_costs_the_same_for_one_and_for_three(
    file: Application,
    running: Hearing,
    officer: User,
    member: User,
    as_user: AsUser,
    count_queries: Callable[[], QueryCount],
) -> None:
    assert running.id
    office_client, own_client = as_user(officer), as_user(member)
    pages = (
        (office_client, f"/bureau/ronden/{file.round.slug}/zienswijzen"),
        (office_client, office(file)),
        (own_client, own(file)),
        (own_client, "/aanvragen"),
        (office_client, "/bureau/?wacht=propose"),
    )

    def cost() -> list[int]:
        counted = []
        for client, url in pages:
            db.session.expire_all()
            with count_queries() as queries:
                assert client.get(url).status_code == 200
            counted.append(queries.count)
        return counted

    cost()
    at_one = cost()
    for _more in range(2):
        other = factories.make_application(file.round, "advised", member=member)
        factories.hear_before(other, "wrong_data", opened_by=officer.id, last_day=MOMENT.date())
        factories.hear_before(file, "insolvent", opened_by=officer.id)
    db.session.commit()
    assert cost() == at_one == [5, 9, 8, 4, 9]


def test_who_has_an_interest_sees_nothing(
    file: Application, running: Hearing, officer: User, as_user: AsUser
) -> None:
    assert running.id
    factories.make_interest(file, officer)
    client = as_user(officer)
    assert client.get(office(file)).status_code == 404
    assert client.post(office(file), data=ASKED).status_code == 404
