"""What an application waits for, in the order in which a round goes through hands.

It follows from its state, its reviews and its decision, and is stored nowhere.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from subsidy.models import Round
from subsidy.services import snapshots
from workflows.states import ApplicationState

S = ApplicationState


class Wait(StrEnum):
    """What an application waits for, in the order in which a round goes through hands."""

    SCREEN = "screen"
    SUPPLEMENT = "supplement"
    ASSIGN = "assign"
    REVIEW = "review"
    REBUTTAL = "rebuttal"
    ADVISE = "advise"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    ANNOUNCE = "announce"


BY_STATE: Mapping[str, Wait] = MappingProxyType(
    {
        S.SUBMITTED: Wait.SCREEN,
        S.SUPPLEMENT_REQUESTED: Wait.SUPPLEMENT,
        S.REBUTTAL: Wait.REBUTTAL,
        S.INELIGIBLE: Wait.PROPOSE,
        S.ADVISED: Wait.PROPOSE,
    }
)
OPEN = (*BY_STATE, S.ELIGIBLE, S.IN_REVIEW)


def wait_after(round_: Round, state: str, *, ready: bool, heard: bool = True) -> Wait | None:
    """Return what an application without a decision waits for.

    `ready`: it has all reviews that it needs. `heard`: its reports were sent for rebuttal.
    """
    if state in BY_STATE:
        return BY_STATE[state]
    definition = snapshots.definition_of(round_)
    if state == S.ELIGIBLE and definition.uses_referents:
        return Wait.ASSIGN
    if state == S.IN_REVIEW and not ready:
        return Wait.REVIEW
    if state == S.IN_REVIEW and definition.holds_rebuttal and not heard:
        return Wait.REBUTTAL
    if state in {S.ELIGIBLE, S.IN_REVIEW}:
        return Wait.ADVISE if definition.uses_panel else Wait.PROPOSE
    return None
