"""Words for an applicant: where an application stands, what is expected, what is missing, what happened."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import day, instant, text
from workflows.definition import Question

STATES: Words = {
    "draft": _l("Draft"),
    "received": _l("Received"),
    "supplement": _l("Supplement asked"),
    "rebuttal": _l("You can answer the reports"),
    "in_treatment": _l("In treatment"),
    "awarded": _l("Awarded"),
    "rejected": _l("Rejected"),
    "not_processed": _l("Not processed"),
    "withdrawn": _l("Withdrawn"),
    "award_withdrawn": _l("Subsidy taken back"),
}
# The tones of templates/components/feedback.html.
TONES = {
    "draft": "neutral",
    "received": "info",
    "supplement": "warning",
    "rebuttal": "warning",
    "in_treatment": "info",
    "awarded": "positive",
    "rejected": "negative",
    "not_processed": "negative",
    "withdrawn": "neutral",
    "award_withdrawn": "negative",
}
SECTION_STATUS: Words = {
    "not_started": _l("Not started"),
    "in_progress": _l("In progress"),
    "complete": _l("Complete"),
    "attention": _l("Needs attention"),
    "optional": _l("Optional"),
}
SECTION_TONES = {
    "not_started": "neutral",
    "in_progress": "info",
    "complete": "positive",
    "attention": "warning",
    "optional": "neutral",
}

STEPS: Words = {
    "started": _l("Draft started"),
    "submitted": _l("Application sent in"),
    "entered": _l("Application on paper received"),
    "receipt_made": _l("Confirmation of receipt sent"),
    "supplement_requested": _l("We asked you to supplement the application"),
    "supplemented": _l("Supplement received"),
    "supplement_expired": _l("The term to supplement has passed"),
    "in_treatment": _l("Taken into treatment"),
    "reports_released": _l("Reports of the reviewers sent to you"),
    "rebuttal_sent": _l("Answer to the reports received"),
    "rebuttal_over": _l("The term to answer the reports has passed"),
    "hearing_opened": _l("We asked for your view on what we intend"),
    "hearing_answered": _l("Your view received"),
    "delayed": _l("We wrote you that the decision comes later"),
    "withdrawn": _l("Application withdrawn"),
    "imported": _l("Application taken over from an earlier system"),
    "awarded": _l("Decision announced: awarded"),
    "rejected": _l("Decision announced: rejected"),
    "not_processed": _l("Decision announced: not processed"),
    "decided": _l("Decision announced"),
    "corrected": _l("New decision announced: a correction of the earlier one"),
    "award_withdrawn": _l("New decision announced: the subsidy is taken back"),
    "increased": _l("New decision announced: a higher subsidy"),
    "moved_up": _l("New decision announced: awarded from the reserve list"),
    "remedied": _l("New decision announced after an objection, an appeal or a court order"),
}
# What the applicant reads of a decision that took the place of another, before its reason.
LATER_TOLD: Words = {
    "correction": _l("This decision corrects the earlier one and takes its place. Why:"),
    "withdrawal": _l("This decision takes the place of the earlier one. Why:"),
    "increase": _l("Money came free, so your subsidy is higher than in the earlier decision. Why:"),
    "reserve": _l("Money came free, so you move up from the reserve list. Why:"),
    "remedy": _l("We looked at the earlier decision again, and this one takes its place. Why:"),
}

MISSING: Words = {
    "title": _l("Title of the project"),
    "summary": _l("Summary"),
    "months": _l("Duration in months"),
    "predecessor": _l("Reference of the earlier application"),
    "regiobeeld": _l("Where is the regiobeeld?"),
    "other_money": _l("Other public money"),
    "lead": _l("Lead applicant"),
    "lead_kvk": _l("KvK number of the lead applicant"),
    "lead_iban": _l("Account number of the lead applicant"),
    "aid_received": _l("Whether a participant got de-minimis or SGEI aid"),
    "aid": _l("Earlier state aid"),
    "aid_details": _l("Earlier state aid: organisation, day or giver"),
    "region_name": _l("Name of the region"),
    "municipalities": _l("Municipalities"),
    "requested": _l("Amount that you ask"),
    "costs": _l("Costs"),
}
# Where on the page of its section something missing is filled in, when not under its own name.
ANCHORS = {
    "regiobeeld": "regiobeeld_from-0",
    "other_money": "gets_other_money-0",
    "lead": "lead-name",
    "lead_kvk": "lead-kvk",
    "lead_iban": "lead-iban",
    "aid_received": "aid_received-0",
    "aid_details": "aid",
}

EXPECTED: Words = {
    "submit": _l("Send in at the latest on %(until)s"),
    "too_early": _l("The round opens on %(until)s"),
    "too_late": _l("Too late: the round closed on %(until)s"),
    "supply": _l("Supplement the application, at the latest on %(until)s"),
    "supply_over": _l("The term to supplement ended on %(until)s"),
    "answer": _l("You can answer the reports, at the latest on %(until)s"),
    "hearing": _l("Give your view on what we intend, at the latest on %(until)s"),
    "decision": _l("We decide at the latest on %(until)s"),
    "letter": _l("The letter is ready for you"),
    "nothing": _l("Nothing more is expected"),
}


def public_state_label(code: str) -> str:
    """Where an application stands, for its applicant."""
    return str(STATES[code])


def expected_text(expected: str, until: object) -> str:
    """What comes next and until when, as one line."""
    shown = instant(until) if hasattr(until, "tzinfo") else day(until)  # type: ignore[arg-type]  # see Next
    return str(EXPECTED[expected]) % {"until": shown}


def missing_label(code: str, question: Question | None) -> str:
    """What is missing."""
    return str(MISSING[code]) if question is None else text(question.label)


FILTERS: dict[str, object] = {
    "public_state_label": public_state_label,
    "public_tone": TONES.__getitem__,
    "section_status_label": lambda code: str(SECTION_STATUS[code]),
    "section_tone": SECTION_TONES.__getitem__,
    "expected_text": expected_text,
    "missing_label": missing_label,
    "step_label": lambda code: str(STEPS[code]),
    "later_told": lambda kind: str(LATER_TOLD[kind]),
}
