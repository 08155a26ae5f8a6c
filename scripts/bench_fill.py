"""A large round to measure on: many applications, each with its partners, its region and three reviews."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from subsidy.db import db
from subsidy.models import (
    Application,
    GrantRow,
    Participation,
    RegionMunicipality,
    Review,
    ReviewScore,
    Round,
    User,
)
from subsidy.services import pool, reference
from workflows.kinds import KINDS
from workflows.permissions import Role

CHUNK = 1_000
CEILING_CENTS = 100_000_000
IN_REVIEW = 8  # as many as connections, and some
PARTNERS = (
    ("Gemeente Zoetermeer", "gemeente"),
    ("Huisartsen Zoetermeer", "zorgaanbieder"),
    ("Bewonersraad Zoetermeer", "burgers"),
    ("Welzijn Zoetermeer", "sociaal_domein"),
)


@dataclass(frozen=True)
class Filled:
    """What was made: keys of sessions, and ids to ask for."""

    slug: str
    officer: str
    reviewer: str
    application_ids: list[int]
    review_ids: list[int]
    criteria: list[str]


def fill(app: Flask, count: int, *, ceiling_cents: int = CEILING_CENTS) -> Filled:
    """Make the round; most applications wait for the check, a few are in review with an open review."""
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        reference.install_packaged(now=now)
        officer, reviewer = _person("officer", Role.OFFICER, now), _person("reviewer", Role.REVIEWER, now)
        round_ = make_round(now, closes_at=now - timedelta(days=10), ceiling_cents=ceiling_cents)
        pool.enrol(round_, reviewer, body="referent", now=now)
        criteria = [criterion.id for criterion in KINDS["netwerk"].rules.criteria]
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            _applications(round_, numbers, criteria, reviewer.id, now)
        db.session.commit()
        ids = list(db.session.scalars(select(Application.id).order_by(Application.id)))
        query = select(Review.id).where(Review.reviewer_id == reviewer.id).order_by(Review.id)
        filled = Filled(
            slug=round_.slug,
            officer=officer.get_id(),
            reviewer=reviewer.get_id(),
            application_ids=ids,
            review_ids=list(db.session.scalars(query)),
            criteria=criteria,
        )
        db.session.commit()
        with db.engine.connect() as connection:
            counted = "VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE"
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(counted))
            connection.commit()
        db.session.remove()
        db.engine.dispose()
        return filled


def _person(name: str, role: Role, now: datetime) -> User:
    user = User(
        email=f"{name}@example.nl",
        name=name,
        password_hash="!",  # noqa: S106  # nobody logs in with it
        session_token=name,
        created_at=now,
        email_confirmed_at=now,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(GrantRow(user_id=user.id, role=role.value, granted_at=now))
    return user


def make_round(now: datetime, *, closes_at: datetime, ceiling_cents: int = CEILING_CENTS) -> Round:
    """A published round that opened 60 days ago."""
    round_ = Round(
        slug="netwerk-1",
        kind="netwerk",
        number=1,
        title="Netwerk, ronde 1",
        opens_at=now - timedelta(days=60),
        closes_at=closes_at,
        ceiling_cents=ceiling_cents,
        definition=KINDS["netwerk"].model_dump(mode="json"),
        reference_version=reference.active_version(),
        created_at=now,
        published_at=now - timedelta(days=70),
    )
    db.session.add(round_)
    db.session.flush()
    # A benchmark fills the store from outside, so it writes the state as a row and not as a step.
    db.session.execute(text("UPDATE round SET state = 'published' WHERE id = :id"), {"id": round_.id})
    return round_


def _applications(
    round_: Round, numbers: range, criteria: list[str], reviewer_id: int, now: datetime
) -> None:
    rows = [_application(round_, number, now) for number in numbers]
    ids = list(
        db.session.scalars(insert(Application).returning(Application.id, sort_by_parameter_order=True), rows)
    )
    add_collaborations(ids)
    reviews = [
        _review(file_id, place, reviewer_id if number < IN_REVIEW and place == 0 else None, now)
        for number, file_id in zip(numbers, ids, strict=True)
        for place in range(3)
    ]
    review_ids = db.session.scalars(
        insert(Review).returning(Review.id, sort_by_parameter_order=True), reviews
    )
    db.session.execute(
        insert(ReviewScore),
        [
            {
                "review_id": review_id,
                "criterion": criterion,
                "position": at,
                "score": Decimal(3 + review_id % 3),
                "motivation": "Het plan sluit aan bij wat de regio nodig heeft.",
            }
            for review_id in review_ids
            for at, criterion in enumerate(criteria)
        ],
    )


def add_collaborations(ids: list[int]) -> None:
    """Give each of these applications its partners and its region."""
    db.session.execute(
        insert(Participation),
        [
            {"application_id": file_id, "position": at, "lead": at == 0, "name": name, "domain": domain}
            for file_id in ids
            for at, (name, domain) in enumerate(PARTNERS)
        ],
    )
    db.session.execute(
        insert(RegionMunicipality),
        [
            {"application_id": file_id, "position": 0, "given_code": "GM0637", "code": "GM0637"}
            for file_id in ids
        ],
    )


def _application(round_: Round, number: int, now: datetime) -> dict[str, Any]:
    return {
        "round_id": round_.id,
        "reference": f"NW1-{number:05d}",
        "state": "in_review" if number < IN_REVIEW else "submitted",
        "title": f"Samen zorgen in de wijk, plan {number}",
        "summary": "Wij brengen inwoners, huisartsen en de gemeente bij elkaar. " * 5,
        "region_name": "Zoetermeer",
        "requested_cents": 4_000_000 + number,
        "months": 12,
        "themes": ["preventie"],
        "answers": {},
        "created_at": now,
        "updated_at": now,
        "submitted_at": now - timedelta(days=20, seconds=-number),
    }


def _review(file_id: int, place: int, reviewer_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "application_id": file_id,
        "reviewer": f"referent-{place}",
        "reviewer_id": reviewer_id,
        "assigned_at": now,
        "declared_at": now,
        "handed_in_at": None if reviewer_id else now,
    }
