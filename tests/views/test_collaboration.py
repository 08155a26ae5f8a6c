"""Applying together, as browsers meet it: people, invitations, confirmations, and who leads."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import AccessLog, Application, Invitation, Mail, Membership, Signature, User
from subsidy.services import accounts, events, grants, signatures
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.pages import parse, words
from workflows.permissions import SYSTEM, Role

LogIn = Callable[[User | Role], FlaskClient]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PASSWORD = "vier woorden op een rij"


@pytest.fixture
def lead(app: object) -> User:
    return make_user(Role.APPLICANT, name="Lea Leider")


@pytest.fixture
def application(lead: User) -> Application:
    return make_application(
        make_round(), "draft", member=lead, title="Samen in de wijk", summary="Geheim tot later"
    )


def join(application: Application, capacity: str, at: int | None = None) -> User:
    user = make_user(Role.APPLICANT)
    db.session.add(
        Membership(
            application_id=application.id,
            user_id=user.id,
            capacity=capacity,
            participation_key=None if at is None else application.participations[at].key,
        )
    )
    db.session.commit()
    return user


def address(application: Application, page: str) -> str:
    return f"/aanvragen/{application.id}/{page}"


def invited(client: FlaskClient, application: Application, **typed: str) -> str:
    """Invite somebody; gives the path of the link in the mail."""
    data = {"email": "anna@voorbeeld.nl", "capacity": "edit", **typed}
    answer = client.post(address(application, "mensen/uitnodigen"), data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    body = db.session.scalars(select(Mail.body).order_by(Mail.id.desc()).limit(1)).one()
    found = re.search(r"(/uitnodiging/[\w-]+)", body)
    assert found
    return found[1]


def capacity_of(application: Application, user: User) -> str | None:
    return db.session.scalar(
        select(Membership.capacity).where(
            Membership.application_id == application.id, Membership.user_id == user.id
        )
    )


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_every_member_sees_the_people_and_only_the_leader_manages(
    application: Application, lead: User, as_user: LogIn
) -> None:
    reader = join(application, "view")
    page = as_user(reader).get(address(application, "mensen"))
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert lead.email in text
    assert "/mensen/uitnodigen" not in text
    assert as_user(reader).post(address(application, "mensen/uitnodigen"), data={}).status_code == 404
    assert "/mensen/uitnodigen" in as_user(lead).get(address(application, "mensen")).get_data(as_text=True)


def test_the_page_works_without_partners(lead: User, as_user: LogIn) -> None:
    bare = make_application(make_round(), "draft", member=lead, participations=[])
    for page in ("mensen", "ondertekenen", "penvoerder"):
        assert as_user(lead).get(address(bare, page)).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "", "capacity": "edit"}, "email"),
        ({"email": "geen adres", "capacity": "edit"}, "email"),
        ({"email": "anna@voorbeeld.nl"}, "capacity"),
        ({"email": "anna@voorbeeld.nl", "capacity": "lead"}, "capacity"),
        ({"email": "anna@voorbeeld.nl", "capacity": "sign"}, "participation_key"),
        ({"email": "anna@voorbeeld.nl", "capacity": "edit", "participation_key": "x"}, "participation_key"),
    ],
)
def test_a_wrong_invitation_is_told_and_keeps_what_was_typed(
    application: Application, lead: User, as_user: LogIn, typed: dict[str, str], field: str
) -> None:
    answer = as_user(lead).post(
        address(application, "mensen/uitnodigen"), data={**typed, "words": "Doe je mee?"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert "Doe je mee?" in page
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_the_link_shows_little_and_changes_nothing(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    link = invited(as_user(lead), application)
    page = client.get(link).get_data(as_text=True)
    assert "Samen in de wijk" in page
    assert "Lea Leider" in page
    assert "Geheim" not in page
    assert "Zoetermeer" not in page
    assert db.session.scalars(select(Invitation.accepted_at)).one() is None
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 1


def test_somebody_without_an_account_makes_one_and_joins_at_once(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    link = invited(as_user(lead), application)
    short = client.post(f"{link}/account", data={"name": "Anna", "password": "kort"})
    assert short.status_code == 422
    assert 'value="Anna"' in short.get_data(as_text=True)
    answer = client.post(f"{link}/account", data={"name": "Anna", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, f"/aanvragen/{application.id}")
    anna = db.session.scalars(select(User).where(User.email == "anna@voorbeeld.nl")).one()
    assert anna.email_confirmed_at == MOMENT
    assert [grant.role for grant in anna.grants] == ["applicant"]
    assert capacity_of(application, anna) == "edit"
    assert client.get(f"/aanvragen/{application.id}").status_code == 200
    assert client.post(f"{link}/account", data={"name": "Dief", "password": PASSWORD}).status_code == 410


def test_a_role_that_waits_for_its_owner_goes_to_nobody_with_a_link(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    link = invited(as_user(lead), application)
    waiting = accounts.prepare(email="anna@voorbeeld.nl", name="Anna", now=MOMENT)
    grants.give(SYSTEM, waiting, role=Role.ADMINISTRATOR, round_id=None, now=MOMENT)
    db.session.commit()
    assert f"{link}/account" not in client.get(link).text
    client.post(f"{link}/account", data={"name": "Dief", "password": PASSWORD})
    db.session.refresh(waiting)
    assert waiting.email_confirmed_at is None


def test_the_link_gives_nobody_a_new_password(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    known = make_user(Role.APPLICANT, email="anna@voorbeeld.nl")
    link = invited(as_user(lead), application)
    page = client.get(link).get_data(as_text=True)
    assert f"{link}/account" not in page
    answer = client.post(f"{link}/account", data={"name": "Dief", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, link)
    assert known.password_hash == "!"
    assert capacity_of(application, known) is None


def test_who_logs_in_comes_back_and_accepts_also_under_another_address(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    link = invited(as_user(lead), application)
    sent = client.post(f"{link}/aannemen")
    assert sent.status_code == 302
    assert "/account/inloggen" in sent.location
    other = make_user(Role.APPLICANT)
    mine = as_user(other)
    assert mine.get(f"{link}/aannemen").location == link
    for _click in range(2):
        answer = mine.post(f"{link}/aannemen")
        assert (answer.status_code, answer.location) == (303, f"/aanvragen/{application.id}")
    assert capacity_of(application, other) == "edit"
    assert mine.get(link).location == f"/aanvragen/{application.id}"


def test_every_dead_link_gives_the_same_page(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient, clock: Clock
) -> None:
    leading = as_user(lead)
    used = invited(leading, application)
    as_user(Role.APPLICANT).post(f"{used}/aannemen")
    withdrawn = invited(leading, application, email="b@voorbeeld.nl")
    there = db.session.scalars(select(Invitation.id).order_by(Invitation.id.desc()).limit(1)).one()
    assert leading.post(address(application, f"uitnodigingen/{there}/intrekken")).status_code == 303
    old = invited(leading, application, email="c@voorbeeld.nl")
    stranger = as_user(Role.APPLICANT)
    clock.now = MOMENT + timedelta(days=15)
    for link in (used, withdrawn, old, "/uitnodiging/nooit-gemaakt"):
        for answer in (
            client.get(link),
            stranger.get(link),
            stranger.post(f"{link}/aannemen"),
            client.post(f"{link}/account", data={"name": "Dief", "password": PASSWORD}),
        ):
            assert answer.status_code == 410
            assert "Samen in de wijk" not in answer.get_data(as_text=True)
    again = leading.post(address(application, f"uitnodigingen/{there}/opnieuw"))
    assert again.status_code == 303
    assert stranger.get(withdrawn).status_code == 410


def test_an_invitation_is_sent_again_with_a_new_link(
    application: Application, lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    leading = as_user(lead)
    link = invited(leading, application)
    there = db.session.scalars(select(Invitation.id)).one()
    leading.post(address(application, f"uitnodigingen/{there}/opnieuw"))
    assert client.get(link).status_code == 410
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2


def test_rights_change_and_a_member_is_removed_after_asking(
    application: Application, lead: User, as_user: LogIn
) -> None:
    one = join(application, "view")
    leading = as_user(lead)
    member = db.session.scalars(select(Membership.id).where(Membership.user_id == one.id)).one()
    page = address(application, f"mensen/{member}")
    key = application.participations[2].key
    assert leading.get(page).status_code == 200
    assert leading.post(page, data={"capacity": "sign"}).status_code == 422
    assert leading.post(page, data={"capacity": "sign", "participation_key": key}).status_code == 303
    assert capacity_of(application, one) == "sign"
    assert leading.get(f"{page}/verwijderen").status_code == 200
    assert capacity_of(application, one) == "sign"
    assert leading.post(f"{page}/verwijderen").status_code == 303
    assert capacity_of(application, one) is None
    assert leading.post(f"{page}/verwijderen").status_code == 404
    assert as_user(one).get(address(application, "mensen")).status_code == 404


def test_a_leader_hands_over_and_then_manages_no_more(
    application: Application, lead: User, as_user: LogIn
) -> None:
    one = join(application, "view")
    leading = as_user(lead)
    member, own = (
        db.session.scalars(select(Membership.id).where(Membership.user_id == who.id)).one()
        for who in (one, lead)
    )
    page = address(application, "penvoerder")
    assert leading.post(page, data={"member": str(own)}).status_code == 422
    assert leading.post(page, data={}).status_code == 422
    leading.post(address(application, f"mensen/{own}/verwijderen"))
    assert capacity_of(application, lead) == "lead"
    assert leading.post(page, data={"member": str(member)}).status_code == 303
    assert (capacity_of(application, one), capacity_of(application, lead)) == ("lead", "edit")
    assert leading.get(page).status_code == 404
    assert leading.post(f"/aanvragen/{application.id}/indienen").status_code == 404
    assert as_user(one).get(page).status_code == 200


def test_the_office_gives_the_leadership_to_another_with_a_reason(lead: User, as_user: LogIn) -> None:
    application = make_application(make_round(), "submitted", member=lead)
    one = join(application, "edit")
    member = db.session.scalars(select(Membership.id).where(Membership.user_id == one.id)).one()
    officer, page = as_user(Role.OFFICER), f"/bureau/aanvragen/{application.id}/penvoerder"
    assert officer.get(page).status_code == 200
    assert officer.post(page, data={"member": str(member)}).status_code == 422
    assert (
        officer.post(page, data={"member": str(member), "reason": "Weg bij de gemeente"}).status_code == 303
    )
    assert capacity_of(application, one) == "lead"
    draft = make_application(application.round, "draft", member=lead)
    assert officer.get(f"/bureau/aanvragen/{draft.id}/penvoerder").status_code == 404
    assert as_user(Role.AUDITOR).get(page).status_code == 404


def test_the_office_invites_somebody_when_who_led_alone_is_gone(
    lead: User, as_user: LogIn, client: FlaskClient
) -> None:
    application = make_application(make_round(), "submitted", member=lead)
    officer, page = as_user(Role.OFFICER), f"/bureau/aanvragen/{application.id}/penvoerder"
    assert officer.post(f"{page}/uitnodigen", data={"email": "x"}).status_code == 422
    assert officer.post(f"{page}/uitnodigen", data={"email": lead.email}).status_code == 422
    assert officer.post(f"{page}/uitnodigen", data={"email": "anna@voorbeeld.nl"}).status_code == 303
    body = db.session.scalars(select(Mail.body)).one()
    link = re.search(r"(/uitnodiging/[\w-]+)", body)
    assert link
    client.post(f"{link[1]}/account", data={"name": "Anna", "password": PASSWORD})
    anna = db.session.scalars(select(User).where(User.email == "anna@voorbeeld.nl")).one()
    assert capacity_of(application, anna) == "edit"
    member = db.session.scalars(select(Membership.id).where(Membership.user_id == anna.id)).one()
    officer.post(page, data={"member": str(member), "reason": "Ziek"})
    assert capacity_of(application, anna) == "lead"


def test_who_confirms_before_the_budget_is_there_is_told_to_wait(
    lead: User, application: Application, as_user: LogIn
) -> None:
    page = address(application, "ondertekenen")
    member = db.session.scalars(select(Membership).filter_by(user_id=lead.id)).one()
    member.participation_key = application.participations[0].key
    application.requested_cents = 0
    db.session.commit()
    application_id = application.id
    client = as_user(lead)
    assert "Wacht met bevestigen" in client.get(page).text
    db.session.get_one(Application, application_id).requested_cents = 1_000_00
    db.session.commit()
    assert "Wacht met bevestigen" not in client.get(page).text


def test_a_partner_confirms_and_everybody_sees_it(
    application: Application, lead: User, as_user: LogIn
) -> None:
    partner = join(application, "sign", at=1)
    client, page = as_user(partner), address(application, "ondertekenen")
    mark = seen(client.get(page).get_data(as_text=True))
    typed = {"seen": mark, "name": "Anna de Vries", "position": "directeur"}
    refused = client.post(page, data=typed)
    assert refused.status_code == 422
    assert 'id="agreed-error"' in refused.get_data(as_text=True)
    assert "directeur" in refused.get_data(as_text=True)
    assert client.post(page, data={**typed, "agreed": "y"}).status_code == 303
    signature = db.session.scalars(select(Signature)).one()
    assert (signature.name, signature.position) == ("Anna de Vries", "directeur")
    assert "Anna de Vries" in as_user(lead).get(address(application, "mensen")).get_data(as_text=True)


def test_a_change_while_reading_shows_the_new_terms_and_keeps_what_was_typed(
    application: Application, lead: User, as_user: LogIn
) -> None:
    client, page = as_user(lead), address(application, "ondertekenen")
    mark = seen(client.get(page).get_data(as_text=True))
    db.session.get_one(Application, application.id).requested_cents = 4_321_000
    db.session.commit()
    typed = {"seen": mark, "name": "Lea Leider", "position": "wethouder", "agreed": "y"}
    answer = client.post(page, data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "43.210" in text
    assert "wethouder" in text
    assert db.session.scalars(select(Signature)).all() == []
    assert client.post(page, data={**typed, "seen": seen(text)}).status_code == 303


def test_who_may_not_sign_gets_no_form_and_is_refused(application: Application, as_user: LogIn) -> None:
    page = address(application, "ondertekenen")
    for capacity in ("view", "edit"):
        client = as_user(join(application, capacity, at=1))
        assert 'name="seen"' not in client.get(page).get_data(as_text=True)
        assert client.post(page, data={}).status_code == 404
    nobody = as_user(join(application, "sign"))
    assert 'name="seen"' not in nobody.get(page).get_data(as_text=True)
    assert nobody.post(page, data={"name": "A", "position": "b", "agreed": "y"}).status_code == 422


def test_a_round_without_signatures_asks_nothing(lead: User, as_user: LogIn) -> None:
    application = make_application(make_round("regiobeeld"), "draft", member=lead)
    page = as_user(lead).get(address(application, "ondertekenen"))
    assert page.status_code == 200
    assert 'name="seen"' not in page.get_data(as_text=True)
    key = application.participations[0].key
    assert as_user(lead).get(address(application, f"verklaring/{key}")).status_code == 404


def test_a_signed_statement_is_added_by_the_leader_and_read_by_the_office(
    application: Application, lead: User, as_user: LogIn
) -> None:
    client, key = as_user(lead), application.participations[3].key
    page = address(application, f"verklaring/{key}")
    mark = seen(client.get(page).get_data(as_text=True))
    assert client.get(f"{page}/blanco").status_code == 200
    typed = {"name": "Bea", "position": "bestuurder", "seen": mark}
    assert client.post(page, data=typed).status_code == 422
    wrong = client.post(page, data={**typed, "statement": (BytesIO(b"<html>"), "x.pdf")})
    assert wrong.status_code == 422
    assert "bestuurder" in wrong.get_data(as_text=True)
    assert client.post(page, data={**typed, "statement": (BytesIO(PDF), "x.html")}).status_code == 303
    signature = db.session.scalars(select(Signature)).one()
    got = client.get(address(application, f"ondertekend/{signature.id}"), buffered=True)
    assert got.data == PDF
    assert got.headers["Content-Disposition"] == "attachment; filename=x.html.pdf"
    other = make_application(application.round, "submitted", member=join(application, "edit", at=3))
    officer = as_user(Role.OFFICER)
    assert officer.get(f"/bureau/aanvragen/{other.id}/ondertekend/{signature.id}").status_code == 404
    signature.application_id = other.id
    db.session.commit()
    got = officer.get(f"/bureau/aanvragen/{other.id}/ondertekend/{signature.id}", buffered=True)
    assert got.data == PDF
    looks = db.session.scalars(select(AccessLog.application_id).where(AccessLog.what == "statement")).all()
    assert looks == [other.id]
    signature.statement_scan = "waiting"
    db.session.commit()
    assert officer.get(f"/bureau/aanvragen/{other.id}/ondertekend/{signature.id}").status_code == 404


def test_a_partner_adds_no_statement(application: Application, as_user: LogIn) -> None:
    key = application.participations[1].key
    partner = as_user(join(application, "sign", at=1))
    assert partner.get(address(application, f"verklaring/{key}")).status_code == 404
    assert partner.get(address(application, f"verklaring/{key}/blanco")).status_code == 200


def test_the_officer_sees_who_confirmed_which_version(lead: User, as_user: LogIn) -> None:
    application = make_application(make_round(), "submitted", member=lead, version=4)
    client, page = as_user(lead), address(application, "ondertekenen")
    typed = {"name": "Lea Leider", "position": "wethouder", "agreed": "y"}
    typed["seen"] = seen(client.get(page).get_data(as_text=True))
    assert client.post(page, data=typed).status_code == 303
    events.append(
        "application.submitted",
        at=MOMENT,
        actor_id=lead.id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"version": 6},
    )
    db.session.commit()
    file = parse(as_user(Role.OFFICER).get(f"/bureau/aanvragen/{application.id}").get_data(as_text=True))
    rows = {words(row.find("th")): [words(cell) for cell in row.iter("td")] for row in file.iter("tr")}
    state, signed_by, version = rows["Gemeente Zoetermeer"][:3]
    assert signed_by.startswith("Lea Leider, wethouder")
    assert "Gemeente Zoetermeer · 10 " in signed_by
    assert version.startswith("4")
    assert "6" in version
    others = {rows[one.name][0] for one in application.participations[1:]}
    assert len(others) == 1
    assert state not in others


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_no_more_for_more_people(
    lead: User, as_user: LogIn, count_queries: type[QueryCount], count: int
) -> None:
    application = make_application(make_round(), "submitted", member=lead)
    for at in range(count):
        user = join(application, "sign", at=at)
        party = application.participations[at]
        terms = signatures.terms_of(application, party)
        db.session.add(
            Signature(
                application_id=application.id,
                participation_key=party.key,
                organisation=party.name,
                kind="online",
                name="A",
                position="b",
                signed_by=user.id,
                signed_at=MOMENT,
                application_version=1,
                terms=terms.stored(),
                terms_digest=terms.digest,
            )
        )
        db.session.add(
            Invitation(
                application_id=application.id,
                email=f"{at}@voorbeeld.nl",
                capacity="edit",
                token_digest=f"{at}" * 64,
                invited_by=lead.id,
                invited_at=MOMENT,
                expires_at=MOMENT + timedelta(days=14),
            )
        )
    pages = (address(application, "mensen"), address(application, "ondertekenen"))
    leading, found = as_user(lead), []
    for page in pages:
        assert leading.get(page).status_code == 200  # what the process keeps is read now
        db.session.expunge_all()
        with count_queries() as queries:
            leading.get(page)
        found.append(queries.count)
    assert found == [9, 8]
