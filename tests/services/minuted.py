"""A meeting that was held, with everything in it that minutes tell."""

from dataclasses import dataclass
from datetime import timedelta

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import AgendaItem, Application, Attendance, Meeting, PanelAdvice, Rebuttal, User
from subsidy.services import meetings, priorities
from tests.factories import (
    MOMENT,
    declare,
    make_interest,
    make_meeting,
    make_recusal,
    make_reviewer,
    make_user,
)
from tests.services.rounds import Scene, make_scene
from workflows.permissions import Actor, Role


@dataclass
class Held:
    """A meeting that is open, its people, and the scene of its round."""

    scene: Scene
    meeting: Meeting
    chair: User
    member: User
    late: User
    secretary: User

    @property
    def actor(self) -> Actor:
        """The chair as the policy sees them."""
        return actor_of(self.chair)

    @property
    def applications(self) -> list[Application]:
        """The applications, the best score first."""
        return self.scene.applications

    def close(self) -> None:
        """Let every application be discussed or put off, and close."""
        meetings.close(self.meeting, actor=self.actor, now=MOMENT + timedelta(hours=2))


def hold(scores: tuple[int, ...] = (5, 4, 3), *, ceiling_cents: int = 2_000_000) -> Held:
    """A chair, a member, a member who comes in late and a secretary; one interest and one recusal.

    The first application is discussed with an agreed score, the second with a rebuttal and put first, the
    others are put off.
    """
    scene = make_scene(scores, ceiling_cents=ceiling_cents)
    round_ = scene.round
    chair = make_user(Role.CHAIR, name="Vera Voorzit")
    member = make_reviewer(round_, "committee", name="Lidy Lid")
    late = make_reviewer(round_, "committee", name="Laat Komer")
    secretary = make_user(Role.OFFICER, name="Secretaris Schrijft")
    meeting = make_meeting(
        round_,
        *scene.applications,
        opened_at=None,
        chair_id=chair.id,
        quorum=2,
        place="Den Haag",
        notes="De volgende keer beginnen wij om negen uur.",
    )
    parts = {chair: "chair", member: "member", late: "member", secretary: "secretary"}
    for person, part in parts.items():
        declare(person, round_)
        db.session.add(Attendance(meeting_id=meeting.id, user_id=person.id, part=part, changed_at=MOMENT))
    db.session.flush()
    held = Held(scene, meeting, chair, member, late, secretary)
    present = [chair.id, member.id, secretary.id]
    meetings.open_meeting(meeting, present, actor=held.actor, now=MOMENT)
    later = MOMENT + timedelta(minutes=20)
    meetings.attend(meeting, late.id, present=True, actor=held.actor, now=later)
    _discuss(held)
    return held


def _discuss(held: Held) -> None:
    first, second, *rest = held.applications
    now = MOMENT + timedelta(minutes=30)
    later = now + timedelta(minutes=15)
    make_interest(
        second,
        held.secretary,
        nature="Haar zus werkt bij een partner.",
        decision="dismissed",
        decision_reason="De partner heeft geen deel in dit plan.",
        decided_by=held.chair.id,
        decided_at=MOMENT,
    )
    make_recusal(held.meeting, first, held.member, from_at=now, until_at=later)
    for application in (first, second):
        item = db.session.get_one(AgendaItem, (held.meeting.id, application.id))
        item.started_at, item.ended_at = now, later
        item.deliberation = "De begroting is krap,\nmaar het kan."
    for application in rest:
        item = db.session.get_one(AgendaItem, (held.meeting.id, application.id))
        item.put_off = "De tijd was op."
    db.session.add(
        PanelAdvice(
            application_id=first.id,
            scores={"kwaliteit": "4"},
            score_reasons={"kwaliteit": "De planning is te krap voor een vijf."},
            reason="Een goed plan voor de regio.",
            recorded_at=MOMENT,
        )
    )
    db.session.add(
        Rebuttal(
            application_id=second.id,
            released_at=MOMENT,
            last_day=MOMENT.date(),
            max_words=500,
            answer="Wij lichten dit toe.",
            sent_at=MOMENT,
        )
    )
    db.session.flush()
    priorities.place(
        held.meeting,
        second,
        place=1,
        reason="Dit raakt meer inwoners.",
        token=priorities.order_of(held.scene.round).token,
        actor=held.actor,
        now=now,
    )
