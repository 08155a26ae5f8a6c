"""People of a collaboration who press at the same moment: all happens once, and nobody gets a fault."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, Invitation, Mail, Membership, Signature, User
from subsidy.services import events, invitations, signatures
from subsidy.services.invitations import Asked
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.faults.together import Press, at_once, count
from workflows.permissions import Access, Role

Answers = Callable[[list[Press]], list[int]]
CONFIRM = {"name": "Anna", "position": "directeur", "agreed": "y"}


@pytest.fixture
def press(office: Flask) -> Answers:
    def pressed(presses: list[Press]) -> list[int]:
        db.session.commit()
        db.session.remove()
        answers = at_once(office, presses)
        assert list(events.verify()) == []
        return sorted(answer.status_code for answer in answers)

    return pressed


@pytest.fixture
def lead(office: Flask) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def application(lead: User) -> Application:
    return make_application(make_round(), "draft", member=lead)


def link_for(application: Application, lead: User, email: str = "anna@voorbeeld.nl") -> str:
    """Invite somebody; gives the path of the link."""
    asked = Asked(email, Access.EDIT)
    invitations.invite(application, asked, words="", actor=actor_of(lead), now=MOMENT)
    body = db.session.scalars(select(Mail.body).where(Mail.recipient == email)).one()
    found = re.search(r"(/uitnodiging/[\w-]+)", body)
    assert found
    return found[1]


def join(application: Application, capacity: str, at: int) -> tuple[int, str]:
    """Make somebody a member; gives the number of the membership and their session."""
    user = make_user(Role.APPLICANT)
    key = application.participations[at].key
    membership = Membership(
        application_id=application.id, user_id=user.id, capacity=capacity, participation_key=key
    )
    db.session.add(membership)
    db.session.flush()
    return membership.id, str(user.get_id())


def test_a_double_click_on_accept_joins_once(press: Answers, application: Application, lead: User) -> None:
    accept = f"{link_for(application, lead)}/aannemen"
    anna = str(make_user(Role.APPLICANT).get_id())
    assert press([Press(anna, accept), Press(anna, accept)]) == [303, 303]
    assert count(Membership) == 2
    assert count(Event, Event.name == "member.joined") == 1


def test_one_link_lets_one_of_two_people_in(press: Answers, application: Application, lead: User) -> None:
    accept = f"{link_for(application, lead)}/aannemen"
    people = [Press(str(make_user(Role.APPLICANT).get_id()), accept) for _ in range(2)]
    assert press(people) == [303, 410]
    assert count(Membership) == 2


def test_two_links_for_one_person_make_one_member(
    press: Answers, application: Application, lead: User
) -> None:
    links = [link_for(application, lead, email) for email in ("a@voorbeeld.nl", "b@voorbeeld.nl")]
    anna = str(make_user(Role.APPLICANT).get_id())
    assert press([Press(anna, f"{link}/aannemen") for link in links]) == [303, 303]
    assert count(Membership) == 2


def test_a_double_click_makes_one_account(press: Answers, application: Application, lead: User) -> None:
    register = f"{link_for(application, lead)}/account"
    data: dict[str, object] = {"name": "Anna", "password": "vier woorden op een rij"}
    before = count(User)
    statuses = press([Press(None, register, data), Press(None, register, data)])
    assert statuses[0] == 303
    assert statuses[1] in {303, 410}
    assert (count(User) - before, count(Membership)) == (1, 2)


def test_a_double_click_invites_once(press: Answers, application: Application, lead: User) -> None:
    data: dict[str, object] = {"email": "anna@voorbeeld.nl", "capacity": "edit"}
    invite = Press(str(lead.get_id()), f"/aanvragen/{application.id}/mensen/uitnodigen", data)
    assert press([invite, invite]) == [303, 303]
    assert (count(Invitation), count(Mail)) == (1, 1)


def test_two_handovers_at_once_leave_one_leader(press: Answers, application: Application, lead: User) -> None:
    others = [join(application, "edit", at)[0] for at in (1, 2)]
    page, session = f"/aanvragen/{application.id}/penvoerder", str(lead.get_id())
    statuses = press([Press(session, page, {"member": str(other)}) for other in others])
    assert statuses[0] == 303
    assert statuses[1] in {403, 404}
    assert count(Membership, Membership.capacity == "lead") == 1


def test_a_double_click_signs_once(press: Answers, application: Application) -> None:
    _number, session = join(application, "sign", 1)
    seen = signatures.terms_of(application, application.participations[1]).digest
    sign = Press(session, f"/aanvragen/{application.id}/ondertekenen", {**CONFIRM, "seen": seen})
    assert press([sign, sign]) == [303, 303]
    assert count(Signature) == 1
