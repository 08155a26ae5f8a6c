"""Questions about a call in the browser: asked, answered, published, corrected."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    CallQuestion,
    Mail,
    Membership,
    Round,
    User,
)
from subsidy.services import call_questions
from tests import factories
from tests.conftest import MOMENT, Clock, QueryCount
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


def hidden(client: FlaskClient, url: str, name: str = "seen") -> str:
    fields = [one for one in parse(client.get(url).text).iter("input") if one.get("name") == name]
    return fields[0].get("value") or ""


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestQuestions:
    def ask(self, client: FlaskClient, round_: Round, text: str = "Mag een school meedoen?") -> CallQuestion:
        assert client.post(f"/ronden/{round_.slug}/vraag", data={"text": text}).status_code == 303
        return db.session.scalars(select(CallQuestion).order_by(CallQuestion.id.desc()).limit(1)).one()

    def test_from_question_to_published_answer(
        self, round_: Round, member: User, officer: User, as_user: AsUser, client: FlaskClient
    ) -> None:
        public = f"/ronden/{round_.slug}"
        question = self.ask(as_user(member), round_)
        assert "Mag een school" not in client.get(public).text
        bureau = as_user(officer)
        here = f"/bureau/ronden/{round_.slug}/vragen/{question.id}"
        assert here in bureau.get(f"/bureau/ronden/{round_.slug}/vragen").text
        typed = {
            "seen": hidden(bureau, here),
            "question": f"Mag een onderwijsinstelling partner zijn? {SCRIPT}",
            "answer": "Ja.",
            "to": "publish",
        }
        for _ in range(2):
            assert bureau.post(here, data=typed).status_code == 303
        page = client.get(public).text
        assert "Mag een onderwijsinstelling partner zijn?" in page
        assert SCRIPT not in page
        assert member.name not in page
        assert "Mag een school" not in page
        assert count(Mail) == 1
        assert "Ja." in as_user(member).get(f"/ronden/{round_.slug}/vraag").text
        assert here in bureau.get(f"/bureau/ronden/{round_.slug}/vragen?beantwoord=1").text

    def test_a_visitor_is_led_to_the_login(self, round_: Round, client: FlaskClient) -> None:
        db.session.commit()
        assert "account/inloggen" in client.get(f"/ronden/{round_.slug}/vraag").location
        links = {one.get("href") or "" for one in parse(client.get(f"/ronden/{round_.slug}").text).iter("a")}
        assert any("inloggen" in one and "vraag" in one for one in links)
        assert (
            "account/inloggen" in client.post(f"/ronden/{round_.slug}/vraag", data={"text": "Ja?"}).location
        )
        assert count(CallQuestion) == 0

    @pytest.mark.parametrize("text", ["", " ", "x" * 2001])
    def test_a_bad_question_is_told_and_kept(
        self, round_: Round, member: User, as_user: AsUser, text: str
    ) -> None:
        answer = as_user(member).post(f"/ronden/{round_.slug}/vraag", data={"text": text})
        assert answer.status_code == 422
        assert 'id="text-error"' in answer.text
        assert text in answer.text

    def test_after_closing_what_was_typed_is_still_there(
        self, round_: Round, member: User, as_user: AsUser, clock: Clock, client: FlaskClient
    ) -> None:
        asker = as_user(member)
        clock.now = round_.closes_at + timedelta(seconds=1)
        answer = asker.post(f"/ronden/{round_.slug}/vraag", data={"text": "Ben ik nog op tijd?"})
        assert answer.status_code == 422
        assert "Ben ik nog op tijd?" in answer.text
        assert count(CallQuestion) == 0
        assert "/vraag" not in {
            (one.get("href") or "")[-6:] for one in parse(client.get(f"/ronden/{round_.slug}").text).iter("a")
        }

    def test_who_asks_very_much_is_told_to_wait(self, round_: Round, member: User, as_user: AsUser) -> None:
        client = as_user(member)
        for number in range(call_questions.FREE):
            self.ask(client, round_, f"Vraag {number}")
        answer = client.post(f"/ronden/{round_.slug}/vraag", data={"text": "Nog een vraag"})
        assert answer.status_code == 429
        assert "Nog een vraag" in answer.text
        assert count(CallQuestion) == call_questions.FREE

    @pytest.mark.parametrize(
        ("field", "value"),
        [("question", ""), ("answer", " "), ("to", ""), ("to", "iedereen"), ("answer", "x" * 5001)],
    )
    def test_a_bad_answer_is_told_and_kept(
        self, round_: Round, member: User, officer: User, as_user: AsUser, field: str, value: str
    ) -> None:
        question = self.ask(as_user(member), round_)
        bureau = as_user(officer)
        here = f"/bureau/ronden/{round_.slug}/vragen/{question.id}"
        typed = {"seen": hidden(bureau, here), "question": "Mag dit?", "answer": "Ja hoor.", "to": "publish"}
        answer = bureau.post(here, data=typed | {field: value})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        kept = typed | {field: value}
        assert kept["answer"].strip() in answer.text
        db.session.expire_all()
        assert db.session.get_one(CallQuestion, question.id).answered_at is None

    def test_a_clash_shows_both_answers_and_saves_on_the_second_try(
        self, round_: Round, member: User, officer: User, as_user: AsUser
    ) -> None:
        question = self.ask(as_user(member), round_)
        first, second = as_user(officer), as_user(Role.OFFICER)
        here = f"/bureau/ronden/{round_.slug}/vragen/{question.id}"
        typed = {"question": "Mag dit?", "to": "publish", "seen": hidden(second, here)}
        first.post(here, data=typed | {"answer": "Ja, dat mag."})
        clash = second.post(here, data=typed | {"answer": "Nee, dat mag niet."})
        assert clash.status_code == 409
        assert "Ja, dat mag." in clash.text
        assert "Nee, dat mag niet." in clash.text
        (seen,) = [one.get("value") for one in parse(clash.text).iter("input") if one.get("name") == "seen"]
        again = second.post(here, data=typed | {"answer": "Nee, dat mag niet.", "seen": seen})
        assert again.status_code == 303
        db.session.expire_all()
        assert db.session.get_one(CallQuestion, question.id).answer == "Nee, dat mag niet."

    def test_a_question_of_another_round_is_not_there(
        self, round_: Round, member: User, officer: User, as_user: AsUser
    ) -> None:
        question = self.ask(as_user(member), round_)
        other = factories.make_round()
        bureau = as_user(officer)
        url = f"/bureau/ronden/{other.slug}/vragen/{question.id}"
        assert bureau.get(url).status_code == bureau.post(url, data={}).status_code == 404

    def test_an_officer_who_takes_part_does_not_answer(
        self, round_: Round, application: Application, as_user: AsUser
    ) -> None:
        involved = factories.make_user(Role.OFFICER)
        db.session.add(Membership(application_id=application.id, user_id=involved.id, capacity="view"))
        client = as_user(involved)
        assert client.get(f"/bureau/ronden/{round_.slug}/vragen").status_code == 404
        assert client.get(f"/bureau/ronden/{round_.slug}/uitstel").status_code == 404

    def test_the_public_page_costs_the_same_for_one_and_for_three(
        self, round_: Round, member: User, officer: User, client: FlaskClient
    ) -> None:
        counted = []
        for number in (1, 3):
            while len(call_questions.find_published(round_)) < number:
                text = f"Vraag {number} {count(CallQuestion)}"
                question = call_questions.ask(round_, text, actor=actor_of(member), now=MOMENT)
                call_questions.answer(
                    question,
                    round_,
                    wording=text,
                    text="Ja.",
                    publish=True,
                    seen=call_questions.version_of(question),
                    actor=actor_of(officer),
                    now=MOMENT,
                )
            db.session.commit()
            slug = round_.slug
            db.session.expire_all()
            with QueryCount() as queries:
                page = client.get(f"/ronden/{slug}")
            assert page.text.count("Ja.</p>") == number
            counted.append(queries.count)
        assert counted[0] == counted[1]

    def test_a_correction_shows_its_date(
        self, round_: Round, member: User, officer: User, as_user: AsUser, clock: Clock, client: FlaskClient
    ) -> None:
        question = self.ask(as_user(member), round_)
        bureau = as_user(officer)
        here = f"/bureau/ronden/{round_.slug}/vragen/{question.id}"
        for days, text in ((0, "Ja."), (3, "Nee.")):
            clock.now = MOMENT + timedelta(days=days)
            typed = {"seen": hidden(bureau, here), "question": "Mag dit?", "answer": text, "to": "publish"}
            bureau.post(here, data=typed)
        assert "13 maart 2026" in client.get(f"/ronden/{round_.slug}").text
