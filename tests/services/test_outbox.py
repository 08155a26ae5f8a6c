"""The outbox: nothing is lost and nothing is done twice, whoever dies."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import OutboxRow
from subsidy.services import outbox
from tests.conftest import MOMENT, Clock


def post(*keys: str) -> None:
    """Post work under these keys."""
    for key in keys:
        outbox.post("test", key, {"key": key}, now=MOMENT)
    db.session.commit()


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Handle topic `test` by noting the key; a key that starts with "bad" fails."""
    keys: list[str] = []

    def handler(payload: dict[str, str]) -> None:
        keys.append(payload["key"])
        if payload["key"].startswith("bad"):
            message = "it does not work"
            raise RuntimeError(message)
        if payload["key"].startswith("hopeless"):
            message = "it never works"
            raise outbox.HopelessError(message)

    monkeypatch.setattr(jobs, "handler_of", lambda _topic: handler)
    return keys


def test_same_key_is_one_piece_of_work(app: Flask, handled: list[str]) -> None:
    post("a", "a", "b")
    assert jobs.drain_here(300) == 2
    assert handled == ["a", "b"]


def test_work_rolled_back_with_its_cause_never_runs(app: Flask, handled: list[str]) -> None:
    outbox.post("test", "a", {"key": "a"}, now=MOMENT)
    db.session.rollback()
    assert jobs.drain_here(300) == 0
    assert handled == []


def test_work_that_is_not_due_waits(app: Flask, clock: Clock, handled: list[str]) -> None:
    outbox.post("test", "later", {"key": "later"}, now=MOMENT, due_at=MOMENT + timedelta(hours=1))
    db.session.commit()
    assert jobs.drain_here(300) == 0
    clock.now += timedelta(hours=1)
    assert jobs.drain_here(300) == 1


def test_failure_backs_off_and_stops_nothing_else(app: Flask, clock: Clock, handled: list[str]) -> None:
    post("bad", "good")
    assert jobs.drain_here(300) == 1
    assert handled == ["bad", "good"]
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.key == "bad")).one()
    assert (row.attempts, row.last_error, row.due_at) == (
        1,
        "RuntimeError: it does not work",
        MOMENT + timedelta(seconds=30),
    )


def test_what_keeps_failing_ends_where_an_officer_sees_it(
    app: Flask, clock: Clock, handled: list[str]
) -> None:
    post("bad")
    for _ in range(outbox.MAX_ATTEMPTS + 3):
        jobs.drain_here(300)
        clock.now += timedelta(days=1)
    assert handled == ["bad"] * outbox.MAX_ATTEMPTS
    dead = db.session.scalars(outbox.dead_rows()).all()
    assert [row.key for row in dead] == ["bad"]
    outbox.revive(dead[0], now=clock.now)
    db.session.commit()
    jobs.drain_here(300)
    assert handled == ["bad"] * (outbox.MAX_ATTEMPTS + 1)


def test_hopeless_work_is_dead_at_once(app: Flask, handled: list[str]) -> None:
    post("hopeless")
    assert jobs.drain_here(300) == 0
    assert [row.last_error for row in db.session.scalars(outbox.dead_rows())] == ["it never works"]


def test_work_of_a_dead_worker_is_done_by_the_next(app: Flask, clock: Clock, handled: list[str]) -> None:
    post("a")
    lost = outbox.claim(now=clock.now, limit=5)
    db.session.commit()
    assert jobs.drain_here(300) == 0
    clock.now += outbox.LEASE + timedelta(seconds=1)
    assert jobs.drain_here(300) == 1
    assert not outbox.finish(lost[0], now=clock.now)
    assert handled == ["a"]


def test_no_more_is_claimed_than_was_asked(app: Flask) -> None:
    post(*(f"row-{number}" for number in range(20)))
    claimed = [[work.key for work in outbox.claim(now=MOMENT, limit=most)] for most in (1, 3, 1)]
    assert claimed == [["row-0"], ["row-1", "row-2", "row-3"], ["row-4"]]


def test_two_claimers_never_get_the_same_row(real_app: Flask) -> None:
    """On both databases, with real commits and many threads at once."""
    with real_app.app_context():
        post(*(f"row-{number}" for number in range(60)))
    claimed: list[int] = []
    start = threading.Barrier(4)

    def claim_all() -> None:
        with real_app.app_context():
            start.wait(timeout=60)
            while rows := outbox.claim(now=MOMENT, limit=3):
                db.session.commit()
                claimed.extend(row.id for row in rows)

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(claimed) == 60
    assert len(set(claimed)) == 60
