"""Workers that drain the outbox, and are killed at random moments and started again, until nothing is left.

    python tests/faults/killed_workers.py KILLS SEED START      (settings from the environment)

Each worker is a fork, as a job of RQ is. The kills are spread over the work: each comes at a random moment
after a random part of it was done. START is the monotonic instant at which the clock said MOMENT; it runs
SPEED times too fast, so that the lease of who was killed ends in seconds. Prints how many were killed.
"""

import os
import signal
import sys
import time
from datetime import datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import func, select

from subsidy import jobs
from subsidy.app import create_app
from subsidy.db import db, reading
from subsidy.models import OutboxRow
from tests.conftest import MOMENT

SPEED = 40
WORKERS = 2
REST_SECONDS, LONGEST_SECONDS = 0.02, 900.0
# About how long one piece of work takes, so that the moment of a kill can be anywhere in it.
PIECE_SECONDS = 0.3


class Workers:
    """The workers that are alive; each does what waits, and looks again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._alive: list[int] = []

    def start(self) -> None:
        """Start one more."""
        number = os.fork()
        if number:
            self._alive.append(number)
            return
        while True:  # until it is killed
            with self._app.app_context():
                jobs.drain()
            time.sleep(REST_SECONDS)

    def kill(self, which: int) -> None:
        """End one with no chance to tidy up."""
        number = self._alive.pop(which)
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def left_and_done() -> tuple[int, int]:
    """Count the work that is not finished and not given up, and what is finished."""
    with reading():
        row = db.session.execute(
            select(
                func.count().filter(OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None)),
                func.count().filter(OutboxRow.done_at.is_not(None)),
            ).select_from(OutboxRow)
        ).one()
        db.session.rollback()
    return row[0], row[1]


def main(kills: int, seed: int, start: float) -> None:
    """Work and kill until nothing is left, then end the workers."""
    app = create_app()
    app.config["CLOCK"] = lambda: clock(start)
    jobs.prepare(app)
    random = Random(seed)  # noqa: S311  # moments, not secrets
    with app.app_context():
        left, done = left_and_done()
        due = sorted(random.randrange(left) for _ in range(kills))
        db.engine.dispose()  # no fork inherits a connection
        workers = Workers(app)
        for _ in range(WORKERS):
            workers.start()
        killed, until = 0, time.monotonic() + LONGEST_SECONDS
        while left and time.monotonic() < until:
            time.sleep(REST_SECONDS)
            left, now_done = left_and_done()
            if killed < kills and now_done - done >= due[killed]:
                time.sleep(random.uniform(0, PIECE_SECONDS))
                workers.kill(random.randrange(WORKERS))
                killed += 1
                db.engine.dispose()
                workers.start()
        for _ in range(WORKERS):
            workers.kill(0)
    sys.stdout.write(f"{killed}\n")


def clock(start: float) -> datetime:
    """Tell the time that runs too fast, the same for every process."""
    return MOMENT + SPEED * timedelta(seconds=time.monotonic() - start)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
