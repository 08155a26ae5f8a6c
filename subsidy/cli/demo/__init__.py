"""`flask demo`: a living example for one installation, never for production."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from subsidy import clock
from subsidy.cli.demo import history, people, present
from subsidy.db import db, reading
from subsidy.models import Round, User
from subsidy.wording.labels import role_label

group = AppGroup("demo", help="An example to look around in: eight rounds and an account for each role.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Only where there are no rounds and no accounts yet.")
def load(*, if_empty: bool) -> None:
    """Load eight rounds, with accounts; refused in production, and where rounds or accounts exist."""
    if current_app.config["SETTINGS"].production:
        if if_empty:
            return
        raise click.ClickException("the demo is not for production")
    if is_half_loaded():
        raise click.ClickException("the demo was broken off while loading: empty VAR_DIR and start again")
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException(
            "there are rounds or accounts already; the demo needs an empty installation"
        )
    now = clock.read()
    persons = people.load(now=now)
    history.load(persons)
    present.load(persons, now=now)
    click.echo("demo loaded")


@group.command("accounts")
def accounts() -> None:
    """Print the demo accounts: one for each role, and their password."""
    with reading():
        loaded = set(db.session.scalars(select(User.email).where(User.email.endswith(f"@{people.DOMAIN}"))))
    shown = [person for person in people.SHOWN if person.email in loaded]
    if current_app.config["SETTINGS"].production or not shown:
        return
    width = max(len(person.email) for person in shown)
    click.echo(f"Demo accounts, password {people.PASSWORD}")
    for person in shown:
        part = f" ({person.part})" if person.part else ""
        click.echo(f"  {person.email:<{width}}  {role_label(person.role)}{part}")


def is_empty() -> bool:
    """Tell whether nobody has used this installation yet."""
    with reading():
        rounds, users = (db.session.scalar(select(table.id).limit(1)) for table in (Round, User))
        db.session.rollback()
    return rounds is None and users is None


def is_half_loaded() -> bool:
    """Tell whether a demo was begun and its last round never came."""
    with reading():
        begun = db.session.scalar(select(User.id).where(User.email == people.SHOWN[0].email))
        ended = db.session.scalar(select(Round.id).where(Round.slug == present.LAST))
        db.session.rollback()
    return begun is not None and ended is None
