"""The applications of a round with the decision on each, as a list that can be narrowed, and its counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from subsidy.db import db
from subsidy.models import Application, Decision, Participation, Round
from subsidy.services import letter_drawing
from subsidy.services.decisions import Stage
from subsidy.services.in_force import latest
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState

# Where an application stands that has no decision: it waits for a proposal, or asks for none any more.
NONE, WITHDRAWN = "none", "withdrawn"
# It has a proposal whose letter could not be drawn: somebody has to do something about it.
UNDRAWN = "undrawn"
STAGES = (
    NONE,
    UNDRAWN,
    *(stage.value for stage in Stage if stage is not Stage.RETURNED),
    WITHDRAWN,
)
# A reserve place is a rejection in law (Awb 4:25(2)), and another list for who works with it.
RESERVE = "reserve"
OUTCOMES = (Outcome.AWARDED.value, RESERVE, *(one.value for one in Outcome if one is not Outcome.AWARDED))


class Row(NamedTuple):
    """One application of a round with the decision that stands, for a list; amounts in euro cents."""

    application_id: int
    reference: str | None
    title: str
    lead: str | None
    state: str
    requested_cents: int
    decision: Decision | None
    undrawn: bool

    @property
    def proposable(self) -> bool:
        """Whether it can be ticked to be proposed."""
        return self.decision is None and self.state != ApplicationState.WITHDRAWN


def find_rows(
    round_: Round, *, today: date, stage: str = "", outcome: str = "", after: str = "", limit: int = 100
) -> Sequence[Row]:
    """Return a page of the applications that were sent in, by reference, after the one named.

    `stage` is one of STAGES and `outcome` one of OUTCOMES; empty leaves nothing out.
    """
    query = (
        _listed(
            round_,
            Application.id,
            Application.reference,
            Application.title,
            Participation.name,
            Application.state,
            Application.requested_cents,
            Decision,
            letter_drawing.failed(today),
        )
        .outerjoin(Participation, and_(Participation.application_id == Application.id, Participation.lead))
        .where(Application.reference > after)
        .order_by(Application.reference)
        .limit(limit)
    )
    if stage:
        query = query.where(_stage(today) == stage)
    if outcome == RESERVE:
        query = query.where(Decision.reserve_place.is_not(None))
    elif outcome:
        query = query.where(Decision.outcome == outcome, Decision.reserve_place.is_(None))
    return [Row(*row) for row in db.session.execute(query)]


def find_id(round_: Round, reference: str) -> int | None:
    """Return the id of the application of a round with this reference, when it was sent in."""
    query = _listed(round_, Application.id).where(Application.reference == reference)
    return db.session.scalars(query).one_or_none()


def count_stages(round_: Round, *, today: date) -> Mapping[str, int]:
    """Count the applications per stage; a stage without any is left out."""
    stage = _stage(today)
    rows = db.session.execute(_listed(round_, stage, func.count(Application.id)).group_by(stage))
    found = {name: count for name, count in rows}  # noqa: C416  # rows are no pairs for mypy
    return {name: found[name] for name in STAGES if name in found}


def _listed(round_: Round, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Application)
        .outerjoin(Decision, and_(Decision.application_id == Application.id, latest()))
        .where(Application.round_id == round_.id, Application.state != ApplicationState.DRAFT)
    )


def _stage(today: date) -> ColumnElement[str]:
    """Say in the database what `decisions.stage_of` says of one decision, and whose letter failed."""
    return case(
        (and_(Decision.id.is_(None), Application.state == ApplicationState.WITHDRAWN), WITHDRAWN),
        (Decision.id.is_(None), NONE),
        (Decision.imported, Stage.HISTORY.value),
        (Decision.announced_at.is_not(None), Stage.ANNOUNCED.value),
        (Decision.announce_on < today, Stage.MISSED.value),
        (Decision.confirmed_at.is_not(None), Stage.CONFIRMED.value),
        (letter_drawing.failed(today), UNDRAWN),
        (Decision.letter_sha256.is_not(None), Stage.PROPOSED.value),
        else_=Stage.RENDERING.value,
    )
