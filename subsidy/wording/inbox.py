"""Words for the inbox of an applicant: what each letter is, what it asks, and how far that is."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import day, money

TITLES: Words = {
    "receipt": _l("We received your application"),
    "supplement": _l("We ask you to supplement your application"),
    "rebuttal": _l("The reports of the reviewers, for your answer"),
    "hearing": _l("What we intend, for your view"),
    "delay": _l("Our decision comes later"),
    "withdrawn": _l("You withdrew your application"),
    "award": _l("Decision: you get the subsidy"),
    "partial": _l("Decision: you get a part of the subsidy"),
    "reject": _l("Decision: you get no subsidy"),
    "reserve": _l("Decision: a place on the reserve list"),
    "not_processed": _l("Decision: we do not process your application"),
    "withdrawal": _l("Decision: we take back your subsidy"),
}
# A decision that took the place of another says so first.
LATER_TITLES: Words = {
    "correction": _l("New decision: a correction of the earlier one"),
    "withdrawal": _l("New decision: we take back your subsidy"),
    "increase": _l("New decision: a higher subsidy"),
    "reserve": _l("New decision: awarded from the reserve list"),
    "remedy": _l("New decision after an objection, an appeal or a court order"),
}
GISTS: Words = {
    "receipt": _l("We received your application. Everything that you entered stands in the file."),
    "supplement": _l("Something is missing in your application. You can supplement it once."),
    "rebuttal": _l("Reviewers read your application. You can answer what they wrote."),
    "hearing": _l("We may decide against you. Before we do, we want to know what you think of it."),
    "delay": _l("We need more time for our decision."),
    "withdrawn": _l("You withdrew your application. We do not decide on it any more."),
    "partial": _l("You get a part of the subsidy that you asked for: %(amount)s."),
    "award": _l("You get the subsidy: %(amount)s."),
    "reject": _l("You get no subsidy. The letter says why."),
    "reserve": _l("You get no subsidy now. Your application has place %(place)s on the reserve list."),
    "not_processed": _l("We do not process your application, so you get no subsidy."),
    "withdrawal": _l("We take back the subsidy that we awarded before."),
}
REACTIONS: Words = {
    "supply": _l("Supplement the application"),
    "answer": _l("Answer the reports, if you want to"),
    "view": _l("Give your view, if you want to"),
    "object": _l("Object, if you disagree"),
    "appeal": _l("Appeal to the court, if you disagree"),
}
OPEN: Words = {
    "supply": _l("Supplement the application, until and including %(day)s"),
    "answer": _l("You can answer the reports until and including %(day)s"),
    "view": _l("You can give your view until and including %(day)s"),
    "object": _l("You can object until and including %(day)s"),
    "appeal": _l("You can appeal to the court until and including %(day)s"),
}
PAST: Words = {
    "supply": _l("Supplementing was possible until and including %(day)s"),
    "answer": _l("Answering was possible until and including %(day)s"),
    "view": _l("Giving your view was possible until and including %(day)s"),
    "object": _l("Objecting was possible until and including %(day)s"),
    "appeal": _l("Appealing was possible until and including %(day)s"),
}
DONE: Words = {
    "supply": _l("Supplemented on %(day)s"),
    "answer": _l("Answered on %(day)s"),
    "view": _l("View given on %(day)s"),
}
BUTTONS: Words = {
    "supply": _l("Supplement the application"),
    "answer": _l("Read the reports and answer"),
    "view": _l("Read what we intend and give your view"),
}


def letter_title(kind: str, decision_kind: str | None = None) -> str:
    """What a letter is, in a few plain words; `decision_kind` where it is that of a decision."""
    later = LATER_TITLES.get(decision_kind or "")
    return str(later or TITLES[kind])


def letter_gist(
    kind: str, *, last_day: date | None, amount_cents: int | None = None, place: int | None = None
) -> str:
    """What a letter says, in one sentence. The amount is in euro cents."""
    if kind == "delay" and last_day is not None:
        return str(_("We need more time. We decide no later than %(day)s.", day=day(last_day)))
    return str(GISTS[kind]) % {"amount": money(amount_cents), "place": place}


def asked_text(reaction: str, stage: str, until: date | None, done_at: datetime | None = None) -> str:
    """What is expected and until when, or what was done; empty when a letter asks nothing."""
    if stage == "done":
        return str(DONE[reaction]) % {"day": day(done_at)}
    if not reaction or until is None:
        return str(REACTIONS[reaction]) if reaction else ""
    return str((OPEN if stage == "open" else PAST)[reaction]) % {"day": day(until)}


FILTERS: dict[str, object] = {
    "letter_title": letter_title,
    "letter_gist": letter_gist,
    "asked_text": asked_text,
    "asked_button": lambda reaction: str(BUTTONS[reaction]),
}
