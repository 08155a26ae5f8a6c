"""What stops the clock of a decision term (Awb 4:15), and what that does to its end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from workflows.terms import ONE_DAY, Term, move


class Ground(StrEnum):
    """Why a term is suspended."""

    SUPPLEMENT = "supplement"
    FOREIGN_INFORMATION = "foreign_information"
    CONSENT = "consent"
    OWN_DELAY = "own_delay"
    FORCE_MAJEURE = "force_majeure"


ARTICLES = {
    Ground.SUPPLEMENT: "Awb 4:15(1)(a)",
    Ground.FOREIGN_INFORMATION: "Awb 4:15(1)(b)",
    Ground.CONSENT: "Awb 4:15(2)(a)",
    Ground.OWN_DELAY: "Awb 4:15(2)(b)",
    Ground.FORCE_MAJEURE: "Awb 4:15(2)(c)",
}


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the clock stands still: from `first_day` up to, not including, `resumes_on`.

    Without `resumes_on` the suspension still lasts.
    """

    ground: Ground
    first_day: date
    resumes_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a suspension that ends before it begins (ValueError)."""
        if self.resumes_on is not None and self.resumes_on < self.first_day:
            raise ValueError("a suspension ends before it begins")


def for_supplement(
    invited_on: date, *, supplied_on: date | None = None, expired_on: date | None = None
) -> Suspension:
    """Return the suspension that an invitation to supplement brings (Awb 4:15(1)(a)).

    From the day after the invitation, until the day on which the application was supplemented
    (that day counts again), or until the term that was given has passed: `expired_on` is its last
    day, on which the applicant could still supply, so the clock runs again the day after.

    Raises:
        ValueError: both ends are given; a suspension has one.

    """
    if supplied_on is not None and expired_on is not None:
        raise ValueError("supplied in time, or expired: not both")
    first_day = invited_on + ONE_DAY
    resumes_on = expired_on + ONE_DAY if expired_on is not None else supplied_on
    if resumes_on is not None:
        # Supplied on the day of the invitation itself: nothing was suspended.
        resumes_on = max(resumes_on, first_day)
    return Suspension(Ground.SUPPLEMENT, first_day, resumes_on)


def suspend(term: Term, suspensions: Iterable[Suspension], today: date) -> Term:
    """Return the term with the days added on which the clock stood still.

    Days that overlap count once; days before the term, or after it had already ended, count not at
    all. A suspension that still lasts is counted through `today` and gives the caveat
    `still_suspended`: the term ends on that day at the earliest. Whether articles 1 and 2 Atw move
    the new end follows from the length of the term itself, not from the length with suspension.
    """
    tomorrow = today + ONE_DAY
    result, counted_to, lasts = term, term.first_day, False
    for one in sorted(suspensions, key=lambda one: one.first_day):
        if one.first_day > result.last_day:
            break
        lasts = lasts or one.resumes_on is None
        resumes_on = one.resumes_on if one.resumes_on is not None else tomorrow
        days = (resumes_on - max(one.first_day, counted_to)).days
        if days > 0:
            counted_to = resumes_on
            result = _longer(result, days, ARTICLES[one.ground])
    return replace(result, caveats=(*result.caveats, "still_suspended")) if lasts else result


def _longer(term: Term, days: int, article: str) -> Term:
    nominal = term.nominal_last_day + timedelta(days=days)
    articles = term.articles if article in term.articles else (*term.articles, article)
    longer = replace(
        term,
        nominal_last_day=nominal,
        last_day=nominal,
        skipped=(),
        articles=articles,
        suspended_days=term.suspended_days + days,
    )
    return move(longer) if term.moves else longer


def days_running(first_day: date, last_day: date, suspensions: Iterable[Suspension]) -> int:
    """Count the days from first to last, both included, on which the clock ran: a net lead time."""
    end = last_day + ONE_DAY
    running, counted_to = max((end - first_day).days, 0), first_day
    for one in sorted(suspensions, key=lambda one: one.first_day):
        resumes_on = min(end, one.resumes_on) if one.resumes_on is not None else end
        start = max(one.first_day, counted_to)
        if resumes_on > start:
            running -= (resumes_on - start).days
            counted_to = resumes_on
    return running
