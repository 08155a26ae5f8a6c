"""The decision in machine-readable form, embedded in its letter: subsidy-decision/1.

Its schema is `subsidy/data/schemas/decision.schema.json`; the record names where this installation publishes
it. It says no more than the letter does. The format grows by fields that need not be there: what was written
before them stays valid.
"""

from decimal import Decimal

from pydantic import JsonValue

from subsidy.documents.letter_facts import LetterFacts
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind

FORMAT = "subsidy-decision/1"
SCHEMA_PATH = "/schemas/subsidy-decision-1.json"


def decision_record(definition: RoundDefinition, facts: LetterFacts) -> dict[str, JsonValue]:
    """Return the decision as JSON: amounts in euro cents, dates as ISO text, numbers as exact text."""
    later = facts.later
    named: dict[str, JsonValue] = {"$schema": facts.schema_at} if facts.schema_at else {}
    return named | {
        "format": FORMAT,
        "concept": facts.concept,
        "reference": facts.reference,
        "title": facts.title,
        "round": {
            "slug": facts.round.slug,
            "kind": definition.kind,
            "number": facts.round.number,
            "title": facts.round.title,
            "ceiling_cents": facts.round.ceiling_cents,
            "distribution": facts.round.distribution.value,
            "publication": facts.round.publication,
        },
        "applicant": {"name": facts.addressee.organisation, "kvk": facts.applicant_kvk or None},
        "authority": {"name": facts.authority.name, "mandate": facts.authority.mandate},
        "outcome": facts.outcome.value,
        "ground": facts.ground,
        "requested_cents": facts.requested_cents,
        "amount_cents": facts.amount_cents,
        "currency": "EUR",
        "starts_on": facts.starts_on.isoformat() if facts.starts_on else None,
        "ends_on": facts.ends_on.isoformat() if facts.ends_on else None,
        "received_on": facts.received_on.isoformat(),
        "announced_on": facts.announced_on.isoformat(),
        "objection_until": facts.objection_until.isoformat(),
        "reserve": {"place": facts.reserve.place, "until": facts.reserve.until.isoformat()}
        if facts.reserve
        else None,
        "supplement": {
            "asked_on": facts.supplement.asked_on.isoformat(),
            "until": facts.supplement.until.isoformat(),
            "missing": list(facts.supplement.missing),
        }
        if facts.supplement
        else None,
        "findings": [{"check": one.check, "basis": one.basis} for one in facts.findings],
        "criteria": [
            {
                "id": row.id,
                "title": row.title,
                "weight": _text(row.weight),
                "best": _text(row.best),
                "worst": _text(row.worst),
                "threshold": _text(row.threshold),
                "value": _text(row.value),
            }
            for row in facts.criteria
        ],
        "total": _text(facts.total),
        "reviews": facts.reviews,
        "rank": facts.rank,
        "lot": None if facts.lot is None else {"seed": facts.lot.seed, "lot": facts.lot.lot},
        "legal_basis": list(definition.legal_basis),
        "coded": [{"code": one.code, "article": one.article} for one in facts.coded],
        "conditions": list(facts.conditions),
        "obligations": list(facts.obligations),
        "payments": [{"when": one.when, "amount_cents": one.amount_cents} for one in facts.payments],
        "kind": DecisionKind.FIRST.value if later is None else later.kind.value,
        "replaces": None
        if later is None
        else {
            "announced_on": later.announced_on.isoformat(),
            "outcome": later.outcome.value,
            "amount_cents": later.amount_cents,
            "reason": later.reason,
            "remedy_of": later.remedy_of or None,
        },
    }


def _text(value: Decimal | None) -> str | None:
    # Never in powers of ten: 1E+1 is no number to most who read this.
    return None if value is None else f"{value:f}"
