"""One believable decision of each sort, with everything that differs given by the test."""

from datetime import UTC, date, datetime
from decimal import Decimal

from subsidy.documents.letter import Addressee, GroundRow, Office, PaymentRow
from subsidy.documents.letter_facts import (
    AuthorityFacts,
    CriterionFacts,
    FindingFacts,
    HearingFacts,
    LaterFacts,
    LetterFacts,
    LotFacts,
    ReserveFacts,
    RoundFacts,
    SupplementFacts,
)
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.rules import Distribution

OFFICE = Office(
    name="Subsidiebureau Regionale Samenwerking",
    address_lines=("Postbus 10000", "2500 AA Den Haag"),
    email="subsidie@example.nl",
    phone="070 000 00 00",
)
ADDRESSEE = Addressee(
    organisation="Stichting Transmurale Zorg",
    attention="mevrouw A. Jansen",
    address_lines=("Koekamplaan 1", "2594 AA Den Haag"),
)
AUTHORITY = AuthorityFacts(
    name="het bestuur van het Subsidiebureau",
    mandate="Mandaatbesluit subsidies, artikel 3",
    signatory="B. de Vries",
    function="hoofd Subsidies",
)
MOTIVATION = "De aanvraag sluit goed aan bij wat de regio nodig heeft. Inwoners werkten mee aan het plan."

OUTCOMES: dict[str, dict[str, object]] = {
    "award": {"outcome": LetterKind.AWARD, "amount_cents": 1_000_000, "rank": 2},
    "partial": {"outcome": LetterKind.PARTIAL, "amount_cents": 910_000, "rank": 7, "ground": "ceiling"},
    "reject-score": {
        "outcome": LetterKind.REJECT,
        "ground": "below_threshold",
        "total": Decimal("41.25"),
        "motivation": "De commissie ziet te weinig samenwerking tussen de domeinen.",
    },
    "reserve": {
        "outcome": LetterKind.RESERVE,
        "ground": "ceiling",
        "rank": 9,
        "reserve": ReserveFacts(place=2, until=date(2027, 12, 31)),
    },
    "reject-ineligible": {
        "outcome": LetterKind.REJECT,
        "ground": "not_eligible",
        "findings": (
            FindingFacts(
                check="domains",
                detail="Er doen 2 domeinen mee; er zijn er 3 nodig.",
                basis="artikel 4 van de subsidieoproep",
            ),
            FindingFacts(check="in_time", basis="artikel 6 van de subsidieoproep"),
        ),
        "criteria": (),
        "total": None,
        "reviews": 0,
    },
    "not-processed": {
        "outcome": LetterKind.NOT_PROCESSED,
        "ground": "incomplete",
        "supplement": SupplementFacts(
            asked_on=date(2026, 7, 16),
            until=date(2026, 7, 30),
            missing=("de begroting", "de handtekening van de hoofdaanvrager"),
        ),
        "criteria": (),
        "total": None,
        "reviews": 0,
    },
}


def before(kind: DecisionKind, **changes: object) -> LaterFacts:
    """Tell of the decision before, a rejection unless `changes` say otherwise."""
    values = {
        "kind": kind,
        "reason": "Wij keken opnieuw naar uw aanvraag.",
        "announced_on": date(2026, 9, 1),
        "outcome": LetterKind.REJECT,
    }
    return LaterFacts.model_validate(values | changes)


LATER: dict[str, dict[str, object]] = {
    "withdrawal": {
        "outcome": LetterKind.WITHDRAWAL,
        "motivation": "",
        "coded": (
            GroundRow(
                code="activities_not_done",
                article="Awb 4:48(1)(a)",
                text="De activiteiten zijn niet of niet helemaal uitgevoerd, of worden niet uitgevoerd.",
            ),
        ),
        "later": before(
            DecisionKind.WITHDRAWAL,
            outcome=LetterKind.AWARD,
            amount_cents=1_000_000,
            reason="U bent gestopt.",
        ),
    },
    "correction": {
        "outcome": LetterKind.AWARD,
        "amount_cents": 1_000_000,
        "rank": 2,
        "later": before(DecisionKind.CORRECTION, outcome=LetterKind.PARTIAL, amount_cents=100_000),
    },
    "increase": {
        "outcome": LetterKind.AWARD,
        "amount_cents": 1_000_000,
        "rank": 2,
        "later": before(
            DecisionKind.INCREASE,
            outcome=LetterKind.PARTIAL,
            amount_cents=400_000,
            reason="Er kwam geld vrij.",
        ),
    },
    "moved-up": {
        "outcome": LetterKind.AWARD,
        "amount_cents": 1_000_000,
        "rank": 9,
        "conditions": ("U stuurt ons eerst een nieuwe planning.",),
        "obligations": ("U overlegt elk kwartaal met de gemeente.",),
        "payments": (
            PaymentRow(when="Binnen 6 weken", amount_cents=800_000),
            PaymentRow(when="Na de vaststelling", amount_cents=200_000),
        ),
        "later": before(DecisionKind.RESERVE, outcome=LetterKind.RESERVE, reserve_place=2),
    },
    "remedy": {
        "outcome": LetterKind.PARTIAL,
        "amount_cents": 910_000,
        "rank": 7,
        "later": before(DecisionKind.REMEDY, remedy_of="uw bezwaar van 3 september 2026"),
    },
}
"""Decisions in the place of an earlier one."""


