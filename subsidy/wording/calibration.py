"""Words for what is refused about a trial application."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

REFUSALS: Words = {
    "not_published": _l("Publish the round first: before that nobody reviews in it."),
    "round_over": _l("The decisions of this round are out, so there is nothing left to practise for."),
    "due_past": _l("This day is over. Choose today or a later day."),
    "closed": _l("This trial application is closed. Your scores can no longer be changed."),
    "handed_in": _l("You handed in your scores already. They can no longer be changed."),
}
