"""The rebuttal in the demo: one collaboration answered the reports, another still can."""

from collections.abc import Sequence
from datetime import date, timedelta

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.db import db
from subsidy.models import Application, User
from subsidy.services import rebuttal_answers, rebuttal_release

ANSWER = (
    "Wij danken de referenten voor hun lezing. Over de planning merken wij op dat de eerste drie maanden al "
    "zijn afgesproken met de huisartsen; dat staat in de bijlage bij de begroting. De opmerking over de "
    "inwoners nemen wij ter harte: de bewonersraad krijgt een vaste plaats in de stuurgroep."
)
# Days before today on which the reports went out and the answer came in.
SENT, ANSWERED, SENT_LATER = 5, 3, 2


def load(persons: Persons, applications: Sequence[Application], *, clerk: str, today: date) -> None:
    """Send the reports of the first two applications that have all of theirs; the first answers."""
    ready = [one for one in applications if one.members and rebuttal_release.preview(one).ready]
    if not ready:
        return
    officer = people.actor(persons, clerk)
    for application, days in zip(ready, (SENT, SENT_LATER), strict=False):
        with at(moment(today - timedelta(days=days), 9, 30)) as now:
            seen = rebuttal_release.preview(application).mark
            rebuttal_release.release(application, seen=seen, actor=officer, now=now)
            db.session.commit()
            work()
    leader = db.session.get_one(User, ready[0].members[0].user_id)
    writer = next(key for key, user in persons.items() if user.id == leader.id)
    with at(moment(today - timedelta(days=ANSWERED), 16, 10)) as now:
        rebuttal_answers.send(
            ready[0],
            ANSWER,
            words=len(ANSWER.split()),
            version=1,
            actor=people.actor(persons, writer),
            now=now,
        )
        db.session.commit()
        work()
