"""The worklist of the office: every application by what it waits for.

What an application waits for follows from its state, its reviews and its decision; it is stored nowhere.
A page is found by key through the index on round, state and id, and the counts by group, so neither grows
with the number of applications that do not wait.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select

from subsidy.db import db
from subsidy.models import Application, Decision, Participation, Review, Round, Supplement
from subsidy.services import snapshots
from subsidy.services.deadlines import decision_term_of
from subsidy.services.reach import Reach
from workflows.rules import Rules
from workflows.scoring import reviews_needed
from workflows.states import ApplicationState

PAGE = 50
# Beyond so many files in review the ones that are ready are no longer counted: it would cost every page.
MOST_IN_REVIEW = 1000
S = ApplicationState


class Wait(StrEnum):
    """What an application waits for, in the order in which a round goes through hands."""

    SCREEN = "screen"
    SUPPLEMENT = "supplement"
    ASSIGN = "assign"
    REVIEW = "review"
    REBUTTAL = "rebuttal"
    ADVISE = "advise"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    ANNOUNCE = "announce"


BY_STATE: Mapping[str, Wait] = MappingProxyType(
    {
        S.SUBMITTED: Wait.SCREEN,
        S.SUPPLEMENT_REQUESTED: Wait.SUPPLEMENT,
        S.REBUTTAL: Wait.REBUTTAL,
        S.INELIGIBLE: Wait.PROPOSE,
        S.ADVISED: Wait.PROPOSE,
    }
)
OPEN = (*BY_STATE, S.ELIGIBLE, S.IN_REVIEW)

# Where the list tells how many reviews there are.
REVIEWED = (Wait.ASSIGN, Wait.REVIEW, Wait.ADVISE)

PENDING = (Decision.application_id == Application.id) & Decision.returned_at.is_(None)


@dataclass(frozen=True, slots=True)
class Item:
    """One application in the list. Amounts in euro cents; `last_day` is the end of the term that runs now."""

    id: int
    reference: str
    title: str
    lead: str
    state: str
    round: Round
    requested_cents: int
    received_at: datetime
    last_day: date | None
    days_left: int | None
    reviews_in: int
    reviews_assigned: int
    reviews_needed: int


class Page(NamedTuple):
    """A page of a list, and the key after which the next page begins, if there is one."""

    items: list[Item]
    next_after: int | None


def wait_after(round_: Round, state: str, *, ready: bool) -> Wait | None:
    """Return what an application without a decision waits for; `ready`: it has all reviews that it needs."""
    if state in BY_STATE:
        return BY_STATE[state]
    definition = snapshots.definition_of(round_)
    if state == S.ELIGIBLE and definition.uses_referents:
        return Wait.ASSIGN
    if state == S.IN_REVIEW and not ready:
        return Wait.REVIEW
    if state in {S.ELIGIBLE, S.IN_REVIEW}:
        return Wait.ADVISE if definition.uses_panel else Wait.PROPOSE
    return None


def counts(reach: Reach, rounds: Sequence[Round]) -> dict[Wait, int | None]:
    """Count what waits in these rounds, per wait; None where counting would cost too much. Three queries."""
    known = {round_.id: round_ for round_ in rounds}
    open_files: Counter[tuple[int, str]] = Counter()
    for round_id, state, number in db.session.execute(
        select(Application.round_id, Application.state, func.count())
        .where(reach.within(rounds), Application.state.in_(OPEN))
        .group_by(Application.round_id, Application.state)
    ):
        open_files[round_id, state] = number
    found: Counter[Wait] = Counter()
    for round_id, state, confirmed, number in db.session.execute(_pending_decisions(reach, rounds)):
        found[Wait.ANNOUNCE if confirmed else Wait.CONFIRM] += number
        if (round_id, state) in open_files:
            open_files[round_id, state] -= number
    in_review = sum(number for (_, state), number in open_files.items() if state == S.IN_REVIEW)
    ready = _ready(reach, rounds) if in_review <= MOST_IN_REVIEW else {}
    for (round_id, state), number in open_files.items():
        done = min(ready.get(round_id, 0), number) if state == S.IN_REVIEW else 0
        for part, is_ready in ((done, True), (number - done, False)):
            wait = wait_after(known[round_id], state, ready=is_ready)
            if wait is not None:
                found[wait] += part
    unknown = {Wait.REVIEW, Wait.ADVISE} if in_review > MOST_IN_REVIEW else set()
    return {wait: None if wait in unknown else found[wait] for wait in Wait}


def find_items(
    reach: Reach, rounds: Sequence[Round], wait: Wait, *, today: date, after: int = 0, limit: int = PAGE
) -> Page:
    """Return a page of what waits for this, oldest first, after the application with id `after`."""
    known = {round_.id: round_ for round_ in rounds}
    rows = db.session.execute(
        select(
            Application.id,
            Application.reference,
            Application.title,
            Application.state,
            Application.round_id,
            Application.requested_cents,
            Application.submitted_at,
            Application.completed_at,
            Participation.name.label("lead"),
            Supplement.requested_at,
            Supplement.supplied_at,
            Supplement.expired_at,
            Supplement.last_day,
            Decision.announce_on,
        )
        .outerjoin(Participation, (Participation.application_id == Application.id) & Participation.lead)
        .outerjoin(Supplement, Supplement.application_id == Application.id)
        .outerjoin(Decision, PENDING)
        .where(reach.within(rounds), _condition(wait, rounds), Application.id > after)
        .order_by(Application.id)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    reviews = _reviews([row.id for row in shown] if wait in REVIEWED else [])
    items = [_item(row, known[row.round_id], wait, reviews[row.id], today) for row in shown]
    return Page(items, shown[-1].id if len(rows) > limit else None)


def _condition(wait: Wait, rounds: Sequence[Round]) -> ColumnElement[bool]:
    if wait is Wait.CONFIRM:
        return Decision.confirmed_at.is_(None) & Decision.id.is_not(None) & ~Decision.imported
    if wait is Wait.ANNOUNCE:
        return Decision.confirmed_at.is_not(None) & Decision.announced_at.is_(None) & ~Decision.imported
    states = [state for state, one in BY_STATE.items() if one is wait]
    ways: list[ColumnElement[bool]] = [Application.state.in_(states)] if states else []
    for round_ in rounds:
        here = Application.round_id == round_.id
        if wait_after(round_, S.ELIGIBLE, ready=False) is wait:
            ways.append(here & (Application.state == S.ELIGIBLE))
        for is_ready in (True, False):
            if wait_after(round_, S.IN_REVIEW, ready=is_ready) is wait:
                ready = reviews_in() >= needed(snapshots.definition_of(round_).rules)
                ways.append(here & (Application.state == S.IN_REVIEW) & (ready if is_ready else ~ready))
    return and_(Decision.id.is_(None), or_(false(), *ways))


def _pending_decisions(reach: Reach, rounds: Sequence[Round]) -> Any:
    confirmed = Decision.confirmed_at.is_not(None)
    return (
        select(Application.round_id, Application.state, confirmed, func.count())
        .join(Decision, PENDING)
        .where(reach.within(rounds), Decision.announced_at.is_(None), ~Decision.imported)
        .group_by(Application.round_id, Application.state, confirmed)
    )


def _ready(reach: Reach, rounds: Sequence[Round]) -> dict[int, int]:
    """Count per round the files in review that have all reviews they need, and no decision yet."""
    ready = or_(
        false(),
        *(
            (Application.round_id == one.id) & (reviews_in() >= needed(snapshots.definition_of(one).rules))
            for one in rounds
        ),
    )
    rows = db.session.execute(
        select(Application.round_id, func.count())
        .outerjoin(Decision, PENDING)
        .where(reach.within(rounds), Application.state == S.IN_REVIEW, Decision.id.is_(None), ready)
        .group_by(Application.round_id)
    )
    return {row[0]: row[1] for row in rows}


def reviews_in() -> ColumnElement[int]:
    """Return the number of reviews that count, as SQL beside the application."""
    return (
        select(func.count(Review.id))
        .where(
            Review.application_id == Application.id,
            Review.handed_in_at.is_not(None),
            Review.conflict.is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )


def needed(rules: Rules) -> ColumnElement[int]:
    """Return the number of reviews that the amount asks for, as SQL; see workflows.scoring.reviews_needed."""
    tiers = sorted(rules.reviews_by_amount, key=lambda tier: (tier.from_cents, tier.reviews), reverse=True)
    ways = [(Application.requested_cents >= tier.from_cents, tier.reviews) for tier in tiers]
    return case(*ways, else_=rules.min_reviews) if ways else func.coalesce(rules.min_reviews)


def _reviews(ids: list[int]) -> defaultdict[int, tuple[int, int]]:
    """Count per application the reviews that came in and those that were asked and still stand."""
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    if not ids:
        return found
    counted = func.sum(case((Review.handed_in_at.is_not(None), 1), else_=0))
    rows = db.session.execute(
        select(Review.application_id, counted, func.count())
        .where(Review.application_id.in_(ids), Review.conflict.is_(None))
        .group_by(Review.application_id)
    )
    found.update({application_id: (came_in, asked) for application_id, came_in, asked in rows})
    return found


def _item(
    row: Row[*tuple[Any, ...]], round_: Round, wait: Wait, reviews: tuple[int, int], today: date
) -> Item:
    definition = snapshots.definition_of(round_)
    last_day: date | None
    if wait is Wait.SUPPLEMENT:
        last_day = row.last_day
    elif wait is Wait.ANNOUNCE:
        last_day = row.announce_on
    else:
        supplement = row if row.requested_at is not None else None
        last_day = decision_term_of(
            round_, definition, submitted_at=row.submitted_at, supplement=supplement, today=today
        ).last_day
    return Item(
        id=row.id,
        reference=row.reference,
        title=row.title,
        lead=row.lead or "",
        state=row.state,
        round=round_,
        requested_cents=row.requested_cents,
        received_at=row.completed_at or row.submitted_at,
        last_day=last_day,
        days_left=None if last_day is None else (last_day - today).days,
        reviews_in=reviews[0],
        reviews_assigned=reviews[1],
        reviews_needed=reviews_needed(definition.rules, row.requested_cents),
    )
