"""Rounds as everybody may see them: what is open, what is coming, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Round
from subsidy.services import exhaustion, standing
from subsidy.services.snapshots import definition_of
from workflows.definition import RoundDefinition
from workflows.states import Phase, RoundState

ASSESSED = (Phase.CLOSED, Phase.REVIEW, Phase.PANEL)
DONE = (Phase.DECIDED, Phase.EVALUATED)


@dataclass(frozen=True, slots=True)
class Call:
    """A published round with where it stands now and the definition that it carries.

    `used_up_on` is the day since which its money is used up, None while there is some.
    """

    round: Round
    phase: Phase
    definition: RoundDefinition
    used_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """Published rounds by where they stand: what closes or opens first comes first, then the latest."""

    open: tuple[Call, ...]
    coming: tuple[Call, ...]
    assessed: tuple[Call, ...]
    done: tuple[Call, ...]

    def __bool__(self) -> bool:
        """Whether there is any round at all."""
        return bool(self.open or self.coming or self.assessed or self.done)


def list_calls(now: datetime) -> Calls:
    """Give every published round; one query, and one where a round serves in order of receipt."""
    rounds = db.session.scalars(
        select(Round).where(Round.state != RoundState.DRAFT.value).order_by(Round.opens_at, Round.id)
    ).all()
    used_up = exhaustion.since_in(rounds)
    calls = [_call(round_, now, used_up.get(round_.id)) for round_ in rounds]
    return Calls(
        open=tuple(sorted(_in(calls, [Phase.OPEN]), key=lambda one: one.round.closes_at)),
        coming=tuple(_in(calls, [Phase.ANNOUNCED])),
        assessed=tuple(reversed(_in(calls, ASSESSED))),
        done=tuple(reversed(_in(calls, DONE))),
    )


def call_of(round_: Round, now: datetime) -> Call:
    """Give one round as a call."""
    return _call(round_, now, exhaustion.since(round_))


def _call(round_: Round, now: datetime, used_up_on: date | None) -> Call:
    return Call(round_, standing.phase_of(round_, now), definition_of(round_), used_up_on)


def _in(calls: Iterable[Call], phases: Iterable[Phase]) -> list[Call]:
    wanted = frozenset(phases)
    return [one for one in calls if one.phase in wanted]
