"""The rounds of today: one open and one in preparation, after those in which people decide and review."""

from datetime import date, datetime, timedelta

from subsidy import clock
from subsidy.cli.demo import (
    committee,
    decided,
    deciding,
    in_order,
    letters,
    people,
    pool,
    publishing,
    reviewed,
    reviewing,
    together,
)
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK, before
from subsidy.cli.demo.writing import Plan, write
from subsidy.services import rounds
from subsidy.services.entries.project import MoneySource, OtherMoneyItem
from workflows.calendar_nl import propose_working_day
from workflows.definition import SectionKind

PLANS = (
    Plan(
        "Mijnstreek",
        "aanvrager4",
        7_500_000,
        months=24,
        themes=("voorkomen", "jeugd"),
        predecessor="JZOJP-RB-009",
        regiobeeld="https://www.example.nl/regiobeeld-mijnstreek",
    ),
    Plan(
        "Zoetermeer",
        "aanvrager",
        6_000_000,
        months=24,
        predecessor="JZOJP-RB-001",
        regiobeeld="JZOJP-RB-001",
        aid_cents=10_000_000,
        other_money=(OtherMoneyItem(MoneySource.IZA, "Transformatieplan Haaglanden", 2_500_000),),
    ),
)
# The demo applicant still has to write the plan and to add files.
WRITTEN = (SectionKind.PROJECT, SectionKind.PARTNERS, SectionKind.REGION, SectionKind.BUDGET)
DECLINED = "Ik ben tot het einde van het jaar met verlof."
LAST = "actieplan-1"


def load(persons: Persons, *, now: datetime) -> None:
    """Make the rounds as they stand today."""
    today = clock.day_of(now)
    pool.introduce(persons, day=before(today, 95))
    decided.load(persons, today=today)
    deciding.load(persons, today=today, now=now)
    committee.load(persons, today=today, now=now)
    reviewed.load(persons, today=today)
    in_order.load(persons, today=today)
    _open(persons, today)
    letters.read(persons, today=today)
    letters.translate(persons, today=today)
    _in_preparation(persons, today)


def _open(persons: Persons, today: date) -> None:
    """doorontwikkeling-1: one application sent in, and a draft of the demo applicant and a partner.

    Who will review is asked already. One referent did not answer yet and one cannot; the others try out
    how to score.
    """
    opens, closes = (propose_working_day(today + timedelta(days=days)) for days in (-14, 28))
    round_ = publishing.published(persons, "doorontwikkeling", opens=opens, closes=closes, today=today)
    sent_in, drafted = PLANS
    pool.ask(
        round_,
        persons,
        ("referent1", "referent2", "referent3", "referent6"),
        "referent",
        day=before(today, 8),
        waiting=("referent1",),
        declined={"referent6": DECLINED},
    )
    pool.ask(round_, persons, ("commissielid1",), "committee", day=before(today, 8))
    with at(moment(before(today, 5), 15, 20)) as now:
        actor = people.actor(persons, sent_in.applicant)
        application = write(round_, sent_in, actor=actor, now=now)
        publishing.submit(application, persons, sent_in, now=now)
    reviewing.try_out(round_, persons, ("referent2",), day=before(today, 4))
    with at(moment(before(today, 1), 16, 45)) as now:
        actor = people.actor(persons, drafted.applicant)
        draft = write(round_, drafted, actor=actor, now=now, only=WRITTEN)
    together.gather(draft, persons, lead=drafted.applicant, day=before(today, 1))
    together.ask_about(round_, persons, day=before(today, 6))
    work()


def _in_preparation(persons: Persons, today: date) -> None:
    """actieplan-1: nobody but the office sees it."""
    with at(moment(before(today, 2))) as now:
        opens = propose_working_day(today + timedelta(days=60))
        closes = opens + timedelta(days=42)
        values = publishing.values_of("actieplan", 1, opens=opens, closes=closes, published_on=None)
        rounds.create("actieplan", values, actor=people.actor(persons, CLERK), now=now)
