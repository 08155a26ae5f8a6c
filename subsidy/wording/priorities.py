"""Words for the order of priority: why it cannot be changed, and why a change was refused."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

REFUSALS: Words = {
    "has_decision": _l(
        "A decision was proposed on this application, so its place stays. Send the proposal back first."
    ),
    "meeting_not_opened": _l("The order can be changed once the meeting is open."),
    "minutes_confirmed": _l(
        "The minutes of this meeting are confirmed, so nothing in it changes. "
        "The order can change in a new meeting."
    ),
    "not_fundable": _l("This application has no place in the order: it is not fundable now."),
    "order_changed": _l(
        "Somebody changed the order meanwhile. Nothing was moved. "
        "Look at the order as it is now, and try again."
    ),
    "order_of_receipt": _l("In this round the moment of receipt decides the order, so there are no places."),
    "reason_needed": _l("This place departs from the order of the scores. Say why."),
}


def priority_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """What to tell a person whose change of the order was refused."""
    if code == "passes_decision":
        return str(
            _(
                "This would change the place of %(reference)s, on which a decision was proposed. "
                "Send that proposal back first.",
                reference=(params or {}).get("reference", ""),
            )
        )
    return str(REFUSALS.get(code, code))


FILTERS: dict[str, object] = {"priority_refusal": priority_refusal}
