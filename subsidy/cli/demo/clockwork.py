"""Living through time: what the demo did on an earlier day happens at the instants of that day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import count

import click
from flask import current_app
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import OutboxRow
from workflows.calendar_nl import AMSTERDAM

LONGEST = 120.0


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Give an instant by the clock of Amsterdam."""
    return datetime.combine(day, time(hour, minute), AMSTERDAM)


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Let the program read this instant on its clock; what was done is stored at the end."""
    before = current_app.config.get("CLOCK")
    current_app.config["CLOCK"] = lambda: instant
    try:
        yield instant
        db.session.commit()
    finally:
        current_app.config["CLOCK"] = before


def work() -> None:
    """Do the waiting work as the worker does; stop with the reason when any of it failed."""
    for _round in count():
        if jobs.drain_here(LONGEST) == 0:
            break
    failed = db.session.execute(
        select(OutboxRow.key, OutboxRow.last_error).where(OutboxRow.last_error != "").limit(1)
    ).first()
    if failed is not None:
        raise click.ClickException(f"{failed.key}: {failed.last_error}")
