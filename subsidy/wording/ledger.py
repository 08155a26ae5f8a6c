"""Words for the money of a round: kinds of lines and decisions, and changes of the ceiling."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import money

LINE_KINDS: Words = {
    "promised": _l("Promised"),
    "released": _l("Came free"),
    "outside": _l("Outside the ceiling"),
}
LINE_TONES: Mapping[str, str] = {"promised": "brand", "released": "info", "outside": "warning"}
DECISION_KINDS: Words = {
    "first": _l("First decision"),
    "correction": _l("Correction"),
    "withdrawal": _l("Withdrawal"),
    "increase": _l("Higher amount"),
    "reserve": _l("From the reserve list"),
    "remedy": _l("After objection, appeal or a court order"),
}
CONDITIONS: Words = {
    "before_budget": _l(
        "Applications had to be sent in, by law, before the budget was adopted or approved (4:28, a)"
    ),
    "from_budget": _l("The lowering follows from the adoption or approval of the budget (4:28, b)"),
    "foretold": _l(
        "The announcement of the ceiling said that it could be lowered, and what that means for applications "
        "already sent in (4:28, c)"
    ),
}
WARNINGS: Words = {
    "published_after_opening": _l(
        "Published on or after the day on which the round opened (article 4:27, first paragraph)."
    ),
    "binds_received": _l("Also counts for applications that were already sent in (article 4:28)."),
}
REFUSALS: Words = {
    "changed_meanwhile": _l(
        "Somebody else changed the ceiling after you opened this page. Nothing was saved; what you typed is "
        "still here. Look at the ceiling as it is now, and save again."
    ),
    "reason_needed": _l("Say why the ceiling changes."),
    "publication_needed": _l("Fill in where the change was published."),
    "round_in_preparation": _l("This round is in preparation: change the ceiling with the round itself."),
    "round_closed": _l("This round is closed. Its ceiling no longer changes."),
    "same_ceiling": _l("This is the ceiling that the round already has."),
    "not_published_yet": _l("A change counts from its publication. Record it on that day or later."),
    "received_before": _l(
        "Applications came in before this publication, and a lowering does not count for them (article "
        "4:27). It only does when all three conditions of article 4:28 hold."
    ),
}


def line_kind_label(code: str) -> str:
    """What a line of the ledger does."""
    return str(LINE_KINDS[code])


def line_kind_tone(code: str) -> str:
    """The tone of the badge of a line."""
    return LINE_TONES[code]


def decision_kind_label(code: str) -> str:
    """How a decision stands to the one before it."""
    return str(DECISION_KINDS.get(code, code))


def ceiling_note(code: str) -> str:
    """What is known of a change of the ceiling: a warning, or a condition of article 4:28."""
    return str({**WARNINGS, **CONDITIONS}.get(code, code))


def ceiling_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why the ceiling was not changed."""
    if code == "below_promised":
        promised = (params or {}).get("promised_cents")
        return str(
            _(
                "%(promised)s is promised already. A ceiling never goes below that.",
                promised=money(promised if isinstance(promised, int) else None),
            )
        )
    return str(REFUSALS.get(code, code))


FILTERS: dict[str, object] = {
    "line_kind_label": line_kind_label,
    "line_kind_tone": line_kind_tone,
    "decision_kind_label": decision_kind_label,
    "ceiling_note": ceiling_note,
}
