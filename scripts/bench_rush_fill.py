"""A round in its last minutes: collaborations that write, and collaborations that are ready to send in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import insert, text, update

from scripts.bench_fill import add_collaborations, make_round
from subsidy.db import db
from subsidy.models import (
    Application,
    BudgetLine,
    GrantRow,
    Membership,
    Round,
    User,
)
from subsidy.services import reference
from workflows.permissions import Role

WRITTEN = 100
SENT = 500
LATE = 10
SECTION = "plan"
# What the two people of one application write in, each in a question of their own.
QUESTIONS = ("approach", "citizens")


@dataclass(frozen=True)
class Crowd:
    """Who does what: sessions with the application they write in or send in."""

    writers: list[tuple[str, int, str]]
    senders: list[tuple[str, int]]
    late: list[tuple[str, int]]


def fill(app: Flask, session_of: Callable[[str], str]) -> Crowd:
    """Make the round and its drafts."""
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        reference.install_packaged(now=now)
        round_ = make_round(now, closes_at=now + timedelta(days=1))
        people = _people(WRITTEN * 2 + SENT + LATE, now)
        written = _drafts(round_, WRITTEN, now)
        sent = _drafts(round_, SENT + LATE, now)
        pairs = list(zip(people, [*(one for one in written for _ in QUESTIONS), *sent], strict=True))
        db.session.execute(
            insert(Membership),
            [{"application_id": draft, "user_id": user.id, "capacity": "lead"} for user, draft in pairs],
        )
        sessions = [(session_of(user.get_id()), draft) for user, draft in pairs]
        writing = sessions[: WRITTEN * 2]
        crowd = Crowd(
            writers=[(*one, QUESTIONS[at % 2]) for at, one in enumerate(writing)],
            senders=sessions[WRITTEN * 2 : WRITTEN * 2 + SENT],
            late=sessions[WRITTEN * 2 + SENT :],
        )
        db.session.commit()
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        db.session.remove()
        db.engine.dispose()
        return crowd


def close_round(app: Flask, moment: float) -> None:
    """Let the round close at this moment (seconds since 1970)."""
    with app.app_context():
        db.session.execute(update(Round).values(closes_at=datetime.fromtimestamp(moment, UTC)))
        db.session.commit()


def _people(count: int, now: datetime) -> list[User]:
    people = [
        User(
            email=f"person-{number}@example.nl",
            name=f"Persoon {number}",
            password_hash="!",  # noqa: S106  # nobody logs in with it
            session_token=f"person-{number}",
            created_at=now,
            email_confirmed_at=now,
        )
        for number in range(count)
    ]
    db.session.add_all(people)
    db.session.flush()
    db.session.execute(
        insert(GrantRow),
        [{"user_id": one.id, "role": Role.APPLICANT.value, "granted_at": now} for one in people],
    )
    return people


def _drafts(round_: Round, count: int, now: datetime) -> list[int]:
    """Drafts with everything that they cannot be sent in without."""
    rows = [
        {
            "round_id": round_.id,
            "title": f"Samen zorgen in de wijk, plan {number}",
            "summary": ("Wij brengen inwoners, huisartsen en de gemeente bij elkaar. " * 5).strip(),
            "region_name": "Zoetermeer",
            "requested_cents": 4_000_000 + number,
            "months": 12,
            "answers": {"approach": ("Wij beginnen klein. " * 20).strip()},
            "created_at": now,
            "updated_at": now,
        }
        for number in range(count)
    ]
    ids = list(
        db.session.scalars(insert(Application).returning(Application.id, sort_by_parameter_order=True), rows)
    )
    add_collaborations(ids)
    db.session.execute(
        insert(BudgetLine),
        [
            {
                "application_id": draft,
                "position": 0,
                "kind": "cost",
                "category": "personeel",
                "description": "Projectleider",
                "amount_cents": 4_000_000,
            }
            for draft in ids
        ],
    )
    return ids
