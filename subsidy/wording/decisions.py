"""Words for decisions: where each stands, and why a step on one is refused."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words, error_text
from subsidy.wording.values import NOTHING, money

STAGES: Words = {
    "rendering": _l("Letter is being made"),
    "proposed": _l("Waits for confirmation"),
    "confirmed": _l("Confirmed"),
    "announced": _l("Made known"),
    "returned": _l("Sent back"),
    "missed": _l("Announcement date missed"),
    "history": _l("Brought in as history"),
}
STAGE_TONES: Mapping[str, str] = {
    "rendering": "neutral",
    "proposed": "info",
    "confirmed": "brand",
    "announced": "positive",
    "returned": "neutral",
    "missed": "warning",
    "history": "neutral",
}
REFUSALS: Words = {
    "already_proposed": _l("There is a proposal for this application already."),
    "already_confirmed": _l("This decision was confirmed already. Nothing was done a second time."),
    "already_announced": _l("This decision was announced already."),
    "amount_without_award": _l("Only an award has an amount."),
    "announce_date_past": _l("The announcement date has passed. Choose today or a later day."),
    "announcement_missed": _l(
        "The announcement date of this letter has passed, so the term for objection in it is no longer "
        "right. Propose the decision again with a new date."
    ),
    "clash": _l(
        "Somebody else saved another advice in the meantime. Yours is not saved yet: compare both, and "
        "record again to replace what was saved."
    ),
    "criterion_unknown": _l("This round has no such criterion."),
    "declaration_needed": _l(
        "First declare your interests in this round, also for what came in since the last time."
    ),
    "departure_needed": _l(
        "This differs from the advice and the division. Say why "
        "(article 3:50 of the General Administrative Law Act)."
    ),
    "ground_needed": _l("Choose the ground of the rejection."),
    "letter_damaged": _l(
        "The stored letter is gone or was changed on disk. Send the proposal back; a new letter follows."
    ),
    "letter_incomplete": _l("The letter cannot be written yet: a fact that its text needs is missing."),
    "letter_pending": _l("The letter is not ready yet. Try again in a moment."),
    "minutes_confirmed": _l(
        "The minutes of the meeting that discussed this application are confirmed. Discuss it again in a new "
        "meeting to change the advice."
    ),
    "missing_needed": _l("Say what is missing: that is why the application is not processed (article 4:5)."),
    "no_decision": _l("No decision was proposed for this application yet."),
    "not_confirmed": _l("This decision was not confirmed yet."),
    "not_missed": _l("The announcement date has not passed, so there is nothing to renew."),
    "not_today": _l("The letter names another day for the announcement."),
    "others_on_the_way": _l(
        "Other applications of this round are not ready for a decision yet. Who gets money can only be "
        "decided once all can be compared."
    ),
    "other_letter": _l("This is another letter than the one you read. Read the letter again."),
    "priority_taken": _l("Another application of this round has this place in the order already."),
    "read_first": _l("Read the letter first, and tick that you did."),
    "reserve_incomplete": _l("A place on the reserve list goes with a rejection, and needs its last day."),
    "score_reason_needed": _l(
        "An agreed score is another than the mean of the reviewers. Say why, below that score."
    ),
    "score_outside_scale": _l("A score lies outside the scale of its criterion."),
    "starts_on_needed": _l("Give the day on which the activities start."),
}


def stage_label(stage: str) -> str:
    """Where a decision stands."""
    return str(STAGES.get(stage, stage))


def stage_tone(stage: str) -> str:
    """The tone of the badge of a stage."""
    return STAGE_TONES.get(stage, "neutral")


def decision_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """What to tell a person whose step on a decision was refused; codes of the machine too."""
    if code == "ceiling_exceeded":
        known = params or {}
        return str(
            _(
                "This does not fit under the ceiling any more: %(asked)s is asked, and of %(ceiling)s "
                "there is %(left)s left. Nothing was confirmed. Send the proposal back, or propose less.",
                asked=money(_cents(known, "asked_cents")),
                left=money(_cents(known, "left_cents")),
                ceiling=money(_cents(known, "ceiling_cents")),
            )
        )
    return str(REFUSALS[code]) if code in REFUSALS else error_text(code, params)


def return_reason(reason: str) -> str:
    """The reason for which a decision was sent back; a missed date is told by its code."""
    return str(STAGES["missed"]) if reason == "announcement_missed" else reason


def score(value: Decimal | None) -> str:
    """A score or a total as people read it: 4 or 3,5 or 83,33; a dash where there is none."""
    return NOTHING if value is None else str(format_decimal(value, "#,##0.##"))


def _cents(params: Mapping[str, object], name: str) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else 0


FILTERS: dict[str, object] = {
    "stage_label": stage_label,
    "stage_tone": stage_tone,
    "decision_refusal": decision_refusal,
    "return_reason": return_reason,
    "score": score,
}
