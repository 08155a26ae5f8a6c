"""Things that tests need, without surprises: what is not said has one plain value."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import (
    AgendaItem,
    Application,
    CeilingChange,
    GrantRow,
    Hearing,
    Interest,
    Mandate,
    Meeting,
    Membership,
    Participation,
    Rebuttal,
    Recusal,
    RegionMunicipality,
    Review,
    ReviewScore,
    Round,
    RoundDeclaration,
    RoundReviewer,
    Scenario,
    User,
)
from subsidy.services import calculations, frozen, reference, snapshots
from workflows.kinds import KINDS
from workflows.mandates import Power
from workflows.permissions import Role

MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


class Numbers:
    """What makes names and addresses differ: one, two, three, in every test anew."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin at one again."""
        self._last = 0

    def __next__(self) -> int:
        """The next number."""
        self._last += 1
        return self._last


numbers = Numbers()


def make_user(role: Role | None = None, round_: Round | None = None, **values: Any) -> User:
    """A confirmed account, with a role when one is asked for (on all rounds unless one is named)."""
    number = next(numbers)
    user = User(
        **{
            "email": f"persoon{number}@voorbeeld.nl",
            "name": f"Persoon {number}",
            "password_hash": "!",
            "session_token": f"token{number}",
            "created_at": MOMENT,
            "email_confirmed_at": MOMENT,
            **values,
        }
    )
    db.session.add(user)
    db.session.flush()
    if role is not None:
        grant(user, role, round_)
    return user


def grant(user: User, role: Role, round_: Round | None = None) -> GrantRow:
    """Give a role, on all rounds or on one."""
    row = GrantRow(
        user=user, role=role.value, round_id=None if round_ is None else round_.id, granted_at=MOMENT
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_round(kind: str = "netwerk", **values: Any) -> Round:
    """A published round of a kind, open at MOMENT unless its dates or state say otherwise."""
    number = next(numbers)
    definition = values.pop("definition", None) or KINDS[kind]
    round_ = Round(
        **{
            "slug": f"{kind}-{number}",
            "kind": kind,
            "number": number,
            "title": f"Ronde {number}",
            "state": "published",
            "opens_at": MOMENT - timedelta(days=20),
            "closes_at": MOMENT + timedelta(days=20),
            "ceiling_cents": 100_000_000,
            "definition": definition.model_dump(mode="json"),
            "reference_version": reference.active_version(),
            "official_publication": "Staatscourant 2026, 1",
            "officially_published_on": (MOMENT - timedelta(days=40)).date(),
            "created_at": MOMENT,
            "published_at": MOMENT - timedelta(days=30),
            **values,
        }
    )
    db.session.add(round_)
    db.session.flush()
    snapshots.definition_of(round_)  # read once, so that counts of queries do not depend on other tests
    return round_


def make_application(round_: Round, state: str = "submitted", **values: Any) -> Application:
    """An application that passes the checks of its kind, led by a municipality, in Zoetermeer."""
    number = next(numbers)
    member = values.pop("member", None)
    draft = state == "draft"
    application = Application(
        **{
            "round": round_,
            "state": state,
            "reference": None if draft else f"T-{number:04d}",
            "title": f"Aanvraag {number}",
            "summary": "Samenvatting",
            "region_name": "Zoetermeer",
            "requested_cents": 1_000_000,
            "months": 6,
            "themes": ["preventie"],
            "answers": {},
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "submitted_at": None if draft else MOMENT,
            "participations": [
                Participation(position=0, lead=True, name="Gemeente Zoetermeer", domain="gemeente"),
                Participation(position=1, name="Huisartsen Zoetermeer", domain="zorgaanbieder"),
                Participation(position=2, name="Bewonersraad Zoetermeer", domain="burgers"),
                Participation(position=3, name="Welzijn Zoetermeer", domain="sociaal_domein"),
            ],
            "municipalities": [RegionMunicipality(position=0, given_code="GM0637", code="GM0637")],
            **values,
        }
    )
    db.session.add(application)
    db.session.flush()
    if member is not None:
        db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="lead"))
        db.session.flush()
    return application


def make_reviewer(round_: Round, body: str = "referent", **values: Any) -> User:
    """Somebody who reviews in this round: holds the role, accepted, and declared secrecy."""
    user = make_user(role=Role.REVIEWER, round_=round_, **values)
    serve(user, round_, body)
    return user


def give_mandate(user: User, **values: Any) -> Mandate:
    """A mandate for everything, without a limit, on all rounds, unless values say otherwise."""
    mandate = Mandate(
        **{
            "user_id": user.id,
            "powers": [power.value for power in Power],
            "function": "hoofd subsidies",
            "reference": "Mandaatbesluit 2026, artikel 3",
            "from_day": MOMENT.date() - timedelta(days=365),
            "given_at": MOMENT - timedelta(days=365),
            **values,
        }
    )
    db.session.add(mandate)
    db.session.flush()
    return mandate


