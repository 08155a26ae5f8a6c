"""One believable letter of each kind of the procedure, short or very long, with a term from workflows."""

from datetime import UTC, date, datetime

from subsidy.documents.procedure_frame import Frame
from subsidy.documents.procedure_letter import ProcedureContent
from subsidy.documents.procedure_text import compose
from subsidy.services.procedure_facts import (
    DelayFacts,
    GroundFacts,
    HearingFacts,
    ProcedureFacts,
    RebuttalFacts,
    SupplementFacts,
    WithdrawnFacts,
)
from tests.documents.letters import OFFICE
from workflows import hearing, suspension, terms
from workflows.correspondence import ProcedureKind

# Fourteen days later is 5 May: Liberation Day.
SENT = date(2026, 4, 21)
SUPPLEMENT = terms.supplement_term(SENT, 14)
DECISION = suspension.suspend(
    terms.decision_term(date(2026, 3, 30), 13),
    [suspension.for_supplement(date(2026, 4, 1), supplied_on=date(2026, 4, 11))],
    date(2026, 6, 1),
)
LONG = "\n\n".join(
    (
        "De begroting mist de bijdrage van de gemeente. " * 40,
        "zeerlangwoord" * 40,
        "<b>Niet vet</b> & <img src=x>",
    )
)
SHORT = "De begroting ontbreekt."


def facts_of(kind: ProcedureKind, **changes: object) -> ProcedureFacts:
    """The facts of a letter of this kind."""
    base: dict[str, object] = {
        "organisation": "Gemeente Zoetermeer",
        "attention": "A. Jansen",
        "title": "Samen ouder worden",
        "received_on": date(2026, 3, 10),
    }
    own: dict[ProcedureKind, tuple[type[ProcedureFacts], dict[str, object]]] = {
        ProcedureKind.SUPPLEMENT: (
            SupplementFacts,
            {"asked": SHORT, "sections": ("Begroting",), "term": SUPPLEMENT},
        ),
        ProcedureKind.REBUTTAL: (
            RebuttalFacts,
            {"reports": 2, "most_words": 500, "advises": True, "term": terms.rebuttal_term(SENT, 10)},
        ),
        ProcedureKind.HEARING: (
            HearingFacts,
            {
                "intention": "Wij willen uw aanvraag afwijzen.",
                "data": "De stichting staat niet meer in het handelsregister.",
                "grounds": (GroundFacts(article="Awb 4:35(2)(a)", text="De gegevens zijn onjuist."),),
                "last_day": SUPPLEMENT.last_day,
                "term": hearing.proposed(SENT, 14),
            },
        ),
        ProcedureKind.DELAY: (
            DelayFacts,
            {"reason": "De commissie heeft meer tijd nodig.", "until": date(2026, 9, 1), "term": DECISION},
        ),
        ProcedureKind.WITHDRAWN: (WithdrawnFacts, {"withdrawn_on": SENT}),
    }
    model, values = own[kind]
    return model.model_validate(base | values | changes)


def content_of(kind: ProcedureKind, *, dated: date = SENT, **changes: object) -> ProcedureContent:
    """The composed letter."""
    frame = Frame(
        kind=kind,
        code="0123456789ABCDEF",
        office=OFFICE.model_copy(update={"check_at": "https://subsidie.example.nl/echt"}),
        portal="https://subsidie.example.nl",
        reference="NET1-0001",
        round_title="Netwerk 2026",
        dated=dated,
        created_at=datetime(2026, 4, 21, 9, tzinfo=UTC),
    )
    return compose(facts_of(kind, **changes), frame)
