"""regiobeeld-1: ten real regions of 2019, decided on by two officers, with letters."""

from datetime import date, timedelta

import click
from sqlalchemy import select

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import Application, Decision, Membership, Round
from subsidy.services import announcements, confirming, interest_rounds, proposing, rounds
from subsidy.services.round_file_import import import_round
from workflows.permissions import SYSTEM, Access

FILE = FOLDER / "demo" / "regiobeeld-1.json"
BROUGHT_IN = date(2019, 9, 2)
PROPOSED = date(2019, 9, 9)
CONFIRMED = date(2019, 9, 12)
ANNOUNCED = date(2019, 9, 17)
# Who applied and has an account here; the others are told by post.
MEMBERS = {
    "JZOJP-RB-001": "aanvrager",
    "JZOJP-RB-002": "aanvrager2",
    "JZOJP-RB-008": "aanvrager3",
    "JZOJP-RB-009": "aanvrager4",
}


def load(persons: Persons) -> None:
    """Bring the round in and take every step to its last letter."""
    first, second = people.actor(persons, "medewerker"), people.actor(persons, "medewerker2")
    with at(moment(BROUGHT_IN)) as now:
        round_ = import_round(FILE.read_bytes(), actor=SYSTEM, now=now)
        _add_members(round_, persons)
    with at(moment(PROPOSED)) as now:
        for officer in (first, second):
            shown = interest_rounds.shown(round_)
            interest_rounds.declare_round(round_, shown, why="", actor=officer, now=now)
        batch = proposing.propose_all(round_, announce_on=ANNOUNCED, actor=first, now=now)
        if batch.refused:
            raise click.ClickException(f"not proposed: {batch.refused}")
        db.session.commit()
        work()
    with at(moment(CONFIRMED)) as now:
        for decision in _decisions(round_):
            letter = decision.letter_sha256 or ""
            confirming.confirm(decision.application, letter_sha256=letter, actor=second, now=now)
    with at(moment(ANNOUNCED)) as now:
        work()
        for decision in _decisions(round_):
            if decision.announced_at is None:
                announcements.announce_by_post(decision.application, actor=first, now=now)
    closed = ANNOUNCED + timedelta(days=1)
    with at(moment(closed)) as now:
        rounds.close(round_, actor=first, now=now, today=closed)


def _add_members(round_: Round, persons: Persons) -> None:
    for reference, key in MEMBERS.items():
        query = select(Application).where(
            Application.round_id == round_.id, Application.reference == reference
        )
        application = db.session.scalars(query).one()
        application.members.append(Membership(user_id=persons[key].id, capacity=Access.LEAD.value))


def _decisions(round_: Round) -> list[Decision]:
    query = select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id)
    return list(db.session.scalars(query))
