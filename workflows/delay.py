"""Telling that a decision comes later (Awb 4:14): which day may be named.

The letter names a day as near as it can be. It does not stretch the term itself: who has waited longer than
that can still give notice of default (Awb 4:17).
"""

from datetime import date

from workflows.terms import REASONABLE_WEEKS, Term, Unit, add_length, proposed_term

ARTICLE = "Awb 4:14(1)"
# What is offered on the form; any day may be named.
USUAL_WEEKS = 4
# A later day is a slip of the pen.
MOST_WEEKS = 52


def proposed(ends_on: date, today: date, weeks: int = USUAL_WEEKS) -> Term:
    """Propose a working day some weeks after the term that ends, or from today where it ended already."""
    return proposed_term(max(ends_on, today), weeks, Unit.WEEKS, (ARTICLE,))


def reasonable_until(ends_on: date, today: date) -> date:
    """Return the last day that needs no more explanation: as long as Awb 4:13(2) calls reasonable."""
    return add_length(max(ends_on, today), REASONABLE_WEEKS, Unit.WEEKS)


def refusal(ends_on: date, until: date, today: date, *, explained: bool) -> str | None:
    """Return the code of why this day cannot be named; None when it can.

    `ends_on` is until when the applicant was told to wait. `past` has no day left, `not_later` is no delay,
    `too_far` is more than a year on, and `unexplained` is longer than reasonable while nobody says why.
    """
    if until <= today:
        return "past"
    if until <= ends_on:
        return "not_later"
    if until > add_length(max(ends_on, today), MOST_WEEKS, Unit.WEEKS):
        return "too_far"
    return None if explained or until <= reasonable_until(ends_on, today) else "unexplained"
