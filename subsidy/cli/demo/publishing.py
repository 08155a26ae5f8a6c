"""A round of the demo as the office makes it, what comes in for it, and the check of that."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from subsidy.cli.demo import people, together
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.words import REFUSAL, VERDICT
from subsidy.cli.demo.writing import Plan, write
from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import applications, findings, rounds, screening
from subsidy.services.rounds import RoundValues
from workflows.calendar_nl import propose_working_day
from workflows.kinds import KINDS

# Who of the office does the work of these rounds.
CLERK = "medewerker"


def published(
    persons: Persons,
    kind: str,
    number: int = 1,
    *,
    opens: date,
    closes: date,
    today: date,
    ceiling_cents: int | None = None,
    shows_certainty: bool = False,
) -> Round:
    """Make a round and publish it two weeks before it opens."""
    officer = people.actor(persons, CLERK)
    announced = propose_working_day(opens - timedelta(days=14))
    with at(moment(announced - timedelta(days=7))) as now:
        values = values_of(
            kind,
            number,
            opens=opens,
            closes=closes,
            published_on=announced,
            ceiling_cents=ceiling_cents,
            shows_certainty=shows_certainty,
        )
        round_ = rounds.create(kind, values, actor=officer, now=now)
    with at(moment(min(announced, today))) as now:
        rounds.publish(round_, actor=officer, now=now)
    return round_


def values_of(
    kind: str,
    number: int,
    *,
    opens: date,
    closes: date,
    published_on: date | None,
    ceiling_cents: int | None = None,
    shows_certainty: bool = False,
) -> RoundValues:
    """Give what the office fills in: the rules of the kind, and a tenth of its ceiling when none is named."""
    definition = KINDS[kind]
    return RoundValues(
        slug=f"{kind}-{number}",
        title=f"{definition.title.nl}, ronde {number}",
        number=number,
        opens_at=moment(opens, 9),
        closes_at=moment(closes, 14),
        review_from=moment(propose_working_day(closes + timedelta(days=7)), 9),
        panel_from=moment(propose_working_day(closes + timedelta(days=56)), 9),
        ceiling_cents=ceiling_cents or definition.default_ceiling_cents // 10,
        official_publication=f"Staatscourant {published_on.year}, demo" if published_on else "",
        officially_published_on=published_on,
        rules=definition.rules,
        supplement_days=definition.terms.supplement_days,
        rebuttal_days=definition.terms.rebuttal_days,
        rebuttal_max_words=definition.terms.rebuttal_max_words,
        uses_rebuttal=definition.uses_rebuttal,
        reviewing=definition.reviewing.model_copy(update={"shows_certainty": shows_certainty}),
        decision_weeks=definition.terms.decision_weeks,
        signatures_required=definition.signatures_required,
    )


def send_in(round_: Round, plans: Sequence[Plan], persons: Persons, *, first: date) -> None:
    """Let each collaboration write its application and send it in, from `first` on every fourth day.

    The first adds a letter of support.
    """
    for number, plan in enumerate(plans):
        with at(moment(first + timedelta(days=4 * number), 11, 7 * number)) as now:
            actor = people.actor(persons, plan.applicant)
            application = write(round_, plan, actor=actor, now=now)
            if number == 0:
                together.attach_letter(application, actor=actor, now=now)
            submit(application, persons, plan, now=now)


def submit(application: Application, persons: Persons, plan: Plan, *, now: datetime) -> None:
    """Sign for all who take part, and send in."""
    actor = people.actor(persons, plan.applicant)
    together.confirm(application, actor=actor, now=now)
    applications.submit(application, actor=actor, now=now)
    db.session.commit()
    work()


def screen(round_: Round, persons: Persons, *, day: date) -> None:
    """Check what came in, and say two days later what of it can be reviewed."""
    with at(moment(day)):
        findings.screen_round(round_)
    with at(moment(day + timedelta(days=2))) as now:
        for application in applications_of(round_):
            failed = any(one.outcome == "fail" for one in findings.findings_of(application))
            screening.give_verdict(
                application,
                "ineligible" if failed else "eligible",
                motivation=REFUSAL if failed else VERDICT,
                actor=people.actor(persons, CLERK),
                now=now,
            )


def applications_of(round_: Round) -> list[Application]:
    """Give the applications of a round by reference."""
    query = select(Application).where(Application.round_id == round_.id).order_by(Application.reference)
    return list(db.session.scalars(query))


def before(today: date, days: int) -> date:
    """Give the day so many days before today."""
    return today - timedelta(days=days)
