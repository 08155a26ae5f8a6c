"""Releasing reports without names, answering them, and the end of the term."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Event, EventDetail, Rebuttal
from subsidy.services import rebuttal_answers, rebuttal_list, rebuttal_release, rebuttals
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.rebuttal_answers import ClashError
from subsidy.services.rebuttal_list import Stage
from subsidy.services.rebuttals import RebuttalError
from tests import factories
from tests.conftest import MOMENT, Clock, QueryCount
from tests.services.rebuttals import TEXT, Hearing, hearing, mails, reviews_of, work_of
from workflows.machine import TransitionError
from workflows.permissions import Role

LAST_DAY = date(2026, 3, 20)
LAST_MINUTE = datetime(2026, 3, 20, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Amsterdam
TOO_LATE = datetime(2026, 3, 20, 23, 0, tzinfo=UTC)


@pytest.fixture
def heard(app: Flask) -> Hearing:
    return hearing(app)


def send(heard: Hearing, text: str = TEXT, **more: Any) -> Rebuttal:
    held = rebuttals.find(heard.application)
    assert held is not None
    return rebuttal_answers.send(
        heard.application,
        text,
        **{"words": len(text.split()), "version": held.version, "actor": heard.actor, "now": MOMENT, **more},
    )


class TestReleasing:
    def test_gives_scores_and_reasons_and_nothing_else(self, heard: Hearing) -> None:
        held = heard.release()
        assert heard.application.state == "rebuttal"
        assert (held.last_day, held.max_words) == (LAST_DAY, 500)
        reports = rebuttals.reports_of(held)
        assert [report.number for report in reports] == [1, 2]
        assert {report.review_id for report in reports} == {one.id for one in reviews_of(heard.application)}
        assert [part.score for part in reports[0].parts] == ["4"] * 4
        assert reports[0].parts[0].motivation == "Redenen bij relevantie."
        stored = str(held.reports)
        assert "Alleen voor mij" not in stored
        assert "fund" not in stored
        assert all(one.reviewer not in stored for one in reviews_of(heard.application))

    def test_the_order_is_the_same_at_every_look(self, app: Flask) -> None:
        found = hearing(app, reviews=6)
        orders = [
            [report.review_id for report in rebuttal_release.preview(found.application).reports]
            for _look in range(3)
        ]
        assert orders[0] == orders[1] == orders[2]
        assert [report.review_id for report in rebuttals.reports_of(found.release())] == orders[0]

    def test_leaves_out_who_has_an_interest_and_who_stopped(self, heard: Hearing) -> None:
        application = heard.application
        factories.make_review(application, conflict="Familie")
        factories.make_review(application, released_at=MOMENT)
        assert len(heard.release().reports) == 2

    def test_waits_for_every_review_that_is_still_asked(self, heard: Hearing) -> None:
        factories.make_review(heard.application, factories.make_user(Role.REVIEWER))
        with pytest.raises(RebuttalError, match="not_ready"):
            heard.release()
        assert heard.application.state == "in_review"

    def test_needs_as_many_as_the_amount_asks(self, app: Flask) -> None:
        with pytest.raises(RebuttalError, match="not_ready"):
            hearing(app, reviews=1).release()

    def test_keeps_what_the_reviewer_wrote_beside_what_was_sent(self, heard: Hearing) -> None:
        first = reviews_of(heard.application)[0]
        held = heard.release(edits={(first.id, "kwaliteit"): "Redenen. [...]"})
        parts = {
            (report.review_id, part.criterion): part
            for report in rebuttals.reports_of(held)
            for part in report.parts
        }
        edited = parts[first.id, "kwaliteit"]
        assert (edited.motivation, edited.original) == ("Redenen. [...]", "Redenen bij kwaliteit.")
        assert sum(part.original is not None for part in parts.values()) == 1
        event = db.session.scalars(select(Event).where(Event.name == "application.reports_released")).one()
        assert (event.facts["edited"], event.facts["last_day"]) == (1, "2026-03-20")
        assert first.scores[1].motivation == "Redenen bij kwaliteit."

    def test_reasons_are_not_taken_out_altogether(self, heard: Hearing) -> None:
        first = reviews_of(heard.application)[0]
        with pytest.raises(RebuttalError, match="emptied"):
            heard.release(edits={(first.id, "kwaliteit"): "  "})

    def test_is_refused_when_a_report_changed_since_it_was_read(self, heard: Hearing) -> None:
        seen = rebuttal_release.preview(heard.application).mark
        reviews_of(heard.application)[0].scores[0].motivation = "Iets anders."
        db.session.flush()
        with pytest.raises(RebuttalError, match="changed_meanwhile"):
            heard.release(seen=seen)

    def test_happens_once(self, heard: Hearing) -> None:
        heard.release()
        with pytest.raises(TransitionError):
            heard.release()
        rebuttal_answers.close_job({"application_id": heard.application.id + 1})
        send(heard)
        assert heard.application.state == "in_review"
        with pytest.raises(TransitionError, match="rebuttal_already_held"):
            heard.release()
        assert len(mails(heard.application, "rebuttal")) == 1

    def test_is_for_rounds_that_have_it(self, app: Flask) -> None:
        found = hearing(app, kind="regiobeeld")
        with pytest.raises(TransitionError, match="round_without_rebuttal"):
            found.release()

    def test_is_for_officers_without_an_interest(self, heard: Hearing) -> None:
        factories.make_interest(heard.application, heard.officer)
        with pytest.raises(NotAllowedError):
            heard.release()

    def test_tells_every_member_what_until_when_and_what_follows(self, heard: Hearing) -> None:
        heard.release()
        (mail,) = mails(heard.application, "rebuttal")
        assert mail.recipient == heard.member.email
        assert "20 March 2026" in mail.subject
        assert "at most 500 words" in mail.body
        assert "you need not answer" in mail.body
        assert "Redenen" not in mail.body
        assert f"/aanvragen/{heard.application.id}/wederhoor" in mail.body

    def test_posts_a_reminder_and_the_end_of_the_term(self, heard: Hearing) -> None:
        heard.release()
        work = work_of(heard.application)
        assert work["rebuttal_closing"].due_at == datetime(2026, 3, 20, 23, 5, tzinfo=UTC)
        assert work["rebuttal_reminder"].due_at == datetime(2026, 3, 17, 8, tzinfo=UTC)


class TestAnswering:
    def test_a_draft_is_nobodys_but_the_collaborations(self, heard: Hearing) -> None:
        heard.release()
        held = rebuttal_answers.save(heard.application, TEXT, version=1, actor=heard.actor, now=MOMENT)
        assert (held.answer, held.version, held.sent_at) == (TEXT, 2, None)
        (answer,) = rebuttals.for_panel([heard.application.id], now=MOMENT).values()
        assert (answer.text, answer.open) == (None, True)

    def test_the_same_draft_twice_is_one_save(self, heard: Hearing) -> None:
        heard.release()
        for _press in range(2):
            held = rebuttal_answers.save(heard.application, TEXT, version=1, actor=heard.actor, now=MOMENT)
        assert held.version == 2

    def test_two_members_do_not_overwrite_each_other(self, heard: Hearing) -> None:
        heard.release()
        rebuttal_answers.save(heard.application, "De een.", version=1, actor=heard.actor, now=MOMENT)
        with pytest.raises(ClashError) as clash:
            rebuttal_answers.save(heard.application, "De ander.", version=1, actor=heard.actor, now=MOMENT)
        assert (clash.value.stored, clash.value.version) == ("De een.", 2)

    def test_sending_closes_the_rebuttal_and_confirms_what_was_sent(self, heard: Hearing) -> None:
        heard.release()
        held = send(heard)
        assert (heard.application.state, held.closed_at, held.sent_by) == (
            "in_review",
            MOMENT,
            heard.member.id,
        )
        (mail,) = mails(heard.application, "rebuttal_received")
        assert TEXT in mail.body
        (answer,) = rebuttals.for_panel([heard.application.id], now=MOMENT).values()
        assert (answer.text, answer.sent_at, answer.open) == (TEXT, MOMENT, False)
        event = db.session.scalars(select(Event).where(Event.name == "rebuttal.sent")).one()
        assert (event.actor_id, event.facts) == (heard.member.id, {"words": 9})
        detail = db.session.get_one(EventDetail, event.id)
        assert detail.body == {"answer": TEXT}

    def test_sending_twice_is_once(self, heard: Hearing) -> None:
        heard.release()
        assert send(heard) is send(heard, now=MOMENT + timedelta(seconds=3))
        assert len(mails(heard.application, "rebuttal_received")) == 1
        with pytest.raises(RebuttalError, match="sent"):
            send(heard, "Nog iets.")

    @pytest.mark.parametrize(("text", "code"), [(" ", "blank"), ("woord " * 501, "too_long")])
    def test_what_cannot_be_sent_is_said(self, heard: Hearing, text: str, code: str) -> None:
        heard.release()
        with pytest.raises(RebuttalError, match=code):
            send(heard, text)

    def test_the_last_second_counts_and_the_next_does_not(self, heard: Hearing) -> None:
        heard.release()
        with pytest.raises(RebuttalError, match="over"):
            send(heard, now=TOO_LATE)
        assert send(heard, now=LAST_MINUTE).sent_at == LAST_MINUTE

    def test_who_may_only_read_does_not_answer(self, heard: Hearing) -> None:
        heard.release()
        heard.application.members[0].capacity = "view"
        db.session.flush()
        with pytest.raises(NotAllowedError):
            send(heard)


class TestTheEndOfTheTerm:
    def test_takes_the_application_back_to_the_review(self, heard: Hearing, clock: Clock) -> None:
        heard.release()
        clock.now = LAST_MINUTE
        with pytest.raises(TransitionError, match="rebuttal_term_runs"):
            rebuttal_answers.close_job({"application_id": heard.application.id})
        clock.now = TOO_LATE + timedelta(minutes=5)
        for _run in range(2):
            rebuttal_answers.close_job({"application_id": heard.application.id})
        held = rebuttals.find(heard.application)
        assert held is not None
        assert (heard.application.state, held.closed_at) == ("in_review", clock.now)
        (answer,) = rebuttals.for_panel([heard.application.id], now=clock.now).values()
        assert (answer.text, answer.open) == (None, False)

    def test_leaves_an_application_that_was_answered_or_withdrawn(self, heard: Hearing, clock: Clock) -> None:
        heard.release()
        heard.application.state = "withdrawn"
        clock.now = TOO_LATE
        rebuttal_answers.close_job({"application_id": heard.application.id})
        assert heard.application.state == "withdrawn"

    def test_a_reminder_goes_once_to_who_did_not_answer(self, heard: Hearing, clock: Clock) -> None:
        heard.release()
        clock.now = MOMENT + timedelta(days=7)
        for _run in range(2):
            rebuttal_answers.remind_job({"application_id": heard.application.id})
        assert len(mails(heard.application, "rebuttal_reminder")) == 1

    def test_who_answered_gets_no_reminder(self, heard: Hearing, clock: Clock) -> None:
        heard.release()
        send(heard)
        clock.now = MOMENT + timedelta(days=7)
        rebuttal_answers.remind_job({"application_id": heard.application.id})
        assert mails(heard.application, "rebuttal_reminder") == []


class TestOnPaper:
    def enter(self, heard: Hearing, text: str = TEXT, **more: Any) -> Rebuttal:
        values = {"words": len(text.split()), "received_on": LAST_DAY, "actor": heard.office, "now": TOO_LATE}
        return rebuttal_answers.enter(heard.application, text, **{**values, **more})

    def test_counts_from_the_day_on_which_it_came_in(self, app: Flask, clock: Clock) -> None:
        heard = hearing(app, members=False)
        heard.release()
        clock.now = TOO_LATE + timedelta(minutes=5)
        rebuttal_answers.close_job({"application_id": heard.application.id})
        for _press in range(2):
            held = self.enter(heard, now=clock.now)
        assert held.sent_at == datetime(2026, 3, 20, 11, tzinfo=UTC)
        assert (held.sent_by, heard.application.state) == (heard.officer.id, "in_review")

    def test_closes_the_rebuttal_while_the_term_runs(self, app: Flask) -> None:
        heard = hearing(app, members=False)
        heard.release()
        self.enter(heard, received_on=MOMENT.date(), now=MOMENT + timedelta(hours=1))
        assert heard.application.state == "in_review"

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"received_on": date(2026, 3, 21), "now": MOMENT + timedelta(days=12)}, "received_late"),
            ({"received_on": date(2026, 3, 9)}, "received_early"),
            ({"received_on": date(2026, 3, 22)}, "received_early"),
        ],
    )
    def test_has_to_be_in_time(self, app: Flask, more: dict[str, Any], code: str) -> None:
        heard = hearing(app, members=False)
        heard.release()
        with pytest.raises(RebuttalError, match=code):
            self.enter(heard, **more)

    def test_is_for_who_has_no_account_here(self, heard: Hearing) -> None:
        heard.release()
        with pytest.raises(RebuttalError, match="has_members"):
            self.enter(heard)


class TestGoingOn:
    def advise(self, heard: Hearing, now: datetime = MOMENT) -> None:
        facts = {"motivation": "Sterk.", **rebuttals.facts_of(heard.application, now=now)}
        advance(heard.application, "advise", actor=heard.office, now=now, facts=facts)

    def test_no_advice_before_the_rebuttal_nor_while_it_runs(self, heard: Hearing) -> None:
        with pytest.raises(TransitionError, match="rebuttal_needed"):
            self.advise(heard)
        heard.release()
        with pytest.raises(TransitionError, match="rebuttal_term_runs"):
            self.advise(heard)
        send(heard)
        self.advise(heard)
        assert heard.application.state == "advised"

    def test_advice_right_after_the_term_though_no_job_ran(self, heard: Hearing) -> None:
        heard.release()
        self.advise(heard, now=TOO_LATE)
        assert heard.application.state == "advised"


class TestTheList:
    def test_tells_where_each_stands(self, heard: Hearing) -> None:
        round_, office = heard.round, heard.office
        waits = factories.make_application(round_, "in_review", requested_cents=4_000_000)
        hidden = factories.make_application(round_, "in_review")
        factories.make_interest(hidden, heard.officer)
        page = rebuttal_list.find_lines(round_, office, now=MOMENT)
        assert [(line.id, line.stage, line.counted) for line in page.lines] == [
            (heard.application.id, Stage.READY, 2),
            (waits.id, Stage.WAITS, 0),
        ]
        heard.release()
        for now, stage in ((MOMENT, Stage.OPEN), (TOO_LATE, Stage.UNANSWERED)):
            counts = rebuttal_list.count_stages(round_, office, now=now)
            assert {one: number for one, number in counts.items() if number} == {stage: 1, Stage.WAITS: 1}
        send(heard)
        assert rebuttal_list.count_stages(round_, office, now=MOMENT)[Stage.ANSWERED] == 1

    def test_pages_follow_each_other(self, heard: Hearing) -> None:
        other = factories.make_application(heard.round, "in_review")
        first = rebuttal_list.find_lines(heard.round, heard.office, now=MOMENT, limit=1)
        assert first.next_after == heard.application.id
        second = rebuttal_list.find_lines(
            heard.round, heard.office, now=MOMENT, after=first.next_after or 0, limit=1
        )
        assert ([line.id for line in second.lines], second.next_after) == ([other.id], None)

    def test_costs_the_same_for_one_and_for_three(
        self, heard: Hearing, count_queries: Callable[[], QueryCount]
    ) -> None:
        rebuttal_list.find_lines(heard.round, heard.office, now=MOMENT)  # the round is read
        counted = []
        for extra in (0, 2):
            for _ in range(extra):
                factories.make_application(heard.round, "in_review")
            with count_queries() as queries:
                rebuttal_list.find_lines(heard.round, heard.office, now=MOMENT)
                rebuttal_list.count_stages(heard.round, heard.office, now=MOMENT)
            counted.append(queries.count)
        assert counted == [4, 4]
