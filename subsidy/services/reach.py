"""How far a person of the office reaches: the rounds in their lists, and the files that are left out.

A list never asks the policy row by row. It starts from the person: the rounds on which they hold a role,
without those in which they take part themselves, and without the files on which they have an interest
(Awb 2:4) or for which they left the room.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    exists,
    false,
    or_,
    select,
    union,
)

from subsidy.db import db
from subsidy.models import Application, Interest, Membership, Recusal, Round
from workflows.permissions import Actor, Role, rounds_of
from workflows.states import ApplicationState, RoundState

OFFICE = (Role.OFFICER, Role.CHAIR, Role.FINANCE, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Reach:
    """Rounds, earliest opening first, and the ids of applications that this person may not see."""

    rounds: tuple[Round, ...]
    hidden: tuple[int, ...]

    def within(self, rounds: Collection[Round] | None = None) -> ColumnElement[bool]:
        """Be sent in to one of these rounds (all, unless some are named) and not be hidden."""
        ids = [one.id for one in (self.rounds if rounds is None else rounds)]
        if not ids:
            return false()
        named = Application.round_id == ids[0] if len(ids) == 1 else Application.round_id.in_(ids)
        shown = named & (Application.state != ApplicationState.DRAFT)
        return shown & Application.id.not_in(self.hidden) if self.hidden else shown


def is_live(interest: type[Interest] = Interest) -> ColumnElement[bool]:
    """The condition that an interest bars: no chair dismissed it."""
    return or_(interest.decision.is_(None), interest.decision == "upheld")


def hidden_query(me: int | BindParameter[int] | None) -> CompoundSelect[int]:
    """Return the query for the ids of the applications that a person may not see now.

    An interest hides a file for good, unless the chair dismisses it; a recusal while it is discussed.
    """
    return union(
        select(Interest.application_id).where(Interest.user_id == me, is_live()),
        select(Recusal.application_id).where(Recusal.user_id == me, Recusal.until_at.is_(None)),
    )


# Put together once: every list of the office asks it.
HIDDEN = hidden_query(bindparam("me", type_=Integer))


def rounds_for(actor: Actor, *roles: Role) -> Select[Round]:
    """Return the query for the rounds on which this person holds one of these roles and takes no part."""
    return _without_own(actor.user_id, rounds_of(actor, *roles))


def _without_own(user_id: int | None, ids: frozenset[int] | None) -> Select[Round]:
    query = select(Round).where(
        ~exists().where(
            Membership.user_id == user_id,
            Membership.application_id == Application.id,
            Application.round_id == Round.id,
        ),
        ~exists().where(
            Interest.user_id == user_id,
            Interest.extent == "round",
            is_live(),
            Interest.application_id == Application.id,
            Application.round_id == Round.id,
        ),
    )
    return query if ids is None else query.where(Round.id.in_(ids))


def hidden_from(actor: Actor) -> tuple[int, ...]:
    """Return the ids of the applications that this person may not see now."""
    return tuple(sorted(db.session.scalars(HIDDEN, {"me": actor.user_id})))


def reach_of(actor: Actor, *roles: Role) -> Reach:
    """Return the rounds that are being worked on, and what is hidden in them; two queries."""
    found = db.session.scalars(_published(actor.user_id, rounds_of(actor, *roles)))
    return Reach(tuple(found), hidden_from(actor))


@lru_cache(maxsize=256)
def _published(user_id: int | None, ids: frozenset[int] | None) -> Select[Round]:
    """Return the query of a worklist; building it costs more than running it, so it is kept."""
    query = _without_own(user_id, ids).where(Round.state == RoundState.PUBLISHED)
    return query.order_by(Round.opens_at, Round.id)
