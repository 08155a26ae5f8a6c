"""The questions that the worklist asks the database.

Building one costs more than running it, so each is kept for the same rounds, rules and hidden files.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)

from subsidy.models import Application, Decision, Participation, Rebuttal, Review, Round, Supplement
from subsidy.services import snapshots
from subsidy.services.deadlines import delayed_to
from subsidy.services.in_force import latest
from subsidy.services.reach import Reach
from subsidy.services.waits import BY_STATE, OPEN, Wait, wait_after
from workflows.rules import Rules
from workflows.states import ApplicationState

S = ApplicationState
MOST_KEPT = 512
PENDING = (Decision.application_id == Application.id) & latest()

_KEPT: dict[tuple[object, ...], Select[*tuple[Any, ...]]] = {}


def kept(
    build: Callable[..., Select[*tuple[Any, ...]]], reach: Reach, rounds: Sequence[Round], *more: object
) -> Select[*tuple[Any, ...]]:
    """Return `build(reach, rounds, *more)`, built once for the same rounds, rules and hidden files."""
    key = (build, tuple((one.id, one.definition_digest) for one in rounds), reach.hidden, *more)
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = build(reach, rounds, *more)
    return _KEPT[key]


def page_of(reach: Reach, rounds: Sequence[Round], wait: Wait) -> Select[*tuple[Any, ...]]:
    """Return a page of what waits for this, oldest first; parameters `after` (an id) and `most` (rows)."""
    return (
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
            delayed_to(Application.id).label("delayed_to"),
        )
        .outerjoin(Participation, (Participation.application_id == Application.id) & Participation.lead)
        .outerjoin(Supplement, Supplement.application_id == Application.id)
        .outerjoin(Decision, PENDING)
        .where(reach.within(rounds), condition(wait, rounds), Application.id > bindparam("after"))
        .order_by(Application.id)
        .limit(bindparam("most", type_=Integer))
    )


def condition(wait: Wait, rounds: Sequence[Round]) -> ColumnElement[bool]:
    """Wait for this, and have no decision under way unless that is what waits."""
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
        ready = reviews_in() >= needed(snapshots.definition_of(round_).rules)
        for part, is_ready, is_heard in _parts(round_, ready):
            if wait_after(round_, S.IN_REVIEW, ready=is_ready, heard=is_heard) is wait:
                ways.append(here & (Application.state == S.IN_REVIEW) & part)
    return and_(Decision.id.is_(None), or_(false(), *ways))


def _parts(round_: Round, ready: ColumnElement[bool]) -> tuple[tuple[ColumnElement[bool], bool, bool], ...]:
    """Divide what is in review: as SQL, whether it has its reviews, and whether its rebuttal was held."""
    if not snapshots.definition_of(round_).holds_rebuttal:
        return (ready, True, True), (~ready, False, True)
    return (ready & heard(), True, True), (ready & ~heard(), True, False), (~ready, False, True)


def open_files(reach: Reach, rounds: Sequence[Round]) -> Select[*tuple[Any, ...]]:
    """Count the files that are open, per round and state."""
    return (
        select(Application.round_id, Application.state, func.count())
        .where(reach.within(rounds), Application.state.in_(OPEN))
        .group_by(Application.round_id, Application.state)
    )


def pending_decisions(reach: Reach, rounds: Sequence[Round]) -> Select[*tuple[Any, ...]]:
    """Count the files with a decision under way, per round, state and whether it was confirmed."""
    confirmed = Decision.confirmed_at.is_not(None)
    return (
        select(Application.round_id, Application.state, confirmed, func.count())
        .join(Decision, PENDING)
        .where(reach.within(rounds), Decision.announced_at.is_(None), ~Decision.imported)
        .group_by(Application.round_id, Application.state, confirmed)
    )


def ready_files(reach: Reach, rounds: Sequence[Round]) -> Select[*tuple[Any, ...]]:
    """Count the files in review with all reviews they need and no decision: per round, heard or not."""
    ready = or_(
        false(),
        *(
            (Application.round_id == one.id) & (reviews_in() >= needed(snapshots.definition_of(one).rules))
            for one in rounds
        ),
    )
    held = heard()
    return (
        select(Application.round_id, held, func.count())
        .outerjoin(Decision, PENDING)
        .where(reach.within(rounds), Application.state == S.IN_REVIEW, Decision.id.is_(None), ready)
        .group_by(Application.round_id, held)
    )


def heard() -> ColumnElement[bool]:
    """Have sent the reports for rebuttal, as SQL beside the application."""
    return exists().where(Rebuttal.application_id == Application.id)


def reviews_in() -> ColumnElement[int]:
    """Return the number of reviews that count, as SQL beside the application."""
    return (
        select(func.count(Review.id))
        .where(
            Review.application_id == Application.id,
            Review.handed_in_at.is_not(None),
            Review.conflict.is_(None),
            Review.released_at.is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )


def needed(rules: Rules) -> ColumnElement[int]:
    """Return the number of reviews that the amount asks for, as SQL; see workflows.scoring.reviews_needed."""
    tiers = sorted(rules.reviews_by_amount, key=lambda tier: (tier.from_cents, tier.reviews), reverse=True)
    ways = [(Application.requested_cents >= tier.from_cents, tier.reviews) for tier in tiers]
    return case(*ways, else_=rules.min_reviews) if ways else literal(rules.min_reviews)
