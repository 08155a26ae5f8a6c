"""The people of a collaboration: what each may do, and that somebody always leads."""

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, Mail, Membership, User
from subsidy.services import events, members
from subsidy.services.advance import NotAllowedError
from subsidy.services.members import MembersError
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.permissions import Access, Role


@pytest.fixture
def lead(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def application(lead: User) -> Application:
    return make_application(make_round(), "draft", member=lead)


def join(
    application: Application, capacity: str = "edit", key: str | None = None, **values: object
) -> Membership:
    user = make_user(Role.APPLICANT, **values)
    membership = Membership(
        application_id=application.id, user_id=user.id, capacity=capacity, participation_key=key
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def capacities(application: Application) -> list[str]:
    db.session.expire_all()
    return [membership.capacity for membership, _user in members.list_members(application)]


def test_a_member_gets_other_rights_and_another_organisation(application: Application, lead: User) -> None:
    one = join(application)
    key = application.participations[1].key
    members.change(
        application,
        one.id,
        capacity=Access.SIGN,
        participation_key=key,
        part="project_leader",
        actor=actor_of(lead),
        now=MOMENT,
    )
    assert (one.capacity, one.participation_key, one.part) == ("sign", key, "project_leader")
    event = db.session.scalars(select(Event).where(Event.name == "member.changed")).one()
    assert event.facts == {"user": one.user_id, "capacity": "sign"}
    assert list(events.verify()) == []


def test_an_organisation_of_another_application_is_refused(application: Application, lead: User) -> None:
    one, other = join(application), make_application(make_round())
    with pytest.raises(MembersError, match="organisation_unknown"):
        members.change(
            application,
            one.id,
            capacity=Access.SIGN,
            participation_key=other.participations[0].key,
            part="",
            actor=actor_of(lead),
            now=MOMENT,
        )
    assert one.capacity == "edit"


def test_the_leader_is_neither_removed_nor_made_less(application: Application, lead: User) -> None:
    join(application)
    [leading, _other] = [membership for membership, _user in members.list_members(application)]
    with pytest.raises(MembersError, match="leads"):
        members.remove(application, leading.id, actor=actor_of(lead), now=MOMENT)
    members.change(
        application,
        leading.id,
        capacity=Access.VIEW,
        participation_key=None,
        part="project_leader",
        actor=actor_of(lead),
        now=MOMENT,
    )
    assert capacities(application) == ["lead", "edit"]


def test_a_removed_member_is_gone_and_cannot_be_removed_twice(application: Application, lead: User) -> None:
    one = join(application).id
    members.remove(application, one, actor=actor_of(lead), now=MOMENT)
    with pytest.raises(MembersError, match="gone"):
        members.remove(application, one, actor=actor_of(lead), now=MOMENT)
    assert capacities(application) == ["lead"]


def test_a_member_of_another_application_is_not_reached(application: Application, lead: User) -> None:
    elsewhere = join(make_application(make_round(), "draft"))
    with pytest.raises(MembersError, match="gone"):
        members.remove(application, elsewhere.id, actor=actor_of(lead), now=MOMENT)
    assert db.session.get(Membership, elsewhere.id) is not None


def test_the_leadership_goes_over_in_one_step_and_both_get_a_mail(
    application: Application, lead: User
) -> None:
    one = join(application, "view")
    members.hand_over(application, one.id, actor=actor_of(lead), now=MOMENT)
    assert capacities(application) == ["edit", "lead"]
    mails = db.session.scalars(select(Mail)).all()
    assert {mail.recipient for mail in mails} == {lead.email, db.session.get_one(User, one.user_id).email}
    with pytest.raises(NotAllowedError):
        members.hand_over(application, one.id, actor=actor_of(lead), now=MOMENT)
    leader = actor_of(db.session.get_one(User, one.user_id))
    with pytest.raises(MembersError, match="leads_already"):
        members.hand_over(application, one.id, actor=leader, now=MOMENT)
    assert capacities(application) == ["edit", "lead"]


def test_nobody_leads_with_an_account_that_is_switched_off(application: Application, lead: User) -> None:
    one = join(application, disabled_at=MOMENT)
    with pytest.raises(MembersError, match="gone"):
        members.hand_over(application, one.id, actor=actor_of(lead), now=MOMENT)
    assert capacities(application) == ["lead", "edit"]


def test_the_office_gives_the_leadership_with_a_reason(lead: User) -> None:
    application = make_application(make_round(), "submitted", member=lead)
    one, officer = join(application), actor_of(make_user(Role.OFFICER))
    with pytest.raises(MembersError, match="reason_needed"):
        members.rescue(application, one.id, reason="  ", actor=officer, now=MOMENT)
    members.rescue(application, one.id, reason="De penvoerder is weg", actor=officer, now=MOMENT)
    assert capacities(application) == ["edit", "lead"]
    event = db.session.scalars(select(Event).where(Event.name == "leadership.given")).one()
    assert event.detail is not None
    assert event.detail.body == {"reason": "De penvoerder is weg"}
    assert "De penvoerder is weg" in db.session.scalars(select(Mail.body)).all()[0]
