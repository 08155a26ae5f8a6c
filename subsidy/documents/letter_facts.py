"""What is known of one application when its decision letter is written, before any sentence is made."""

from datetime import date, timedelta
from decimal import Decimal

from pydantic import AwareDatetime, Field

from subsidy.documents.letter import Addressee, GroundRow, Office, Part, PaymentRow
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.rules import Distribution


class AuthorityFacts(Part):
    """Who decides, and who signs under which mandate (Awb 10:10), with the picture of their signature."""

    name: str
    mandate: str
    signatory: str
    function: str
    picture_sha256: str = ""


class RoundFacts(Part):
    """The round that the application belongs to; `publication` is where it was announced (Awb 4:27)."""

    slug: str
    number: int = Field(ge=1)
    title: str
    ceiling_cents: int = Field(ge=0)
    distribution: Distribution
    publication: str = ""


class CriterionFacts(Part):
    """A criterion as it was scored; `value` is None when it was not.

    The motivation is the text that the office made of the reports.
    """

    id: str
    title: str
    weight: Decimal
    best: Decimal
    worst: Decimal
    threshold: Decimal | None = None
    value: Decimal | None = None
    motivation: str = ""


class FindingFacts(Part):
    """A failed check on eligibility: its code, the particulars, the rule behind it.

    `detail` is in the language of the letter, `typed` what an officer wrote of it.
    """

    check: str
    detail: str = ""
    typed: str = ""
    basis: str = ""


class ReserveFacts(Part):
    """A place on the reserve list and the last day on which it can still lead to an award."""

    place: int = Field(ge=1)
    until: date


class SupplementFacts(Part):
    """The one chance to supplement (Awb 4:5): when asked, until when, and what is still missing."""

    asked_on: date
    until: date
    missing: tuple[str, ...] = ()


class HearingFacts(Part):
    """When the applicant was asked for a view on the intended decision, until when, and when it came."""

    asked_on: date
    last_day: date
    answered_on: date | None = None
    by_mouth: bool = False


class LotFacts(Part):
    """The lot that decided the place among equals: its seed, and the lot in hexadecimal."""

    seed: str
    lot: str


class LaterFacts(Part):
    """What a decision that takes the place of another says of it.

    `announced_on` to `reserve_place` tell of the old one (euro cents); `reason` says why it gives way, and
    `remedy_of` names the objection, the appeal or the order of a court that the new one follows.
    """

    kind: DecisionKind
    reason: str
    remedy_of: str = ""
    announced_on: date
    outcome: LetterKind
    amount_cents: int = Field(default=0, ge=0)
    reserve_place: int | None = None


class LetterFacts(Part):
    """The facts of one decision. Amounts are euro cents, scores exact or rounded decimals.

    `announced_on` is the date of the letter, on which the decision is announced (Awb 3:41);
    `objection_until` follows from it by `workflows.terms`. `proposed_at` is the instant of the
    proposal: it dates the document, so that drawing it again gives the same bytes. `coded` are the grounds
    of the law that the officer named; `extra` are paragraphs of this letter alone; `obligations` come beside
    those of the class of the amount. `later` is there when the decision takes the place of another.
    `schema_at` is where the schema of its record is published.
    """

    outcome: LetterKind
    office: Office
    authority: AuthorityFacts
    round: RoundFacts
    addressee: Addressee
    applicant_kvk: str = ""
    reference: str
    title: str
    region: str
    received_on: date
    announced_on: date
    objection_until: date
    proposed_at: AwareDatetime
    requested_cents: int = Field(ge=0)
    amount_cents: int = Field(default=0, ge=0)
    months: int = Field(ge=0)
    starts_on: date | None = None
    ends_on: date | None = None
    ground: str | None = None
    findings: tuple[FindingFacts, ...] = ()
    reserve: ReserveFacts | None = None
    supplement: SupplementFacts | None = None
    criteria: tuple[CriterionFacts, ...] = ()
    total: Decimal | None = None
    reviews: int = Field(default=0, ge=0)
    reviews_needed: int = Field(default=0, ge=0)
    rank: int | None = None
    ranked: int = Field(default=0, ge=0)
    lot: LotFacts | None = None
    motivation: str = ""
    deviation: str = ""
    coded: tuple[GroundRow, ...] = ()
    extra: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    later: LaterFacts | None = None
    hearings: tuple[HearingFacts, ...] = ()
    concept: bool = False
    code: str = ""
    schema_at: str = ""


def usual_period(announced_on: date, months: int) -> tuple[date, date]:
    """Give the first and last day of a project whose award names no other: from the first of the next month.

    Raises ValueError for less than one month.
    """
    if months < 1:
        message = f"a project lasts at least a month, not {months}"
        raise ValueError(message)
    first = (announced_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    years, month = divmod(first.month - 1 + months, 12)
    return first, date(first.year + years, month + 1, 1) - timedelta(days=1)
