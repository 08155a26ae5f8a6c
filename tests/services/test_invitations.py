"""An invitation by mail: a link that works once, for fourteen days, and shows little before that."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, Invitation, Mail, Membership, User
from subsidy.services import invitations, standing
from subsidy.services.invitations import Asked, InvitationError, NotOpenError
from subsidy.services.members import MembersError
from subsidy.services.throttle import TooManyAttemptsError
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.permissions import Access, Can, Role, may

ANNA = Asked("Anna@Voorbeeld.nl", Access.EDIT)


@pytest.fixture
def lead(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def application(lead: User) -> Application:
    return make_application(make_round(), "draft", member=lead, title="Samen in de wijk")


@pytest.fixture
def invite(application: Application, lead: User) -> Callable[..., str]:
    """Invite, and give the secret in the mail."""

    def invited(asked: Asked = ANNA, words: str = "") -> str:
        invitations.invite(application, asked, words=words, actor=actor_of(lead), now=MOMENT)
        return newest_token()

    return invited


def newest_token() -> str:
    body = db.session.scalars(select(Mail.body).order_by(Mail.id.desc()).limit(1)).one()
    found = re.search(r"/uitnodiging/([\w-]+)", body)
    assert found
    return found[1]


def members_of(application: Application) -> list[tuple[int, str]]:
    db.session.expire_all()
    query = select(Membership).where(Membership.application_id == application.id).order_by(Membership.id)
    return [(one.user_id, one.capacity) for one in db.session.scalars(query)]


def test_only_the_digest_of_the_link_is_kept(application: Application, invite: Callable[..., str]) -> None:
    token = invite(words="Doe je mee?")
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert invitation.email == "anna@voorbeeld.nl"
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.application_id) == ("anna@voorbeeld.nl", None)
    assert "Doe je mee?" in mail.body
    event = db.session.scalars(select(Event).where(Event.name == "member.invited")).one()
    assert "anna" not in str(event.facts)
    assert event.detail is not None
    assert event.detail.body == {"email": "anna@voorbeeld.nl"}


def test_accepting_makes_a_member_once(
    application: Application, lead: User, invite: Callable[..., str]
) -> None:
    key = application.participations[1].key
    token, anna = invite(Asked("anna@voorbeeld.nl", Access.SIGN, key, "project_leader")), make_user()
    assert invitations.accept(token, anna, now=MOMENT) == application.id
    assert invitations.accept(token, anna, now=MOMENT) == application.id
    assert members_of(application) == [(lead.id, "lead"), (anna.id, "sign")]
    joined = db.session.scalars(select(Membership).where(Membership.user_id == anna.id)).one()
    assert (joined.participation_key, joined.part) == (key, "project_leader")
    assert db.session.scalar(select(func.count()).where(Event.name == "member.joined")) == 1
    with pytest.raises(NotOpenError):
        invitations.accept(token, make_user(), now=MOMENT)
    with pytest.raises(NotOpenError):
        invitations.open_link(token, now=MOMENT)


@pytest.mark.parametrize(
    ("late", "works"), [(timedelta(days=14), True), (timedelta(days=14, seconds=1), False)]
)
def test_a_link_works_for_fourteen_days(
    application: Application, invite: Callable[..., str], late: timedelta, *, works: bool
) -> None:
    token, anna = invite(), make_user()
    if works:
        assert invitations.open_link(token, now=MOMENT + late).application_title == "Samen in de wijk"
        assert invitations.accept(token, anna, now=MOMENT + late) == application.id
        return
    with pytest.raises(NotOpenError):
        invitations.open_link(token, now=MOMENT + late)
    with pytest.raises(NotOpenError):
        invitations.accept(token, anna, now=MOMENT + late)


def test_opening_changes_nothing(application: Application, invite: Callable[..., str]) -> None:
    token = invite()
    for _time in range(3):
        opened = invitations.open_link(token, now=MOMENT)
    assert not db.session.dirty
    assert opened.invitation.accepted_at is None
    assert len(members_of(application)) == 1


def test_a_withdrawn_link_is_dead(application: Application, lead: User, invite: Callable[..., str]) -> None:
    token = invite()
    [there] = invitations.list_open(application, now=MOMENT)
    invitations.withdraw(application, there.id, actor=actor_of(lead), now=MOMENT)
    assert invitations.list_open(application, now=MOMENT) == []
    with pytest.raises(NotOpenError):
        invitations.accept(token, make_user(), now=MOMENT)
    with pytest.raises(InvitationError, match="gone"):
        invitations.withdraw(application, there.id, actor=actor_of(lead), now=MOMENT)
    with pytest.raises(InvitationError, match="gone"):
        invitations.send_again(application, there.id, actor=actor_of(lead), now=MOMENT)


def test_sent_again_the_old_link_is_dead_and_the_new_one_works(
    application: Application, lead: User, invite: Callable[..., str]
) -> None:
    old = invite()
    later = MOMENT + timedelta(days=20)
    [there] = invitations.list_open(application, now=later)
    invitations.send_again(application, there.id, actor=actor_of(lead), now=later)
    new = newest_token()
    assert new != old
    with pytest.raises(NotOpenError):
        invitations.open_link(old, now=MOMENT)
    assert invitations.accept(new, make_user(), now=later + timedelta(days=13)) == application.id


def test_a_double_click_invites_once(application: Application, invite: Callable[..., str]) -> None:
    assert invite() == invite()
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    with pytest.raises(InvitationError, match="invited_already"):
        invite(Asked("anna@voorbeeld.nl", Access.VIEW))


def test_who_is_invited_again_after_the_link_grew_old_gets_a_new_one(
    application: Application, lead: User, invite: Callable[..., str]
) -> None:
    invite()
    later = MOMENT + timedelta(days=15)
    invitations.invite(application, ANNA, words="", actor=actor_of(lead), now=later)
    assert len(invitations.list_open(application, now=later)) == 1
    assert invitations.accept(newest_token(), make_user(), now=later) == application.id


def test_what_cannot_be_asked_is_refused(
    application: Application, lead: User, invite: Callable[..., str]
) -> None:
    with pytest.raises(InvitationError, match="member_already"):
        invite(Asked(lead.email.upper(), Access.EDIT))
    with pytest.raises(InvitationError, match="capacity_unknown"):
        invite(Asked("b@voorbeeld.nl", Access.LEAD))
    with pytest.raises(MembersError, match="organisation_unknown"):
        invite(Asked("b@voorbeeld.nl", Access.SIGN, "0123456789abcdef"))
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_an_invitation_takes_nothing_away_from_a_member(
    application: Application, lead: User, invite: Callable[..., str]
) -> None:
    token = invite(Asked("ander.adres@voorbeeld.nl", Access.VIEW))
    invitations.accept(token, lead, now=MOMENT)
    assert members_of(application) == [(lead.id, "lead")]


def test_a_mailbox_is_not_filled(application: Application, lead: User) -> None:
    for _time in range(invitations.FREE_PER_ADDRESS):
        one = invitations.invite(application, ANNA, words="", actor=actor_of(lead), now=MOMENT)
        invitations.withdraw(application, one.id, actor=actor_of(lead), now=MOMENT)
    with pytest.raises(TooManyAttemptsError):
        invitations.invite(application, ANNA, words="", actor=actor_of(lead), now=MOMENT)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == invitations.FREE_PER_ADDRESS


def test_an_officer_who_accepts_is_barred_from_the_round(
    application: Application, invite: Callable[..., str]
) -> None:
    officer, file = make_user(Role.OFFICER), make_application(application.round)
    actor = actor_of(officer)
    assert may(actor, Can.APPLICATION_VIEW, standing.to_application(actor, file, now=MOMENT))
    invitations.accept(invite(), officer, now=MOMENT)
    assert not may(actor, Can.APPLICATION_VIEW, standing.to_application(actor, file, now=MOMENT))
    assert not may(actor, Can.RANKING_VIEW, standing.to_round(actor, application.round, now=MOMENT))
