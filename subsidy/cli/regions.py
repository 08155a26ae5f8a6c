"""`flask regions`: the municipalities that regions are made of, in versions."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import AppGroup

from subsidy import clock
from subsidy.cli.round import refuse
from subsidy.db import db, reading
from subsidy.services import reference
from subsidy.services.file_faults import Fault, FaultyFileError
from subsidy.services.reference_file import Source, import_municipalities

group = AppGroup("regions", help="Municipalities and their regions, in versions.")


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--version", "name", help="Name of the version; without it the name of the file.")
@click.option("--source", default="", help="Where the facts are from; without it the name of the file.")
@click.option(
    "--population-date", type=click.DateTime(["%Y-%m-%d"]), help="Day on which people were counted."
)
def import_regions(file: BinaryIO, name: str | None, source: str, population_date: datetime | None) -> None:
    """Add a newer version, all of it or nothing; published rounds keep the version that they name."""
    path = Path(file.name)
    about = Source(
        name or path.stem, source or path.name, population_date.date() if population_date else None
    )
    try:
        new = import_municipalities(file.read(), about, now=clock.now())
        db.session.commit()
    except FaultyFileError as error:
        db.session.rollback()
        refuse(error.faults, _line)
    click.echo(f"{new.version}\t{len(new.municipalities)}\t{len(new.former)}")


@group.command("list")
def list_versions() -> None:
    """List the versions; the active one is for new rounds."""
    with reading():
        for one in reference.versions():
            active = "*" if one.active else "-"
            click.echo("\t".join((active, one.version, str(one.population_date or "-"), one.source)))


def _line(fault: Fault) -> str:
    """Name the place of a fault as an editor does: line, and column by name."""
    return ":".join(str(step) for step in fault.place) or "0"
