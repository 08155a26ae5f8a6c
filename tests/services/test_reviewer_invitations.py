"""Being asked to review: a link that works once, an answer with secrecy, and nobody else's role."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Event,
    EventDetail,
    GrantRow,
    Mail,
    Membership,
    OutboxRow,
    Round,
    RoundReviewer,
    User,
)
from subsidy.services import events, pool, pool_requests, reviewer_answers, reviewer_invitations, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.pool import PoolError, Stand
from subsidy.services.reviewer_invitations import Person, Terms
from tests.conftest import Clock
from tests.factories import (
    MOMENT,
    make_application,
    make_interest,
    make_reviewer,
    make_round,
    make_user,
    serve,
)
from workflows.permissions import Can, Role, may

TODAY = MOMENT.date()
TERMS = Terms("referent", 8, TODAY + timedelta(days=10))
ANNA = Person("Anna@Voorbeeld.nl", "Anna de Vries")


@pytest.fixture
def officer(app: object) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def round_(app: object) -> Round:
    return make_round()


Ask = Callable[..., RoundReviewer]


@pytest.fixture
def ask(round_: Round, officer: User) -> Ask:
    """Ask somebody, and give the request."""

    def asked(person: Person = ANNA, terms: Terms = TERMS) -> RoundReviewer:
        reviewer_invitations.ask(round_, [person], terms, actor=actor_of(officer), now=MOMENT)
        email = person.email.lower()
        return db.session.scalars(select(RoundReviewer).filter_by(round_id=round_.id, email=email)).one()

    return asked


def newest_token() -> str:
    body = db.session.scalars(select(Mail.body).order_by(Mail.id.desc()).limit(1)).one()
    found = re.search(r"/beoordelen/uitnodiging/([\w-]+)", body)
    assert found, body
    return found[1]


def happened(name: str) -> list[dict[str, object]]:
    return list(db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.id)))


def roles(user: User) -> list[tuple[str, int | None]]:
    rows = db.session.execute(select(GrantRow.role, GrantRow.round_id).where(GrantRow.user_id == user.id))
    return [(role, round_id) for role, round_id in rows]


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


class TestAsking:
    def test_of_the_link_only_the_digest_is_kept(self, ask: Ask) -> None:
        row = ask()
        token = newest_token()
        assert row.token_digest == hashlib.sha256(token.encode()).hexdigest()
        assert token not in str(db.session.execute(select(OutboxRow.payload)).all())
        mail = db.session.scalars(select(Mail)).one()
        assert (mail.recipient, mail.application_id) == ("anna@voorbeeld.nl", None)
        assert "Anna de Vries" in mail.body

    def test_who_is_asked_is_personal(self, ask: Ask) -> None:
        row = ask()
        assert happened("reviewer.asked") == [
            {"request": row.id, "body": "referent", "most_reviews": 8, "reply_by": "2026-03-20"}
        ]
        detail = db.session.scalars(select(EventDetail.body)).one()
        assert detail == {"email": "anna@voorbeeld.nl", "name": "Anna de Vries"}
        assert list(events.verify()) == []

    def test_the_same_people_twice_are_asked_once(self, ask: Ask, round_: Round, officer: User) -> None:
        ask()
        outcome = reviewer_invitations.ask(
            round_,
            [ANNA, Person("anna@voorbeeld.nl"), Person("bea@voorbeeld.nl", "Bea")],
            TERMS,
            actor=actor_of(officer),
            now=MOMENT,
        )
        assert (outcome.asked, outcome.known) == (1, ("Anna de Vries",))
        assert mails() == 2

    def test_somebody_with_an_account_is_asked_by_the_name_of_the_account(self, ask: Ask) -> None:
        user = make_user(email="anna@voorbeeld.nl", name="Dr. A. de Vries")
        row = ask()
        assert (row.user_id, row.name) == (user.id, "Dr. A. de Vries")

    def test_nobody_asks_themselves(self, ask: Ask, officer: User) -> None:
        with pytest.raises(PoolError, match="yourself"):
            ask(Person(officer.email))

    def test_only_for_a_round_that_runs_and_a_body_that_it_has(self, officer: User) -> None:
        actor = actor_of(officer)
        for state in ("draft", "decided", "evaluated"):
            with pytest.raises(PoolError, match="not_published"):
                reviewer_invitations.ask(make_round(state=state), [ANNA], TERMS, actor=actor, now=MOMENT)
        regiobeeld = make_round("regiobeeld")
        absent = {"referent", "committee"} - set(reviewer_invitations.bodies_of(regiobeeld))
        for body in absent:
            with pytest.raises(PoolError, match="body_unknown"):
                reviewer_invitations.ask(
                    regiobeeld, [ANNA], Terms(body, None, TODAY), actor=actor, now=MOMENT
                )

    def test_who_takes_part_in_the_round_asks_nobody(self, round_: Round, officer: User) -> None:
        make_application(round_, member=officer)
        with pytest.raises(NotAllowedError):
            reviewer_invitations.ask(round_, [ANNA], TERMS, actor=actor_of(officer), now=MOMENT)


class TestAnswering:
    def test_accepting_declares_secrecy_and_gives_the_role_on_this_round_once(
        self, ask: Ask, round_: Round
    ) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        row = ask()
        assert not standing.to_round(actor_of(user), round_, now=MOMENT).serving
        assert reviewer_answers.accept(row, user, now=MOMENT)
        assert not reviewer_answers.accept(row, user, now=MOMENT)
        assert (row.answer, row.secrecy_at, row.user_id) == ("accepted", MOMENT, user.id)
        assert roles(user) == [("reviewer", round_.id)]
        assert standing.to_round(actor_of(user), round_, now=MOMENT).serving == {user.id}
        assert len(happened("reviewer.accepted")) == len(happened("grant.given")) == 1

    def test_a_forwarded_link_gives_nobody_else_the_role(self, ask: Ask) -> None:
        row = ask()
        other = make_user()
        with pytest.raises(PoolError, match="gone"):
            reviewer_answers.accept(row, other, now=MOMENT)
        with pytest.raises(PoolError, match="gone"):
            reviewer_answers.decline(row, reason="", user=other, now=MOMENT)
        assert pool.find_own(row.id, other) is None
        assert roles(other) == []

    @pytest.mark.parametrize("part", ["member", "interest"])
    def test_who_takes_part_in_an_application_declines(self, ask: Ask, round_: Round, part: str) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        application = make_application(round_, "draft" if part == "member" else "submitted")
        if part == "member":
            db.session.add(Membership(application_id=application.id, user_id=user.id, capacity="view"))
            db.session.flush()
        else:
            make_interest(application, user, extent="round")
        row = ask()
        with pytest.raises(PoolError, match="involved"):
            reviewer_answers.accept(row, user, now=MOMENT)
        assert reviewer_answers.decline(row, reason=" Ik doe mee. ", user=user, now=MOMENT)
        assert not reviewer_answers.decline(row, reason="", user=user, now=MOMENT)
        assert (row.answer, row.decline_reason) == ("declined", "Ik doe mee.")
        assert "Ik doe mee" not in str(happened("reviewer.declined"))
        assert roles(user) == []

    def test_an_answer_is_welcome_a_fortnight_after_the_day_and_no_longer(self, ask: Ask) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        row, token = ask(), newest_token()
        last = MOMENT + timedelta(days=24)
        assert reviewer_invitations.open_link(token, now=last) is row
        assert reviewer_invitations.open_link(token, now=last + timedelta(days=1)) is None
        assert pool.stand_of(row, TERMS.reply_by) is Stand.ASKED
        assert pool.stand_of(row, TERMS.reply_by + timedelta(days=1)) is Stand.OVERDUE
        with pytest.raises(PoolError, match="gone"):
            reviewer_answers.accept(row, user, now=last + timedelta(days=1))
        assert reviewer_answers.accept(row, user, now=last)

    def test_a_link_is_dead_after_the_answer(self, ask: Ask) -> None:
        row, token = ask(), newest_token()
        reviewer_answers.decline(row, reason="", user=None, now=MOMENT)
        assert reviewer_invitations.open_link(token, now=MOMENT) is None
        with pytest.raises(PoolError, match="gone"):
            reviewer_answers.accept(row, make_user(email="anna@voorbeeld.nl"), now=MOMENT)

    def test_no_answer_when_the_round_is_over(self, ask: Ask, round_: Round) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        row = ask()
        round_.state = "decided"
        with pytest.raises(PoolError, match="gone"):
            reviewer_answers.accept(row, user, now=MOMENT)


class TestAskingAgain:
    def again(self, row: RoundReviewer, officer: User, seen: object = None) -> bool:
        later = MOMENT + timedelta(days=1)
        return reviewer_invitations.ask_again(
            row,
            Terms("committee", None, TODAY + timedelta(days=20)),
            seen=seen or row.invited_at,  # type: ignore[arg-type]  # an instant, in all of these
            actor=actor_of(officer),
            now=later,
        )

    def test_a_new_link_comes_and_the_old_one_is_dead(self, ask: Ask, officer: User) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        row, old = ask(), newest_token()
        reviewer_answers.decline(row, reason="Te druk", user=user, now=MOMENT)
        seen = row.invited_at
        assert self.again(row, officer, seen)
        assert not self.again(row, officer, seen)
        assert (row.answer, row.decline_reason, row.body) == (None, "", "committee")
        assert newest_token() != old
        assert reviewer_invitations.by_link(old) is None
        assert mails() == 2
        assert reviewer_answers.accept(row, user, now=MOMENT + timedelta(days=2))

    def test_who_takes_part_is_not_asked_again(self, ask: Ask, officer: User) -> None:
        row = ask()
        reviewer_answers.accept(row, make_user(email="anna@voorbeeld.nl"), now=MOMENT)
        with pytest.raises(PoolError, match="accepted_already"):
            self.again(row, officer)


class TestWithdrawing:
    def test_a_request_without_answer_is_taken_back_once(self, ask: Ask, officer: User) -> None:
        row, token = ask(), newest_token()
        actor = actor_of(officer)
        assert reviewer_invitations.withdraw(row, actor=actor, now=MOMENT)
        assert not reviewer_invitations.withdraw(row, actor=actor, now=MOMENT)
        assert pool.stand_of(row, TODAY) is Stand.WITHDRAWN
        assert reviewer_invitations.open_link(token, now=MOMENT) is None
        assert mails() == 2

    def test_what_was_answered_is_not_taken_back(self, ask: Ask, officer: User) -> None:
        row = ask()
        reviewer_answers.decline(row, reason="", user=None, now=MOMENT)
        with pytest.raises(PoolError, match="gone"):
            reviewer_invitations.withdraw(row, actor=actor_of(officer), now=MOMENT)

    def test_changing_keeps_the_answer(self, ask: Ask, officer: User) -> None:
        user = make_user(email="anna@voorbeeld.nl")
        row, actor = ask(), actor_of(officer)
        reviewer_answers.accept(row, user, now=MOMENT)
        for changed in (True, False):
            given = reviewer_invitations.change(
                row, body="committee", most_reviews=3, actor=actor, now=MOMENT
            )
            assert given is changed
        assert (row.answer, row.body, row.most_reviews) == ("accepted", "committee", 3)
        assert len(happened("reviewer.changed")) == 1


class TestReminding:
    def work(self) -> OutboxRow:
        return db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "reviewer_reminder")).one()

    def test_a_reminder_holds_the_same_link_and_comes_once(self, ask: Ask, clock: Clock) -> None:
        row, token = ask(), newest_token()
        work = self.work()
        assert work.due_at.date() == date(2026, 3, 17)
        clock.now = work.due_at
        for _ in range(2):
            reviewer_invitations.remind_job(work.payload)
        assert row.reminded_at == work.due_at
        assert mails() == 2
        assert newest_token() == token

    def test_who_answered_or_was_asked_again_is_left_alone(
        self, ask: Ask, officer: User, clock: Clock
    ) -> None:
        row = ask()
        work = self.work()
        clock.now = work.due_at
        TestAskingAgain().again(row, officer)
        reviewer_invitations.remind_job(work.payload)
        assert row.reminded_at is None
        reviewer_answers.decline(row, reason="", user=None, now=clock.now)
        newest = db.session.scalars(
            select(OutboxRow).where(OutboxRow.topic == "reviewer_reminder").order_by(OutboxRow.id.desc())
        ).first()
        assert newest is not None
        reviewer_invitations.remind_job(newest.payload)
        assert row.reminded_at is None

    def test_with_little_time_nobody_is_reminded(self, ask: Ask) -> None:
        ask(terms=Terms("referent", None, TODAY + timedelta(days=3)))
        assert db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "reviewer_reminder")).all() == []


class TestOwnRequests:
    def test_each_stands_where_it_belongs(self, ask: Ask) -> None:
        user = make_reviewer(make_round(), email="anna@voorbeeld.nl")
        over = make_round(state="decided")
        serve(user, over)
        row = ask()
        found = pool_requests.requests_of(user, today=TODAY)
        assert found.open == (row,)
        assert len(found.running) == 1
        assert [one.round_id for one in found.finished] == [over.id]

    def test_access_ends_with_the_round(self, round_: Round) -> None:
        user = make_reviewer(round_)
        round_.state = "decided"
        target = standing.to_round(actor_of(user), round_, now=MOMENT)
        assert not may(actor_of(user), Can.CALIBRATION_SCORE, target)
