"""What minutes are made of: fixed values, so that the same facts give the same digest.

Scores and totals are exact text, amounts euro cents, instants aware. Nothing here was typed for the minutes:
all of it was recorded in the meeting or before it.
"""

import hashlib
from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from subsidy.db import json_text


class Part(BaseModel):
    """A part of minutes: fixed once made, with no field unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Stay(Part):
    """From when to when somebody was there; `until` is None while they still are."""

    since: AwareDatetime
    until: AwareDatetime | None


class Attendee(Part):
    """Somebody who was expected. `part` is chair, member or secretary."""

    name: str
    part: str
    stays: tuple[Stay, ...]


class DeclaredInterest(Part):
    """An interest that somebody declared, and what the chair decided. `capacity` is a role."""

    person: str
    capacity: str
    reference: str
    extent: str
    nature: str
    measure: str
    declared_at: AwareDatetime
    decision: str | None
    decision_reason: str
    decision_measure: str
    decided_by: str
    decided_at: AwareDatetime | None


class Absence(Part):
    """Somebody who left the room for one application."""

    person: str
    reference: str
    reason: str
    since: AwareDatetime
    until: AwareDatetime | None


class Scored(Part):
    """One criterion of one application: what each reviewer gave, the mean, and what the committee agreed."""

    title: str
    given: tuple[str, ...]
    mean: str | None
    spread: str | None
    agreed: str | None
    reason: str


class Discussed(Part):
    """One application on the agenda. `rebuttal` is none, open, answered or unanswered."""

    reference: str
    title: str
    applicant: str
    requested_cents: int
    since: AwareDatetime | None
    until: AwareDatetime | None
    put_off: str
    scored: tuple[Scored, ...]
    total: str | None
    ground: str | None
    rebuttal: str
    answered_at: AwareDatetime | None
    deliberation: str
    advice: str
    advised: bool


class Placed(Part):
    """A fundable application in the order; `by_score` is its place without the places of the committee."""

    place: int
    by_score: int
    reference: str
    applicant: str
    total: str | None
    requested_cents: int
    outcome: str
    amount_cents: int
    ground: str | None
    departs: bool
    reason: str


class Unplaced(Part):
    """An application that is not fundable, with its ground as a code."""

    reference: str
    total: str | None
    ground: str | None


class Counted(Part):
    """A criterion as it counts."""

    id: str
    title: str
    weight: str
    worst: str
    best: str
    threshold: str | None


class Calculation(Part):
    """With which rules the order and the division were worked out; codes as in a round file."""

    distribution: str
    aggregate: str
    criteria: tuple[Counted, ...]
    threshold_total: str | None
    tie_break: tuple[str, ...]
    max_awards: int | None
    partial_award: bool
    definition_digest: str
    reference_version: str


class Minutes(Part):
    """The whole of the minutes. `line_after` is how many places lie above the line of the ceiling."""

    round_title: str
    round_slug: str
    title: str
    place: str
    held_on: date
    opened_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    chair: str
    secretary: str
    quorum: int
    notes: str
    attendees: tuple[Attendee, ...]
    interests: tuple[DeclaredInterest, ...]
    absences: tuple[Absence, ...]
    discussed: tuple[Discussed, ...]
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    line_after: int
    ceiling_cents: int
    given_cents: int
    left_cents: int
    calculation: Calculation

    @property
    def concept(self) -> bool:
        """Whether the meeting still runs, so that more may follow."""
        return self.closed_at is None

    @property
    def digest(self) -> str:
        """The SHA-256 of what they say: other facts give another one."""
        return hashlib.sha256(json_text(self.model_dump(mode="json")).encode()).hexdigest()
