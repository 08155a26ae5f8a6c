"""regiobeeld-1: ten real regions of 2019, decided on by two officers, with letters."""

from datetime import date, timedelta

from sqlalchemy import select

from subsidy.cli.demo import awarding, people
from subsidy.cli.demo.awarding import FILE, PROPOSER
from subsidy.cli.demo.clockwork import at, moment
from subsidy.cli.demo.people import Persons
from subsidy.db import db
from subsidy.models import Application, Membership, Round
from subsidy.services import rounds
from subsidy.services.round_file_import import import_round
from workflows.permissions import SYSTEM, Access

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
    with at(moment(BROUGHT_IN)) as now:
        round_ = import_round(FILE.read_bytes(), actor=SYSTEM, now=now)
        _add_members(round_, persons)
    awarding.decide(round_, persons, proposed=PROPOSED, confirmed=CONFIRMED, announced=ANNOUNCED)
    closed = ANNOUNCED + timedelta(days=1)
    with at(moment(closed)) as now:
        rounds.close(round_, actor=people.actor(persons, PROPOSER), now=now, today=closed)


def _add_members(round_: Round, persons: Persons) -> None:
    for reference, key in MEMBERS.items():
        query = select(Application).where(
            Application.round_id == round_.id, Application.reference == reference
        )
        application = db.session.scalars(query).one()
        application.members.append(Membership(user_id=persons[key].id, capacity=Access.LEAD.value))
