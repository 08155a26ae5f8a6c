"""A round with rebuttal whose reviews came in, for the tests of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Mail, OutboxRow, Rebuttal, Review, Round, User
from subsidy.services import rebuttal_release
from tests import factories
from tests.conftest import MOMENT
from workflows.permissions import Actor, Role

LARGE = 4_000_000
TEXT = "De referent mist dat wij drie huisartsen hebben gesproken."


@dataclass(frozen=True)
class Hearing:
    """An application in review with two reports, its member, and an officer."""

    round: Round
    application: Application
    member: User
    officer: User

    @property
    def actor(self) -> Actor:
        """The member, as the policy sees them."""
        return actor_of(self.member)

    @property
    def office(self) -> Actor:
        """The officer, as the policy sees them."""
        return actor_of(self.officer)

    def release(self, **more: Any) -> Rebuttal:
        """Send the reports at MOMENT."""
        seen = rebuttal_release.preview(self.application).mark
        return rebuttal_release.release(
            self.application, **{"seen": seen, "actor": self.office, "now": MOMENT, **more}
        )


def hearing(app: Flask, *, reviews: int = 2, members: bool = True, **of_round: Any) -> Hearing:
    """Make the round closed and in review, with this many reports that came in."""
    assert app.testing
    round_ = factories.make_round(
        **{
            "opens_at": MOMENT - timedelta(days=60),
            "closes_at": MOMENT - timedelta(days=20),
            **of_round,
        }
    )
    member = factories.make_user(Role.APPLICANT, locale="en")
    application = factories.make_application(
        round_,
        "in_review",
        requested_cents=LARGE,
        submitted_at=MOMENT - timedelta(days=30),
        member=member if members else None,
    )
    for _number in range(reviews):
        factories.make_review(
            application,
            factories.make_user(Role.REVIEWER),
            score=4,
            notes="Alleen voor mij.",
            recommendation="fund",
        )
    officer = factories.make_user(Role.OFFICER, locale="en")
    db.session.flush()
    return Hearing(round_, application, member, officer)


def mails(application: Application, template: str) -> list[Mail]:
    """The mails of a kind about an application."""
    query = select(Mail).where(Mail.application_id == application.id, Mail.key.like(f"{template}:%"))
    return list(db.session.scalars(query.order_by(Mail.id)))


def work_of(application: Application) -> dict[str, OutboxRow]:
    """What is to be done later for the rebuttal of an application, by topic."""
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.topic.like("rebuttal_%")))
    return {row.topic: row for row in rows if row.payload == {"application_id": application.id}}


def reviews_of(application: Application) -> list[Review]:
    """The reviews of an application, in the order of asking."""
    return list(
        db.session.scalars(select(Review).filter_by(application_id=application.id).order_by(Review.id))
    )
