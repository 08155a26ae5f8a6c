"""Hearing an applicant before a decision: asking, answering, writing down, and the list of a round."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, EventDetail, Hearing, Mail, User
from subsidy.services import hearing_answers, hearing_list, hearings
from subsidy.services.advance import NotAllowedError
from subsidy.services.hearings import HearingError, Plan
from tests import factories
from tests.conftest import MOMENT
from workflows.hearing import Stage
from workflows.permissions import Role

LAST = date(2026, 3, 24)
AFTER = MOMENT + timedelta(days=20)
PLAN = Plan(
    grounds=("wrong_data",),
    intention="Wij willen de aanvraag afwijzen.",
    data="Volgens het handelsregister bestaat de stichting niet meer.",
    last_day=LAST,
)
TEXT = "De stichting is gefuseerd; de opvolger doet mee."


@pytest.fixture
def officer(app: Flask) -> User:
    assert app.testing
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def member(officer: User) -> User:
    assert officer.id
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def file(member: User) -> Application:
    return factories.make_application(factories.make_round(), "advised", member=member)


def ask(file: Application, officer: User, plan: Plan = PLAN) -> Hearing:
    return hearings.open_hearing(file, plan, actor=actor_of(officer), now=MOMENT)


def code_of(error: pytest.ExceptionInfo[HearingError]) -> str:
    return error.value.code


def events_of(file: Application, name: str) -> list[Event]:
    query = select(Event).where(Event.application_id == file.id, Event.name == name)
    return list(db.session.scalars(query))


class TestAsking:
    def test_tells_every_member_and_keeps_the_words_beside_the_chain(
        self, file: Application, officer: User, member: User
    ) -> None:
        hearing = ask(file, officer)
        assert (hearing.grounds, hearing.last_day, hearing.answered_at) == (["wrong_data"], LAST, None)
        mails = db.session.scalars(select(Mail).where(Mail.application_id == file.id)).all()
        assert [one.recipient for one in mails] == [member.email]
        assert "24" in mails[0].subject
        assert PLAN.data not in mails[0].body
        assert f"/aanvragen/{file.id}/zienswijze" in mails[0].body
        (event,) = events_of(file, "hearing.opened")
        assert event.facts == {"hearing": hearing.id, "grounds": ["wrong_data"], "last_day": "2026-03-24"}
        detail = db.session.get_one(EventDetail, event.id)
        assert detail.body == {"reason": PLAN.intention, "data": PLAN.data}

    def test_twice_is_once_and_another_waits_for_the_first(self, file: Application, officer: User) -> None:
        first = ask(file, officer)
        assert ask(file, officer) is first
        other = Plan(("insolvent",), "Iets anders.", "Andere gegevens.", LAST)
        with pytest.raises(HearingError) as refused:
            ask(file, officer, other)
        assert (code_of(refused), refused.value.params["last_day"]) == ("already_open", LAST)
        assert db.session.scalar(select(func.count()).select_from(Hearing)) == 1
        later = Plan(("insolvent",), "Iets anders.", "Andere gegevens.", date(2026, 4, 20))
        again = hearings.open_hearing(file, later, actor=actor_of(officer), now=AFTER)
        assert [one.id for one in hearings.find(file)] == [first.id, again.id]

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"grounds": ()}, "grounds_needed"),
            ({"grounds": ("ceiling",)}, "ground_unfit"),
            ({"grounds": ("activities_not_done",)}, "ground_unfit"),
            ({"intention": "  "}, "blank"),
            ({"data": ""}, "blank"),
            ({"last_day": MOMENT.date()}, "last_day_past"),
            ({"last_day": date(2028, 1, 3)}, "last_day_far"),
        ],
    )
    def test_refuses_what_cannot_be_asked(
        self, file: Application, officer: User, changed: dict[str, object], code: str
    ) -> None:
        plan = Plan(**{**{name: getattr(PLAN, name) for name in PLAN.__slots__}, **changed})  # type: ignore[arg-type]
        with pytest.raises(HearingError) as refused:
            ask(file, officer, plan)
        assert code_of(refused) == code
        assert hearings.find(file) == []

    @pytest.mark.parametrize("state", ["withdrawn", "supplement_requested"])
    def test_is_not_for_where_nothing_is_to_be_decided(self, officer: User, state: str) -> None:
        file = factories.make_application(factories.make_round(), state)
        with pytest.raises(HearingError) as refused:
            ask(file, officer)
        assert code_of(refused) == "not_now"

    def test_is_for_officers_without_an_interest(
        self, file: Application, officer: User, member: User
    ) -> None:
        with pytest.raises(NotAllowedError):
            ask(file, member)
        factories.make_interest(file, officer)
        with pytest.raises(NotAllowedError):
            ask(file, officer)


class TestAnswering:
    def test_keeps_what_was_said_and_confirms_it(
        self, file: Application, officer: User, member: User
    ) -> None:
        hearing = ask(file, officer)
        for _press in range(2):
            hearing_answers.answer(file, hearing.id, f" {TEXT}\n", actor=actor_of(member), now=MOMENT)
        assert (hearing.answer, hearing.answered_at, hearing.answered_by) == (TEXT, MOMENT, member.id)
        assert hearings.stage_of(hearing, now=MOMENT) is Stage.ANSWERED
        (event,) = events_of(file, "hearing.answered")
        assert event.facts == {"hearing": hearing.id, "by_mouth": False, "late": False}
        received = db.session.scalars(select(Mail).where(Mail.key.like("hearing_received:%"))).all()
        assert [TEXT in one.body for one in received] == [True]

    def test_happens_once(self, file: Application, officer: User, member: User) -> None:
        hearing = ask(file, officer)
        hearing_answers.answer(file, hearing.id, TEXT, actor=actor_of(member), now=MOMENT)
        with pytest.raises(HearingError) as refused:
            hearing_answers.answer(file, hearing.id, "Iets anders.", actor=actor_of(member), now=MOMENT)
        assert code_of(refused) == "answered"
        assert hearing.answer == TEXT

    def test_after_the_term_is_kept_as_late(self, file: Application, officer: User, member: User) -> None:
        hearing = ask(file, officer)
        last_second = MOMENT.replace(day=24, hour=22, minute=59, second=59)
        assert hearings.stage_of(hearing, now=last_second) is Stage.OPEN
        assert hearings.stage_of(hearing, now=last_second + timedelta(seconds=1)) is Stage.UNANSWERED
        hearing_answers.answer(file, hearing.id, TEXT, actor=actor_of(member), now=AFTER)
        assert hearings.is_late(hearing)
        (event,) = events_of(file, "hearing.answered")
        assert event.facts["late"] is True

    @pytest.mark.parametrize(("text", "code"), [("", "blank_answer"), (" \n", "blank_answer")])
    def test_nothing_is_no_answer(
        self, file: Application, officer: User, member: User, text: str, code: str
    ) -> None:
        hearing = ask(file, officer)
        with pytest.raises(HearingError) as refused:
            hearing_answers.answer(file, hearing.id, text, actor=actor_of(member), now=MOMENT)
        assert code_of(refused) == code

    def test_of_another_file_is_unknown(self, file: Application, member: User) -> None:
        other = factories.hear_before(factories.make_application(file.round), "wrong_data")
        for wrong in (other.id, 0, 2**31 - 1):
            with pytest.raises(HearingError) as refused:
                hearing_answers.answer(file, wrong, TEXT, actor=actor_of(member), now=MOMENT)
            assert code_of(refused) == "unknown"

    def test_is_for_who_writes_in_the_application(self, file: Application, officer: User) -> None:
        hearing = ask(file, officer)
        for stranger in (officer, factories.make_user(Role.APPLICANT)):
            with pytest.raises(NotAllowedError):
                hearing_answers.answer(file, hearing.id, TEXT, actor=actor_of(stranger), now=MOMENT)

    def test_of_a_withdrawn_application_comes_too_late(
        self, file: Application, officer: User, member: User
    ) -> None:
        hearing = ask(file, officer)
        gone = factories.make_application(file.round, "withdrawn", member=member)
        hearing.application_id = gone.id
        db.session.flush()
        with pytest.raises(HearingError) as refused:
            hearing_answers.answer(gone, hearing.id, TEXT, actor=actor_of(member), now=MOMENT)
        assert code_of(refused) == "gone_on"


class TestWritingDown:
    def write(self, file: Application, hearing: Hearing, officer: User, on: date) -> Hearing:
        return hearing_answers.write_down(
            file, hearing.id, TEXT, received_on=on, by_mouth=True, actor=actor_of(officer), now=AFTER
        )

    def test_counts_from_the_day_on_which_it_was_said(
        self, file: Application, officer: User, member: User
    ) -> None:
        hearing = self.write(file, ask(file, officer), officer, LAST)
        assert (hearing.by_mouth, hearings.is_late(hearing), hearing.answered_by) == (True, False, officer.id)
        (event,) = events_of(file, "hearing.written_down")
        assert event.facts == {"hearing": hearing.id, "by_mouth": True, "late": False}
        (received,) = db.session.scalars(select(Mail).where(Mail.key.like("hearing_received:%")))
        assert received.recipient == member.email

    def test_after_the_term_is_late(self, file: Application, officer: User) -> None:
        hearing = self.write(file, ask(file, officer), officer, LAST + timedelta(days=1))
        assert hearings.is_late(hearing)

    def test_lies_between_the_request_and_today(self, file: Application, officer: User) -> None:
        hearing = ask(file, officer)
        for day in (MOMENT.date() - timedelta(days=1), AFTER.date() + timedelta(days=1)):
            with pytest.raises(HearingError) as refused:
                self.write(file, hearing, officer, day)
            assert code_of(refused) == "received_outside"
        assert hearing.answered_at is None

    def test_is_for_officers(self, file: Application, officer: User, member: User) -> None:
        hearing = ask(file, officer)
        with pytest.raises(NotAllowedError):
            self.write(file, hearing, member, LAST)


class TestTheList:
    def test_leaves_out_what_is_kept_from_somebody(self, file: Application, officer: User) -> None:
        other = factories.make_application(file.round, "advised")
        heard = [factories.hear_before(one, "wrong_data") for one in (file, other, file)]
        factories.make_interest(other, officer)
        page = hearing_list.find_lines(file.round, actor_of(officer), now=MOMENT)
        assert [line.id for line in page.lines] == [heard[2].id, heard[0].id]
        assert {line.stage for line in page.lines} == {Stage.UNANSWERED}

    def test_goes_by_pages(self, file: Application, officer: User) -> None:
        heard = [factories.hear_before(file, "wrong_data") for _ in range(3)]
        first = hearing_list.find_lines(file.round, actor_of(officer), now=MOMENT, limit=2)
        assert [line.id for line in first.lines] == [heard[2].id, heard[1].id]
        rest = hearing_list.find_lines(
            file.round, actor_of(officer), now=MOMENT, before=first.next_before, limit=2
        )
        assert ([line.id for line in rest.lines], rest.next_before) == ([heard[0].id], None)
