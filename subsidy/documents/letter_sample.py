"""A made-up case for each kind of letter: what a preview shows before there is an application for it.

Its values are the examples that an officer sees beside the fields that can stand in a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask import current_app

import config
from subsidy import clock
from subsidy.documents.letter import Addressee, GroundRow
from subsidy.documents.letter_facts import (
    AuthorityFacts,
    CriterionFacts,
    LaterFacts,
    LetterFacts,
    ReserveFacts,
    RoundFacts,
    SupplementFacts,
    usual_period,
)
from subsidy.documents.letter_values import values_of
from subsidy.documents.letterhead import letterhead
from subsidy.models import Round
from subsidy.services.proposal import proposed_day
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.terms import objection_term

K = LetterKind
ASKED_CENTS, PART_CENTS, MOST_CENTS = 1_000_000, 750_000, 100_000_000
WHY = "Hier staat de uitleg die bij de aanvraag hoort."


@dataclass(frozen=True, slots=True)
class _Dates:
    """The days of the case, counted from the day on which the letter is made known."""

    announced: date

    def before(self, weeks: int) -> date:
        return self.announced - timedelta(weeks=weeks)


def sample_facts(round_: Round, definition: RoundDefinition, kind: LetterKind) -> LetterFacts:
    """Give the facts of a made-up application of this round that gets this kind of letter."""
    settings: config.Settings = current_app.config["SETTINGS"]
    dates = _Dates(proposed_day(clock.today()))
    months = definition.default_months or 12
    first, last = usual_period(dates.announced, months)
    values: dict[str, Any] = {
        "outcome": kind,
        "office": letterhead(),
        "authority": AuthorityFacts(
            name=settings.deciding_authority,
            mandate=settings.mandate,
            signatory=settings.signatory,
            function=settings.office_name,
        ),
        "round": RoundFacts(
            slug=round_.slug,
            number=round_.number,
            title=round_.title,
            ceiling_cents=round_.ceiling_cents or MOST_CENTS,
            distribution=definition.rules.distribution,
        ),
        "addressee": Addressee(organisation="Gemeente Voorbeeld", attention="mevrouw V. Beeld"),
        "reference": "VOORBEELD-001",
        "title": "Samen gezond in Voorbeeld",
        "region": "Voorbeeld",
        "received_on": dates.before(16),
        "announced_on": dates.announced,
        "objection_until": objection_term(dates.announced).last_day,
        "proposed_at": clock.now(),
        "requested_cents": definition.rules.max_amount_cents or ASKED_CENTS,
        "months": months,
        "starts_on": first,
        "ends_on": last,
        "criteria": _criteria(definition),
        "total": Decimal(72) if definition.rules.criteria else None,
        "reviews": 2,
        "reviews_needed": 2,
        "rank": 3,
        "ranked": 12,
        "motivation": WHY,
        "concept": True,
    }
    differs = _of_kind(
        kind, values["requested_cents"], dates, scored=definition.rules.threshold_total is not None
    )
    return LetterFacts.model_validate(values | differs)


def examples(round_: Round, definition: RoundDefinition) -> Mapping[str, str]:
    """Give an example of every field that can stand in a text, as a letter writes it."""
    found: dict[str, str] = {}
    cases = [sample_facts(round_, definition, kind) for kind in LetterKind]
    below = (one.id for one in definition.rules.criteria if one.threshold is not None)
    cases += [cases[0].model_copy(update={"ground": f"criterion:{one}"}) for one in below]
    for facts in cases:
        values = values_of(definition, facts)
        found |= {name: value for name, value in values.items() if value and name not in found}
    return MappingProxyType(found)


def _criteria(definition: RoundDefinition) -> tuple[CriterionFacts, ...]:
    return tuple(
        CriterionFacts(
            id=one.id,
            title=one.title,
            weight=one.weight,
            best=one.best,
            worst=one.worst,
            threshold=one.threshold,
            value=(one.best + one.worst) / 2,
            motivation=WHY,
        )
        for one in definition.rules.criteria
    )


def _of_kind(kind: LetterKind, asked_cents: int, dates: _Dates, *, scored: bool) -> dict[str, Any]:
    """Give what differs: euro cents, the ground, the place, the term to supplement, what is taken back.

    `scored`: the round asks a total score, which an application can stay below.
    """
    unscored = {"criteria": (), "total": None, "reviews": 0, "rank": None}
    match kind:
        case K.AWARD:
            return {"amount_cents": asked_cents}
        case K.PARTIAL:
            return {"amount_cents": min(PART_CENTS, asked_cents * 3 // 4), "ground": "ceiling"}
        case K.REJECT:
            return {"ground": "below_threshold" if scored else "ceiling"}
        case K.RESERVE:
            until = dates.announced + timedelta(weeks=26)
            return {"ground": "ceiling", "reserve": ReserveFacts(place=2, until=until)}
        case K.NOT_PROCESSED:
            asked = SupplementFacts(
                asked_on=dates.before(14), until=dates.before(12), missing=("de begroting",)
            )
            return {"ground": "incomplete", "supplement": asked, **unscored}
        case K.WITHDRAWAL:
            ground = GroundRow(
                code="activities_not_done",
                article="Awb 4:48(1)(a)",
                text="De activiteiten zijn niet of niet helemaal uitgevoerd.",
            )
            return {
                "motivation": "",
                "coded": (ground,),
                "later": LaterFacts(
                    kind=DecisionKind.WITHDRAWAL,
                    reason=WHY,
                    announced_on=dates.before(26),
                    outcome=K.AWARD,
                    amount_cents=asked_cents,
                ),
            }
