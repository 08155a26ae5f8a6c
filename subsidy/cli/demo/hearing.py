"""The rebuttal in the demo: the reports go out, and who applies answers them or lets the term pass."""

from datetime import date

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK
from subsidy.db import db
from subsidy.models import Application
from subsidy.services import rebuttal_answers, rebuttal_release

ANSWER = (
    "Wij danken de referenten voor hun lezing. Over de planning merken wij op dat de eerste drie maanden al "
    "zijn afgesproken met de huisartsen; dat staat in de bijlage bij de begroting. De opmerking over de "
    "inwoners nemen wij ter harte: de bewonersraad krijgt een vaste plaats in de stuurgroep."
)


def release(application: Application, persons: Persons, *, day: date) -> None:
    """Send the reports to who applied."""
    officer = people.actor(persons, CLERK)
    with at(moment(day, 9, 30)) as now:
        seen = rebuttal_release.preview(application).mark
        rebuttal_release.release(application, seen=seen, actor=officer, now=now)
        db.session.commit()
        work()


def answer(application: Application, persons: Persons, *, day: date) -> None:
    """Let who leads the application answer the reports."""
    leader = application.members[0].user_id
    writer = next(key for key, user in persons.items() if user.id == leader)
    with at(moment(day, 16, 10)) as now:
        rebuttal_answers.send(
            application,
            ANSWER,
            words=len(ANSWER.split()),
            version=1,
            actor=people.actor(persons, writer),
            now=now,
        )
        db.session.commit()
        work()
