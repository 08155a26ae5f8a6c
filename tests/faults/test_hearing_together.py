"""A hearing that two people ask for, answer or overtake at once, over real connections."""

from datetime import timedelta

from flask import Flask

from subsidy.db import db
from subsidy.models import Application, Decision, Event, Hearing, Mail, Membership, User
from subsidy.services import events
from tests.conftest import MOMENT
from tests.factories import declare, hear_before, make_application, make_round, make_user
from tests.faults.together import Press, at_once, count
from tests.services.rounds import make_scene
from workflows.permissions import Role

ASKED: dict[str, object] = {
    "grounds": "wrong_data",
    "intention": "Wij willen de aanvraag afwijzen.",
    "differs": "Het handelsregister zegt iets anders.",
    "last_day": (MOMENT + timedelta(days=14)).date().isoformat(),
}
REJECTED: dict[str, object] = {
    "outcome": "rejected",
    "ground": "below_threshold",
    "motivation": "Te weinig samenwerking.",
    "departure": "De commissie weegt anders.",
    "announce_on": MOMENT.date().isoformat(),
}


def press_all(app: Flask, presses: list[Press]) -> list[int]:
    """Press at once, and return what each was answered."""
    db.session.commit()
    db.session.remove()
    statuses = [answer.status_code for answer in at_once(app, presses)]
    assert list(events.verify()) == []
    return sorted(statuses)


def file_of(member: User) -> Application:
    return make_application(make_round(), "advised", member=member)


def test_two_officers_ask_the_same_once(office: Flask) -> None:
    file = file_of(make_user(Role.APPLICANT))
    url = f"/bureau/aanvragen/{file.id}/zienswijze"
    presses = [Press(make_user(Role.OFFICER).get_id(), url, ASKED) for _ in range(2)]
    assert press_all(office, presses) == [303, 303]
    assert (count(Hearing), count(Event, Event.name == "hearing.opened"), count(Mail)) == (1, 1, 1)


def test_two_officers_ask_different_things_and_one_is_told(office: Flask) -> None:
    file = file_of(make_user(Role.APPLICANT))
    url = f"/bureau/aanvragen/{file.id}/zienswijze"
    presses = [
        Press(make_user(Role.OFFICER).get_id(), url, {**ASKED, "intention": words})
        for words in ("Afwijzen.", "Minder toekennen.")
    ]
    assert press_all(office, presses) == [303, 422]
    assert count(Hearing) == 1


def test_two_members_answer_and_the_first_stays(office: Flask) -> None:
    member, other = make_user(Role.APPLICANT), make_user(Role.APPLICANT)
    file = file_of(member)
    db.session.add(Membership(application_id=file.id, user_id=other.id, capacity="edit"))
    hearing = hear_before(file, "wrong_data", opened_at=MOMENT, last_day=MOMENT.date() + timedelta(days=14))
    presses = [
        Press(one.get_id(), f"/aanvragen/{file.id}/zienswijze", {"hearing": hearing.id, "answer": one.name})
        for one in (member, other)
    ]
    names = {member.name, other.name}
    assert press_all(office, presses) == [303, 409]
    assert count(Event, Event.name == "hearing.answered") == 1
    assert db.session.query(Hearing).one().answer in names


def test_asking_and_rejecting_at_once_do_not_both_happen(office: Flask) -> None:
    scene = make_scene((5,))
    file = scene.applications[0]
    officer = make_user(Role.OFFICER)
    declare(officer, scene.round)
    proposer = db.session.get_one(User, scene.proposer.user_id)
    presses = [
        Press(officer.get_id(), f"/bureau/aanvragen/{file.id}/zienswijze", ASKED),
        Press(proposer.get_id(), f"/bureau/aanvragen/{file.id}/besluit/voorstel", REJECTED),
    ]
    statuses = press_all(office, presses)
    assert statuses in ([303, 409], [303, 422])
    assert count(Hearing) + count(Decision) == 1
