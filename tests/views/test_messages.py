"""Messages in a file, in the browser of the applicant and in that of the office."""

from collections.abc import Callable

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import (
    AccessLog,
    Application,
    Mail,
    Membership,
    Message,
    MessageReading,
    Round,
    User,
)
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def officer(app: Flask) -> User:
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def application(round_: Round, member: User) -> Application:
    return factories.make_application(round_, member=member)


def own(application: Application) -> str:
    return f"/aanvragen/{application.id}/berichten"


def office(application: Application) -> str:
    return f"/bureau/aanvragen/{application.id}/berichten"


def hidden(client: FlaskClient, url: str, name: str = "seen") -> str:
    fields = [one for one in parse(client.get(url).text).iter("input") if one.get("name") == name]
    return fields[0].get("value") or ""


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestMessages:
    def test_a_conversation(
        self, application: Application, member: User, officer: User, as_user: AsUser
    ) -> None:
        applicant, bureau = as_user(member), as_user(officer)
        typed = {"body": "  Wanneer\r\nhoren wij iets? \x00", "seen": hidden(applicant, own(application))}
        for _ in range(2):
            assert applicant.post(own(application), data=typed).location == own(application)
        message = db.session.scalars(select(Message)).one()
        assert message.body == "Wanneer\nhoren wij iets?"
        assert "(1 " in bureau.get(f"/bureau/aanvragen/{application.id}").text
        assert "Wanneer" in bureau.get(office(application)).text
        assert db.session.scalars(select(MessageReading.user_id)).all() == [officer.id]
        typed = {"body": "Voor 1 mei.", "seen": hidden(bureau, office(application))}
        assert bureau.post(office(application), data=typed).location == office(application)
        page = applicant.get(own(application)).text
        assert page.index("Voor 1 mei.") < page.index("Wanneer")
        assert officer.name in page
        assert count(MessageReading) == 2
        assert member.name in bureau.get(office(application)).text

    @pytest.mark.parametrize("body", ["", " \r\n ", "\x00", "x" * 5001])
    def test_a_bad_message_is_told_and_kept(
        self, application: Application, member: User, as_user: AsUser, body: str
    ) -> None:
        answer = as_user(member).post(own(application), data={"body": body, "seen": "0"})
        assert answer.status_code == 422
        assert 'id="body-error"' in answer.text
        assert body.strip("\x00 \r\n") in answer.text
        assert count(Message) == count(Mail) == 0

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5000, "²"])
    def test_a_strange_hidden_field_still_sends(
        self, application: Application, member: User, as_user: AsUser, seen: str
    ) -> None:
        assert as_user(member).post(own(application), data={"body": "Ja", "seen": seen}).status_code == 303

    def test_what_is_typed_is_never_markup(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        client.post(own(application), data={"body": SCRIPT})
        page = client.get(own(application)).text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page

    def test_who_may_view_reads_and_does_not_write(self, application: Application, as_user: AsUser) -> None:
        reader = factories.make_user(Role.APPLICANT)
        db.session.add(Membership(application_id=application.id, user_id=reader.id, capacity="view"))
        client = as_user(reader)
        page = parse(client.get(own(application)).text)
        assert own(application) not in {form.get("action") for form in page.iter("form")}
        assert client.post(own(application), data={"body": "Ja"}).status_code == 404
        assert count(Message) == 0

    def test_a_draft_has_no_messages(
        self, round_: Round, member: User, officer: User, as_user: AsUser
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        assert as_user(member).get(own(draft)).status_code == 404
        assert as_user(officer).get(office(draft)).status_code == 404
        assert as_user(officer).post(office(draft), data={"body": "Ja"}).status_code == 404

    def test_who_has_a_conflict_sees_and_writes_nothing(
        self, application: Application, officer: User, as_user: AsUser
    ) -> None:
        factories.make_review(application, officer, declared_at=MOMENT, conflict="Familie")
        client = as_user(officer)
        assert client.get(office(application)).status_code == 404
        assert client.post(office(application), data={"body": "Ja"}).status_code == 404
        assert count(Message) == 0

    def test_somebody_elses_messages_do_not_exist(self, application: Application, as_user: AsUser) -> None:
        stranger = as_user(Role.APPLICANT)
        assert stranger.get(own(application)).status_code == 404
        assert stranger.get(office(application)).status_code == 404

    def test_who_only_looks_is_logged_and_reads_for_nobody(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        as_user(member).post(own(application), data={"body": "Ja"})
        auditor = factories.make_user(Role.AUDITOR)
        assert "Ja" in as_user(auditor).get(office(application)).text
        assert count(MessageReading) == 0
        assert db.session.scalars(select(AccessLog.user_id).where(AccessLog.what == "messages")).all() == [
            auditor.id
        ]

    def test_a_look_with_head_is_no_reading(
        self, application: Application, member: User, officer: User, as_user: AsUser
    ) -> None:
        as_user(officer).post(office(application), data={"body": "Ja"})
        client = as_user(member)
        for name in list(g):
            g.pop(name)
        answer = FlaskClient.open(client, own(application), method="HEAD")  # there is no page to check
        assert answer.status_code == 200
        assert count(MessageReading) == 0

    def test_paper_gets_a_letter(self, round_: Round, as_user: AsUser) -> None:
        paper = factories.make_application(round_)
        client = as_user(Role.OFFICER)
        assert office(paper) not in {
            one.get("action") for one in parse(client.get(office(paper)).text).iter("form")
        }
        answer = client.post(office(paper), data={"body": "Goedemiddag"})
        assert answer.status_code == 422
        assert count(Message) == 0

    def test_the_page_costs_the_same_for_one_and_for_three(
        self, application: Application, member: User, officer: User, as_user: AsUser
    ) -> None:
        bureau, applicant = as_user(officer), as_user(member)
        counted, here, there = [], own(application), office(application)
        for number in (1, 3):
            while count(Message) < number:
                bureau.post(there, data={"body": f"Bericht {count(Message)}"})
            db.session.expunge_all()
            with QueryCount() as queries:
                applicant.get(here)
            counted.append(queries.count)
        assert counted[0] == counted[1]

    def test_the_own_list_leads_to_new_messages_until_they_are_read(
        self, application: Application, member: User, officer: User, as_user: AsUser
    ) -> None:
        client = as_user(member)
        post = f"/aanvragen/{application.id}/post"
        assert post not in client.get("/aanvragen").text
        as_user(officer).post(office(application), data={"body": "Ja"})
        assert post in client.get("/aanvragen").text
        assert own(application) in client.get(post).text
        client.get(own(application))
        assert post not in client.get("/aanvragen").text

    def test_older_messages_are_a_page_further(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        db.session.add_all(
            Message(
                application_id=application.id,
                from_office=True,
                author_id=member.id,
                body=f"Nr {n}.",
                sent_at=MOMENT,
            )
            for n in range(21)
        )
        client = as_user(member)
        links = [one.get("href") or "" for one in parse(client.get(own(application)).text).iter("a")]
        (older,) = [one for one in links if "voor=" in one]
        assert "Nr 0." in client.get(older).text
        assert client.get(own(application) + "?voor=x").status_code == 200

    def test_the_worklist_leads_to_what_waits(
        self, application: Application, member: User, officer: User, as_user: AsUser
    ) -> None:
        bureau = as_user(officer)
        assert "/bureau/post" not in bureau.get("/bureau/").text
        as_user(member).post(own(application), data={"body": "Ja"})
        assert "/bureau/post" in bureau.get("/bureau/").text
        assert office(application) in bureau.get("/bureau/post").text
        assert as_user(Role.CHAIR).get("/bureau/post").status_code == 403
