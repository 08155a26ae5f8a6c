"""A committee that meets: what the tests of meetings begin with."""

from dataclasses import dataclass
from decimal import Decimal

from subsidy.db import db
from subsidy.models import Application, Attendance, Meeting, Round, User
from tests import factories
from tests.conftest import MOMENT
from workflows.kinds import KINDS
from workflows.permissions import Actor, Grant, Role

DEFINITION = KINDS["netwerk"].model_copy(update={"uses_rebuttal": False})


@dataclass
class Committee:
    """A round with applications in review, a chair, an officer and three members, and their open meeting."""

    round_: Round
    applications: list[Application]
    chair: User
    officer: User
    members: list[User]
    meeting: Meeting

    @property
    def first(self) -> Application:
        """The first application on the agenda."""
        return self.applications[0]


def make_committee(number: int = 2, *, members: int = 3, present: bool = True, **values: object) -> Committee:
    """Make it; every application has two reviews, 4 and 3, and everybody declared interests."""
    round_ = factories.make_round(definition=DEFINITION, phase_by_hand="panel", phase_reason="toets")
    applications = [factories.make_application(round_, "in_review") for _ in range(number)]
    referents = [factories.make_reviewer(round_) for _ in range(2)]
    for application in applications:
        for referent, score in zip(referents, ("4", "3"), strict=True):
            factories.make_review(application, referent, score=Decimal(score))
    chair, officer = factories.make_user(Role.CHAIR), factories.make_user(Role.OFFICER)
    people = [factories.make_reviewer(round_, "committee") for _ in range(members)]
    meeting = factories.make_meeting(round_, *applications, **{"quorum": 2, "chair_id": chair.id, **values})
    parts = [(chair, "chair"), (officer, "secretary"), *((one, "member") for one in people)]
    for user, part in parts:
        factories.declare(user, round_)
        db.session.add(
            Attendance(meeting_id=meeting.id, user_id=user.id, part=part, present=present, changed_at=MOMENT)
        )
    db.session.commit()
    return Committee(round_, applications, chair, officer, people, meeting)


def actor(user: User) -> Actor:
    """The person as the policy sees them."""
    return Actor(user.id, frozenset(Grant(Role(row.role), row.round_id) for row in user.grants))
