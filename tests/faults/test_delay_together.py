"""A delay that two officers tell at once, and a letter that two workers draw at once, for real."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents.procedure_letters import PLACED, make_procedure_letter
from subsidy.models import Application, Event, Letter, Mail, OutboxRow
from subsidy.services import delays, events, round_delays
from tests.conftest import MOMENT
from tests.factories import make_application, make_round, make_user
from tests.faults.together import Press, at_once, count
from workflows.permissions import Role


def sent(file: Application, *, weeks: int = 2, reason: str = "Meer tijd nodig.") -> dict[str, object]:
    until = delays.clock_of(file, today=MOMENT.date()).ends_on + timedelta(weeks=weeks)
    return {"until": until.isoformat(), "reason": reason, "longer": ""}


def press_all(app: Flask, presses: list[Press]) -> list[int]:
    db.session.commit()
    db.session.remove()
    statuses = [answer.status_code for answer in at_once(app, presses)]
    assert list(events.verify()) == []
    return sorted(statuses)


def test_two_officers_tell_the_same_once(office: Flask) -> None:
    file = make_application(make_round(), "advised", member=make_user(Role.APPLICANT))
    url = f"/bureau/aanvragen/{file.id}/later-beslissen"
    presses = [Press(make_user(Role.OFFICER).get_id(), url, sent(file)) for _ in range(2)]
    assert press_all(office, presses) == [303, 303]
    assert (count(Letter), count(Event, Event.name == delays.NOTIFIED), count(Mail)) == (1, 1, 1)


def test_two_officers_name_the_same_day_for_different_reasons_and_one_is_told(office: Flask) -> None:
    file = make_application(make_round(), "advised")
    url = f"/bureau/aanvragen/{file.id}/later-beslissen"
    presses = [
        Press(make_user(Role.OFFICER).get_id(), url, sent(file, reason=reason))
        for reason in ("Een.", "Twee.")
    ]
    assert press_all(office, presses) == [303, 422]
    assert count(Letter) == 1


def test_a_round_is_asked_once_by_a_double_click(office: Flask) -> None:
    round_ = make_round()
    file = make_application(round_, "advised")
    officer = make_user(Role.OFFICER)
    url = f"/bureau/ronden/{round_.slug}/later-beslissen"
    assert press_all(office, [Press(officer.get_id(), url, sent(file)) for _ in range(2)]) == [303, 303]
    assert count(OutboxRow, OutboxRow.topic == round_delays.TOPIC) == 1


def test_two_workers_draw_one_letter_once(office: Flask) -> None:
    file = make_application(make_round(), "advised")
    url = f"/bureau/aanvragen/{file.id}/later-beslissen"
    press_all(office, [Press(make_user(Role.OFFICER).get_id(), url, sent(file))])
    letter_id = db.session.scalars(select(Letter.id)).one()
    db.session.remove()
    ready = Barrier(2)

    def work() -> None:
        with office.app_context():
            ready.wait()
            make_procedure_letter({"letter_id": letter_id})

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result()
    letter = db.session.get_one(Letter, letter_id)
    assert letter.placed_at is not None
    assert count(Event, Event.name == PLACED) == 1
    assert list(events.verify()) == []
