"""Words for the minutes of a meeting: where they stand, and why a step on them was refused."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words, error_text

STAGES: Words = {
    "none": _l("Not made yet"),
    "making": _l("Being made"),
    "concept": _l("Concept"),
    "outdated": _l("No longer right"),
    "ready": _l("Waits for the chair"),
    "confirmed": _l("Confirmed"),
}
STAGE_TONES = {
    "none": "neutral",
    "making": "info",
    "concept": "info",
    "outdated": "warning",
    "ready": "info",
    "confirmed": "positive",
}
REFUSALS: Words = {
    "already_confirmed": _l("These minutes were confirmed already. Nothing was done a second time."),
    "minutes_damaged": _l("The stored minutes are gone or were changed on disk. Have them made anew."),
    "none_made": _l("The minutes are not made yet. Try again in a moment."),
    "not_closed": _l("The meeting is not closed yet. Minutes are confirmed after it."),
    "not_opened": _l("The meeting was not opened yet, so there is nothing to tell."),
    "other_minutes": _l("These are other minutes than the ones you read. Read them again."),
    "outdated": _l(
        "Something changed after these minutes were made, so they are no longer right. Have them made anew, "
        "and read them again."
    ),
    "second_person_needed": _l("Another chair has to confirm these minutes."),
}


def minutes_stage(stage: str) -> str:
    """Where minutes stand."""
    return str(STAGES.get(stage, stage))


def minutes_tone(stage: str) -> str:
    """The tone of the badge of a stage."""
    return STAGE_TONES.get(stage, "neutral")


def minutes_refusal(code: str) -> str:
    """What to tell a person whose step on minutes was refused."""
    return str(REFUSALS[code]) if code in REFUSALS else error_text(code)


FILTERS: dict[str, object] = {
    "minutes_stage": minutes_stage,
    "minutes_tone": minutes_tone,
}
