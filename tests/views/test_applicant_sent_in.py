"""What an applicant can do, and reads, after an application was sent in."""

import re
from datetime import date, timedelta

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import (
    AccessLog,
    Application,
    Decision,
    Event,
    Mail,
    OutboxRow,
    Round,
    Supplement,
    User,
)
from subsidy.services import file_store, letters
from tests.conftest import Clock
from tests.factories import MOMENT, make_application, make_user
from tests.views.test_applicant import PDF, LogIn, applicant, forget, reload, round_, save
from workflows.permissions import Role

__all__ = ["applicant", "round_"]


def asked_to_supplement(applicant: User, round_: Round) -> Application:
    application = make_application(round_, "supplement_requested", member=applicant)
    db.session.add(
        Supplement(
            application_id=application.id,
            asked="Vul de aanpak aan.",
            sections=["plan"],
            requested_by=make_user(Role.OFFICER).id,
            requested_at=MOMENT,
            last_day=date(2026, 3, 24),
        )
    )
    db.session.flush()
    return application


def test_a_supplement_changes_only_what_was_asked(
    as_user: LogIn, applicant: User, round_: Round, clock: Clock
) -> None:
    application = asked_to_supplement(applicant, round_)
    client = as_user(applicant)
    page = client.get(f"/aanvragen/{application.id}").text
    assert "Vul de aanpak aan." in page
    assert set(re.findall(r"/onderdelen/(\w+)", page)) == {"plan"}
    assert client.get(f"/aanvragen/{application.id}/onderdelen/project").status_code == 404
    clock.now = MOMENT + timedelta(days=14, hours=13)  # 24 March, 23:30 in Amsterdam
    assert save(client, application, "plan", **{"answer-approach": "Stap voor stap."}).status_code == 303
    at = f"{forget(application)}/aanvullen"
    assert client.post(at).status_code == 303
    stored = reload(application)
    assert (stored.state, stored.completed_at) == ("submitted", clock.now)
    assert stored.answers == {"approach": "Stap voor stap."}
    assert client.post(at).status_code == 303
    assert db.session.scalars(select(Event.name)).all().count("application.supplemented") == 1
    receipts = db.session.scalars(select(OutboxRow.key).where(OutboxRow.topic == "receipt")).all()
    assert receipts == [f"receipt:{application.id}:{stored.version}"]


def test_after_its_last_day_a_supplement_is_too_late(
    as_user: LogIn, applicant: User, round_: Round, clock: Clock
) -> None:
    application = asked_to_supplement(applicant, round_)
    client = as_user(applicant)
    clock.now = MOMENT + timedelta(days=14, hours=14)
    late = client.get(f"/aanvragen/{application.id}/onderdelen/plan")
    assert (late.status_code, late.location) == (303, f"/aanvragen/{application.id}")
    assert client.post(f"/aanvragen/{application.id}/aanvullen").status_code == 303
    assert reload(application).state == "supplement_requested"


def test_an_application_is_withdrawn_once_with_its_reason(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    application = make_application(round_, "in_review", member=applicant)
    client = as_user(applicant)
    at = f"{forget(application)}/intrekken"
    assert client.get(at).status_code == 200
    assert client.post(at, data={"reason": "Wij stoppen."}).status_code == 303
    assert client.post(at, data={"reason": "Nog eens."}).status_code == 303
    assert reload(application).state == "withdrawn"
    (event,) = db.session.scalars(select(Event).where(Event.name == "application.withdrawn"))
    assert event.detail is not None
    assert event.detail.body == {"reason": "Wij stoppen."}
    assert db.session.scalars(select(Mail.recipient)).all() == [applicant.email]


def test_a_draft_is_thrown_away(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    sent_in = make_application(round_, member=applicant).id
    client = as_user(applicant)
    at = f"{forget(application)}/weggooien"
    assert client.get(at).status_code == 200
    assert client.post(at).location == "/aanvragen"
    assert client.get(f"/aanvragen/{application.id}").status_code == 404
    assert client.post(f"/aanvragen/{sent_in}/weggooien").status_code == 404


def decided(application: Application, *, announced: bool) -> Decision:
    letter = file_store.put(PDF, media_type="application/pdf", now=MOMENT)
    officers = make_user(Role.OFFICER), make_user(Role.OFFICER)
    decision = Decision(
        application_id=application.id,
        round_id=application.round_id,
        outcome="awarded",
        amount_cents=765_400,
        motivation="Goed plan.",
        proposed_by=officers[0].id,
        proposed_at=MOMENT,
        announce_on=MOMENT.date(),
        objection_last_day=date(2026, 4, 21),
        letter_sha256=letter.sha256,
        confirmed_by=officers[1].id,
        confirmed_at=MOMENT,
        announced_at=MOMENT if announced else None,
    )
    db.session.add(decision)
    db.session.flush()
    row = letters.of_decision(decision, now=MOMENT)
    letters.keep_drawn(row, letter.sha256)
    if announced:
        letters.place(row, at=MOMENT)
    return decision


def test_a_decision_shows_only_when_it_was_announced(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "awarded", member=applicant)
    decided(application, announced=False)
    client = as_user(applicant)
    at = f"/aanvragen/{application.id}"
    for address in ("/aanvragen", at, f"{at}/nakijken", f"{at}/ontvangst"):
        page = client.get(address).text
        for secret in ("7.654", "awarded", "Awarded", "Toegekend", "positive"):
            assert secret not in page
    assert client.get(f"{at}/brief").status_code == 404
    assert db.session.scalars(select(AccessLog)).all() == []


def test_reading_the_letter_is_recorded_and_the_first_time_stays(
    as_user: LogIn, applicant: User, round_: Round, clock: Clock
) -> None:
    application = make_application(round_, "awarded", member=applicant)
    decision = decided(application, announced=True)
    client = as_user(applicant)
    at = f"/aanvragen/{application.id}"
    assert f"{at}/brief" in client.get(at).text
    letter = client.get(f"{at}/brief")
    assert letter.data == PDF
    assert (
        letter.headers["Content-Disposition"] == f"attachment; filename=besluit-{application.reference}.pdf"
    )
    clock.now = MOMENT + timedelta(days=1)
    client.get(f"{at}/brief")
    db.session.expire_all()
    assert db.session.get_one(Decision, decision.id).read_at == MOMENT
    looks = db.session.scalars(select(AccessLog).order_by(AccessLog.id)).all()
    assert [(look.what, look.user_id, look.at) for look in looks] == [
        ("letter", applicant.id, MOMENT),
        ("letter", applicant.id, clock.now),
    ]


def test_the_timeline_says_nothing_of_the_work_inside(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "ineligible", member=applicant)
    page = as_user(applicant).get(f"/aanvragen/{application.id}").text
    for inside in ("ineligible", "Not eligible", "Niet ontvankelijk"):
        assert inside not in page
