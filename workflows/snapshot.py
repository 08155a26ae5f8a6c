"""A round as it stood at one moment: what the rules judge. Shapes are those of a round file.

A draft is an ApplicationSnapshot too, so what a person has not typed yet may be empty here (no
municipality, no title, 0 months); that a file is complete is for its schema to say.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflows.rules import Domain, Rules, Scale
from workflows.values import (
    Cents,
    Count,
    Fault,
    Instant,
    Model,
    Number,
    Ordinal,
    Slug,
    refuse,
)

__all__ = [
    "ApplicationSnapshot",
    "Decision",
    "Domain",
    "Organisation",
    "Outcome",
    "Panel",
    "Region",
    "Review",
    "RoundSnapshot",
    "Scale",
]

ApplicationReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]


class Organisation(Model):
    """A participant; the domain belongs to its part in this application."""

    name: str
    domain: Domain
    kvk: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None


class Region(Model):
    """CBS codes: municipalities (GM0000), and neighbourhoods (WK000000, BU00000000) within them.

    `inhabitants` counts when neighbourhoods are given.
    """

    name: str = ""
    municipalities: tuple[Annotated[str, Field(pattern=r"^GM[0-9]{4}$")], ...] = ()
    neighbourhoods: tuple[
        Annotated[str, Field(pattern=r"^(WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})$")], ...
    ] = ()
    inhabitants: Count | None = None


class Review(Model):
    """One reviewer's scores and motivation per criterion; with a `conflict` it never counts."""

    reviewer: str
    conflict: str | None = None
    scores: dict[str, Number] = Field(default_factory=dict)
    motivation: dict[str, str] = Field(default_factory=dict)


class Panel(Model):
    """What the panel agreed: its scores replace the reviewers', its priority goes first."""

    scores: dict[str, Number] = Field(default_factory=dict)
    priority: Ordinal | None = None
    reason: str | None = None


class Decision(StrEnum):
    """How an application ended."""

    AWARDED = "awarded"
    REJECTED = "rejected"
    NOT_PROCESSED = "not_processed"
    WITHDRAWN = "withdrawn"


class Outcome(Model):
    """A decision taken; an award has `amount_cents`, and `ends_on` is the last day of its work."""

    decision: Decision
    decided_on: date
    amount_cents: Cents | None = None
    ground: str | None = None
    ends_on: date | None = None

    @model_validator(mode="after")
    def _amount_of_an_award(self) -> Self:
        if self.decision is Decision.AWARDED and self.amount_cents is None:
            refuse("Outcome", [Fault(("amount_cents",), "amount_missing", "an award needs it")])
        return self


class ApplicationSnapshot(Model):
    """One application with its reviews. Amounts in euro cents, duration in months."""

    reference: ApplicationReference
    submitted_at: Instant
    completed_at: Instant | None = None
    deadline_at: Instant | None = None
    title: str = ""
    summary: str | None = None
    lead: Organisation
    partners: tuple[Organisation, ...] = ()
    region: Region
    requested_cents: Cents = 0
    cofinancing_cents: Cents | None = None
    months: Count = 0
    themes: tuple[Slug, ...] = ()
    predecessor: str | None = None
    regiobeeld: str | None = None
    answers: dict[str, object] = Field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    panel: Panel | None = None
    outcome: Outcome | None = None

    @property
    def received_at(self) -> datetime:
        """Moment of receipt: when a supplement made it complete, else when it was submitted."""
        return self.completed_at or self.submitted_at

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The distinct domains of lead and partners by code point, without `overig`."""
        taking_part = {self.lead.domain, *(partner.domain for partner in self.partners)}
        return tuple(sorted(taking_part - {Domain.OVERIG}))


class RoundSnapshot(Model):
    """A round: its dates, its ceiling in euro cents, and its rules."""

    slug: Slug
    kind: Slug
    number: Ordinal
    title: str
    opens_at: Instant
    closes_at: Instant
    ceiling_cents: Cents
    rules: Rules

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.closes_at <= self.opens_at:
            refuse(
                "RoundSnapshot",
                [Fault(("closes_at",), "closes_before_opening", "must be after opens_at")],
            )
        return self
