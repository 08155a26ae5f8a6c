"""Messages, questions about a call and later deadlines in the browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    AccessLog,
    Application,
    CallQuestion,
    Mail,
    Membership,
    Message,
    MessageReading,
    Round,
    User,
)
from subsidy.services import call_questions, extension
from tests import factories
from tests.conftest import MOMENT, Clock, QueryCount
from tests.pages import parse, words
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
        assert own(application) not in client.get("/aanvragen").text
        as_user(officer).post(office(application), data={"body": "Ja"})
        assert own(application) in client.get("/aanvragen").text
        client.get(own(application))
        assert own(application) not in client.get("/aanvragen").text

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


class TestExtension:
    def typed(self, draft: Application, **more: str) -> dict[str, str]:
        return {
            "number": extension.code_of(draft),
            "until": "2026-04-02T12:00",
            "reason": "De site deed het niet.",
            **more,
        }

    def test_one_draft_gets_more_time_and_stays_unseen(
        self, round_: Round, member: User, officer: User, as_user: AsUser
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member, title="Geheim plan")
        bureau, here = as_user(officer), f"/bureau/ronden/{round_.slug}/uitstel"
        for _ in range(2):
            assert bureau.post(here, data=self.typed(draft)).location == here
        page = bureau.get(here).text
        assert "Geheim plan" not in page
        assert words(parse(page).find(".//tbody/tr/th")) == extension.code_of(draft)
        assert "De site deed het niet." in page
        assert count(Mail) == 1
        db.session.refresh(draft)
        assert draft.deadline_at is not None
        assert draft.deadline_at.isoformat() == "2026-04-02T10:00:00+00:00"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("number", ""),
            ("number", "1234-ABCD"),
            ("number", "'; DROP TABLE"),
            ("until", "morgen"),
            ("until", "2026-03-01T12:00"),
            ("until", "2026-03-20T12:00"),
            ("until", "2062-04-02T12:00"),
            ("until", "2026-03-29T02:30"),
            ("reason", " "),
            ("reason", "x" * 2001),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_everything_typed_stays(
        self, round_: Round, member: User, officer: User, as_user: AsUser, field: str, value: str
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        typed = self.typed(draft, **{field: value})
        answer = as_user(officer).post(f"/bureau/ronden/{round_.slug}/uitstel", data=typed)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        fields = {one.get("name"): one.get("value") for one in parse(answer.text).iter("input")}
        assert fields["number"] == typed["number"].strip()
        assert fields["until"] == typed["until"]
        db.session.refresh(draft)
        assert draft.deadline_at is None

    def test_an_applicant_gives_nobody_time(self, round_: Round, member: User, as_user: AsUser) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        answer = as_user(member).post(f"/bureau/ronden/{round_.slug}/uitstel", data=self.typed(draft))
        assert answer.status_code == 404

    def test_it_can_be_sent_in_after_closing(
        self, round_: Round, member: User, officer: User, as_user: AsUser, clock: Clock
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        as_user(officer).post(f"/bureau/ronden/{round_.slug}/uitstel", data=self.typed(draft))
        clock.now = round_.closes_at + timedelta(hours=1)
        page = as_user(member).get(f"/aanvragen/{draft.id}").text
        assert "2 april 2026" in page