def facts(definition: RoundDefinition, case: str, **changes: object) -> LetterFacts:
    """Give the facts of one of OUTCOMES or LATER in a round of this definition, with `changes` on top."""
    values: dict[str, object] = {
        "office": OFFICE,
        "authority": AUTHORITY,
        "round": RoundFacts(
            slug=f"{definition.kind}-1",
            number=1,
            title=f"{definition.title.nl}, ronde 1",
            ceiling_cents=6_500_000,
            distribution=Distribution.TENDER,
            publication="de Staatscourant van 1 mei 2026, nr. 12345",
        ),
        "addressee": ADDRESSEE,
        "applicant_kvk": "12345678",
        "reference": "JZOJP-RB-002",
        "title": "Gezond & Gelukkig Den Haag",
        "region": "Den Haag",
        "received_on": date(2026, 6, 13),
        "announced_on": date(2026, 11, 24),
        "objection_until": date(2027, 1, 5),
        "proposed_at": datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
        "requested_cents": 1_000_000,
        "months": 6,
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 6, 30),
        "criteria": tuple(
            CriterionFacts(
                id=one.id,
                title=one.title,
                weight=one.weight,
                best=one.best,
                worst=one.worst,
                threshold=one.threshold,
                value=(one.best + one.worst) / 2,
                motivation=MOTIVATION,
            )
            for one in definition.rules.criteria
        ),
        "total": Decimal("87.5"),
        "reviews": 2,
        "reviews_needed": 2,
        "ranked": 14,
        "rank": None,
    }
    return LetterFacts.model_validate(values | (OUTCOMES | LATER)[case] | changes)


LONG = f"{MOTIVATION} " * 30


def long_facts(definition: RoundDefinition, case: str) -> LetterFacts:
    """Give the facts of a case in which everybody wrote as much as they could."""
    base = facts(definition, case)
    changes: dict[str, object] = {
        "title": "Samen gezond en gelukkig oud worden in de wijken van Den Haag: een netwerk van zorg, "
        "welzijn, gemeente en inwoners, met en voor mantelzorgers",
        "addressee": base.addressee.model_copy(
            update={
                "organisation": "Stichting Samenwerkende Ouderenzorg en Welzijnsorganisaties Haaglanden en "
                "Delfland in oprichting",
                "attention": "mevrouw drs. A.-M. van den Berghe-van Oosterhout van Rijckevorsel",
            }
        ),
        "motivation": f"{LONG}\n\n{LONG}einde",
        "deviation": f"{LONG}afwijking",
        "extra": (f"{LONG}extra", "Nog een alinea."),
        "conditions": ("U stuurt ons eerst een nieuwe planning.", f"{LONG}voorwaarde"),
        "obligations": ("U overlegt elk kwartaal met de gemeente.", f"{LONG}plicht"),
        "criteria": tuple(one.model_copy(update={"motivation": f"{LONG}{one.id}"}) for one in base.criteria),
        "findings": tuple(one.model_copy(update={"typed": f"{LONG}{one.check}"}) for one in base.findings),
        "hearings": (
            HearingFacts(
                asked_on=date(2026, 9, 1), last_day=date(2026, 9, 15), answered_on=date(2026, 9, 20)
            ),
        ),
    }
    if base.later is not None:
        changes["later"] = base.later.model_copy(update={"reason": f"{LONG}reden"})
    if base.supplement is not None:
        missing = ("de begroting", f"{LONG}ontbreekt")
        changes["supplement"] = base.supplement.model_copy(update={"missing": missing})
    if base.rank is not None:
        changes["lot"] = LotFacts(seed="9f2c" * 16, lot="ab12" * 16)
    if base.amount_cents:
        half = base.amount_cents // 2
        changes["payments"] = (
            PaymentRow(when="Binnen 6 weken na de bekendmaking van dit besluit", amount_cents=half),
            PaymentRow(
                when="Na een verslag over de eerste helft van de activiteiten " * 4,
                amount_cents=base.amount_cents - half,
                condition="Het verslag is goedgekeurd",
            ),
        )
    return base.model_copy(update=changes)
