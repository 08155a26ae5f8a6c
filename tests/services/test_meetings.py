"""Meetings of a committee: made, opened, attended, discussed one by one, closed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AgendaItem, Application, Event, Meeting, Recusal, StoredFile
from subsidy.services import advice, agenda, convening, deliberation, events, meetings, minutes, recusals
from subsidy.services.advice import Conclusion
from subsidy.services.convening import Plan
from subsidy.services.decisions import DecisionError
from subsidy.services.meetings import MeetingError
from tests import factories
from tests.conftest import MOMENT
from tests.services.meetings import Committee, actor, make_committee
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")
LATER = MOMENT + timedelta(minutes=5)


@pytest.fixture
def scene(app: Flask) -> Committee:
    return make_committee()


def item(scene: Committee, application: Application | None = None) -> AgendaItem:
    found = agenda.find_item(scene.meeting, application or scene.first)
    assert found is not None
    return found


def code(error: pytest.ExceptionInfo[MeetingError]) -> str:
    return error.value.code


def start(scene: Committee, application: Application | None = None) -> None:
    deliberation.start(scene.meeting, application or scene.first, actor=actor(scene.chair), now=MOMENT)


def end(scene: Committee, application: Application | None = None) -> None:
    deliberation.end(scene.meeting, application or scene.first, actor=actor(scene.chair), now=LATER)


class TestMaking:
    def plan(self, scene: Committee, **values: object) -> Plan:
        known = {
            "title": "Vergadering",
            "held_on": MOMENT.date(),
            "place": "Den Haag",
            "chair_id": scene.chair.id,
            "member_ids": [one.id for one in scene.members],
            "secretary_id": scene.officer.id,
        }
        return Plan(**{**known, **values})  # type: ignore[arg-type]

    def test_expects_the_committee_and_computes_the_quorum(self, scene: Committee) -> None:
        meeting = convening.make(scene.round_, self.plan(scene), actor=actor(scene.officer), now=MOMENT)
        parts = {row.user_id: row.part for row in meetings.roll_of(meeting)}
        assert parts == {
            scene.chair.id: "chair",
            scene.officer.id: "secretary",
            **{one.id: "member" for one in scene.members},
        }
        assert meeting.quorum == 2  # half of a chair and three members

    def test_puts_what_is_in_review_on_the_agenda_by_total(self, scene: Committee) -> None:
        better = factories.make_application(scene.round_, "in_review")
        factories.make_review(better, score=Decimal(5))
        factories.make_application(scene.round_, "submitted")
        bare = factories.make_application(scene.round_, "in_review")
        meeting = convening.make(scene.round_, self.plan(scene), actor=actor(scene.chair), now=MOMENT)
        assert agenda.fill(meeting, actor=actor(scene.chair), now=MOMENT) == 4
        shown = agenda.agenda_of(meeting, actor(scene.chair), ordered=True)
        assert [one.application_id for one in shown] == [
            better.id,
            *(a.id for a in scene.applications),
            bare.id,
        ]

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({"chair_id": "officer"}, "chair_unknown"),
            ({"member_ids": "officer"}, "member_unknown"),
            ({"secretary_id": "member"}, "secretary_unknown"),
        ],
    )
    def test_strangers_are_refused(self, scene: Committee, values: dict[str, str], refusal: str) -> None:
        ids = {"officer": scene.officer.id, "member": scene.members[0].id}
        known: dict[str, object] = {
            name: [ids[one]] if name == "member_ids" else ids[one] for name, one in values.items()
        }
        with pytest.raises(MeetingError) as refused:
            convening.make(scene.round_, self.plan(scene, **known), actor=actor(scene.chair), now=MOMENT)
        assert code(refused) == refusal

    def test_somebody_who_is_there_is_not_taken_off(self, scene: Committee) -> None:
        with pytest.raises(MeetingError) as refused:
            convening.change(
                scene.meeting, self.plan(scene, member_ids=[]), actor=actor(scene.chair), now=MOMENT
            )
        assert code(refused) == "person_is_there"


class TestAttendance:
    def test_coming_and_going_is_recorded_once_with_its_time(self, scene: Committee) -> None:
        member = scene.members[0]
        for _ in range(2):
            meetings.attend(scene.meeting, member.id, present=False, actor=actor(scene.chair), now=LATER)
        row = next(row for row in meetings.roll_of(scene.meeting) if row.user_id == member.id)
        assert (row.present, row.changed_at) == (False, LATER)
        names = list(db.session.scalars(select(Event.name).where(Event.name.like("meeting.%"))))
        assert names == ["meeting.left"]
        assert list(events.verify()) == []

    def test_a_stranger_is_not_expected(self, scene: Committee) -> None:
        stranger = factories.make_user(Role.CHAIR)
        with pytest.raises(MeetingError) as refused:
            meetings.attend(scene.meeting, stranger.id, present=True, actor=actor(scene.chair), now=MOMENT)
        assert code(refused) == "not_expected"

    def test_the_secretary_does_not_count_for_the_quorum(self, scene: Committee) -> None:
        for user in (scene.chair, *scene.members):
            meetings.attend(scene.meeting, user.id, present=False, actor=actor(scene.chair), now=MOMENT)
        present = meetings.presence_in(scene.meeting, meetings.roll_of(scene.meeting))
        assert (present.expected, present.present, present.met) == (4, 0, False)

    def test_every_change_raises_the_version(self, scene: Committee) -> None:
        before = scene.meeting.version
        start(scene)
        end(scene)
        assert meetings.version_of(scene.meeting.id) == before + 2


class TestDiscussion:
    def test_one_at_a_time(self, scene: Committee) -> None:
        start(scene)
        start(scene)
        with pytest.raises(MeetingError) as refused:
            start(scene, scene.applications[1])
        assert code(refused) == "other_under_discussion"
        end(scene)
        end(scene)
        start(scene, scene.applications[1])
        assert item(scene).ended_at == LATER

    def test_without_quorum_nothing_is_discussed(self, scene: Committee) -> None:
        for user in scene.members:
            meetings.attend(scene.meeting, user.id, present=False, actor=actor(scene.chair), now=MOMENT)
        with pytest.raises(MeetingError) as refused:
            start(scene)
        assert code(refused) == "no_quorum"

    def test_who_is_away_for_an_application_does_not_count(self, scene: Committee) -> None:
        factories.make_interest(scene.first, scene.members[0])
        factories.make_interest(scene.first, scene.members[1])
        factories.make_recusal(scene.meeting, scene.first, scene.members[2])
        with pytest.raises(MeetingError) as refused:
            start(scene)
        assert code(refused) == "no_quorum"
        start(scene, scene.applications[1])

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [({"opened_at": None}, "not_open"), ({"closed_at": LATER}, "closed")],
    )
    def test_only_in_a_meeting_that_goes_on(
        self, scene: Committee, values: dict[str, object], refusal: str
    ) -> None:
        for name, value in values.items():
            setattr(scene.meeting, name, value)
        with pytest.raises(MeetingError) as refused:
            start(scene)
        assert code(refused) == refusal

    def test_what_is_not_on_the_agenda_is_not_discussed(self, scene: Committee) -> None:
        other = factories.make_application(scene.round_, "in_review")
        with pytest.raises(MeetingError) as refused:
            start(scene, other)
        assert code(refused) == "not_on_agenda"

    def test_put_off_with_a_reason_and_taken_up_again(self, scene: Committee) -> None:
        start(scene)
        who = actor(scene.chair)
        with pytest.raises(MeetingError) as refused:
            deliberation.put_off(scene.meeting, scene.first, reason="  ", actor=who, now=LATER)
        assert code(refused) == "reason_needed"
        deliberation.put_off(scene.meeting, scene.first, reason="Een stuk ontbreekt", actor=who, now=LATER)
        assert agenda.status_of(item(scene)) == "put_off"
        start(scene)
        assert (agenda.status_of(item(scene)), item(scene).put_off) == ("under_discussion", "")

    def test_notes_clash_and_are_not_overwritten(self, scene: Committee) -> None:
        who = actor(scene.officer)
        deliberation.write_down(scene.meeting, scene.first, "Eerst", seen=1, actor=who, now=MOMENT)
        deliberation.write_down(scene.meeting, scene.first, "Eerst", seen=1, actor=who, now=MOMENT)
        with pytest.raises(MeetingError) as refused:
            deliberation.write_down(scene.meeting, scene.first, "Anders", seen=1, actor=who, now=MOMENT)
        assert code(refused) == "clash"
        assert item(scene).deliberation == "Eerst"


class TestRecusal:
    def leave(self, scene: Committee, reason: str = "Familie") -> None:
        member = scene.members[0]
        recusals.leave(scene.meeting, scene.first, member.id, reason=reason, actor=actor(member), now=MOMENT)

    def test_hides_the_file_until_the_discussion_is_over(self, scene: Committee) -> None:
        self.leave(scene)
        self.leave(scene)
        member = actor(scene.members[0])
        shown = agenda.agenda_of(scene.meeting, member, ordered=True)
        assert scene.first.id not in {one.application_id for one in shown}
        assert [one.user_id for one in recusals.away_for(scene.meeting, scene.first.id)] == [member.user_id]
        start(scene)
        end(scene)
        (recusal,) = db.session.scalars(select(Recusal))
        assert recusal.until_at == LATER
        assert recusals.away_for(scene.meeting, scene.first.id) == []

    def test_needs_a_reason(self, scene: Committee) -> None:
        with pytest.raises(MeetingError) as refused:
            self.leave(scene, " ")
        assert code(refused) == "reason_needed"

    def test_a_mistake_is_put_right(self, scene: Committee) -> None:
        self.leave(scene)
        who = actor(scene.chair)
        recusals.come_back(scene.meeting, scene.first, scene.members[0].id, actor=who, now=LATER)
        assert recusals.away_for(scene.meeting, scene.first.id) == []

    def test_who_left_stays_out_when_it_is_discussed_again(self, scene: Committee) -> None:
        self.leave(scene)
        other = scene.members[1]
        who = actor(scene.chair)
        recusals.leave(scene.meeting, scene.first, other.id, reason="Vergissing", actor=who, now=MOMENT)
        recusals.come_back(scene.meeting, scene.first, other.id, actor=who, now=MOMENT)
        start(scene)
        end(scene)
        start(scene)
        away = [one.user_id for one in recusals.away_for(scene.meeting, scene.first.id)]
        assert away == [scene.members[0].id]
        shown = agenda.agenda_of(scene.meeting, actor(scene.members[0]), ordered=True)
        assert scene.first.id not in {one.application_id for one in shown}
        assert not minutes.withheld_from(scene.meeting, actor(other))
        assert minutes.withheld_from(scene.meeting, actor(scene.members[0]))

    def test_who_left_does_not_count_when_it_is_discussed_again(self, scene: Committee) -> None:
        scene.meeting.quorum = 4
        start(scene)
        self.leave(scene)
        end(scene)
        with pytest.raises(MeetingError) as refused:
            start(scene)
        assert code(refused) == "no_quorum"
        assert recusals.away_for(scene.meeting, scene.first.id) == []

    def test_only_who_is_expected_leaves(self, scene: Committee) -> None:
        with pytest.raises(MeetingError) as refused:
            recusals.leave(
                scene.meeting,
                scene.first,
                factories.make_user().id,
                reason="Familie",
                actor=actor(scene.chair),
                now=MOMENT,
            )
        assert code(refused) == "not_attending"

    def test_a_dismissed_interest_does_not_keep_away(self, scene: Committee) -> None:
        factories.make_interest(
            scene.first,
            scene.members[0],
            decision="dismissed",
            decision_reason="Te lang geleden",
            decided_by=scene.chair.id,
            decided_at=MOMENT,
        )
        assert recusals.away_for(scene.meeting, scene.first.id) == []

    def test_closing_opens_what_was_put_off_again(self, scene: Committee) -> None:
        self.leave(scene)
        who = actor(scene.chair)
        with pytest.raises(MeetingError) as refused:
            meetings.close(scene.meeting, actor=who, now=LATER)
        assert (code(refused), refused.value.params) == ("items_left", {"count": 2})
        for application in scene.applications:
            deliberation.put_off(scene.meeting, application, reason="Later", actor=who, now=MOMENT)
        for _ in range(2):
            meetings.close(scene.meeting, actor=who, now=LATER)
        assert all(one.until_at is not None for one in db.session.scalars(select(Recusal)))
        assert scene.meeting.closed_at == LATER


class TestAgenda:
    def order(self, scene: Committee) -> list[int]:
        shown = agenda.agenda_of(scene.meeting, actor(scene.chair), ordered=True)
        return [one.application_id for one in shown]

    def test_moves_removes_and_adds(self, scene: Committee) -> None:
        who = actor(scene.chair)
        one, two = scene.applications
        agenda.move(scene.meeting, two, up=True, actor=who, now=MOMENT)
        agenda.move(scene.meeting, two, up=True, actor=who, now=MOMENT)
        assert self.order(scene) == [two.id, one.id]
        agenda.order_again(scene.meeting, actor=who, now=MOMENT)
        assert self.order(scene) == [one.id, two.id]
        agenda.remove(scene.meeting, one, actor=who, now=MOMENT)
        agenda.remove(scene.meeting, one, actor=who, now=MOMENT)
        assert self.order(scene) == [two.id]
        assert [id_ for id_, *_ in agenda.candidates(scene.meeting, who)] == [one.id]
        agenda.add(scene.meeting, [one.id, two.id], actor=who, now=MOMENT)
        assert self.order(scene) == [two.id, one.id]

    def test_what_was_discussed_stays(self, scene: Committee) -> None:
        start(scene)
        with pytest.raises(MeetingError) as refused:
            agenda.remove(scene.meeting, scene.first, actor=actor(scene.chair), now=MOMENT)
        assert code(refused) == "already_discussed"

    def test_an_application_of_another_round_is_not_added(self, scene: Committee) -> None:
        stranger = factories.make_application(factories.make_round(), "in_review")
        with pytest.raises(MeetingError) as refused:
            agenda.add(scene.meeting, [stranger.id], actor=actor(scene.chair), now=MOMENT)
        assert code(refused) == "not_discussable"


class TestConclusion:
    def conclude(self, scene: Committee, seen: str = "", **values: object) -> None:
        known = {
            "scores": {"kwaliteit": Decimal(5)},
            "reason": "Sterk.",
            "score_reasons": {"kwaliteit": "Wel"},
        }
        deliberation.conclude(
            scene.meeting,
            scene.first,
            Conclusion(**{**known, **values}),  # type: ignore[arg-type]
            seen=seen,
            actor=actor(scene.chair),
            now=MOMENT,
        )

    def test_goes_before_the_mean_and_makes_advised(self, scene: Committee) -> None:
        start(scene)
        self.conclude(scene)
        self.conclude(scene)
        stored = advice.find_advice(scene.first)
        assert stored is not None
        assert (scene.first.state, stored.scores, stored.score_reasons, stored.version) == (
            "advised",
            {"kwaliteit": "5"},
            {"kwaliteit": "Wel"},
            1,
        )

    def test_another_score_needs_a_reason_and_the_mean_none(self, scene: Committee) -> None:
        start(scene)
        with pytest.raises(DecisionError) as refused:
            self.conclude(scene, score_reasons={"kwaliteit": " "})
        assert (refused.value.code, dict(refused.value.params)) == (
            "score_reason_needed",
            {"criterion": "kwaliteit"},
        )
        self.conclude(scene, scores={"kwaliteit": Decimal("3.5")}, score_reasons={})

    def test_two_at_once_clash(self, scene: Committee) -> None:
        start(scene)
        self.conclude(scene)
        with pytest.raises(DecisionError) as refused:
            self.conclude(scene, reason="Anders.")
        assert refused.value.code == "clash"
        self.conclude(scene, advice.mark_of(advice.find_advice(scene.first)), reason="Anders.")

    def test_a_place_in_the_order_is_kept_and_does_not_clash(self, scene: Committee) -> None:
        start(scene)
        self.conclude(scene)
        stored = advice.find_advice(scene.first)
        assert stored is not None
        seen = advice.mark_of(stored)
        stored.priority = 3
        db.session.flush()
        self.conclude(scene, seen, reason="Anders.")
        assert (stored.priority, stored.reason) == (3, "Anders.")

    def test_only_of_what_was_under_discussion(self, scene: Committee) -> None:
        with pytest.raises(MeetingError) as refused:
            self.conclude(scene)
        assert code(refused) == "not_discussed"

    def test_nothing_changes_after_the_minutes_are_confirmed(self, scene: Committee) -> None:
        start(scene)
        self.conclude(scene)
        confirm(scene.meeting, scene)
        with pytest.raises(MeetingError) as refused:
            self.conclude(scene, reason="Anders.")
        assert code(refused) == "confirmed"
        with pytest.raises(DecisionError) as also:
            advice.record(scene.first, Conclusion({}, "Anders."), actor=actor(scene.chair), now=MOMENT)
        assert also.value.code == "minutes_confirmed"
        again = factories.make_meeting(scene.round_, scene.first)
        deliberation.start(again, scene.first, actor=actor(scene.chair), now=MOMENT)
        advice.record(scene.first, Conclusion({}, "Anders."), actor=actor(scene.chair), now=MOMENT)


def confirm(meeting: Meeting, scene: Committee) -> None:
    """Let the chair confirm the minutes."""
    db.session.add(StoredFile(sha256="ab" * 32, size=1, stored_at=MOMENT, media_type="application/pdf"))
    db.session.flush()
    meeting.minutes_sha256, meeting.minutes_at = "ab" * 32, MOMENT
    meeting.closed_at = meeting.confirmed_at = MOMENT
    meeting.confirmed_by = scene.chair.id
    db.session.flush()
