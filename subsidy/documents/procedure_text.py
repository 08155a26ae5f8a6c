"""Compose the letters of the procedure in plain Dutch: what it means, until when, how to react, and the law.

Each says the consequence, the reaction that is expected and the term (Awb 2:10). Plain words come first, the
articles last.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from subsidy.documents import procedure_asking as asking
from subsidy.documents import procedure_telling as telling
from subsidy.documents.letter import Addressee, Signature
from subsidy.documents.procedure_frame import Frame, Words, paragraph, reach
from subsidy.documents.procedure_letter import ProcedureContent
from subsidy.services.procedure_facts import ProcedureFacts
from workflows.correspondence import ProcedureKind

WORDS: Mapping[ProcedureKind, Callable[[Any, Frame], Words]] = MappingProxyType(
    {
        ProcedureKind.SUPPLEMENT: asking.supplement,
        ProcedureKind.REBUTTAL: asking.rebuttal,
        ProcedureKind.HEARING: asking.hearing,
        ProcedureKind.DELAY: telling.delay,
        ProcedureKind.WITHDRAWN: telling.withdrawn,
    }
)


def compose(facts: ProcedureFacts, frame: Frame) -> ProcedureContent:
    """Write the letter of the kind of `frame`, of which these are the facts."""
    return ProcedureContent(
        kind=frame.kind,
        code=frame.code,
        office=frame.office,
        addressee=Addressee(
            organisation=facts.organisation, attention=facts.attention, address_lines=facts.address_lines
        ),
        reference=frame.reference,
        dated=frame.dated,
        received_on=facts.received_on,
        round_title=frame.round_title,
        closing=paragraph(
            f"Hebt u vragen over deze brief? Neem dan contact met ons op: {reach(frame.office)}.",
            f"Noem daarbij het kenmerk {frame.reference}.",
        ),
        signature=Signature(greeting="Met vriendelijke groet,", name=frame.office.name, function=""),
        created_at=frame.created_at,
        **WORDS[frame.kind](facts, frame),
    )
