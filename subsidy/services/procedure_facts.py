"""What the words of a letter of the procedure rest on: taken when it is ordered, and never changed.

Texts of the office stand as they were typed; everything else is a date, a number or a name.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from workflows.correspondence import ProcedureKind
from workflows.terms import Term


class ProcedureFacts(BaseModel):
    """To whom a letter goes and about which application; `received_on` is when that came in.

    `address_lines` is where it goes by post, for who asked that (`by_post`). `online` is whether somebody can
    log in and react there; an application on paper has nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str
    attention: str = ""
    address_lines: tuple[str, ...] = ()
    title: str
    received_on: date
    online: bool = True


class SupplementFacts(ProcedureFacts):
    """What is missing, the sections in which it can be supplied, and the term (Awb 4:5)."""

    asked: str
    sections: tuple[str, ...]
    term: Term


class RebuttalFacts(ProcedureFacts):
    """How many reports were sent, in how many words they can be answered, and the term.

    `advises` is whether a committee reads the answer before it advises.
    """

    reports: int
    most_words: int
    advises: bool
    term: Term


class GroundFacts(BaseModel):
    """A ground of the law on which a decision is intended: its article as stored, and its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    text: str


class HearingFacts(ProcedureFacts):
    """What the office intends, on which data and grounds (Awb 4:7, 4:8).

    `term` is how the last day was counted; None where an officer chose another day than the round gives.
    """

    intention: str
    data: str
    grounds: tuple[GroundFacts, ...]
    last_day: date
    term: Term | None = None


class DelayFacts(ProcedureFacts):
    """Why the decision comes later, and when (Awb 4:14).

    `term` is the term to decide, with what suspended it; `told` the day that an earlier letter of this kind
    named. `longer` says why it takes more than the law calls reasonable.
    """

    reason: str
    longer: str = ""
    until: date
    term: Term
    told: date | None = None


class WithdrawnFacts(ProcedureFacts):
    """On which day the applicant took the application back."""

    withdrawn_on: date


FACTS: Mapping[ProcedureKind, type[ProcedureFacts]] = MappingProxyType(
    {
        ProcedureKind.SUPPLEMENT: SupplementFacts,
        ProcedureKind.REBUTTAL: RebuttalFacts,
        ProcedureKind.HEARING: HearingFacts,
        ProcedureKind.DELAY: DelayFacts,
        ProcedureKind.WITHDRAWN: WithdrawnFacts,
    }
)


def read_facts(kind: str, stored: Mapping[str, object]) -> ProcedureFacts:
    """Give the facts of a letter of this kind as they were kept."""
    return FACTS[ProcedureKind(kind)].model_validate(stored)
