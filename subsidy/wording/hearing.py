"""Words for the hearing before a decision (zienswijze): where it stands, its grounds, refusals."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.spoken import language
from subsidy.wording.terms import article_name
from subsidy.wording.values import day
from workflows.grounds import GROUNDS, LegalGround

STAGES: Words = {
    "open": _l("Wait for the view"),
    "answered": _l("View came in"),
    "unanswered": _l("No view within the term"),
}
STAGE_TONES: Mapping[str, str] = {"open": "warning", "answered": "positive", "unanswered": "info"}
# What comes next for the office.
NEXT: Words = {
    "open": _l("Wait for the view, or for the end of the term."),
    "answered": _l("The view came in. Propose a decision, and go into the view in the motivation."),
    "unanswered": _l("The term has passed without a view. You can propose a decision."),
}
REFUSALS: Words = {
    "unknown": _l("This request is not there any more. Look at the page again."),
    "answered": _l("A view was given already, and no longer changes."),
    "gone_on": _l("A decision was taken since, or the application was withdrawn: the view comes too late."),
    "blank_answer": _l("Write the view."),
    "received_outside": _l("This is not between the day of the request and today."),
    "not_now": _l("In this state of the application there is nothing to ask a view on."),
    "decision_pending": _l("A decision was proposed. Let it be returned first."),
    "grounds_needed": _l("Tick at least one ground."),
    "ground_unfit": _l("This ground does not fit the application as it is now."),
    "blank": _l("Say what you intend to decide, and on which data that rests."),
    "last_day_past": _l("Choose a day after today, so that there is time to answer."),
    "last_day_far": _l("This is more than a year away. Check the year."),
}
# Why a decision cannot be proposed or confirmed yet.
PROPOSAL_REFUSALS: Words = {
    "hearing_needed": _l(
        "First ask the applicant for their view on these grounds (articles 4:7 and 4:8 of the General "
        "Administrative Law Act). The page of the application leads to it."
    ),
    "view_came_in": _l(
        "The applicant gave a view after this was proposed. Read it, and send the proposal back, so that the "
        "decision can go into it."
    ),
    "hearing_term_runs": _l(
        "The applicant can give their view until and including %(day)s. Until then nothing is decided "
        "against them."
    ),
}
# A batch keeps the code alone: on which day the term ends differs by application.
TERM_RUNS = _l(
    "The applicant can still give their view. Until the term ends nothing is decided against them."
)
# Refusals that belong at a field of a form.
AT_FIELD: Mapping[str, str] = {
    "last_day_past": "last_day",
    "last_day_far": "last_day",
    "grounds_needed": "grounds",
    "ground_unfit": "grounds",
    "blank": "differs",
    "blank_answer": "answer",
    "received_outside": "received_on",
}


def stage_label(code: str) -> str:
    """Where a hearing stands."""
    return str(STAGES[code])


def hearing_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why a step of a hearing is refused."""
    last_day = (params or {}).get("last_day")
    if code == "already_open" and isinstance(last_day, date):
        return str(
            _(
                "The applicant was asked already, and can answer until and including %(day)s.",
                day=day(last_day),
            )
        )
    return str(REFUSALS[code])


def proposal_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why a decision cannot be proposed or confirmed yet, with the end of the term that runs if known."""
    last_day = (params or {}).get("last_day")
    if isinstance(last_day, date):
        return str(PROPOSAL_REFUSALS[code]) % {"day": day(last_day)}
    return str(TERM_RUNS if code == "hearing_term_runs" else PROPOSAL_REFUSALS[code])


def ground_words(code: str) -> str:
    """A ground of the law with its article; the code itself where it is no longer known."""
    known = GROUNDS.get(code)
    if known is None:
        return code
    return f"{known.text.in_language(language()).rstrip('.')} ({article_name(known.article)})"


def ground_options(grounds: Iterable[LegalGround]) -> list[tuple[str, object]]:
    """Grounds to tick, with their words."""
    return [(one.code, ground_words(one.code)) for one in grounds]


def hearing_note(facts: Mapping[str, object]) -> str:
    """What there is to tell of an event on a hearing."""
    last_day = facts.get("last_day")
    if isinstance(last_day, str):
        return str(_("Until %(day)s.", day=day(date.fromisoformat(last_day))))
    told = [
        _("After the term.") if facts.get("late") else "",
        _("By mouth.") if facts.get("by_mouth") else "",
    ]
    return " ".join(str(one) for one in told if one)


FILTERS: dict[str, object] = {
    "hearing_stage": stage_label,
    "hearing_tone": STAGE_TONES.__getitem__,
    "hearing_next": lambda code: str(NEXT[code]),
    "ground_words": ground_words,
}
