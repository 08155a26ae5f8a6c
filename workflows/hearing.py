"""Hearing before a decision (zienswijze, Awb 4:7, 4:8): when it is needed, its term, and when it is over.

The applicant is heard before a refusal on data about them that differ from what they gave, and before a
decision that takes away what they have. The exception for money does not hold there (4:12(2)). Writing or
speaking is theirs to choose (4:9). The term is set by letter, so no act moves its last day; it does not
suspend the term to decide (4:15).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.grounds import GROUNDS, LegalGround, needs_hearing, of_kind
from workflows.mandates import DecisionKind
from workflows.terms import Term, Unit, proposed_term

ARTICLES = ("Awb 4:7", "Awb 4:8")
# Asked for by who has the subsidy: nobody is heard on what they want themselves.
OWN_REQUEST = "own_request"
# The longest that makes sense; a later day is a slip of the pen.
MOST_DAYS = 365


class Stage(StrEnum):
    """Where a hearing stands."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Held:
    """A hearing as far as a proposal asks: on which grounds, and whether nothing more is to come."""

    grounds: frozenset[str]
    concluded: bool
    last_day: date


def proposed(sent_on: date, days: int) -> Term:
    """Propose the term: this many days, with a working day as its last."""
    return proposed_term(sent_on, days, Unit.DAYS, ARTICLES)


def refused_day(sent_on: date, last_day: date) -> str | None:
    """Return the code of what is wrong with a last day; None when it can be set.

    `last_day_past` leaves no day to answer, `last_day_far` is more than a year away.
    """
    if last_day <= sent_on:
        return "last_day_past"
    return "last_day_far" if last_day > sent_on + timedelta(days=MOST_DAYS) else None


def in_time(arrived_on: date, last_day: date) -> bool:
    """Whether an answer of this day in Amsterdam is in time; the last day is."""
    return arrived_on <= last_day


def stage(*, today: date, last_day: date, answered: bool) -> Stage:
    """Tell where a hearing stands."""
    if answered:
        return Stage.ANSWERED
    return Stage.OPEN if in_time(today, last_day) else Stage.UNANSWERED


def offered(*, decided: bool) -> tuple[LegalGround, ...]:
    """Give the grounds on which an applicant can be heard now; `decided`: they have an award."""
    kinds = (DecisionKind.WITHDRAWAL, DecisionKind.CORRECTION) if decided else (DecisionKind.FIRST,)
    fitting = {one.code for kind in kinds for one in of_kind(kind)}
    return tuple(
        one
        for one in GROUNDS.values()
        if one.code in fitting and (one.hearing or (decided and one.code == "manifest_error"))
    )


def is_needed(kind: DecisionKind, codes: Iterable[str], *, against: bool) -> bool:
    """Tell whether a hearing comes before this decision.

    `against`: a first decision gives less than was asked, a later one less than the one before it. Who
    objected was heard then (Awb 7:2).
    """
    chosen = frozenset(codes)
    if kind is DecisionKind.REMEDY:
        return False
    takes_away = against and kind is not DecisionKind.FIRST
    return needs_hearing(chosen) or (takes_away and OWN_REQUEST not in chosen)


def refusal(
    held: Collection[Held], kind: DecisionKind, codes: Iterable[str], *, against: bool
) -> tuple[str, date | None] | None:
    """Return why this decision cannot be proposed yet, with the last day of the term that runs; or None.

    `held` are the hearings since the decision in force. As long as one runs, nothing is decided against the
    applicant: `hearing_term_runs`. Each ground that asks for it needs a hearing: `hearing_needed`.
    """
    running = next((one for one in held if not one.concluded), None)
    if running is not None and against:
        return "hearing_term_runs", running.last_day
    chosen = frozenset(codes)
    if not is_needed(kind, chosen, against=against):
        return None
    concluded = [one for one in held if one.concluded]
    heard = frozenset(code for one in concluded for code in one.grounds)
    wanted = {code for code in chosen if needs_hearing([code])}
    return None if concluded and wanted <= heard else ("hearing_needed", None)
