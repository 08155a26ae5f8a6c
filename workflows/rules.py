"""The rules of a round: what is asked of an application, how it is scored, how money is divided.

Field names, defaults and meaning are those of the round file (subsidy-round/1). What a round file
does not carry (anchors, guidance, an English title) is marked so.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from workflows.values import (
    Cents,
    Count,
    Fault,
    Model,
    NonBlank,
    Number,
    Ordinal,
    Slug,
    Text,
    refuse,
)

OUTSIDE_THE_FILE = {"title_en", "guidance", "lay_guidance", "anchors"}


class Domain(StrEnum):
    """Where a participant stands in this collaboration; OVERIG is shown and never counted."""

    GEMEENTE = "gemeente"
    ZORGVERZEKERAAR = "zorgverzekeraar"
    ZORGKANTOOR = "zorgkantoor"
    ZORGAANBIEDER = "zorgaanbieder"
    SOCIAAL_DOMEIN = "sociaal_domein"
    BURGERS = "burgers"
    OVERIG = "overig"


COUNTED_DOMAINS = tuple(domain for domain in Domain if domain is not Domain.OVERIG)


class Scale(StrEnum):
    """How large a region is, in the order in which one is reported when several hold."""

    WIJKEN = "wijken"
    GEMEENTE = "gemeente"
    GGD_REGIO = "ggd_regio"
    ZORGKANTOORREGIO = "zorgkantoorregio"
    SUBREGIO = "subregio"
    BOVENREGIONAAL = "bovenregionaal"


class Distribution(StrEnum):
    """How the ceiling is divided (verdeelmethode, Awb 4:26)."""

    TENDER = "tender"
    FIRST_COME = "first_come"
    PROPORTIONAL = "proportional"


class DomainsMode(StrEnum):
    """Whether too few domains make an application ineligible or only warn the reviewers."""

    REQUIRED = "required"
    ADVISED = "advised"


class Aggregate(StrEnum):
    """How the scores of several reviewers become one value."""

    MEAN = "mean"
    MEDIAN = "median"


class FirstComeUnit(StrEnum):
    """What "first" means: the instant, or the day in Amsterdam with a tie-break within it."""

    INSTANT = "instant"
    DAY = "day"


class TieBreak(StrEnum):
    """Ways to separate equals, beside the id of a criterion."""

    REQUESTED = "requested_asc"
    RECEIVED = "submitted_at"
    LOT = "lot"


class Anchor(Model):
    """What a score means, in words. Not in a round file."""

    score: Number
    text: Text


class Criterion(Model):
    """One thing that reviewers score. `best` may be lower than `worst`: then less is better.

    `lay_guidance` is for reviewers who know the subject from their own life instead of their work.
    """

    id: Slug
    title: Annotated[str, Field(min_length=1)]
    weight: Annotated[Number, Field(gt=0)]
    best: Number
    worst: Number
    threshold: Number | None = None
    title_en: NonBlank | None = None
    guidance: Text | None = None
    lay_guidance: Text | None = None
    anchors: tuple[Anchor, ...] = ()

    @property
    def label(self) -> Text:
        """The title in both languages; Dutch stands in for a missing English one."""
        return Text(nl=self.title, en=self.title_en or self.title)

    def holds(self, score: Decimal) -> bool:
        """Tell whether `score` lies on this criterion's scale, ends included."""
        return min(self.best, self.worst) <= score <= max(self.best, self.worst)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = []
        if self.id in set(TieBreak):
            faults.append(Fault(("id",), "criterion_reserved", "is the name of a tie-break"))
        if self.best == self.worst:
            faults.append(Fault(("best",), "scale_empty", "is the same as worst"))
        refuse("Criterion", faults)
        return self


class MunicipalitiesBySize(Model):
    """At least `then` municipalities when the largest has over `largest_over` people, or `else`."""

    largest_over: Count
    then: Ordinal
    otherwise: Annotated[Ordinal, Field(alias="else")]


class ReviewTier(Model):
    """Number of counted reviews needed from this requested amount on."""

    from_cents: Cents
    reviews: Count


class Rules(Model):
    """All that decides. An empty tuple means the rule is absent, but for `tie_break`."""

    distribution: Distribution
    min_domains: Annotated[int, Field(ge=0, le=6)] | None = None
    required_domains: tuple[Domain, ...] = ()
    domains_mode: DomainsMode = DomainsMode.REQUIRED
    scales: tuple[Scale, ...] = ()
    min_inhabitants: Count | None = None
    max_inhabitants: Count | None = None
    min_municipalities: Count | None = None
    max_municipalities: Count | None = None
    min_amount_cents: Cents | None = None
    max_amount_cents: Cents | None = None
    max_months: Ordinal | None = None
    predecessor_kinds: tuple[Slug, ...] = ()
    one_per_lead: bool = False
    one_award_per_region: bool = False
    max_awards: Ordinal | None = None
    partial_award: bool = False
    min_partial_cents: Cents = 1
    aggregate: Aggregate = Aggregate.MEAN
    min_reviews: Count = 2
    criteria: tuple[Criterion, ...] = ()
    threshold_total: Annotated[Number, Field(ge=0, le=100)] | None = None
    tie_break: tuple[str, ...] = (TieBreak.RECEIVED.value,)
    lot_seed: str | None = None
    allowed_municipalities: tuple[Annotated[str, Field(pattern=r"^GM[0-9]{4}$")], ...] = ()
    min_municipalities_by_size: MunicipalitiesBySize | None = None
    regiobeeld_required: bool = False
    predecessor_running: bool = False
    one_per_region: bool = False
    reviews_by_amount: tuple[ReviewTier, ...] = ()
    first_come_unit: FirstComeUnit = FirstComeUnit.INSTANT

    def criterion(self, identifier: str) -> Criterion | None:
        """Find the criterion with this id."""
        return next((one for one in self.criteria if one.id == identifier), None)

    def to_file(self) -> dict[str, Any]:
        """Give the rules as a round file has them: defaults written out, numbers as Decimal.

        What is absent is left out, and an empty list too, but for `tie_break`.
        """
        whole = self.model_dump(exclude_none=True, exclude={"criteria": {"__all__": OUTSIDE_THE_FILE}})
        return {name: value for name, value in whole.items() if value != () or name == "tie_break"}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        faults = [
            Fault(("criteria", index, "id"), "criterion_repeated", "is used by an earlier criterion")
            for index, name in enumerate(ids)
            if name in ids[:index]
        ]
        faults += [
            Fault(
                ("tie_break", index),
                "tie_break_unknown",
                "is neither the id of a criterion nor requested_asc, submitted_at or lot",
            )
            for index, name in enumerate(self.tie_break)
            if name not in {*ids, *TieBreak}
        ]
        faults += [
            Fault(
                ("required_domains", index),
                "domain_uncounted",
                "is never counted, so it cannot be required",
            )
            for index, domain in enumerate(self.required_domains)
            if domain is Domain.OVERIG
        ]
        if TieBreak.LOT in self.tie_break and self.lot_seed is None:
            faults.append(Fault(("lot_seed",), "lot_seed_missing", "is needed to draw lots"))
        refuse("Rules", faults)
        return self
