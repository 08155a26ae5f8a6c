"""netwerk-1: the round on which the committee advises, with its meeting under way."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from subsidy.cli.demo import hearing, people, pool, publishing, reviewing
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK, before
from subsidy.cli.demo.words import MEASURE
from subsidy.cli.demo.writing import Plan
from subsidy.db import db
from subsidy.models import Application, Meeting, Round
from subsidy.services import (
    agenda,
    certainty,
    convening,
    deliberation,
    interests,
    meetings,
    minutes,
    priorities,
    recusals,
)
from subsidy.services.advice import Conclusion
from subsidy.services.snapshots import application_snapshot, definition_of
from workflows import scoring
from workflows.calendar_nl import propose_working_day
from workflows.interests import Kind
from workflows.permissions import SYSTEM

PLANS = (
    Plan("Mijnstreek", "aanvrager4", 4_600_000, themes=("voorkomen", "ouderen")),
    Plan("Heerenveen", "aanvrager7", 3_800_000, themes=("verplaatsen", "ggz")),
    Plan("Amsterdam", "aanvrager2", 5_000_000, themes=("preventie", "jeugd")),
    Plan("Noordkop", "aanvrager6", 4_400_000, themes=("vervangen", "digitale-zorg")),
)
CEILING = 10_000_000  # euro cents: enough for two of them, and a part of the third
CHAIR = "voorzitter"
NATURE = "Ik zit in de raad van toezicht van een van de partners."
UPHELD = "Toezicht houden op een partner gaat niet samen met adviseren over de aanvraag."
SETTLED = "Het commissielid leest de aanvraag niet en is weg als de commissie erover praat."
RECUSED = "Mijn partner begint volgende maand bij de hoofdaanvrager."
SAID = (
    "De commissie las de antwoorden van de aanvrager naast de rapporten. De afspraken met de huisartsen zijn "
    "er al; dat wisten de referenten nog niet. Over de plaats van inwoners is de commissie het eens."
)
AGREED = (
    "Uit de reactie van de aanvrager blijkt dat de afspraken er al zijn; dat weegt zwaarder dan de planning."
)
ADVICE = (
    "De commissie vindt dit een goed uitgewerkt plan dat past bij de opgave van de regio. De partners weten "
    "wie wat doet. De commissie adviseert de subsidie te verlenen."
)
HIGHER = "Dit netwerk bereikt inwoners die in de andere plannen buiten beeld blijven."
# How long before now the meeting began, and what happened in it.
BEGUN, ENDED, COUNTED, LEFT = (timedelta(minutes=number) for number in (50, 20, 18, 15))


def load(persons: Persons, *, today: date, now: datetime) -> None:
    """Take the round to the middle of the meeting of its committee."""
    opens, closes = (propose_working_day(before(today, days)) for days in (118, 84))
    round_ = publishing.published(
        persons,
        "netwerk",
        opens=opens,
        closes=closes,
        today=today,
        ceiling_cents=CEILING,
        shows_certainty=True,
    )
    publishing.send_in(round_, PLANS, persons, first=before(today, 104))
    pool.ask(round_, persons, pool.REFERENTS[:4], "referent", day=before(today, 82))
    publishing.screen(round_, persons, day=before(today, 80))
    due_on = propose_working_day(before(today, 56))
    reviewing.assign(round_, persons, day=before(today, 76), due_on=due_on)
    pool.ask(round_, persons, pool.COMMITTEE, "committee", day=before(today, 75))
    reviewing.review(
        round_,
        persons,
        score=lambda number, place: 3 + (number + place * (number // 2 % 2 + 1) + number // 4) % 3,
        first=before(today, 72),
    )
    applications = publishing.applications_of(round_)
    for application in applications:
        hearing.release(application, persons, day=before(today, 54))
    for application in applications[1::2]:
        hearing.answer(application, persons, day=before(today, 50))
    with at(moment(before(today, 20))):
        work()  # the term to answer is over
    _declare(round_, persons, applications, today)
    _meet(round_, persons, today=today, now=now)


def _declare(round_: Round, persons: Persons, applications: Sequence[Application], today: date) -> None:
    """Let everybody declare; one member has an interest in the first application, which the chair upholds."""
    with at(moment(before(today, 15), 21)) as now:
        interest = interests.report_interest(
            applications[0],
            kind=Kind.WORK,
            nature=NATURE,
            measure=MEASURE,
            capacity="committee",
            actor=people.actor(persons, pool.COMMITTEE[2]),
            now=now,
        )
    reviewing.declare(round_, persons, (CLERK, CHAIR, *pool.COMMITTEE), day=before(today, 14))
    reviewing.decide(interest, persons, reason=UPHELD, measure=SETTLED, day=before(today, 13))


def _meet(round_: Round, persons: Persons, *, today: date, now: datetime) -> None:
    """One application is discussed, the next is under discussion without one member; a concept is there."""
    clerk, chair = people.actor(persons, CLERK), people.actor(persons, CHAIR)
    members = [persons[key].id for key in pool.COMMITTEE]
    with at(moment(before(today, 7), 11)) as made:
        plan = convening.Plan(
            title="Vergadering over ronde 1",
            held_on=today,
            place="Vergaderzaal 2 en via beeldbellen",
            chair_id=persons[CHAIR].id,
            member_ids=members,
            secretary_id=persons[CLERK].id,
        )
        meeting = convening.make(round_, plan, actor=clerk, now=made)
        agenda.fill(meeting, actor=clerk, now=made)
    with at(now - BEGUN) as begun:
        present = [*members, persons[CHAIR].id, persons[CLERK].id]
        meetings.open_meeting(meeting, present, actor=chair, now=begun)
        first, second, *_ = _on_agenda(meeting)
        deliberation.start(meeting, first, actor=chair, now=begun)
    with at(now - ENDED) as ended:
        item = agenda.lock_item(meeting, first)
        deliberation.write_down(meeting, first, SAID, seen=item.version, actor=clerk, now=ended)
        deliberation.conclude(meeting, first, _conclusion(first), seen="", actor=clerk, now=ended)
        deliberation.end(meeting, first, actor=chair, now=ended)
        _place_higher(meeting, now=ended, persons=persons)
    with at(now - COUNTED) as counted:
        certainty.ask(round_, actor=chair, now=counted)
        db.session.commit()
        work()
    with at(now - LEFT) as left:
        recusals.leave(meeting, second, members[1], reason=RECUSED, actor=chair, now=left)
        deliberation.start(meeting, second, actor=chair, now=left)
        minutes.request(meeting, now=left)
        db.session.commit()
        work()


def _on_agenda(meeting: Meeting) -> list[Application]:
    """The applications in the order in which they are discussed."""
    entries = agenda.agenda_of(meeting, SYSTEM, ordered=True)
    return [db.session.get_one(Application, entry.application_id) for entry in entries]


def _conclusion(application: Application) -> Conclusion:
    """Agree on one score more than the mean, with a reason."""
    rules = definition_of(application.round).rules
    means = scoring.means(rules, application_snapshot(application))
    name, mean = next(
        (name, mean) for name, mean in means.items() if mean is not None and mean.denominator > 1
    )
    agreed = (Decimal(mean.numerator) / mean.denominator).to_integral_value(ROUND_CEILING)
    return Conclusion({name: agreed}, ADVICE, {name: AGREED})


def _place_higher(meeting: Meeting, *, persons: Persons, now: datetime) -> None:
    """Put the third application on the second place."""
    order = priorities.order_of(meeting.round)
    third = db.session.get_one(Application, order.lines[2].application_id)
    chair = people.actor(persons, CHAIR)
    priorities.place(meeting, third, place=2, reason=HIGHER, token=order.token, actor=chair, now=now)
