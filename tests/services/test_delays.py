"""Telling an applicant that the decision comes later: the day, the letter, the mail, and what it changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Event, EventDetail, Letter, Mail, OutboxRow, Round, User
from subsidy.services import deadlines, delays, following, letters, round_delays, worklist
from subsidy.services.advance import NotAllowedError
from subsidy.services.delays import DelayError, Plan
from subsidy.services.outbox import HopelessError
from subsidy.services.reach import reach_of
from subsidy.services.waits import Wait
from tests import factories
from tests.conftest import MOMENT
from workflows import delay as policy
from workflows.correspondence import ProcedureKind
from workflows.kinds import KINDS
from workflows.permissions import Role
from workflows.terms import decision_term

TODAY = MOMENT.date()
CLOSES = TODAY + timedelta(days=20)
ENDS = decision_term(CLOSES, KINDS["netwerk"].terms.decision_weeks).last_day
PLAN = Plan(ENDS + timedelta(weeks=4), "De commissie komt een dag later bij elkaar.")


@pytest.fixture
def officer(app: Flask) -> User:
    assert app.testing
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def member(officer: User) -> User:
    assert officer.id
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def round_(officer: User) -> Round:
    assert officer.id
    return factories.make_round()


@pytest.fixture
def file(round_: Round, member: User) -> Application:
    return factories.make_application(round_, "in_review", member=member)


def tell(file: Application, officer: User, plan: Plan = PLAN) -> Letter:
    return delays.notify(file, plan, actor=actor_of(officer), now=MOMENT)


def delays_of(file: Application) -> list[Letter]:
    return list(delays.find(file))


class TestOne:
    def test_is_told_by_letter_and_mail_with_the_reason_beside_the_chain(
        self, file: Application, officer: User, member: User
    ) -> None:
        letter = tell(file, officer)
        assert (letter.kind, letter.dated, letter.last_day) == ("delay", TODAY, PLAN.until)
        assert letter.facts["reason"] == PLAN.reason
        assert date.fromisoformat(letter.facts["term"]["last_day"]) == ENDS
        (mail,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
        assert mail.recipient == member.email
        assert PLAN.reason in mail.body
        assert f"/aanvragen/{file.id}/post/{letter.id}" in mail.body
        (event,) = db.session.scalars(select(Event).where(Event.name == delays.NOTIFIED))
        assert event.facts == {"letter": letter.id, "last_day": PLAN.until.isoformat()}
        assert db.session.get_one(EventDetail, event.id).body == {"reason": PLAN.reason, "longer": ""}

    def test_the_new_day_is_what_everybody_sees(self, file: Application, officer: User, member: User) -> None:
        assert deadlines.term_of(file, None, today=TODAY).last_day == ENDS
        tell(file, officer)
        term = deadlines.term_of(file, None, today=TODAY)
        assert (term.last_day, term.articles[-1]) == (PLAN.until, "Awb 4:14")
        assert following.own(file, now=MOMENT).next.until == PLAN.until
        assert [one.next.until for one in following.list_own(member.id, now=MOMENT)] == [PLAN.until]
        assert "delayed" in {step.code for step in following.timeline(file, ())}
        items = worklist.find_items(reach_of(actor_of(officer)), [file.round], Wait.REVIEW, today=TODAY).items
        assert [one.last_day for one in items] == [PLAN.until]

    def test_the_same_again_is_one_letter(self, file: Application, officer: User) -> None:
        assert tell(file, officer) is tell(file, officer)
        assert len(delays_of(file)) == 1
        assert len(db.session.scalars(select(Event).where(Event.name == delays.NOTIFIED)).all()) == 1

    def test_a_next_one_names_a_later_day_than_the_one_before(self, file: Application, officer: User) -> None:
        tell(file, officer)
        for day in (PLAN.until, PLAN.until - timedelta(days=1)):
            with pytest.raises(DelayError) as refused:
                tell(file, officer, Plan(day, "Nog een reden."))
            assert (refused.value.code, refused.value.params["ends_on"]) == ("not_later", PLAN.until)
        again = tell(file, officer, Plan(PLAN.until + timedelta(days=7), "Nog een reden."))
        assert date.fromisoformat(again.facts["told"]) == PLAN.until
        assert deadlines.term_of(file, None, today=TODAY).last_day == PLAN.until + timedelta(days=7)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"reason": "  "}, "no_reason"),
            ({"until": TODAY}, "past"),
            ({"until": ENDS}, "not_later"),
            ({"until": ENDS + timedelta(weeks=8, days=1)}, "unexplained"),
            ({"until": ENDS + timedelta(weeks=53), "longer": "Lang."}, "too_far"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, file: Application, officer: User, changed: dict[str, object], code: str
    ) -> None:
        with pytest.raises(DelayError) as refused:
            tell(file, officer, replace(PLAN, **changed))  # type: ignore[arg-type]
        assert refused.value.code == code
        assert delays_of(file) == []

    def test_longer_than_reasonable_goes_with_why(self, file: Application, officer: User) -> None:
        letter = tell(
            file, officer, Plan(ENDS + timedelta(weeks=9), "Ziekte.", longer="Pas dan is er plaats.")
        )
        assert letter.facts["longer"] == "Pas dan is er plaats."

    @pytest.mark.parametrize("state", ["awarded", "rejected", "not_processed", "withdrawn"])
    def test_is_not_for_who_has_a_decision(self, round_: Round, officer: User, state: str) -> None:
        with pytest.raises(DelayError) as refused:
            tell(factories.make_application(round_, state), officer)
        assert refused.value.code == "decided"

    def test_is_for_officers_without_an_interest(self, file: Application, member: User) -> None:
        conflicted = factories.make_user(Role.OFFICER)
        factories.make_interest(file, conflicted)
        for user in (member, conflicted, factories.make_user(Role.FINANCE)):
            with pytest.raises(NotAllowedError):
                tell(file, user)


class TestRound:
    def test_tells_everybody_who_waits_once(self, round_: Round, officer: User) -> None:
        waiting = [factories.make_application(round_, state) for state in ("submitted", "advised")]
        factories.make_application(round_, "rejected")
        number = round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT)
        assert round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT) == number == 1
        (work,) = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == round_delays.TOPIC))
        before = round_delays.find_run(round_, number, today=TODAY)
        assert before is not None
        assert (before.total, before.told, before.running) == (2, 0, True)
        round_delays.notify_round(work.payload)
        round_delays.notify_round(work.payload)
        told = db.session.scalars(select(Letter).where(Letter.kind == ProcedureKind.DELAY)).all()
        assert sorted(one.application_id for one in told) == [one.id for one in waiting]
        assert {one.last_day for one in told} == {PLAN.until}
        work.done_at = MOMENT
        after = round_delays.find_run(round_, number, today=TODAY)
        assert after is not None
        assert (after.told, after.placed, after.running, after.left) == (2, 0, False, [])

    def test_leaves_alone_who_may_not_be_told(self, round_: Round, officer: User) -> None:
        plain, later, own = (factories.make_application(round_, "advised") for _ in range(3))
        tell(later, officer, Plan(PLAN.until + timedelta(days=7), "Eerder verteld."))
        round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT)
        db.session.add(
            Decision(
                application_id=own.id,
                round_id=round_.id,
                outcome="rejected",
                amount_cents=0,
                motivation="Te weinig samenwerking.",
                proposed_at=MOMENT,
                proposed_by=officer.id,
            )
        )
        db.session.flush()
        (work,) = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == round_delays.TOPIC))
        assert work.payload["total"] == 2
        round_delays.notify_round(work.payload)
        assert [len(delays_of(one)) for one in (plain, later, own)] == [1, 1, 0]
        work.done_at = MOMENT
        run = round_delays.find_run(round_, 1, today=TODAY)
        assert run is not None
        assert [one.id for one in run.left] == [later.id]

    def test_another_wish_waits_for_the_first(self, round_: Round, officer: User) -> None:
        factories.make_application(round_, "advised")
        round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT)
        with pytest.raises(DelayError) as refused:
            round_delays.ask(round_, replace(PLAN, reason="Anders."), actor=actor_of(officer), now=MOMENT)
        assert refused.value.code == "running"

    def test_nobody_to_tell_and_days_that_cannot_be(self, round_: Round, officer: User) -> None:
        with pytest.raises(DelayError) as refused:
            round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT)
        assert refused.value.code == "nobody"
        factories.make_application(round_, "advised")
        with pytest.raises(DelayError) as refused:
            round_delays.ask(round_, replace(PLAN, until=ENDS), actor=actor_of(officer), now=MOMENT)
        assert refused.value.code == "not_later"
        finance = factories.make_user(Role.FINANCE)
        with pytest.raises(NotAllowedError):
            round_delays.ask(round_, PLAN, actor=actor_of(finance), now=MOMENT)

    def test_stops_when_who_asked_lost_the_role(self, round_: Round, officer: User) -> None:
        file = factories.make_application(round_, "advised")
        round_delays.ask(round_, PLAN, actor=actor_of(officer), now=MOMENT)
        officer.disabled_at = MOMENT
        (work,) = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == round_delays.TOPIC))
        with pytest.raises(HopelessError):
            round_delays.notify_round(work.payload)
        assert delays_of(file) == []


def test_the_day_that_is_proposed_is_a_working_day() -> None:
    ascension = date(2026, 5, 14)
    assert policy.proposed(ascension - timedelta(weeks=4), TODAY).last_day == date(2026, 5, 18)
    assert policy.proposed(TODAY - timedelta(weeks=9), TODAY).last_day == TODAY + timedelta(weeks=4)


def test_a_letter_ordered_twice_is_one(file: Application, officer: User) -> None:
    letter = tell(file, officer)
    again = letters.order(
        file, ProcedureKind.DELAY, of=PLAN.until.isoformat(), facts={}, dated=TODAY, now=MOMENT
    )
    assert again.id == letter.id
