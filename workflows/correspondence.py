"""The letters of the procedure, and what each asks of who reads it.

A letter of a decision has a kind of `phrases.LetterKind`; the others are here. What is expected and until
when goes into every notification (Awb 2:10).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from workflows.phrases import LetterKind


class ProcedureKind(StrEnum):
    """The letters that are no decision on the application."""

    # That it came in, with everything that was entered (Awb 2:17).
    RECEIPT = "receipt"
    # What is missing, and until when it can be supplied (Awb 4:5).
    SUPPLEMENT = "supplement"
    # The reports of the reviewers, for an answer (Awb 3:9, 4:7).
    REBUTTAL = "rebuttal"
    # What the office intends to decide, for a view on it (Awb 4:7, 4:8).
    HEARING = "hearing"
    # That the decision comes later, and when (Awb 4:14).
    DELAY = "delay"
    # That the applicant withdrew the application.
    WITHDRAWN = "withdrawn"


class Reaction(StrEnum):
    """What the reader is expected to do, or can do, until the last day that a letter names."""

    NOTHING = ""
    SUPPLY = "supply"
    ANSWER = "answer"
    VIEW = "view"
    OBJECT = "object"
    # After a decision on an objection: appeal to the court (Awb 8:1).
    APPEAL = "appeal"


EXPECTED: Mapping[ProcedureKind, Reaction] = MappingProxyType(
    {
        ProcedureKind.RECEIPT: Reaction.NOTHING,
        ProcedureKind.SUPPLEMENT: Reaction.SUPPLY,
        ProcedureKind.REBUTTAL: Reaction.ANSWER,
        ProcedureKind.HEARING: Reaction.VIEW,
        ProcedureKind.DELAY: Reaction.NOTHING,
        ProcedureKind.WITHDRAWN: Reaction.NOTHING,
    }
)

KINDS: frozenset[str] = frozenset((*LetterKind, *ProcedureKind))
"""Every kind that the row of a letter can have."""
