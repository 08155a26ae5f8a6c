"""Saving while people write, when the store fails and when many write at once."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from subsidy.db import db
from subsidy.models import Application, KeptForm, Membership
from tests.factories import make_application, make_round, make_user
from tests.faults.test_database_fails import DISK, RULE, failing_commits
from tests.faults.together import Press, at_once, browser, count
from tests.section_pages import fields_on, with_values
from workflows.permissions import Role

JSON = {"Accept": "application/json"}


def collaboration(people: int) -> tuple[int, list[str]]:
    """A draft with so many members; gives its id and their sessions."""
    users = [make_user(Role.APPLICANT) for _ in range(people)]
    application = make_application(make_round(), "draft", member=users[0])
    for user in users[1:]:
        db.session.add(Membership(application_id=application.id, user_id=user.id, capacity="edit"))
    db.session.commit()
    made = application.id, [user.get_id() for user in users]
    db.session.remove()
    return made


@pytest.mark.parametrize(("error", "status"), [(DISK, 503), (RULE, 500)], ids=["disk", "rule"])
@pytest.mark.parametrize("months", ["9", "een jaar"])
def test_a_failed_commit_never_says_saved(
    office: Flask,
    monkeypatch: pytest.MonkeyPatch,
    error: OperationalError | IntegrityError,
    status: int,
    months: str,
) -> None:
    monkeypatch.setattr(office, "testing", False)
    application_id, (session,) = collaboration(1)
    client = browser(office, session)
    address = f"/aanvragen/{application_id}/onderdelen/project"
    typed = with_values(fields_on(client.get(address).text), {"title": "Samen", "months": months})
    with failing_commits(error):
        answer = client.post(f"{address}/tussendoor", data=typed, headers=JSON)
    assert (answer.status_code, answer.get_json()) == (status, {"state": "failed"})
    db.session.remove()
    assert db.session.get_one(Application, application_id).title != "Samen"
    assert count(KeptForm) == 0
    db.session.remove()
    again = client.post(f"{address}/tussendoor", data=typed, headers=JSON).get_json()
    assert again["state"] == ("saved" if months == "9" else "unreadable")


def test_people_who_write_at_once_in_different_questions_all_keep_their_text(office: Flask) -> None:
    application_id, sessions = collaboration(3)
    address = f"/aanvragen/{application_id}/onderdelen/project"
    typed = [{"title": "Samen"}, {"summary": "Kort"}, {"months": "17"}]
    presses = []
    for session, values in zip(sessions, typed, strict=True):
        page = fields_on(browser(office, session).get(address).text)
        data: dict[str, object] = {**with_values(page, values)}
        presses.append(Press(session, f"{address}/tussendoor", data))
    db.session.remove()
    answers = at_once(office, presses)
    assert [answer.get_json()["state"] for answer in answers] == ["saved"] * 3
    db.session.remove()
    stored = db.session.get_one(Application, application_id)
    assert (stored.title, stored.summary, stored.months, stored.version) == ("Samen", "Kort", 17, 4)


def test_one_person_in_two_windows_at_once_is_told_of_one_text_that_it_is_kept(office: Flask) -> None:
    application_id, (session,) = collaboration(1)
    address = f"/aanvragen/{application_id}/onderdelen/project"
    page = fields_on(browser(office, session).get(address).text)
    presses = [
        Press(session, f"{address}/tussendoor", {**with_values(page, {"months": months})})
        for months in ("veel", "weinig")
    ]
    db.session.remove()
    told = {
        press.data["months"][0]: answer.get_json()["state"]  # type: ignore[index]
        for press, answer in zip(presses, at_once(office, presses), strict=True)
    }
    assert sorted(told.values()) == ["elsewhere", "unreadable"]
    db.session.remove()
    (kept,) = db.session.query(KeptForm).all()
    assert told[dict(kept.typed)["months"]] == "unreadable"
