"""The review in the demo: a trial application, who reviews what, what they write, and their interests."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from decimal import Decimal

import click
from sqlalchemy import select

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK, before
from subsidy.cli.demo.words import CASE, CASE_TITLE, REASONS
from subsidy.db import db
from subsidy.models import Application, Calibration, Interest, Review, Round, User
from subsidy.services import assignment, calibration, interest_decisions, interest_rounds, interests, reviews
from subsidy.services.calibration import Scored
from subsidy.services.grants import actor_of
from subsidy.services.reviews import Draft
from subsidy.services.snapshots import definition_of
from workflows.definition import RoundDefinition

ENOUGH = 4  # the mean from which a reviewer recommends without changes
# The score of the reviewer with this number on the criterion on this place.
Score = Callable[[int, int], int]


def declare(round_: Round, persons: Persons, keys: Collection[str], *, day: date) -> None:
    """Let these people of the office and the committee say that they have no other interest."""
    with at(moment(day, 8, 45)) as now:
        for key in keys:
            seen = interest_rounds.shown(round_)
            actor = people.actor(persons, key)
            interest_rounds.declare_round(round_, seen, why="", actor=actor, now=now)


def decide(interest: Interest, persons: Persons, *, reason: str, measure: str, day: date) -> None:
    """Let the chair uphold an interest."""
    with at(moment(day, 12, 10)) as now:
        actor = people.actor(persons, "voorzitter")
        interest_decisions.decide(
            interest, outcome="upheld", reason=reason, measure=measure, actor=actor, now=now
        )
        db.session.commit()
        work()


def try_out(round_: Round, persons: Persons, scorers: Collection[str], *, day: date) -> Calibration:
    """Put a trial application before everybody who serves; these people hand in two days later."""
    with at(moment(day, 10, 45)) as now:
        trial = calibration.open_calibration(
            round_,
            title=CASE_TITLE,
            case_text=CASE,
            due_on=day + timedelta(days=10),
            actor=people.actor(persons, CLERK),
            now=now,
        )
        db.session.commit()
        work()
    criteria = definition_of(round_).rules.criteria
    with at(moment(day + timedelta(days=2), 21)) as now:
        for number, key in enumerate(scorers):
            scores = {one.id: 2 + (number + 2 * place) % 4 for place, one in enumerate(criteria)}
            given = Scored(
                {name: Decimal(score) for name, score in scores.items()},
                {name: REASONS[score] for name, score in scores.items()},
            )
            actor = people.actor(persons, key)
            calibration.save(trial, given, version=0, hand_in=True, actor=actor, now=now)
    return trial


def assign(round_: Round, persons: Persons, *, day: date, due_on: date) -> None:
    """Divide the applications over the referents, and begin."""
    officer = people.actor(persons, CLERK)
    with at(moment(day)) as now:
        spread = assignment.assign_evenly(round_, due_on=due_on, actor=officer, now=now)
        if spread.short:
            raise click.ClickException(f"too few reviewers: {spread.short}")
        assignment.start_reviews(round_, actor=officer, now=now)
        db.session.commit()
        work()


def review(
    round_: Round,
    persons: Persons,
    *,
    score: Score,
    first: date,
    leave_out: Collection[int] = (),
    unfinished: Collection[int] = (),
) -> None:
    """Let the reviewers write, one a day from `first` on; the numbers count the reviews of the round.

    Those to leave out are not begun, the unfinished ones stay a draft, all others are handed in.
    """
    by_id = {user.id: user for user in persons.values()}
    for number, one in enumerate(reviews_of(round_)):
        if number not in leave_out:
            reviewer = by_id[one.reviewer_id or 0]
            with at(moment(before(first, -number), 20, number)) as now:
                interests.declare_no_interest(one, actor=actor_of(reviewer), now=now)
                draft = _draft(definition_of(round_), number, score)
                _keep(one, reviewer, draft, hand_in=number not in unfinished, now=now)


def reviews_of(round_: Round) -> list[Review]:
    """Give the reviews that were asked in a round, in that order."""
    query = select(Review).join(Application).where(Application.round_id == round_.id).order_by(Review.id)
    return list(db.session.scalars(query))


def _draft(definition: RoundDefinition, number: int, score: Score) -> Draft:
    """Score and motivate every criterion, and recommend what the mean says."""
    scores = {one.id: Decimal(score(number, place)) for place, one in enumerate(definition.rules.criteria)}
    reasons = {name: REASONS[int(given)] for name, given in scores.items()}
    mean = sum(scores.values()) / len(scores)
    return Draft(scores, reasons, recommendation="fund" if mean >= ENOUGH else "fund_with_changes")


def _keep(one: Review, reviewer: User, draft: Draft, *, hand_in: bool, now: datetime) -> None:
    if not hand_in:
        reviews.save_draft(one, draft, version=one.version, now=now)
        return
    definition = definition_of(one.application.round)
    reviews.hand_in(one, draft, definition=definition, version=one.version, actor=actor_of(reviewer), now=now)