def lower_ceiling(round_: Round, cents: int) -> None:
    """Another ceiling, as if it was published."""
    db.session.add(
        CeilingChange(
            round_id=round_.id,
            before_cents=round_.ceiling_cents,
            after_cents=cents,
            reason="Minder geld.",
            publication="Staatscourant 2026, 1",
            published_on=MOMENT.date(),
            changed_at=MOMENT,
        )
    )
    db.session.flush()
    round_.ceiling_cents = cents
    db.session.flush()


def serve(user: User, round_: Round, body: str = "referent", **values: Any) -> RoundReviewer:
    """Let somebody serve in a round: asked, accepted, and secrecy declared."""
    row = RoundReviewer(
        **{
            "round_id": round_.id,
            "user_id": user.id,
            "email": user.email,
            "name": user.name,
            "body": body,
            "invited_at": MOMENT,
            "answer": "accepted",
            "answered_at": MOMENT,
            "secrecy_at": MOMENT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_interest(application: Application, user: User, **values: Any) -> Interest:
    """An interest that somebody declared and nobody decided on yet."""
    row = Interest(
        **{
            "application_id": application.id,
            "user_id": user.id,
            "capacity": "officer",
            "nature": "Toezichthouder bij een partner",
            "declared_at": MOMENT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_meeting(round_: Round, *applications: Application, **values: Any) -> Meeting:
    """A meeting of the committee that was opened, with these applications on its agenda."""
    meeting = Meeting(
        **{
            "round_id": round_.id,
            "title": "Vergadering",
            "held_on": MOMENT.date(),
            "quorum": 0,
            "made_at": MOMENT,
            "opened_at": MOMENT,
            **values,
        }
    )
    db.session.add(meeting)
    db.session.flush()
    for position, application in enumerate(applications):
        db.session.add(AgendaItem(meeting_id=meeting.id, application_id=application.id, position=position))
    db.session.flush()
    return meeting


def make_recusal(meeting: Meeting, application: Application, user: User, **values: Any) -> Recusal:
    """Somebody who left the room for this application."""
    row = Recusal(
        **{
            "meeting_id": meeting.id,
            "application_id": application.id,
            "user_id": user.id,
            "reason": "Woont naast de projectleider",
            "from_at": MOMENT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_review(application: Application, reviewer: User | None = None, **values: Any) -> Review:
    """An assignment; with `score` every criterion is scored and motivated and the review handed in.

    The reviewer serves in the round, and with a `conflict` declared an interest in the application.
    """
    number = next(numbers)
    if reviewer is not None and not db.session.scalar(
        select(RoundReviewer.id).filter_by(round_id=application.round_id, user_id=reviewer.id)
    ):
        serve(reviewer, application.round)
    if reviewer is not None and values.get("conflict"):
        make_interest(application, reviewer, nature=values["conflict"], capacity="reviewer")
    score = values.pop("score", None)
    review = Review(
        **{
            "application": application,
            "reviewer": f"referent-{number}",
            "reviewer_id": None if reviewer is None else reviewer.id,
            "assigned_at": MOMENT,
            **values,
        }
    )
    if score is not None:
        review.declared_at = review.handed_in_at = MOMENT
        criteria = application.round.definition["rules"]["criteria"]
        review.scores = [
            ReviewScore(criterion=c["id"], position=p, score=score, motivation=f"Redenen bij {c['id']}.")
            for p, c in enumerate(criteria)
        ]
    db.session.add(review)
    db.session.flush()
    return review


def declare(user: User, round_: Round) -> RoundDeclaration:
    """Let somebody declare that they saw who applies in a round, and reported every interest."""
    row = RoundDeclaration(
        round_id=round_.id, user_id=user.id, covers=2**31 - 1, declared_at=MOMENT + timedelta(days=3650)
    )
    db.session.add(row)
    db.session.flush()
    return row


def hear(application: Application, **values: Any) -> Rebuttal:
    """Let the reports be sent for rebuttal, and the term pass without an answer."""
    row = Rebuttal(
        **{
            "application_id": application.id,
            "reports": [],
            "released_at": MOMENT - timedelta(days=11),
            "last_day": (MOMENT - timedelta(days=1)).date(),
            "max_words": 500,
            "closed_at": MOMENT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def hear_before(application: Application, *grounds: str, **values: Any) -> Hearing:
    """A hearing on these grounds before a decision (Awb 4:7), whose term passed without an answer."""
    row = Hearing(
        **{
            "application_id": application.id,
            "grounds": list(grounds),
            "intention": "Wij willen de aanvraag afwijzen.",
            "data": "Het handelsregister noemt een andere rechtsvorm.",
            "opened_by": make_user(Role.OFFICER).id,
            "opened_at": MOMENT - timedelta(days=15),
            "last_day": (MOMENT - timedelta(days=1)).date(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_scenario(round_: Round, user: User, **values: Any) -> Scenario:
    """Make a what-if on the round as it is now; it changes nothing unless `rules` or a ceiling are given."""
    material = calculations.material_of(round_)
    row = Scenario(
        **{
            "round_id": round_.id,
            "name": f"Scenario {next(numbers)}",
            "ceiling_cents": round_.ceiling_cents,
            "rules": material.round.rules.model_dump(mode="json"),
            "frozen_sha256": frozen.keep(round_, material, now=MOMENT),
            "made_by": user.id,
            "made_at": MOMENT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row
