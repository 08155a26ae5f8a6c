"""`flask audit`: is the chain of events whole?"""

import sys

import click
from flask.cli import AppGroup

from subsidy.db import reading
from subsidy.services import events

group = AppGroup("audit", help="The chain of events.")


@group.command("verify")
def verify() -> None:
    """Find a change, a gap, a reordering or a cut tail; exit status 1 when there is one."""
    with reading():
        faults = list(events.verify())
    for fault in faults:
        click.echo(f"{fault.chain} {fault.sequence}: {fault.problem}", err=True)
    if faults:
        sys.exit(1)
    click.echo("every chain is whole")
