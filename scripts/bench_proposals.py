"""How long it takes to propose a whole round: python -m scripts.bench_proposals [--url SERVER].

Makes a round of 2,000 applications that the committee advised on, on SQLite and on the PostgreSQL server, and
runs the job that proposes what the division gives, from its claim to its last row. Prints the seconds of
each; fails above 20 s.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, update

import config
from scripts.bench_fill import Filled, fill
from scripts.bench_pages import environment_of, new_database
from subsidy import jobs
from subsidy.app import create_app
from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    GrantRow,
    Mandate,
    PanelAdvice,
    Review,
    Round,
    RoundDeclaration,
    User,
)
from subsidy.services import outbox, proposal_batches
from subsidy.services.grants import actor_of
from subsidy.services.proposal import proposed_day
from subsidy.services.proposal_batches import Wish
from workflows.calendar_nl import day_of
from workflows.mandates import Power
from workflows.permissions import Role

LONGEST = 20.0


def main() -> None:
    """Measure both databases, print, and fail when one of them is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="postgresql+psycopg://root@127.0.0.1/postgres")
    parser.add_argument("--applications", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = {"SQLite": measure(f"sqlite:///{folder}/bench.db", folder, options.applications)}
        with new_database(options.url) as url:
            measured["PostgreSQL"] = measure(url, folder, options.applications)
    for name, seconds in measured.items():
        print(f"{name:12} {options.applications} proposed in {seconds:5.1f} s (at most {LONGEST:.0f})")
    if max(measured.values()) > LONGEST:
        sys.exit("too slow")


def measure(url: str, folder: str, applications: int) -> float:
    """Give the seconds that the job takes on a database that is made for it."""
    app = create_app(config.from_environment(environment_of(url, folder)))
    with app.app_context():
        if url.startswith("sqlite"):
            upgrade()
    filled = fill(app, applications)
    with app.app_context():
        batch_id = ask(app, filled)
        (work,) = outbox.claim(now=datetime.now(UTC), limit=1)
        db.session.commit()
        begin = time.perf_counter()
        jobs.run(work)
        seconds = time.perf_counter() - begin
        batch = proposal_batches.find_last(db.session.scalars(select(Round)).one())
        made = db.session.scalar(select(func.count()).select_from(Decision))
        if batch is None or batch.id != batch_id or made != applications:
            sys.exit(f"only {made} were proposed: {batch and batch.refused}")
        db.session.remove()
        db.engine.dispose()
    return seconds


def ask(app: Flask, filled: Filled) -> int:
    """Let the committee advise on all, a second officer hold a mandate, and the first ask for the batch."""
    now = datetime.now(UTC)
    with app.app_context():
        round_ = db.session.scalars(select(Round).where(Round.slug == filled.slug)).one()
        officer = db.session.scalars(select(User).where(User.name == "officer")).one()
        second = User(
            email="second@example.nl",
            name="second",
            password_hash="!",  # noqa: S106  # nobody logs in with it
            session_token="second",  # noqa: S106
            created_at=now,
            email_confirmed_at=now,
        )
        db.session.add(second)
        db.session.flush()
        db.session.add(GrantRow(user_id=second.id, role=Role.OFFICER.value, granted_at=now))
        db.session.add(
            Mandate(
                user_id=second.id,
                powers=[power.value for power in Power],
                function="hoofd subsidies",
                reference="Mandaatbesluit",
                from_day=day_of(now) - timedelta(days=1),
                given_at=now,
            )
        )
        db.session.add(
            RoundDeclaration(
                round_id=round_.id, user_id=officer.id, covers=max(filled.application_ids), declared_at=now
            )
        )
        db.session.execute(update(Review).values(handed_in_at=now))
        db.session.execute(update(Application).values(state="advised"))
        db.session.execute(
            insert(PanelAdvice),
            [
                {"application_id": id_, "reason": "De commissie volgt de referenten.", "recorded_at": now}
                for id_ in filled.application_ids
            ],
        )
        db.session.flush()
        wish = Wish(proposed_day(day_of(now)))
        batch = proposal_batches.ask(round_, wish, actor=actor_of(officer), now=now)
        db.session.commit()
        return batch.id


if __name__ == "__main__":
    main()
