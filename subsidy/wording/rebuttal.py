"""Words for the rebuttal: where each application stands in it, scores with their anchor, refusals."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words, error_text
from subsidy.wording.spoken import language
from subsidy.wording.values import day
from workflows.rules import Criterion

STAGES: Words = {
    "waits": _l("Waits for reviews"),
    "ready": _l("Can be sent"),
    "open": _l("Sent, no answer yet"),
    "answered": _l("Answered"),
    "unanswered": _l("Not answered in time"),
}
STAGE_TONES: Mapping[str, str] = {
    "waits": "neutral",
    "ready": "brand",
    "open": "warning",
    "answered": "positive",
    "unanswered": "info",
}
REFUSALS: Words = {
    "changed_meanwhile": _l(
        "A report was changed after you opened this page. Nothing was sent. Below stand the reports as they "
        "are now: look at them, and send them again."
    ),
    "emptied": _l("Leave the reasons in. Take out only what shows who wrote them."),
    "not_released": _l("The reports were not sent to the applicant yet."),
    "sent": _l("The answer was sent in already, and no longer changes."),
    "blank": _l("Write the answer."),
    "has_members": _l("This applicant has an account here, and sends the answer from there."),
    "received_early": _l("This is not between the day on which the reports were sent and today."),
    "gone_on": _l("This application has gone on since: the answer can no longer be added."),
}


def stage_label(code: str) -> str:
    """Where an application stands in the rebuttal."""
    return str(STAGES[code])


def rebuttal_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why a step of the rebuttal is refused; also for the codes of the machine."""
    known = params or {}
    last_day = known.get("last_day")
    if code in {"over", "received_late"} and isinstance(last_day, date):
        return str(_("The term to answer ended on %(day)s.", day=day(last_day)))
    if code == "not_ready":
        waiting = known.get("open")
        if isinstance(waiting, int) and waiting:
            return str(
                ngettext(
                    "%(num)d review is still to come in.", "%(num)d reviews are still to come in.", waiting
                )
            )
        return str(_("There are not enough reviews yet."))
    if code == "too_long":
        return str(
            _(
                "This text has %(words)s words; at most %(most)s are allowed.",
                words=known.get("words"),
                most=known.get("most"),
            )
        )
    return str(REFUSALS[code]) if code in REFUSALS else error_text(code, params)


def rebuttal_note(facts: Mapping[str, object]) -> str:
    """What there is to tell of sending the reports, and of the end of the term."""
    last_day, edited = facts.get("last_day"), facts.get("edited")
    if isinstance(last_day, str):
        until = str(_("Until %(day)s.", day=day(date.fromisoformat(last_day))))
        if not isinstance(edited, int) or not edited:
            return until
        taken = ngettext(
            "Words were taken out of %(num)d text.", "Words were taken out of %(num)d texts.", edited
        )
        return f"{until} {taken}"
    return str(_("Answered.") if facts.get("answered") else _("No answer came in."))


def score_words(score: str, criterion: Criterion | None) -> str:
    """A score with the words that its scale has for it: 4: good."""
    if criterion is None or not score:
        return score or str(_("no score"))
    try:
        value = Decimal(score)
    except InvalidOperation:
        return score
    shown = score.replace(".", ",") if language() == "nl" else score
    anchor = next((one for one in criterion.anchors if one.score == value), None)
    return f"{shown}: {anchor.text.in_language(language())}" if anchor else shown


def scale_words(criterion: Criterion) -> str:
    """Which way a scale runs."""
    return str(
        _("%(worst)s is the weakest, %(best)s the strongest", worst=criterion.worst, best=criterion.best)
    )


FILTERS: dict[str, object] = {
    "rebuttal_stage": stage_label,
    "rebuttal_tone": STAGE_TONES.__getitem__,
}
