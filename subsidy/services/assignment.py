"""Asking people to review, one application or many at once, and beginning the review."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

from sqlalchemy import select

from subsidy.db import LOCK, db
from subsidy.models import Application, Review, Round, User
from subsidy.services import assignable, assignment_problem, events, mail, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.interest_warnings import live_interests_in
from subsidy.services.snapshots import definition_of
from workflows.calendar_nl import AMSTERDAM, day_of
from workflows.permissions import Actor, Can, may
from workflows.states import ApplicationState

LAST_MINUTE = time(23, 59)


class AssignmentError(Exception):
    """An assignment is refused: a stable code (`not_a_reviewer`, `interest`, `not_assignable`, `begun`)."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Spread:
    """What dividing gave: how many assignments were made, and which files still lack reviewers."""

    made: int
    short: tuple[str, ...]


def assign(
    application: Application, reviewers: Collection[int], *, due_on: date, actor: Actor, now: datetime
) -> int:
    """Ask these people to review, until the end of the day `due_on`; returns how many were new.

    Raises AssignmentError `not_assignable`, `not_a_reviewer` for who may not review in this round, or
    `interest` for who has one in this application; NotAllowedError.
    """
    _ask(application, actor, now)
    db.session.refresh(application, with_for_update=LOCK)
    if application.state not in assignable.ASSIGNABLE:
        raise AssignmentError("not_assignable")
    known = {one.user.id: one for one in assignable.find_reviewers(application.round)}
    strange = sorted(set(reviewers) - set(known))
    if strange:
        raise AssignmentError("not_a_reviewer", ids=strange)
    barred = {user_id for file, user_id in live_interests_in(application.round) if file == application.id}
    if barred & set(reviewers):
        raise AssignmentError("interest")
    taken = assignable.get_file(application).taken()
    wanted = [known[user_id].user for user_id in known if user_id in reviewers and user_id not in taken]
    made = _make({application: wanted}, due_on, actor, now)
    _tell(application.round, made, due_on, now)
    return sum(len(reviews) for reviews in made.values())


def assign_evenly(round_: Round, *, due_on: date, actor: Actor, now: datetime) -> Spread:
    """Give every application the reviewers that it still lacks, as a proposal that nobody changed would.

    For where nobody looks at a proposal first: a demonstration, a test. It solves inside the transaction.
    Raises NotAllowedError when this person manages no assignments in the round.
    """
    from workflows.assignment_solver import solve  # heavy, and no page needs it

    db.session.refresh(round_, with_for_update=LOCK)
    if not may(actor, Can.ROUND_EDIT, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.ASSIGNMENT_MANAGE)
    choices = assignment_problem.usual_choices(round_, due_on)
    found = solve(assignment_problem.read(round_, actor, choices, today=day_of(now)))
    new = [(one.file, one.reviewer) for one in found.pairs if not one.kept]
    made = ask(round_, new, due_on=due_on, actor=actor, now=now)
    references = select(Application.reference).where(Application.id.in_([one.file for one in found.missing]))
    return Spread(made, tuple(sorted(str(one) for one in db.session.scalars(references))))


def ask(round_: Round, pairs: Iterable[tuple[int, int]], *, due_on: date, actor: Actor, now: datetime) -> int:
    """Ask people for applications, as (application, person); that this may be is for the caller to know.

    Locks the applications. One mail for each person, however many files it is about; returns how many
    reviews were asked.
    """
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for application_id, user_id in sorted(pairs):
        wanted[application_id].append(user_id)
    ids = {user_id for people in wanted.values() for user_id in people}
    people = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(ids)))}
    rows = db.session.scalars(
        select(Application)
        .where(Application.id.in_(list(wanted)))
        .order_by(Application.id)
        .with_for_update(key_share=True)
    )
    made = _make({row: [people[one] for one in wanted[row.id]] for row in rows}, due_on, actor, now)
    _tell(round_, made, due_on, now)
    return sum(len(reviews) for reviews in made.values())


