"""Earlier subsidies that an application builds on: the awards of one's own, and what is known of a reference.

Of an application that is not one's own nothing is told but what the check of the office says as well.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision, Membership, Round
from subsidy.services.in_force import in_force
from subsidy.services.snapshots import prior_awards
from workflows.checks import PriorAward, against_predecessor
from workflows.rules import Rules
from workflows.states import ApplicationState

REGIOBEELD = "regiobeeld"
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class OwnAward:
    """An awarded application of one's own; `kind` is that of its round."""

    reference: str
    title: str
    round_title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the references that a form names; one query for all."""

    awards: Mapping[str, PriorAward]

    @classmethod
    def of(cls, references: Iterable[str | None]) -> "Known":
        """Look these references up; asks nothing when none is named."""
        return cls(prior_awards(references))

    def against(self, reference: str, rules: Rules, *, now: datetime) -> str | None:
        """Give why it does not do as predecessor now (aware): a reason of the finding, None when it does."""
        return against_predecessor(reference, self.awards.get(reference), rules, now)

    def made_regiobeeld(self, reference: str) -> bool:
        """Whether a regiobeeld was awarded under this reference."""
        award = self.awards.get(reference)
        return award is not None and award.awarded and award.kind == REGIOBEELD


def own_awards(user_id: int | None, kinds: Collection[str]) -> list[OwnAward]:
    """Give the announced awards of these kinds of which this person is a member, the newest first."""
    if user_id is None or not kinds:
        return []
    rows = db.session.execute(
        select(Application.reference, Application.title, Round.title, Round.kind)
        .join(Membership, Membership.application_id == Application.id)
        .join(Round, Round.id == Application.round_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Membership.user_id == user_id,
            Decision.outcome == ApplicationState.AWARDED,
            Round.kind.in_(kinds),
            Decision.announced_at.is_not(None),
            in_force(),
        )
        .order_by(Decision.announced_at.desc(), Application.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        OwnAward(reference or "", title, round_title, kind) for reference, title, round_title, kind in rows
    ]
