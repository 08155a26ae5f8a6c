"""People who declare an interest in tests, and chairs who decide on it."""

from decimal import Decimal

from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    Event,
    Interest,
    Review,
    Round,
    User,
)
from subsidy.services import (
    interest_decisions,
    interests,
    reviews,
    snapshots,
)
from subsidy.services.reviews import Draft
from tests.factories import (
    MOMENT,
    make_application,
    make_review,
    make_reviewer,
    make_round,
    make_user,
)
from workflows.interests import Kind
from workflows.kinds import KINDS
from workflows.permissions import Actor, Role

CRITERIA = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")

REASONS = " ".join(["Goed onderbouwd met cijfers over de regio."] * 4)


def assigned(state: str = "in_review", **values: object) -> tuple[Review, User, Actor]:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(make_application(make_round(), state), reviewer, **values)
    return review, reviewer, actor_of(reviewer)


def draft() -> Draft:
    return Draft(
        dict.fromkeys(CRITERIA, Decimal(4)),
        dict.fromkeys(CRITERIA, " ".join(["Goed onderbouwd."] * 20)),
        "",
        "fund",
    )


def hand_in(review: Review, actor: Actor, content: Draft) -> None:
    definition = snapshots.definition_of(review.application.round)
    reviews.hand_in(review, content, definition=definition, version=review.version, actor=actor, now=MOMENT)


def happened() -> list[tuple[str, dict[str, object]]]:
    return [(event.name, event.facts) for event in db.session.scalars(select(Event).order_by(Event.id))]


def assigned_hidden() -> tuple[Review, User, Actor]:
    netwerk = KINDS["netwerk"]
    hiding = netwerk.reviewing.model_copy(update={"hide_applicants": True})
    round_ = make_round(definition=netwerk.model_copy(update={"reviewing": hiding}))
    reviewer = make_reviewer(round_)
    return make_review(make_application(round_, "in_review"), reviewer), reviewer, actor_of(reviewer)


def report(application: Application, actor: Actor, **values: object) -> Interest:
    said = {"kind": Kind.WORK, "nature": "Ik werk daar.", "measure": "", "capacity": "officer", **values}
    return interests.report_interest(application, actor=actor, now=MOMENT, **said)  # type: ignore[arg-type]


def chair_of(round_: Round) -> Actor:
    return actor_of(make_user(Role.CHAIR, round_))


def decide(interest: Interest, actor: Actor, outcome: str = "dismissed", **values: str) -> None:
    said = {"reason": "Te lang geleden.", **values}
    interest_decisions.decide(interest, outcome=outcome, actor=actor, now=MOMENT, **said)  # type: ignore[arg-type]
