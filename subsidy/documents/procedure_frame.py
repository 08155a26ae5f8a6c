"""What stands around the words of any letter of the procedure, and the sentences that several share."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime

from subsidy.documents.dutch import long_date
from subsidy.documents.letter import Office, Part
from subsidy.services.procedure_facts import ProcedureFacts
from workflows.correspondence import ProcedureKind

# What a letter of one kind says: the fields of ProcedureContent that are its own.
Words = dict[str, Any]

ASKED = "Wat wij van u vragen"
MEANS = "Wat dit betekent"
OTHERWISE = "Wat er gebeurt als u niet reageert"


class Frame(Part):
    """The row that was ordered, and the office of this moment; `portal` is the address of the site."""

    kind: ProcedureKind
    code: str
    office: Office
    portal: str
    reference: str
    round_title: str
    dated: date
    created_at: AwareDatetime


def paragraph(*sentences: str) -> str:
    """Write sentences as one text; an empty one is left out."""
    return " ".join(filter(None, sentences))


def came_in(facts: ProcedureFacts) -> str:
    """Say when the application came in."""
    return f"Op {long_date(facts.received_on)} ontvingen wij uw aanvraag."


def log_in(frame: Frame, then: str) -> str:
    """Say where to react on the site, and how."""
    return f"Log in op {frame.portal} en open uw aanvraag {frame.reference}. {then}"


def by_post(frame: Frame, until: str) -> str:
    """Say where to react on paper, and that it counts when it is here."""
    address = ", ".join((frame.office.name, *frame.office.address_lines))
    return paragraph(
        f"Schrijf ons, met het kenmerk {frame.reference}: {address}.",
        f"Zorg dat wij uw brief uiterlijk op {until} hebben.",
    )


def ways(facts: ProcedureFacts, frame: Frame, until: str, then: str) -> tuple[str, ...]:
    """Say how to react in writing: on the site for who can log in there, else by post."""
    if not facts.online:
        return (by_post(frame, until),)
    return (
        log_in(frame, then),
        f"Lukt dat niet, of schrijft u liever op papier? Bel of mail ons dan op tijd: {reach(frame.office)}.",
    )


def reach(office: Office) -> str:
    """Say how to reach the office: by e-mail, and by telephone where it has a number."""
    return f"{office.email} of {_telephone(office)}" if office.phone else office.email


def talk(office: Office) -> str:
    """Say how to speak to the office."""
    meet = f"mail {office.email} om een afspraak te maken"
    return (
        f"Vertel het ons: bel {_telephone(office)} of {meet}." if office.phone else f"Vertel het ons: {meet}."
    )


def _telephone(office: Office) -> str:
    """Give the number as one word, so that no line breaks in it."""
    return office.phone.replace(" ", "\N{NO-BREAK SPACE}")
