"""Messages, questions and later deadlines over real connections: sent twice at once is sent once."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from subsidy.db import db
from subsidy.models import CallQuestion, Event, Mail, Message, MessageReading, OutboxRow
from subsidy.services import call_questions, events, extension
from tests.conftest import MOMENT
from tests.factories import make_application, make_round, make_user
from tests.faults.together import Press, at_once, browser, count
from workflows.permissions import Role


def pressed(office: Flask, *presses: Press) -> list[int]:
    """Press at once, with everything that was made so far stored."""
    db.session.commit()
    db.session.remove()
    statuses = sorted(answer.status_code for answer in at_once(office, presses))
    assert list(events.verify()) == []
    return statuses


def test_a_message_is_sent_once(office: Flask) -> None:
    member = make_user(Role.APPLICANT)
    application = make_application(make_round(), member=member)
    url = f"/aanvragen/{application.id}/berichten"
    press = Press(member.get_id(), url, {"body": "Wanneer horen wij iets?", "seen": "0"})
    assert pressed(office, press, press) == [303, 303]
    assert count(Message) == count(Mail) == 1
    assert count(Event, Event.name == "message.sent") == 1


def test_both_sides_can_write_at_once(office: Flask) -> None:
    member, officer = make_user(Role.APPLICANT), make_user(Role.OFFICER)
    application = make_application(make_round(), member=member)
    url = f"/aanvragen/{application.id}/berichten"
    ours = Press(member.get_id(), url, {"body": "Wanneer horen wij iets?", "seen": "0"})
    theirs = Press(officer.get_id(), f"/bureau{url}", {"body": "Wij missen een bijlage.", "seen": "0"})
    assert pressed(office, ours, theirs) == [303, 303]
    assert count(Message) == count(Mail) == 2


def test_a_message_opened_in_many_windows_at_once_is_read_once(office: Flask) -> None:
    member, officer = make_user(Role.APPLICANT), make_user(Role.OFFICER)
    application = make_application(make_round(), member=member)
    db.session.add(
        Message(
            application_id=application.id,
            from_office=True,
            author_id=officer.id,
            body="Wij missen een bijlage.",
            sent_at=MOMENT,
        )
    )
    session, url = member.get_id(), f"/aanvragen/{application.id}/berichten"
    db.session.commit()
    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: browser(office, session).get(url).status_code, range(8)))
    assert statuses == [200] * 8
    assert count(MessageReading) == 1


def test_a_question_is_asked_once(office: Flask) -> None:
    member, round_ = make_user(Role.APPLICANT), make_round()
    press = Press(member.get_id(), f"/ronden/{round_.slug}/vraag", {"text": "Mag een school meedoen?"})
    assert pressed(office, press, press) == [303, 303]
    assert count(CallQuestion) == count(Event, Event.name == "question.asked") == 1


def test_of_two_answers_at_once_one_is_kept_and_the_other_shown(office: Flask) -> None:
    round_, asker = make_round(), make_user(Role.APPLICANT)
    question = CallQuestion(round_id=round_.id, asked="Mag dit?", asked_by=asker.id, asked_at=MOMENT)
    db.session.add(question)
    db.session.flush()
    url = f"/bureau/ronden/{round_.slug}/vragen/{question.id}"
    seen = call_questions.version_of(question)
    presses = [
        Press(
            make_user(Role.OFFICER).get_id(),
            url,
            {"seen": seen, "question": "Mag dit?", "answer": answer, "to": "publish"},
        )
        for answer in ("Ja, dat mag.", "Nee, dat mag niet.")
    ]
    assert pressed(office, *presses) == [303, 409]
    assert count(Mail) == count(Event, Event.name.like("question.%")) == 1


def test_more_time_is_given_once(office: Flask) -> None:
    round_ = make_round()
    draft = make_application(round_, "draft", member=make_user(Role.APPLICANT))
    data: dict[str, object] = {
        "number": extension.code_of(draft),
        "until": "2026-04-02T12:00",
        "reason": "Storing.",
    }
    press = Press(make_user(Role.OFFICER).get_id(), f"/bureau/ronden/{round_.slug}/uitstel", data)
    assert pressed(office, press, press) == [303, 303]
    assert count(Mail) == count(OutboxRow) == 1
    assert count(Event, Event.name == extension.EXTENDED) == 1
