"""A worker that is killed outright loses nothing and doubles nothing."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter import render_letter
from subsidy.models import (
    Application,
    Decision,
    Event,
    Mail,
    Membership,
    OutboxRow,
    ProposalBatch,
    StoredFile,
)
from subsidy.services import (
    announcements,
    basis_gathering,
    confirming,
    events,
    file_store,
    letters,
    outbox,
    proposal,
    proposal_batches,
    proposing,
)
from subsidy.services.decisions import get_current
from subsidy.services.proposal_batches import Wish
from tests.conftest import MOMENT
from tests.factories import make_user
from tests.faults.together import count
from tests.services.rounds import Scene, make_scene
from tests.services.test_mail import Sink, listening

ROOT = Path(__file__).resolve().parents[2]
LATER = MOMENT + outbox.LEASE + timedelta(seconds=1)


@pytest.fixture
def sink(office: Flask) -> Iterator[Sink]:
    """Let the application mail through a real SMTP server."""
    with listening() as (sink, url):
        office.config["SETTINGS"] = replace(office.config["SETTINGS"], smtp_url=url)
        yield sink


@contextmanager
def worker(app: Flask, point: str) -> Iterator[subprocess.Popen[str]]:
    """Start a worker that goes up to a point."""
    settings = app.config["SETTINGS"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "AUDIT_KEY": settings.audit_key,
        "SMTP_URL": settings.smtp_url,
    }
    process = subprocess.Popen(
        [sys.executable, "tests/faults/slow_worker.py", point],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def kill_at(app: Flask, point: str) -> None:
    """Let a worker come to a point, and kill it there with no chance to tidy up."""
    db.session.remove()
    with worker(app, point) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told == "here\n", process.communicate(timeout=60)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=60) == -signal.SIGKILL


def proposed() -> tuple[Scene, int]:
    """Propose an award on an application with two members; its letter waits to be drawn."""
    scene = make_scene((5,))
    (application,) = scene.applications
    reader = make_user(locale="en")
    db.session.add(Membership(application_id=application.id, user_id=reader.id, capacity="view"))
    suggested = proposal.suggest(
        basis_gathering.gather(scene.round)[application.id], announce_on=MOMENT.date()
    )
    decision = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
    db.session.commit()
    return scene, decision.id


def confirm_and_announce(decision_id: int, scene: Scene) -> None:
    """Let the second officer confirm, and the letters of today go."""
    application = db.session.get_one(Application, db.session.get_one(Decision, decision_id).application_id)
    digest = get_current(application).letter_sha256 or ""
    confirming.confirm(application, letter_sha256=digest, actor=scene.confirmer, now=MOMENT)
    announcements.send_today(application.round, actor=scene.proposer, now=MOMENT)
    db.session.commit()


@pytest.mark.parametrize("point", ["drawing", "stored"])
def test_a_letter_is_made_once_whoever_dies_over_it(office: Flask, sink: Sink, point: str) -> None:
    scene, decision_id = proposed()
    kill_at(office, point)
    assert db.session.get_one(Decision, decision_id).letter_sha256 is None
    assert count(StoredFile) == 0
    assert jobs.drain_here(300) == 0, "the lease of the dead worker still runs"
    office.config["CLOCK"] = lambda: LATER
    assert jobs.drain_here(300) == 1

    decision = db.session.get_one(Decision, decision_id, populate_existing=True)
    digest = decision.letter_sha256 or ""
    assert db.session.scalars(select(StoredFile.sha256)).all() == [digest]
    folder = office.config["SETTINGS"].var_dir / "files"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [digest]
    letter = letters.of_decision(decision, now=LATER)
    again = hashlib.sha256(render_letter(content_for(decision, letter=letter))).hexdigest()
    assert again == hashlib.sha256(file_store.read(digest)).hexdigest() == digest
    assert count(Event, Event.name == "decision.letter_made") == 1

    confirm_and_announce(decision_id, scene)
    jobs.drain_here(300)
    assert len(sink.messages) == len({one["Message-ID"] for one in sink.messages}) == 2
    assert len({one["To"] for one in sink.messages}) == 2
    assert list(events.verify()) == []


def test_a_bulk_proposal_goes_on_where_its_worker_died(office: Flask) -> None:
    scene = make_scene((5, 4, 3))
    wish = Wish(MOMENT.date())
    batch = proposal_batches.ask(scene.round, wish, actor=scene.proposer, now=MOMENT)
    batch_id = batch.id
    db.session.commit()
    kill_at(office, "proposing")
    batch = db.session.get_one(ProposalBatch, batch_id)
    assert (batch.total, batch.proposed, batch.finished_at) == (3, 1, None)
    assert count(Decision) == 1
    assert jobs.drain_here(300) == 1, "only the letter: the lease of the dead worker still runs"
    office.config["CLOCK"] = lambda: LATER
    jobs.drain_here(300)
    db.session.refresh(batch)
    assert (batch.total, batch.proposed, batch.refused, batch.finished_at) == (3, 3, {}, LATER)
    assert count(Decision) == count(Event, Event.name == "decision.proposed") == 3
    assert count(StoredFile) == 3
    assert list(events.verify()) == []


def test_a_notification_that_may_have_gone_goes_again_under_its_own_id(office: Flask, sink: Sink) -> None:
    scene, decision_id = proposed()
    jobs.drain_here(300)
    confirm_and_announce(decision_id, scene)
    kill_at(office, "sent")
    assert len(sink.messages) == 1
    assert db.session.scalars(select(Mail.delivery).order_by(Mail.id)).all() == ["sending", "waiting"]
    assert db.session.get_one(Decision, decision_id).announced_at is None
    office.config["CLOCK"] = lambda: LATER
    jobs.drain_here(300)
    by_person: dict[str, set[str]] = {}
    for one in sink.messages:
        by_person.setdefault(one["To"], set()).add(one["Message-ID"])
    assert sorted(len(ids) for ids in by_person.values()) == [1, 1]
    assert len(sink.messages) == 3
    assert set(db.session.scalars(select(Mail.delivery))) == {"sent"}
    assert count(Event, Event.name == "decision.announced") == 1
    assert count(OutboxRow, OutboxRow.done_at.is_(None)) == 0
    assert list(events.verify()) == []


def test_work_that_kills_every_worker_ends_where_an_officer_sees_it(
    office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds up no other work, and does not go on for ever."""
    done: list[str] = []

    def handler(payload: dict[str, str]) -> None:
        if payload["key"] == "fatal":
            raise SystemExit  # as good as killed: nothing is marked
        done.append(payload["key"])

    monkeypatch.setattr(jobs, "handler_of", lambda _topic: handler)
    for key in ("fatal", "one", "two"):
        outbox.post("test", key, {"key": key}, now=MOMENT)
    db.session.commit()
    now = MOMENT
    office.config["CLOCK"] = lambda: now
    for _attempt in range(outbox.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            jobs.drain_here(300)
        db.session.rollback()
        assert jobs.drain_here(300) == (2 if _attempt == 0 else 0)
        now += outbox.LEASE + timedelta(seconds=1)
    assert jobs.drain_here(300) == 0
    (row,) = db.session.scalars(outbox.dead_rows())
    assert (row.key, row.last_error) == ("fatal", "the worker stopped in the middle of this, each time")
    assert done == ["one", "two"]
