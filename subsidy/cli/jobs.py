"""`flask jobs`: the processes beside the web server."""

import click
from flask import current_app
from flask.cli import AppGroup

from subsidy import clock, jobs
from subsidy.services import outbox

group = AppGroup("jobs", help="Background work: letters, mail, exports.")


@group.command("work")
def work() -> None:
    """Run an RQ worker until Ctrl-C."""
    jobs.work_forever(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  # the app, not its proxy


@group.command("schedule")
def schedule() -> None:
    """Run the RQ cron scheduler until Ctrl-C."""
    jobs.schedule_forever(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  # the app, not its proxy


@group.command("drain")
def drain() -> None:
    """Do all waiting work here and now, without Redis."""
    click.echo(jobs.drain_here(3600.0))
    left = outbox.count_waiting(now=clock.read())
    if left:
        click.echo(f"{left} rows still wait", err=True)
