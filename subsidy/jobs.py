"""Outbox topics and who handles them. RQ is the engine that wakes and runs `drain`; it holds no truth.

A handler gets the payload, works in short transactions of its own and may run twice: it finds by its key
what is already done. `drain` works for at most a minute in one process, because RQ forks for each job and
caches (fonts, stylesheets, templates) die with the fork; then it hands itself on.
"""

import gc
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.cron import CronScheduler
from rq.worker import Worker

from subsidy import clock
from subsidy.db import db
from subsidy.services import outbox
from subsidy.services.outbox import HopelessError, PutOffError, Work

log = logging.getLogger("subsidy.jobs")

QUEUE = "subsidy"
DRAIN_SECONDS = 60.0
SCHEDULE_SECONDS = 15
# RQ tells of every job it takes, four times a minute; only what goes wrong is worth a line.
LOGGED = "WARNING"
Handler = Callable[[Mapping[str, Any]], None]

# topic -> where its handler lives. A handler is named, not imported: the web process never loads WeasyPrint.
HANDLERS: dict[str, str] = {
    "mail": "subsidy.services.mail:deliver",
    "receipt": "subsidy.documents.receipts:make_receipt",
    "propose": "subsidy.services.batch_proposing:propose_batch",
    "letter": "subsidy.documents.decision_letters:make_letter",
    "letter_translation": "subsidy.documents.letter_translations:make_translation",
    "delay_round": "subsidy.services.round_delays:notify_round",
    "procedure_letter": "subsidy.documents.procedure_letters:make_procedure_letter",
    "minutes": "subsidy.documents.minutes_making:make_minutes",
    "scenarios": "subsidy.documents.scenario_report:make_report",
    "announce": "subsidy.services.announcements:announce",
    "renew": "subsidy.services.missed:renew_job",
    "mail_run": "subsidy.documents.mail_run:make_mail_run",
    "screen": "subsidy.services.screening:screen_round_job",
    "scan": "subsidy.services.scanning:scan_attachment",
    "scan_statement": "subsidy.services.scanning:scan_statement",
    "pages": "subsidy.services.page_images:draw_pages",
    "supplement_expiry": "subsidy.services.screening:expire_supplement_job",
    "rebuttal_closing": "subsidy.services.rebuttal_answers:close_job",
    "rebuttal_reminder": "subsidy.services.rebuttal_answers:remind_job",
    "calibration_reminder": "subsidy.services.calibration:remind_job",
    "certainty": "subsidy.services.certainty:compute",
    "assign": "subsidy.services.assignment_solving:solve",
    "sign_again": "subsidy.services.signing_mail:ask_again",
    "reviewer_reminder": "subsidy.services.reviewer_invitations:remind_job",
}


def handler_of(topic: str) -> Handler:
    """The function that does the work of a topic; HopelessError when nobody does."""
    if topic not in HANDLERS:
        message = f"no handler for topic {topic}"
        raise HopelessError(message)
    module, _, name = HANDLERS[topic].partition(":")
    handler: Handler = getattr(import_module(module), name)
    return handler


def wake() -> None:
    """Tell RQ that there is work. Without Redis the scheduler finds it later, so a failure is only logged."""
    url = current_app.config["SETTINGS"].redis_url
    if not url:
        return
    try:
        queue = Queue(QUEUE, connection=connection(url, timeout=0.5))
        if queue.count < 2:  # noqa: PLR2004  # one that runs and one that waits see everything
            queue.enqueue(drain, result_ttl=0, failure_ttl=3600, job_timeout=600)
    except RedisError as error:
        log.warning("Redis does not answer, the scheduler will find the work: %s", error)


@cache
def connection(url: str, *, timeout: float | None = None) -> Redis:
    """A connection; with a timeout (seconds) for a request, which never waits for Redis."""
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=timeout)


def drain() -> int:
    """Do what waits for at most a minute; RQ calls it in a process of its own. Returns the rows done."""
    app = _application()
    with app.app_context():
        if os.getpid() != _parent[0]:
            db.engine.dispose(close=False)  # connections of the parent process are not ours
        done = drain_here(DRAIN_SECONDS)
        if outbox.count_waiting(now=clock.read()):
            wake()
        db.session.rollback()
        return done


def drain_here(seconds: float) -> int:
    """Claim, commit, work, mark; until nothing waits or the time is over. Needs an application context.

    One row at a time: work that kills its worker then holds up and uses up the attempts of no other, and
    a slow mail server costs one row its lease at most. That it is done is committed with the next claim.
    """
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        claimed = outbox.claim(now=clock.read(), limit=1)
        db.session.commit()
        if not claimed:
            break
        done += sum(run(work) for work in claimed)
    db.session.commit()
    return done


def run(work: Work) -> bool:
    """Do one piece of work and mark it, which the caller commits; a failure backs off and stops no other."""
    if work.attempts > outbox.MAX_ATTEMPTS:  # no attempt lived long enough to say what is wrong
        outbox.give_up(work, "the worker stopped in the middle of this, each time", now=clock.read())
        db.session.commit()
        return False
    try:
        handler_of(work.topic)(work.payload)
        db.session.commit()
        finished = outbox.finish(work, now=clock.read())
    except PutOffError:
        db.session.rollback()
        outbox.release(work)
        db.session.commit()
        return False
    except HopelessError as error:
        db.session.rollback()
        outbox.give_up(work, str(error), now=clock.read())
        db.session.commit()
        return False
    except Exception as error:
        log.exception("%s %s failed", work.topic, work.key)
        db.session.rollback()
        outbox.retry_later(work, f"{type(error).__name__}: {error}"[:2000], now=clock.read())
        db.session.commit()
        return False
    if db.session.info.pop("outbox_posted", False):
        log.debug("%s %s posted more work", work.topic, work.key)
    return finished


def work_forever(app: Flask) -> None:
    """Run an RQ worker until it is told to stop; forks share what is imported here."""
    prepare(app)
    redis = connection(app.config["SETTINGS"].redis_url)
    Worker([QUEUE], connection=redis).work(logging_level=LOGGED)


def prepare(app: Flask) -> None:
    """Make this process ready to drain, itself or in forks.

    What is loaded by now never becomes garbage, so the collector need not read through all of it for every
    letter: that took an eighth of the time.
    """
    import_module("subsidy.documents.letter")
    _keep(app)
    gc.collect()
    gc.freeze()


def schedule_forever(app: Flask) -> None:
    """Run RQ's cron scheduler: the outbox is drained regularly even when nobody wakes it."""
    _keep(app)
    redis = connection(app.config["SETTINGS"].redis_url)
    scheduler = CronScheduler(connection=redis, logging_level=LOGGED)
    register_schedule(scheduler)
    scheduler.start()  # type: ignore[no-untyped-call]


def register_schedule(scheduler: CronScheduler) -> None:
    """What the scheduler repeats."""
    scheduler.register(
        drain, queue_name=QUEUE, interval=SCHEDULE_SECONDS, result_ttl=0, failure_ttl=3600, job_timeout=600
    )


_kept: list[Flask] = []
_parent: list[int] = [os.getpid()]


def _keep(app: Flask) -> None:
    """Let forked jobs use the application of their parent instead of making one each."""
    _kept[:] = [app]
    _parent[:] = [os.getpid()]


def _application() -> Flask:
    if not _kept:
        _keep(import_module("subsidy.app").create_app())
    return _kept[0]
