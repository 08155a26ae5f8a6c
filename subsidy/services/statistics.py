"""Figures over rounds: what came in, what was decided, what it cost. Counts are of decisions taken."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Application, Decision, Round
from subsidy.services import calculations
from workflows.states import ApplicationState

DECIDED = ("awarded", "rejected", "not_processed", "withdrawn")


class UnknownRoundError(LookupError):
    """There is no round with this slug."""


@dataclass(slots=True)
class Figures:
    """The figures of one round, or of several together. Amounts in euro cents."""

    applications: int = 0
    eligible: int = 0
    awarded: int = 0
    rejected: int = 0
    not_processed: int = 0
    withdrawn: int = 0
    requested_cents: int = 0
    awarded_cents: int = 0

    @property
    def success_rate(self) -> float | None:
        """Awards as a part of awards and rejections; None when there are neither."""
        decided = self.awarded + self.rejected
        return self.awarded / decided if decided else None

    def add(self, other: "Figures") -> None:
        """Count another round in."""
        for name in Figures.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_json(self) -> dict[str, Any]:
        """Give the figures under their names."""
        return {name: getattr(self, name) for name in Figures.__slots__} | {"success_rate": self.success_rate}


def evaluation(slugs: Sequence[str] = ()) -> dict[str, Any]:
    """Give the figures of the rounds named, or of all: in total, per kind, per round, and the pathway.

    Raises UnknownRoundError.
    """
    rounds = _rounds(slugs)
    counted = _figures(rounds)
    total = Figures()
    kinds: defaultdict[str, Figures] = defaultdict(Figures)
    for round_ in rounds:
        total.add(counted[round_.id])
        kinds[round_.kind].add(counted[round_.id])
    return {
        "total": total.as_json(),
        "kinds": {kind: kinds[kind].as_json() for kind in sorted(kinds)},
        "rounds": {round_.slug: counted[round_.id].as_json() for round_ in rounds},
        "pathway": _pathway(rounds),
    }


def _rounds(slugs: Sequence[str]) -> list[Round]:
    query = select(Round).order_by(Round.slug)
    rounds = list(db.session.scalars(query.where(Round.slug.in_(slugs)) if slugs else query))
    unknown = set(slugs) - {round_.slug for round_ in rounds}
    if unknown:
        raise UnknownRoundError(min(unknown))
    return sorted(rounds, key=lambda round_: round_.slug)


def _figures(rounds: Iterable[Round]) -> dict[int, Figures]:
    counted = {round_.id: Figures() for round_ in rounds}
    rows = db.session.execute(
        select(
            Application.round_id,
            Application.state,
            func.count(),
            func.sum(Application.requested_cents),
            func.coalesce(func.sum(Decision.amount_cents), 0),
        )
        .outerjoin(Decision, (Decision.application_id == Application.id) & Decision.returned_at.is_(None))
        .where(Application.round_id.in_(counted), Application.state != ApplicationState.DRAFT)
        .group_by(Application.round_id, Application.state)
    )
    for round_id, state, count, requested_cents, decided_cents in rows:
        figures = counted[round_id]
        figures.applications += count
        figures.requested_cents += int(requested_cents)
        if state in DECIDED:
            setattr(figures, state, count)
        if state == ApplicationState.AWARDED:
            figures.awarded_cents = int(decided_cents)
    for round_ in rounds:
        verdicts = calculations.eligible_in(round_, calculations.material_of(round_))
        counted[round_.id].eligible = sum(verdicts.values())
    return counted


def _pathway(rounds: Iterable[Round]) -> dict[str, dict[str, int]]:
    """Count the awarded applications that follow an awarded one, by kind and by the kind before."""
    earlier, earlier_round = aliased(Application), aliased(Round)
    rows = db.session.execute(
        select(Round.kind, earlier_round.kind)
        .select_from(Application)
        .join(Round, Round.id == Application.round_id)
        .join(earlier, earlier.reference == Application.predecessor)
        .join(earlier_round, earlier_round.id == earlier.round_id)
        .where(
            Application.round_id.in_([round_.id for round_ in rounds]),
            Application.state == ApplicationState.AWARDED,
            earlier.state == ApplicationState.AWARDED,
        )
    )
    steps = Counter(rows.all())
    pathway: dict[str, dict[str, int]] = {}
    for (kind, before), count in sorted(steps.items()):
        pathway.setdefault(kind, {})[before] = count
    return pathway
