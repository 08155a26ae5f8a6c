"""Rounds as an officer sees them: in a list, and one with how far it is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import standing
from subsidy.services.reach import OFFICE, hidden_query, rounds_for
from workflows.permissions import Actor, Role
from workflows.states import ApplicationState, Phase, RoundState

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One round in the list. `money_hidden`: this person has an interest in it, and it is not decided yet."""

    round: Round
    phase: Phase
    received: int
    open: int
    money_hidden: bool


class Page(NamedTuple):
    """A page of rounds, and the id after which the next page begins, if there is one."""

    lines: list[Line]
    next_after: int | None


CLOSED_STATES = {
    ApplicationState.AWARDED,
    ApplicationState.REJECTED,
    ApplicationState.NOT_PROCESSED,
    ApplicationState.WITHDRAWN,
}


def find_rounds(actor: Actor, *, now: datetime, after: int | None = None, limit: int = PAGE) -> Page:
    """Return the rounds of this person, latest opening first, after the round with this id."""
    query = rounds_for(actor, *OFFICE, Role.EVALUATOR).order_by(Round.opens_at.desc(), Round.id.desc())
    if after is not None:
        opened = select(Round.opens_at).where(Round.id == after).scalar_subquery()
        query = query.where(or_(Round.opens_at < opened, and_(Round.opens_at == opened, Round.id < after)))
    rounds = list(db.session.scalars(query.limit(limit + 1)))
    shown = rounds[:limit]
    numbers = _counted([one.id for one in shown], actor, drafts=False)
    barred = set(
        db.session.scalars(
            select(Application.round_id).where(Application.id.in_(hidden_query(actor.user_id)))
        )
    )
    lines = [
        Line(
            round=one,
            phase=standing.phase_of(one, now),
            received=sum(numbers[one.id].values()),
            open=sum(n for state, n in numbers[one.id].items() if state not in CLOSED_STATES),
            money_hidden=one.id in barred and not standing.decisions_announced(one),
        )
        for one in shown
    ]
    return Page(lines, shown[-1].id if len(rounds) > limit else None)


def numbers_of(round_: Round, actor: Actor) -> Mapping[str, int]:
    """Count the applications of a round per state, in the order of their life; drafts too, as a number.

    What this person may not see is not counted: a number that moves tells where it stands.
    """
    counted = _counted([round_.id], actor, drafts=True)[round_.id]
    return {state.value: counted[state] for state in ApplicationState if state in counted}


def _counted(ids: list[int], actor: Actor, *, drafts: bool) -> defaultdict[int, dict[str, int]]:
    query = (
        select(Application.round_id, Application.state, func.count())
        .where(Application.round_id.in_(ids), Application.id.not_in(hidden_query(actor.user_id)))
        .group_by(Application.round_id, Application.state)
    )
    if not drafts:
        query = query.where(Application.state != ApplicationState.DRAFT)
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for round_id, state, number in db.session.execute(query):
        found[round_id][state] = number
    return found


def is_running(round_: Round) -> bool:
    """Whether the office works on this round: published and not yet closed."""
    return round_.state == RoundState.PUBLISHED
