"""The inbox of an applicant: what is in it, what it says of each letter, who reads it, what it costs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import (
    AccessLog,
    Application,
    Decision,
    Hearing,
    Letter,
    LetterReading,
    Mail,
    Membership,
    Message,
    Rebuttal,
    Round,
    Supplement,
    User,
)
from subsidy.services import events, file_store, inbox, letters
from tests import factories
from tests.conftest import MOMENT, Clock, QueryCount
from tests.pages import parse, words
from tests.services import announced
from tests.services.later import AFTER, WITHDRAWAL, carry_out, in_force_of, make_decided
from tests.services.rounds import make_scene
from workflows.correspondence import ProcedureKind
from workflows.letter_codes import printed
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
PDF = b"%PDF-1.7 een brief"
LAST_DAY = date(2026, 3, 24)


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def application(round_: Round, member: User) -> Application:
    return factories.make_application(round_, "in_review", member=member)


def placed(application: Application, kind: ProcedureKind, at: datetime = MOMENT, **values: Any) -> Letter:
    """A letter that was drawn and put in the file."""
    letter = letters.order(
        application, kind, of=f"{at:%H%M%S%f}", facts={}, dated=at.date(), now=at, **values
    )
    stored = file_store.put(PDF, media_type="application/pdf", now=at)
    letters.keep_drawn(letter, stored.sha256)
    db.session.refresh(letter)
    letters.place(letter, at=at)
    return letter


def sent(application: Application, author: User, at: datetime = MOMENT, **values: Any) -> Message:
    message = Message(
        **{
            "application_id": application.id,
            "from_office": True,
            "author_id": author.id,
            "body": "Voor 1 mei hoort u meer.",
            "sent_at": at,
            **values,
        }
    )
    db.session.add(message)
    db.session.flush()
    return message


def mailed(application: Application, key: str, recipient: str, at: datetime = MOMENT, **values: Any) -> Mail:
    mail = Mail(
        **{
            "key": key,
            "message_id": f"<{key}@voorbeeld.nl>",
            "recipient": recipient,
            "subject": f"Bericht {key}",
            "body": f"Inhoud van {key}.",
            "application_id": application.id,
            "created_at": at,
            **values,
        }
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def rows(page: str) -> list[str]:
    """The rows of the inbox in words, in their order."""
    lists = [one for one in parse(page).iter("ol") if one.get("class") == "post"]
    return [words(row) for row in lists[0]] if lists else []


def post_of(application: Application) -> str:
    return f"/aanvragen/{application.id}/post"


def test_everything_that_was_sent_stands_in_one_list_newest_first(
    application: Application, member: User, as_user: AsUser
) -> None:
    officer = factories.make_user(Role.OFFICER)
    placed(application, ProcedureKind.RECEIPT, MOMENT)
    mailed(application, "extended:1", member.email, MOMENT + timedelta(hours=1))
    sent(application, officer, MOMENT + timedelta(hours=2))
    placed(application, ProcedureKind.SUPPLEMENT, MOMENT + timedelta(hours=3), last_day=LAST_DAY)
    told = rows(as_user(member).get(post_of(application)).text)
    assert len(told) == 4
    for row, fits in zip(
        told,
        (
            "Wij vragen u uw aanvraag aan te vullen",
            "Bericht van het subsidiebureau",
            "Bericht extended:1",
            "Wij hebben uw aanvraag ontvangen",
        ),
        strict=True,
    ):
        assert row.startswith(fits)
    assert "Inhoud van extended:1." in told[2]


def test_a_mail_shows_only_when_nothing_stands_behind_it(
    application: Application, member: User, as_user: AsUser
) -> None:
    letter = placed(application, ProcedureKind.RECEIPT)
    for key in ("message:1:2", "receipt:1:1:2", "decision:1:2", "interest:4:2", "invitation:1:abc"):
        mailed(application, key, member.email)
    mailed(application, "supplement:1:2", member.email, letter_id=letter.id)
    mailed(application, "hearing_received:1:9", "een.ander@voorbeeld.nl")
    mailed(application, "hearing_received:1:2", member.email)
    told = rows(as_user(member).get(post_of(application)).text)
    assert [row.partition(" Lees")[0] for row in told if row.startswith("Bericht")] == [
        "Bericht hearing_received:1:2"
    ]
    assert len(told) == 2


def test_a_letter_that_is_not_in_the_file_yet_is_not_in_the_inbox(
    application: Application, member: User, as_user: AsUser
) -> None:
    letter = letters.order(
        application, ProcedureKind.DELAY, of="1", facts={}, dated=MOMENT.date(), now=MOMENT, last_day=LAST_DAY
    )
    client = as_user(member)
    assert rows(client.get(post_of(application)).text) == []
    for page in ("", "/brief.pdf", "/termijn"):
        assert client.get(f"{post_of(application)}/{letter.id}{page}").status_code == 404


def test_a_decision_shows_when_it_was_announced_and_not_before(as_user: AsUser, member: User) -> None:
    scene = make_scene((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
    (proposed,) = announced.propose(scene)
    decision = scene.confirm(proposed)
    letter = letters.of_decision(decision, now=MOMENT)
    letters.place(letter, at=MOMENT)
    client = as_user(member)
    for page in (post_of(application), "/post"):
        assert rows(client.get(page).text) == []
    assert client.get(f"{post_of(application)}/{letter.id}").status_code == 404
    assert inbox.count_unread(member.id) == 0
    decision.announced_at = MOMENT
    db.session.flush()
    (row,) = rows(client.get(post_of(application)).text)
    assert row.startswith("Besluit: u krijgt de subsidie U kunt bezwaar maken tot en met")
    assert inbox.count_unread(member.id) == 1


def test_the_letter_of_a_replaced_decision_stays_and_says_so(as_user: AsUser, member: User) -> None:
    scene = make_decided((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
    old = in_force_of(application)
    carry_out(scene, 0, WITHDRAWAL)
    client = as_user(member)
    newest, oldest = rows(client.get(post_of(application)).text)
    assert newest.startswith("Nieuw besluit: wij trekken uw subsidie in U kunt bezwaar maken tot en met")
    assert oldest.startswith("Besluit: u krijgt de subsidie U kon bezwaar maken tot en met")
    letter = db.session.scalars(select(Letter).where(Letter.decision_id == old.id)).one()
    assert (
        "kwam er een nieuw besluit in de plaats van dit besluit"
        in client.get(f"{post_of(application)}/{letter.id}").text
    )


class TestReaction:
    """What a letter asks, until when, and whether it was done."""

    def told(self, application: Application, member: User, as_user: AsUser) -> str:
        (row,) = rows(as_user(member).get(post_of(application)).text)
        return row

    def test_a_supplement(
        self, application: Application, member: User, as_user: AsUser, clock: Clock
    ) -> None:
        placed(application, ProcedureKind.SUPPLEMENT, last_day=LAST_DAY)
        officer = factories.make_user(Role.OFFICER)
        asked = Supplement(
            application_id=application.id,
            asked="Plan",
            sections=[],
            requested_by=officer.id,
            requested_at=MOMENT,
            last_day=LAST_DAY,
        )
        db.session.add(asked)
        db.session.flush()
        assert "Vul de aanvraag aan, tot en met 24 maart 2026" in self.told(application, member, as_user)
        clock.now = datetime(2026, 3, 25, 9, tzinfo=MOMENT.tzinfo)
        assert "U kon aanvullen tot en met 24 maart 2026" in self.told(application, member, as_user)
        asked.supplied_at = MOMENT + timedelta(days=2)
        db.session.flush()
        assert "Aangevuld op 12 maart 2026" in self.told(application, member, as_user)

    def test_an_answer_to_the_reports(self, application: Application, member: User, as_user: AsUser) -> None:
        placed(application, ProcedureKind.REBUTTAL, last_day=LAST_DAY)
        held = factories.hear(application, last_day=LAST_DAY, closed_at=None)
        assert "U kunt op de beoordelingen antwoorden tot en met" in self.told(application, member, as_user)
        held.answer, held.sent_at = "Klopt niet.", MOMENT
        db.session.flush()
        assert "Beantwoord op 10 maart 2026" in self.told(application, member, as_user)
        assert db.session.scalars(select(Rebuttal)).one() is held

    def test_a_view_belongs_to_its_own_hearing(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        earlier = MOMENT - timedelta(days=30)
        answered = factories.hear_before(
            application, "wrong_data", opened_at=earlier, answer="Nee.", answered_at=earlier
        )
        running = factories.hear_before(application, "wrong_data", opened_at=MOMENT, last_day=LAST_DAY)
        placed(application, ProcedureKind.HEARING, last_day=LAST_DAY)
        assert "U kunt uw zienswijze geven tot en met" in self.told(application, member, as_user)
        running.answer, running.answered_at = "Nee.", MOMENT
        db.session.flush()
        assert "Zienswijze gegeven op 10 maart 2026" in self.told(application, member, as_user)
        assert db.session.get_one(Hearing, answered.id).answer == "Nee."

    def test_nothing_is_asked_of_who_withdrew(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        placed(application, ProcedureKind.HEARING, last_day=LAST_DAY)
        application.state = "withdrawn"
        db.session.flush()
        assert "U kon uw zienswijze geven tot en met" in self.told(application, member, as_user)


class TestLetter:
    """The page of one letter, and its file."""

    def test_it_leads_to_what_can_be_done(self, round_: Round, member: User, as_user: AsUser) -> None:
        application = factories.make_application(round_, "rebuttal", member=member)
        letter = placed(application, ProcedureKind.REBUTTAL, last_day=LAST_DAY)
        factories.hear(application, last_day=LAST_DAY, closed_at=None)
        page = as_user(member).get(f"{post_of(application)}/{letter.id}").text
        assert f'href="/aanvragen/{application.id}/wederhoor"' in page
        assert printed(letter.code) in page
        assert f"{post_of(application)}/{letter.id}/termijn" in page

    def test_who_only_reads_along_is_told_who_answers(self, round_: Round, as_user: AsUser) -> None:
        application = factories.make_application(
            round_, "rebuttal", member=factories.make_user(Role.APPLICANT)
        )
        reader = factories.make_user(Role.APPLICANT)
        db.session.add(Membership(application_id=application.id, user_id=reader.id, capacity="view"))
        letter = placed(application, ProcedureKind.REBUTTAL, last_day=LAST_DAY)
        factories.hear(application, last_day=LAST_DAY, closed_at=None)
        page = as_user(reader).get(f"{post_of(application)}/{letter.id}").text
        assert "U kunt meelezen" in page

    def test_opening_the_file_is_recorded_for_each_person_once(
        self, application: Application, member: User, as_user: AsUser, clock: Clock
    ) -> None:
        other = factories.make_user(Role.APPLICANT)
        db.session.add(Membership(application_id=application.id, user_id=other.id, capacity="view"))
        letter = placed(application, ProcedureKind.RECEIPT)
        at = f"{post_of(application)}/{letter.id}"
        as_user(member).get(at)
        assert db.session.scalars(select(LetterReading)).all() == []
        assert as_user(member).get(f"{at}/brief.pdf").data == PDF
        clock.now = AFTER
        for reader in (member, other):
            as_user(reader).get(f"{at}/brief.pdf")
        found = db.session.scalars(select(LetterReading).order_by(LetterReading.user_id)).all()
        assert [(one.user_id, one.read_at) for one in found] == [(member.id, MOMENT), (other.id, AFTER)]
        looks = db.session.scalars(select(AccessLog.what)).all()
        assert looks == ["letter"] * 3
        assert "Door u geopend op 10 maart 2026" in as_user(member).get(post_of(application)).text

    def test_a_head_request_reads_nothing(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        letter = placed(application, ProcedureKind.RECEIPT)
        as_user(member).head(f"{post_of(application)}/{letter.id}/brief.pdf")
        assert db.session.scalars(select(LetterReading)).all() == []

    def test_the_old_addresses_of_a_decision_record_the_same(
        self, as_user: AsUser, member: User, clock: Clock
    ) -> None:
        scene = make_decided((5,))
        application = scene.applications[0]
        db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
        db.session.flush()
        decision = in_force_of(application)
        clock.now = AFTER
        client = as_user(member)
        assert client.get(f"/aanvragen/{application.id}/brief").status_code == 200
        letter = db.session.scalars(select(Letter).where(Letter.decision_id == decision.id)).one()
        assert client.get(f"{post_of(application)}/{letter.id}/brief.pdf").status_code == 200
        reading = db.session.scalars(select(LetterReading)).one()
        assert (reading.letter_id, reading.read_at) == (letter.id, AFTER)
        assert db.session.get_one(Decision, decision.id, populate_existing=True).read_at == AFTER

    def test_the_old_address_of_a_receipt_records_the_same(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        letter = placed(application, ProcedureKind.RECEIPT)
        events.append(
            "application.receipt_made",
            at=MOMENT,
            actor_id=None,
            round_id=application.round_id,
            application_id=application.id,
            facts={"sha256": letter.sha256},
        )
        client = as_user(member)
        client.head(f"/aanvragen/{application.id}/ontvangst.pdf")
        assert inbox.count_unread(member.id) == 1
        assert client.get(f"/aanvragen/{application.id}/ontvangst.pdf").data == PDF
        assert inbox.count_unread(member.id) == 0

    def test_it_belongs_to_its_own_file(
        self, application: Application, round_: Round, member: User, as_user: AsUser
    ) -> None:
        another = factories.make_application(round_, member=member)
        letter = placed(application, ProcedureKind.RECEIPT)
        client = as_user(member)
        for page in ("", "/brief.pdf", "/termijn"):
            assert client.get(f"{post_of(another)}/{letter.id}{page}").status_code == 404


class TestUnread:
    """What was not opened yet is counted everywhere, and only for who may read it."""

    def test_it_is_counted_until_it_was_opened(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        letter = placed(application, ProcedureKind.RECEIPT)
        sent(application, factories.make_user(Role.OFFICER))
        client = as_user(member)
        assert "Post (2 nieuw)" in client.get("/aanvragen").text
        assert "2 nog niet geopend" in client.get(f"/aanvragen/{application.id}").text
        assert inbox.unread_per_application(member.id) == {application.id: 2}
        client.get(f"{post_of(application)}/{letter.id}/brief.pdf")
        client.get(f"/aanvragen/{application.id}/berichten")
        assert "Post (" not in client.get("/aanvragen").text
        assert inbox.count_unread_in(application, member.id).total == 0

    def test_of_others_nothing_is_counted(self, application: Application, member: User) -> None:
        stranger = factories.make_user(Role.APPLICANT)
        placed(application, ProcedureKind.RECEIPT)
        sent(application, stranger, from_office=False)
        assert inbox.count_unread(stranger.id) == 0
        assert inbox.count_unread(member.id) == 1


class TestKept:
    """The inbox is of the collaboration alone."""

    @pytest.mark.parametrize("role", [Role.APPLICANT, Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_from_who_is_no_member(self, application: Application, as_user: AsUser, role: Role) -> None:
        letter = placed(application, ProcedureKind.RECEIPT)
        client = as_user(role)
        for page in ("", f"/{letter.id}", f"/{letter.id}/brief.pdf", f"/{letter.id}/termijn"):
            assert client.get(f"{post_of(application)}{page}").status_code == 404
        assert client.get(f"/aanvragen/{application.id}/beslistermijn").status_code == 404
        assert rows(client.get("/post").text) == []

    def test_a_draft_has_none(self, round_: Round, member: User, as_user: AsUser) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        mailed(draft, "extended:1", member.email)
        client = as_user(member)
        assert client.get(post_of(draft)).status_code == 404
        assert rows(client.get("/post").text) == []

    def test_what_is_typed_is_never_markup(
        self, application: Application, member: User, as_user: AsUser
    ) -> None:
        application.title = "<script>alert(1)</script>"
        mailed(application, "extended:1", member.email, subject="<b>x</b>", body="<img src=x>")
        page = as_user(member).get("/post").text
        assert "<b>x</b>" not in page
        assert "<img src=x>" not in page
        assert "<script>alert" not in page


class TestPages:
    """The list by pages, and over all files."""

    def fill(self, application: Application, member: User, many: int) -> None:
        officer = factories.make_user(Role.OFFICER)
        for number in range(many):
            at = MOMENT + timedelta(minutes=number // 2)
            placed(application, ProcedureKind.DELAY, at + timedelta(microseconds=number), last_day=LAST_DAY)
            sent(application, officer, at)
            mailed(application, f"extended:{application.id}:{number}", member.email, at)

    def test_older_post_is_a_page_further_and_nothing_twice(
        self, application: Application, member: User
    ) -> None:
        self.fill(application, member, 17)
        seen, before = [], None
        for _ in range(4):
            page = inbox.page_of(application, user=member, now=MOMENT, before=before)
            seen += [(one.source, one.id) for one in page.items]
            assert [one.at for one in page.items] == sorted((one.at for one in page.items), reverse=True)
            before = page.next_before
            if before is None:
                break
            before = inbox.Cursor.read(str(before))
        assert len(seen) == len(set(seen)) == 51

    def test_the_way_to_older_post(self, application: Application, member: User, as_user: AsUser) -> None:
        self.fill(application, member, 7)
        client = as_user(member)
        first = client.get(post_of(application)).text
        links = [one.get("href") or "" for one in parse(first).iter("a")]
        (older,) = [one for one in links if one.startswith(f"{post_of(application)}?")]
        assert len(rows(first)) == 20
        assert len(rows(client.get(older).text)) == 1

    @pytest.mark.parametrize(
        "spoiled", ["x", "1.2", "1.9.1", "99999999999999999999999.1.1", "1.1.99999999999"]
    )
    def test_a_spoiled_address_gives_a_page(
        self, application: Application, member: User, as_user: AsUser, spoiled: str
    ) -> None:
        assert as_user(member).get(f"{post_of(application)}?voor={spoiled}").status_code == 200

    def test_all_own_files_in_one_list(self, round_: Round, member: User, as_user: AsUser) -> None:
        first, second = (factories.make_application(round_, member=member) for _ in range(2))
        placed(first, ProcedureKind.RECEIPT, MOMENT)
        placed(second, ProcedureKind.RECEIPT, MOMENT + timedelta(hours=1))
        told = rows(as_user(member).get("/post").text)
        assert [row.rpartition("geopend ")[2] for row in told] == [second.title, first.title]

    @pytest.mark.parametrize("many", [1, 3])
    def test_it_costs_the_same_for_more(
        self, round_: Round, member: User, as_user: AsUser, count_queries: type[QueryCount], many: int
    ) -> None:
        found = [factories.make_application(round_, member=member) for _ in range(many)]
        for application in found:
            self.fill(application, member, many)
        client, counts = as_user(member), []
        letter = db.session.scalars(select(Letter).order_by(Letter.id)).first()
        assert letter is not None
        for page in (post_of(found[0]), "/post", f"{post_of(found[0])}/{letter.id}", "/aanvragen"):
            client.get(page)
            db.session.expunge_all()
            with count_queries() as queries:
                assert client.get(page).status_code == 200
            counts.append(queries.count)
        assert counts == [8, 6, 6, 4]


def test_the_page_of_the_application_says_that_objecting_is_over(
    as_user: AsUser, member: User, clock: Clock
) -> None:
    scene = make_decided((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="view"))
    last_day = in_force_of(application).objection_last_day
    assert last_day is not None
    client, at = as_user(member), f"/aanvragen/{application.id}"
    over = "U kon bezwaar maken tot en met"
    for day, told in ((last_day, False), (last_day + timedelta(days=1), True)):
        clock.now = datetime.combine(day, MOMENT.timetz())
        assert (over in client.get(at).text) is told
        assert (over in client.get(post_of(application)).text) is told


def test_letters_by_post_are_in_the_inbox_too(as_user: AsUser, member: User) -> None:
    scene = make_decided((5,))
    application = scene.applications[0]
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="lead"))
    db.session.flush()
    letter = db.session.scalars(select(Letter)).one()
    assert letter.posted_at is not None
    assert len(rows(as_user(member).get("/post").text)) == 1
