"""A scene whose applications all have the decision that the division gives, made known a week later."""

from datetime import timedelta

from subsidy.models import Decision
from subsidy.services import announcements
from tests.conftest import MOMENT
from tests.services.later import propose_divided
from tests.services.rounds import Scene

DAYS = 7
ANNOUNCED = MOMENT + timedelta(days=DAYS)


def propose(scene: Scene) -> list[Decision]:
    """Propose what the division gives, in the order of the scene."""
    return propose_divided(scene, announce_on=ANNOUNCED.date())


def announce_all(scene: Scene) -> list[Decision]:
    """Propose, confirm, and post the letters on their day."""
    decided = [scene.confirm(decision) for decision in propose(scene)]
    for application in scene.applications:
        announcements.announce_by_post(application, actor=scene.proposer, now=ANNOUNCED)
    return decided
