"""What happens to letters in the demo: words of a round, letters on paper, letters of today, and reading."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from subsidy.cli.demo import people
from subsidy.cli.demo.awarding import PROPOSER
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import before
from subsidy.db import db
from subsidy.models import Application, Letter, Membership, Round
from subsidy.services import letter_opening, letter_translations, mail_runs, paper_requests, sending, wordings
from workflows.letter_words import Words
from workflows.phrases import LetterKind

MEETING = Words(
    ("Wij nodigen u uit voor de startbijeenkomst van deze ronde. U krijgt daarover een bericht.",),
    ("We invite you to the first meeting of this round. You will get a message about it.",),
)
INVITES = "Het bestuur nodigt iedereen met een subsidie uit voor een startbijeenkomst."
ADDRESS = "Postbus 100\n7000 AA Doetinchem"
# What came so many days ago was opened by who leads the application, on the evening of the day after.
READ_UP_TO = 21
# Who wants to read the last decision in English too.
READER = "aanvrager"


def draft(round_: Round, persons: Persons, *, day: date) -> None:
    """Invite everybody who gets a subsidy to a meeting: a draft, of which no letter knows yet."""
    with at(moment(day, 13)) as now:
        _invite(round_, persons, now=now)


def reword(round_: Round, persons: Persons, *, day: date) -> None:
    """Do the same, in force for the letters that are still to be written."""
    with at(moment(day, 13)) as now:
        _invite(round_, persons, now=now)
        seen = wordings.mark_of(wordings.open_words(round_).words)
        officer = people.actor(persons, PROPOSER)
        wordings.publish(round_, reason=INVITES, seen=seen, actor=officer, now=now)


def ask_paper(application: Application, persons: Persons, *, lead: str, day: date) -> None:
    """Ask for letters on paper."""
    with at(moment(day, 20, 15)) as now:
        paper_requests.ask(application, ADDRESS, actor=people.actor(persons, lead), now=now)


def send_today(round_: Round, persons: Persons, *, now: datetime) -> None:
    """Send the letters that name today; what goes by post is ready for the mail room, and not posted yet."""
    officer = people.actor(persons, PROPOSER)
    with at(now):
        sending.start(round_, actor=officer, now=now)
        mail_runs.ask(round_, actor=officer, now=now)
        db.session.commit()
        work()


def read(persons: Persons, *, today: date) -> None:
    """Let who leads each application open the letters of a while ago."""
    leads = {one.id: key for key, one in persons.items()}
    query = (
        select(Letter.id, Application, Letter.placed_at, Membership.user_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Membership, Membership.application_id == Letter.application_id)
        .where(Membership.capacity == "lead", Letter.placed_at < moment(before(today, READ_UP_TO)))
        .order_by(Letter.placed_at, Letter.id)
    )
    for letter_id, application, placed_at, user_id in db.session.execute(query).all():
        if placed_at is not None:
            actor, opened = people.actor(persons, leads[user_id]), placed_at + timedelta(days=1, hours=9)
            letter_opening.open_letter(application, letter_id, actor=actor, now=opened)
    db.session.commit()


def translate(persons: Persons, *, today: date) -> None:
    """Ask for the last decision in English."""
    last = (
        select(Letter)
        .join(Membership, Membership.application_id == Letter.application_id)
        .where(Membership.user_id == persons[READER].id)
        .where(Letter.decision_id.is_not(None), Letter.placed_at.is_not(None))
        .order_by(Letter.placed_at.desc())
        .limit(1)
    )
    with at(moment(before(today, 1), 20)) as now:
        letter_translations.ask(db.session.scalars(last).one(), now=now)
        db.session.commit()
        work()


def _invite(round_: Round, persons: Persons, *, now: datetime) -> None:
    words = wordings.open_words(round_).words
    places = [("outcomes", kind.value, "extra") for kind in (LetterKind.AWARD, LetterKind.PARTIAL)]
    wordings.save(
        round_,
        dict.fromkeys(places, MEETING),
        seen=wordings.mark_of({place: words[place] for place in places}),
        actor=people.actor(persons, PROPOSER),
        now=now,
    )
