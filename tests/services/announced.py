"""A scene whose applications all have the decision that the division gives, confirmed and made known."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Decision, Mandate
from subsidy.services import announcements, basis_gathering, proposing
from subsidy.services.proposal import suggest
from tests.conftest import MOMENT
from tests.services.rounds import Scene

DAYS = 7
ANNOUNCED = MOMENT + timedelta(days=DAYS)


def propose(scene: Scene) -> list[Decision]:
    """Propose what the division gives, in the order of the scene."""
    gathered = basis_gathering.gather(scene.round)
    mandate = db.session.scalars(select(Mandate).filter_by(user_id=scene.confirmer.user_id)).one()
    return [
        proposing.propose(
            application,
            replace(suggest(gathered[application.id], announce_on=ANNOUNCED.date()), mandate_id=mandate.id),
            actor=scene.proposer,
            now=MOMENT,
            gathered=gathered,
        )
        for application in scene.applications
    ]


def announce_all(scene: Scene) -> list[Decision]:
    """Propose, confirm, and post the letters on their day."""
    decided = [scene.confirm(decision) for decision in propose(scene)]
    for application in scene.applications:
        announcements.announce_by_post(application, actor=scene.proposer, now=ANNOUNCED)
    return decided
