"""The places of a reserve list that are given already: nobody shares one, for the list is served by number.

A place is given from the proposal on, also while a later decision is on its way to take it back, because that
one can still be sent back.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision
from subsidy.services import events
from subsidy.services.decisions import DecisionError
from workflows.states import ApplicationState


@dataclass(frozen=True, slots=True)
class TakenPlaces:
    """Who has which place in a round: by place, the references by the id of the application."""

    holders: defaultdict[int | None, dict[int, str]]

    def refuse(self, application_id: int, place: int | None) -> None:
        """Refuse a place that another application has: DecisionError `place_taken`, with its reference."""
        if place is None:
            return
        others = (held for id_, held in sorted(self.holders.get(place, {}).items()) if id_ != application_id)
        if (reference := next(others, None)) is not None:
            raise DecisionError("place_taken", reference=reference)

    def settle(self, application: Application, place: int | None) -> None:
        """Count in what was proposed since this was read."""
        if place is not None:
            self.holders[place][application.id] = application.reference or ""


def of_round(round_id: int) -> TakenPlaces:
    """Read the places that decisions in force and proposals give; nobody gives another until the commit.

    Locks of applications are taken before, because this holds the chain of events.
    """
    events.hold(round_id)
    rows = db.session.execute(
        select(Decision.reserve_place, Decision.application_id, Application.reference)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Decision.round_id == round_id,
            Decision.reserve_place.is_not(None),
            Decision.returned_at.is_(None),
            Decision.replaced_at.is_(None),
            # Who withdrew before the decision was taken has no use for it, and nobody confirms it.
            Application.state != ApplicationState.WITHDRAWN.value,
        )
    )
    holders: defaultdict[int | None, dict[int, str]] = defaultdict(dict)
    for place, application_id, reference in rows:
        holders[place][application_id] = reference or ""
    return TakenPlaces(holders)


def refuse_taken(decision: Decision) -> None:
    """Refuse to propose again a place that another has: DecisionError `place_taken`.

    What was confirmed before stands, as its letter was.
    """
    if decision.reserve_place is not None and decision.confirmed_at is None:
        of_round(decision.round_id).refuse(decision.application_id, decision.reserve_place)
