"""`flask account`: the first administrator, and switching an account off."""

import sys
from typing import NoReturn

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from subsidy import clock
from subsidy.db import db
from subsidy.models import User
from subsidy.services import accounts, grants, mail_links
from workflows.permissions import SYSTEM, Role

group = AppGroup("account", help="Accounts of people.")


@group.command("create-administrator")
@click.argument("email")
@click.option("--name", default="", help="The name on screen; the e-mail address when left out.")
def create_administrator(email: str, name: str) -> None:
    """Give the account with this EMAIL the role of administrator on all rounds.

    Without an account one is made, and the link to choose its password is printed.
    """
    now = clock.read()
    email = accounts.normal_email(email)
    if "@" not in email:
        _stop(f"{email!r} is no e-mail address")
    user = accounts.find_by_email(email) or accounts.prepare(email=email, name=name or email, now=now)
    grants.give(SYSTEM, user, role=Role.ADMINISTRATOR, round_id=None, now=now)
    link = "" if user.email_confirmed_at else _link(user)
    db.session.commit()
    click.echo(f"{email} is administrator")
    if link:
        click.echo(f"choose a password here: {link}")


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Switch off the account with this EMAIL and end its sessions; its history stays."""
    user = accounts.find_by_email(email)
    if user is None:
        _stop(f"no account with the address {email}")
    accounts.disable(user, actor_id=None, now=clock.read())
    db.session.commit()
    click.echo(f"{user.email} is switched off")


def _link(user: User) -> str:
    base_url = current_app.config["SETTINGS"].base_url
    token = mail_links.make("confirm", user, now=clock.read())
    with current_app.test_request_context(base_url=base_url):
        return f"{base_url}{url_for('account.confirm', token=token)}"


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
