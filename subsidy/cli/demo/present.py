"""The rounds of today: one in review, one open, one in preparation, dated from the first start."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import click
from sqlalchemy import select

from subsidy import clock
from subsidy.access import actor_of
from subsidy.cli.demo import hearing, people, together
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.words import INTEREST, MEASURE, REASONS, REFUSAL, VERDICT
from subsidy.cli.demo.writing import Plan, write
from subsidy.db import db
from subsidy.models import Application, Review, Round, User
from subsidy.services import applications, assignment, findings, interests, pool, reviews, rounds, screening
from subsidy.services.entries.project import MoneySource, OtherMoneyItem
from subsidy.services.reviews import Draft
from subsidy.services.rounds import RoundValues
from subsidy.services.snapshots import definition_of
from workflows.calendar_nl import propose_working_day
from workflows.definition import RoundDefinition, SectionKind
from workflows.kinds import KINDS

NETWERK = (
    Plan("Zoetermeer", "aanvrager", 4_500_000, themes=("voorkomen", "ouderen")),
    Plan("Den Haag", "aanvrager2", 5_000_000, themes=("verplaatsen", "preventie")),
    Plan("Texel", "aanvrager5", 2_400_000, themes=("vervangen", "digitale-zorg")),
    Plan("Assen", "aanvrager6", 4_000_000, themes=("voorkomen", "positieve-gezondheid")),
    Plan("Heerenveen", "aanvrager7", 3_800_000, themes=("verplaatsen", "ggz")),
    Plan("Twente", "aanvrager3", 5_000_000, themes=("vervangen", "wonen")),
    Plan("Achterhoek", "aanvrager8", 4_800_000, citizens=False),
)
DOORONTWIKKELING = (
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
CLERK = "medewerker"
LAST = "actieplan-1"
# Which reviews were not begun, and which are a draft; the others are handed in, so that there is a ranking.
ENOUGH = 4  # the mean from which a reviewer recommends without changes
UNTOUCHED, UNFINISHED = {4}, {7}


def load(persons: Persons, *, now: datetime) -> None:
    """Make the three rounds as they stand today."""
    today = clock.day_of(now)
    _in_review(persons, today)
    _open(persons, today)
    _in_preparation(persons, today)


def _in_review(persons: Persons, today: date) -> None:
    """netwerk-1: sent in, checked, assigned, and some reviews done."""
    opens, closes = (propose_working_day(_before(today, days)) for days in (70, 34))
    round_ = _published(persons, "netwerk", opens=opens, closes=closes, today=today)
    for number, plan in enumerate(NETWERK):
        with at(moment(_before(today, 60 - 4 * number), 11, 7 * number)) as now:
            actor = people.actor(persons, plan.applicant)
            application = write(round_, plan, actor=actor, now=now)
            if number == 0:
                together.attach_letter(application, actor=actor, now=now)
            together.confirm(application, actor=actor, now=now)
            applications.submit(application, actor=actor, now=now)
            db.session.commit()
            work()
    first = _applications(round_)[0]
    together.write_to_each_other(first, persons, lead=NETWERK[0].applicant, day=_before(today, 28))
    with at(moment(_before(today, 26))) as now:
        findings.screen_round(round_)
    officer = people.actor(persons, CLERK)
    with at(moment(_before(today, 24))) as now:
        for application in _applications(round_):
            failed = any(one.outcome == "fail" for one in findings.findings_of(application))
            screening.give_verdict(
                application,
                "ineligible" if failed else "eligible",
                motivation=REFUSAL if failed else VERDICT,
                actor=officer,
                now=now,
            )
    with at(moment(_before(today, 22))) as now:
        for key, user in persons.items():
            if key.startswith("referent"):
                pool.enrol(round_, user, body="referent", now=now)
        db.session.commit()
    with at(moment(_before(today, 21))) as now:
        due_on = propose_working_day(today + timedelta(days=7))
        spread = assignment.assign_evenly(round_, due_on=due_on, actor=officer, now=now)
        if spread.short:
            raise click.ClickException(f"too few reviewers: {spread.short}")
        assignment.start_reviews(round_, actor=officer, now=now)
        db.session.commit()
        work()
    _review(persons, round_, today)
    hearing.load(persons, _applications(round_), clerk=CLERK, today=today)


def _review(persons: Persons, round_: Round, today: date) -> None:
    """Let the reviewers begin: one declares an interest, most hand in, one has a draft, one did nothing."""
    by_id = {user.id: user for user in persons.values()}
    definition = definition_of(round_)
    for number, review in enumerate(_reviews(round_)):
        reviewer = by_id[review.reviewer_id or 0]
        with at(moment(_before(today, 18 - number), 20, number)) as now:
            if number == 0:
                who = actor_of(reviewer)
                interests.declare_interest(review, nature=INTEREST, measure=MEASURE, actor=who, now=now)
            elif number not in UNTOUCHED:
                _write_review(review, reviewer, number, definition, now=now)


def _write_review(
    review: Review, reviewer: User, number: int, definition: RoundDefinition, *, now: datetime
) -> None:
    """Score and motivate every criterion; now and then one stays a draft."""
    actor = actor_of(reviewer)
    interests.declare_no_interest(review, actor=actor, now=now)
    scores = {
        criterion.id: Decimal(2 + (number * 7 + place * 3 + review.application_id) % 4)
        for place, criterion in enumerate(definition.rules.criteria)
    }
    reasons = {name: REASONS[int(score)] for name, score in scores.items()}
    mean = sum(scores.values()) / len(scores)
    draft = Draft(scores, reasons, recommendation="fund" if mean >= ENOUGH else "fund_with_changes")
    if number in UNFINISHED:
        reviews.save_draft(review, draft, version=review.version, now=now)
    else:
        reviews.hand_in(review, draft, definition=definition, version=review.version, actor=actor, now=now)


def _open(persons: Persons, today: date) -> None:
    """doorontwikkeling-1: one application sent in, and a draft of the demo applicant and a partner."""
    opens, closes = (propose_working_day(today + timedelta(days=days)) for days in (-14, 28))
    round_ = _published(persons, "doorontwikkeling", opens=opens, closes=closes, today=today)
    sent_in, drafted = DOORONTWIKKELING
    with at(moment(_before(today, 5), 15, 20)) as now:
        actor = people.actor(persons, sent_in.applicant)
        application = write(round_, sent_in, actor=actor, now=now)
        together.confirm(application, actor=actor, now=now)
        applications.submit(application, actor=actor, now=now)
        db.session.commit()
        work()
    with at(moment(_before(today, 1), 16, 45)) as now:
        actor = people.actor(persons, drafted.applicant)
        draft = write(round_, drafted, actor=actor, now=now, only=WRITTEN)
    together.gather(draft, persons, lead=drafted.applicant, day=_before(today, 1))
    together.ask_about(round_, persons, day=_before(today, 6))
    work()


def _in_preparation(persons: Persons, today: date) -> None:
    """actieplan-1: nobody but the office sees it."""
    with at(moment(_before(today, 2))) as now:
        opens = propose_working_day(today + timedelta(days=60))
        values = _values("actieplan", opens=opens, closes=opens + timedelta(days=42), published_on=None)
        rounds.create("actieplan", values, actor=people.actor(persons, CLERK), now=now)


def _published(persons: Persons, kind: str, *, opens: date, closes: date, today: date) -> Round:
    officer = people.actor(persons, CLERK)
    announced = propose_working_day(opens - timedelta(days=14))
    with at(moment(announced - timedelta(days=7))) as now:
        values = _values(kind, opens=opens, closes=closes, published_on=announced)
        round_ = rounds.create(kind, values, actor=officer, now=now)
    with at(moment(min(announced, today))) as now:
        rounds.publish(round_, actor=officer, now=now)
    return round_


def _values(kind: str, *, opens: date, closes: date, published_on: date | None) -> RoundValues:
    definition = KINDS[kind]
    return RoundValues(
        slug=f"{kind}-1",
        title=f"{definition.title.nl}, ronde 1",
        number=1,
        opens_at=moment(opens, 9),
        closes_at=moment(closes, 14),
        review_from=moment(propose_working_day(closes + timedelta(days=7)), 9),
        panel_from=moment(propose_working_day(closes + timedelta(days=56)), 9),
        ceiling_cents=definition.default_ceiling_cents // 10,
        official_publication=f"Staatscourant {published_on.year}, demo" if published_on else "",
        officially_published_on=published_on,
        rules=definition.rules,
        supplement_days=definition.terms.supplement_days,
        rebuttal_days=definition.terms.rebuttal_days,
        rebuttal_max_words=definition.terms.rebuttal_max_words,
        uses_rebuttal=definition.uses_rebuttal,
        reviewing=definition.reviewing,
        decision_weeks=definition.terms.decision_weeks,
        signatures_required=definition.signatures_required,
    )


def _applications(round_: Round) -> list[Application]:
    query = select(Application).where(Application.round_id == round_.id).order_by(Application.reference)
    return list(db.session.scalars(query))


def _reviews(round_: Round) -> list[Review]:
    query = select(Review).join(Application).where(Application.round_id == round_.id).order_by(Review.id)
    return list(db.session.scalars(query))


def _before(today: date, days: int) -> date:
    return today - timedelta(days=days)