def remove(review_id: int, application: Application, *, actor: Actor, now: datetime) -> bool:
    """Take an assignment back that has not begun; False when it is not there (any more).

    Raises AssignmentError `begun` once the reviewer declared anything: that stays on the file.
    """
    _ask(application, actor, now)
    review = db.session.scalars(
        select(Review)
        .where(Review.id == review_id, Review.application_id == application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if review is None:
        return False
    if review.declared_at is not None or review.handed_in_at is not None or review.conflict is not None:
        raise AssignmentError("begun")
    _record("review.unassigned", application, [review.reviewer], actor, now)
    db.session.delete(review)
    db.session.flush()
    return True


def start_review(application: Application, *, actor: Actor, now: datetime) -> None:
    """Begin the review of one application.

    Raises AssignmentError `without_referents` where the kind has none, `too_few`; TransitionError,
    NotAllowedError.
    """
    if not definition_of(application.round).uses_referents:
        raise AssignmentError("without_referents")
    file = assignable.get_file(application)
    if file.short and application.state == ApplicationState.ELIGIBLE:
        raise AssignmentError("too_few", short=file.short)
    advance(application, "start_review", actor=actor, now=now, record={"reviewers": file.standing})


def start_reviews(round_: Round, *, actor: Actor, now: datetime) -> int:
    """Begin the review of every eligible application that has its reviewers; returns how many."""
    if not definition_of(round_).uses_referents:
        return 0
    files, _more = assignable.find_files(actor, round_, limit=None)
    ready = [one.id for one in files if one.state == ApplicationState.ELIGIBLE and not one.short]
    query = (
        select(Application)
        .where(Application.id.in_(ready))
        .order_by(Application.id)
        .with_for_update(key_share=True)
    )
    begun = 0
    for application in db.session.scalars(query).all():
        if application.state == ApplicationState.ELIGIBLE:
            advance(application, "start_review", actor=actor, now=now)
            begun += 1
    return begun


def due_at(due_on: date) -> datetime:
    """Return the end of the day in Amsterdam until which a review is asked."""
    return datetime.combine(due_on, LAST_MINUTE, AMSTERDAM)


def _make(
    wanted: Mapping[Application, Sequence[User]], due_on: date, actor: Actor, now: datetime
) -> dict[int, list[Review]]:
    """Write the assignments, with one event per application; by the id of the reviewer.

    Who laid down a review of the same application earlier takes it up again, with what they wrote.
    """
    made: defaultdict[int, list[Review]] = defaultdict(list)
    released = _released(wanted)
    for application, people in wanted.items():
        new = []
        for user in people:
            review = released.get((application.id, user.id))
            if review is None:
                # A name for outside this office, where nobody needs to know who it was.
                review = Review(
                    application_id=application.id, reviewer=f"referent-{user.id}", reviewer_id=user.id
                )
                db.session.add(review)
            review.released_at = None
            review.assigned_by, review.assigned_at, review.due_at = actor.user_id, now, due_at(due_on)
            made[user.id].append(review)
            new.append(review)
        if new:
            _record("review.assigned", application, [review.reviewer for review in new], actor, now)
    db.session.flush()
    return made


def _released(wanted: Mapping[Application, Sequence[User]]) -> dict[tuple[int, int | None], Review]:
    """Give the reviews of these applications that were laid down, by application and reviewer."""
    query = select(Review).where(
        Review.application_id.in_([application.id for application in wanted]),
        Review.released_at.is_not(None),
    )
    return {(row.application_id, row.reviewer_id): row for row in db.session.scalars(query)}


def _tell(round_: Round, made: Mapping[int, Sequence[Review]], due_on: date, now: datetime) -> None:
    """One mail per reviewer, however many files it is about."""
    people = db.session.scalars(select(User).where(User.id.in_(list(made))).order_by(User.id))
    for user in people:
        reviews = made[user.id]
        mail.compose(
            # Who took up what they laid down is told again.
            f"assigned:{user.id}:{reviews[0].id}:{now:%Y%m%d%H%M%S}",
            recipient=user.email,
            template="assigned",
            context={"user": user, "round": round_, "number": len(reviews), "due_on": due_on},
            now=now,
            locale=user.locale,
        )


def _ask(application: Application, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.ASSIGNMENT_MANAGE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.ASSIGNMENT_MANAGE)


def _record(
    name: str, application: Application, reviewers: Sequence[str], actor: Actor, now: datetime
) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"reviewers": list(reviewers)},
    )
