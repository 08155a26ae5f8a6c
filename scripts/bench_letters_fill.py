"""The letters to measure: a round of which every decision is proposed, and no letter is drawn yet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import String, cast, literal, select, update

import config
from scripts.bench_fill import fill
from scripts.bench_proposals import ask
from subsidy import jobs
from subsidy.app import create_app
from subsidy.db import db
from subsidy.models import Decision, OutboxRow, PanelAdvice, ReviewScore
from subsidy.services import outbox

ASKED_CENTS = 4_000_000
# With this motivation below the scores an award and a place on the reserve list both take two pages.
ADVICE = (
    "De aanvraag beschrijft helder welke zorg de regio nodig heeft en wie daarin samenwerken. "
    "Inwoners dachten mee over de doelen. De planning is haalbaar."
)


def order_letters(environment: dict[str, str], count: int) -> tuple[Flask, list[int]]:
    """Propose so many decisions, of which two thirds award; gives the application and the decisions.

    Their letters are ordered for tomorrow, so that `release` has them drawn in turns.
    """
    app = create_app(config.from_environment(environment))
    with app.app_context():
        if environment["DATABASE_URL"].startswith("sqlite"):
            upgrade()
    filled = fill(app, count, ceiling_cents=ASKED_CENTS * count * 2 // 3)
    with app.app_context():
        ask(app, filled)
        db.session.execute(update(ReviewScore).values(motivation=""))
        db.session.execute(update(PanelAdvice).values(reason=ADVICE))
        db.session.commit()
        (work,) = outbox.claim(now=datetime.now(UTC), limit=1)
        db.session.commit()
        jobs.run(work)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        db.session.execute(update(OutboxRow).where(OutboxRow.topic == "letter").values(due_at=tomorrow))
        made = list(db.session.scalars(select(Decision.id).order_by(Decision.id)))
        db.session.commit()
    if len(made) != count:
        raise SystemExit(f"only {len(made)} of {count} were proposed")
    # Awards come first in the order: mixed, so that every turn has both.
    step = max(1, len(made) // 100)
    return app, [one for start in range(step) for one in made[start::step]]


def release(decision_ids: Sequence[int]) -> None:
    """Let the letters of these decisions be drawn now."""
    keys = [f"letter:{one}" for one in decision_ids]
    db.session.execute(update(OutboxRow).where(OutboxRow.key.in_(keys)).values(due_at=datetime.now(UTC)))
    db.session.commit()


def refuse_undrawn(decision_ids: Sequence[int]) -> None:
    """Stop when one of these letters was not drawn and stored."""
    undrawn = db.session.execute(
        select(OutboxRow.last_error)
        .join(Decision, OutboxRow.key == literal("letter:").concat(cast(Decision.id, String)))
        .where(Decision.id.in_(decision_ids), Decision.letter_sha256.is_(None))
    ).first()
    db.session.rollback()
    if undrawn is not None:
        raise SystemExit(f"a letter was not drawn: {undrawn.last_error}")
