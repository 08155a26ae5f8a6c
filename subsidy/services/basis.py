"""What a decision rests on, kept frozen with it: the values of a basis and their JSON.

A decision can be explained years later from its own row: the rules, the findings, the scores with their
reasons, the rank and what the division gave. The letter is written from this alone, so that drawing it
again gives the same words whatever happened to the application since. How it comes about: basis_gathering.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field, JsonValue

from workflows.award import AllocationOutcome
from workflows.values import Model


class CriterionBasis(Model):
    """A criterion as it was scored; `motivation` is what the letter says, `reports` what reviewers wrote."""

    id: str
    title: str
    weight: Decimal
    best: Decimal
    worst: Decimal
    threshold: Decimal | None = None
    value: Decimal | None = None
    reports: tuple[str, ...] = ()
    motivation: str = ""


class FindingBasis(Model):
    """A check that failed: its code, the particulars, the rule behind it."""

    check: str
    params: dict[str, JsonValue]
    basis: str


class SupplementBasis(Model):
    """The one chance to supplement (Awb 4:5): when, until when, and when it was concluded, if it was."""

    asked_on: date
    until: date
    asked: str
    concluded_on: date | None = None
    supplied: bool = False


class CodedGround(Model):
    """A ground of the law (workflows/grounds.py): its article, and its text as it stood then."""

    code: str
    article: str
    text: str


class PaymentBasis(Model):
    """One payment of an award: what and when in words, and the amount in euro cents."""

    when: str
    cents: int


class SignatureBasis(Model):
    """Who decides under which mandate (Awb 10:10)."""

    name: str
    function: str
    mandate: str


class ReplacedBasis(Model):
    """The decision that a later one takes the place of."""

    decision_id: int
    outcome: str
    amount_cents: int = 0
    reserve_place: int | None = None
    announced_on: date | None = None


class HearingBasis(Model):
    """What the applicant could say beforehand (Awb 4:7, 4:8); an empty answer: none came before its term.

    `grounds` are codes of workflows/grounds.py; `by_mouth`: said to an officer, who wrote it down.
    """

    asked_on: date
    last_day: date
    grounds: tuple[str, ...]
    intention: str
    data: str
    answer: str = ""
    answered_on: date | None = None
    by_mouth: bool = False


class LotBasis(Model):
    """The lot that decided this place among equals; anyone can draw it again (workflows/lots.py)."""

    seed: str
    lot: str


class Basis(Model):
    """Everything that one decision rests on. Amounts in euro cents, `total` on 0..100, `rank` from 1.

    `allocation` and its companions are what the division gave at the moment of the proposal;
    `reserve_place` counts from 1 within the reserve list, which lasts `reserve_months` from the announcement;
    the first payment comes within `payment_weeks` of it.
    `advice` is the conclusion of the committee, `score_reasons` why it agreed on another score than the mean,
    by criterion, `priority_reason` why it gave the place in the order. `finding_reasons` are by check.
    From `motivation` on the fields hold what the proposing officer wrote; `extra` are paragraphs of the
    letter below its decision.
    """

    rules: dict[str, JsonValue]
    reference_version: str
    reference: str
    title: str
    region: str
    applicant: str
    applicant_kvk: str = ""
    attention: str = ""
    received_on: date
    requested_cents: int
    months: int
    state: str
    criteria: tuple[CriterionBasis, ...] = ()
    total: Decimal | None = None
    reviews: int = 0
    reviews_needed: int = 0
    rank: int | None = None
    ranked: int = 0
    allocation: AllocationOutcome
    allocation_cents: int = 0
    allocation_ground: str | None = None
    reserve_place: int | None = None
    reserve_months: int = 6
    payment_weeks: int = 6
    lot: LotBasis | None = None
    findings: tuple[FindingBasis, ...] = ()
    verdict: str = ""
    advice: str = ""
    score_reasons: dict[str, str] = Field(default_factory=dict)
    priority: int | None = None
    priority_reason: str = ""
    supplement: SupplementBasis | None = None
    hearings: tuple[HearingBasis, ...] = ()

    motivation: str = ""
    finding_reasons: dict[str, str] = Field(default_factory=dict)
    coded: tuple[CodedGround, ...] = ()
    conditions: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    payments: tuple[PaymentBasis, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    list_until: date | None = None
    starts_on: date | None = None
    signature: SignatureBasis | None = None
    replaces: ReplacedBasis | None = None

    def stored(self) -> dict[str, Any]:
        """As JSON for the column; decimals become text, so nothing is rounded."""
        return self.model_dump(mode="json")

    def criterion(self, identifier: str) -> CriterionBasis | None:
        """Find the criterion with this id."""
        return next((one for one in self.criteria if one.id == identifier), None)
