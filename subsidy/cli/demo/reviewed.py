"""netwerk-2: the round in which referents review now, with interests and a rebuttal."""

from datetime import date, timedelta

from subsidy.cli.demo import hearing, letters, people, pool, publishing, reviewing, together
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK, before
from subsidy.cli.demo.words import INTEREST, MEASURE
from subsidy.cli.demo.writing import Plan
from subsidy.db import db
from subsidy.models import Application, Review, Round
from subsidy.services import (
    assignment_problem,
    assignment_proposals,
    calibration,
    interests,
    rebuttal_release,
)
from subsidy.services.grants import actor_of
from workflows.calendar_nl import propose_working_day
from workflows.interests import Kind

PLANS = (
    Plan("Zoetermeer", "aanvrager", 4_500_000, themes=("voorkomen", "ouderen")),
    Plan("Den Haag", "aanvrager2", 5_000_000, themes=("verplaatsen", "preventie")),
    Plan("Texel", "aanvrager5", 2_400_000, themes=("vervangen", "digitale-zorg")),
    Plan("Assen", "aanvrager6", 4_000_000, themes=("voorkomen", "positieve-gezondheid")),
    Plan("Twente", "aanvrager3", 5_000_000, themes=("vervangen", "wonen")),
    Plan("Achterhoek", "aanvrager8", 4_800_000, citizens=False),
)
# Which reviews, counted over the round, were not begun, and which are a draft.
UNTOUCHED, UNFINISHED = 4, 7
NATURE = "Mijn broer werkt als jurist bij een van de partners."
UPHELD = "Een jaar geleden is te kort: de schijn van partijdigheid is er."
SETTLED = "De referent beoordeelt deze aanvraag niet; er komt iemand anders."
# Days before today on which the reports went out and the answer came in.
SENT, ANSWERED, SENT_LATER = 5, 3, 2


def load(persons: Persons, *, today: date) -> None:
    """Take the round to the middle of its review."""
    opens, closes = (propose_working_day(before(today, days)) for days in (70, 34))
    round_ = publishing.published(persons, "netwerk", 2, opens=opens, closes=closes, today=today)
    publishing.send_in(round_, PLANS, persons, first=before(today, 60))
    first = publishing.applications_of(round_)[0]
    together.write_to_each_other(first, persons, lead=PLANS[0].applicant, day=before(today, 28))
    pool.ask(round_, persons, pool.REFERENTS, "referent", day=before(today, 29))
    publishing.screen(round_, persons, day=before(today, 26))
    trial = reviewing.try_out(round_, persons, pool.REFERENTS[:5], day=before(today, 26))
    with at(moment(before(today, 23))) as now:
        calibration.close(trial, actor=people.actor(persons, CLERK), now=now)
    due_on = propose_working_day(today + timedelta(days=7))
    reviewing.assign(round_, persons, day=before(today, 21), due_on=due_on)
    _review(round_, persons, today)
    _hear(round_, persons, today)
    _replace(round_, persons, today=today, due_on=due_on)
    reviewing.declare(round_, persons, (CLERK,), day=before(today, 15))
    letters.draft(round_, persons, day=before(today, 2))


def _review(round_: Round, persons: Persons, today: date) -> None:
    """Let one referent declare an interest, which the chair upholds; the others review, not all are done."""
    number, barred = _one_with_an_interest(round_, persons)
    with at(moment(before(today, 19), 20)) as now:
        who = actor_of(next(user for user in persons.values() if user.id == barred.reviewer_id))
        interest = interests.declare_interest(barred, nature=INTEREST, measure=MEASURE, actor=who, now=now)
    reviewing.decide(interest, persons, reason=UPHELD, measure=SETTLED, day=before(today, 18))
    reviewing.review(
        round_,
        persons,
        score=lambda number, place: 2 + (number * 7 + place * 3 + 1) % 4,
        first=before(today, 18),
        leave_out=(number, UNTOUCHED),
        unfinished=(UNFINISHED,),
    )
    with at(moment(before(today, 4), 14)) as now:
        interests.report_interest(
            publishing.applications_of(round_)[1],
            kind=Kind.FAMILY,
            nature=NATURE,
            measure=MEASURE,
            capacity="finance",
            actor=people.actor(persons, "financien"),
            now=now,
        )


def _one_with_an_interest(round_: Round, persons: Persons) -> tuple[int, Review]:
    """The last review of the round, but not one of the referent who is shown around."""
    guide = persons[pool.REFERENTS[0]].id
    numbered = list(enumerate(reviewing.reviews_of(round_)))
    return next((number, one) for number, one in reversed(numbered) if one.reviewer_id != guide)


def _hear(round_: Round, persons: Persons, today: date) -> None:
    """Send the reports of the first two applications that have all of theirs; the second answers."""
    ready: list[Application] = [
        one
        for one in publishing.applications_of(round_)
        if one.members and rebuttal_release.preview(one).ready
    ]
    for application, days in zip(ready, (SENT_LATER, SENT), strict=False):
        hearing.release(application, persons, day=before(today, days))
    hearing.answer(ready[1], persons, day=before(today, ANSWERED))


def _replace(round_: Round, persons: Persons, *, today: date, due_on: date) -> None:
    """Ask for a proposal of who takes over from who has an interest; it waits for an officer."""
    with at(moment(before(today, 1), 9)) as now:
        choices = assignment_problem.usual_choices(round_, due_on)
        assignment_proposals.ask(round_, choices, actor=people.actor(persons, CLERK), now=now)
        db.session.commit()
        work()
