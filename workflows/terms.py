"""Legal terms: when they begin, when they end, and by which article.

Every computation returns a `Term` that carries its own account: the nominal last day, each day that
was passed over with its reason, the articles applied, and what this program does not know.

A term is statutory when an act or decree sets it; the Algemene termijnenwet (Atw) then moves its
end. Where a call or a letter sets the date, the Atw does nothing: there the program proposes a
working day, and what is printed counts.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from workflows.calendar_nl import DECREES_KNOWN, closed_reason

OBJECTION_WEEKS = 6  # Awb 6:7
OBJECTION_DECISION_WEEKS = 6  # Awb 7:10(1)
OBJECTION_DECISION_WEEKS_COMMITTEE = 12  # Awb 7:10(1), 7:13
OBJECTION_EXTENSION_WEEKS = 6  # Awb 7:10(3), at most
NOT_PROCESSED_WEEKS = 4  # Awb 4:5(4)
REASONABLE_WEEKS = 8  # Awb 4:13(2), at most
PAYMENT_WEEKS = 6  # Awb 4:87(1)
NOTIFICATION_HOURS = 48  # Awb 2:10

ONE_DAY = timedelta(days=1)
ARTICLE_1, ARTICLE_2, ARTICLE_4 = "Atw 1(1)", "Atw 2", "Atw 4"
WORKING_DAYS_WITHIN = 2  # art. 2 Atw
ARTICLE_2_FROM_DAYS = 3  # art. 2 Atw


class Unit(StrEnum):
    """In what a term is expressed; a term in hours is an instant, see `end_of_hours`."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


# Longer than this, or in years, articles 1-3 Atw do not apply (art. 4 Atw).
LONGEST_MOVED = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3, Unit.YEARS: 0}


@dataclass(frozen=True, slots=True)
class Term:
    """A computed term of whole days; the last day is still in time."""

    first_day: date
    nominal_last_day: date
    last_day: date
    # Days at the end that did not count as the last one, with the reason: a code of `closed_reason`
    # or `two_working_days` (art. 2 Atw wants one more).
    skipped: tuple[tuple[date, str], ...] = ()
    articles: tuple[str, ...] = ()
    # Codes of what was not known: `decrees_before_2023_unknown`, `decrees_after_2028_unknown`,
    # `still_suspended`.
    caveats: tuple[str, ...] = ()
    # Articles 1 and 2 Atw apply to this term.
    moves: bool = False
    suspended_days: int = 0

    def is_over(self, today: date) -> bool:
        """Whether the term has run out on this day (in the Netherlands)."""
        return today > self.last_day


def add_length(day: date, length: int, unit: Unit) -> date:
    """Return the day this much later (or earlier, when negative).

    A month or year later is the same day number, or the last day of a shorter month.
    """
    if unit in {Unit.DAYS, Unit.WEEKS}:
        return day + timedelta(days=length * (7 if unit is Unit.WEEKS else 1))
    months = day.year * 12 + day.month - 1 + length * (12 if unit is Unit.YEARS else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _nominal_end(after: date, length: int, unit: Unit) -> date:
    if length < 1:
        raise ValueError(f"a term of {length} {unit} is no term")
    return add_length(after, length, unit)


def end_of_term(
    after: date, length: int, unit: Unit, *, statutory: bool, articles: tuple[str, ...] = ()
) -> Term:
    """Compute a term that runs from the day after an event.

    A statutory term that ends on a Saturday, Sunday or holiday runs to the end of the next working
    day (art. 1 Atw) and, from three days on, holds two working days (art. 2). Neither holds for
    years, more than 90 days, more than 12 weeks or more than 3 months (art. 4). The articles given
    are those that set the term; those of the Atw that were used are added.

    Raises:
        ValueError: a length below one.

    """
    nominal = _nominal_end(after, length, unit)
    moves = statutory and length <= LONGEST_MOVED[unit]
    if statutory and not moves:
        articles = (*articles, ARTICLE_4)
    unmoved = Term(after + ONE_DAY, nominal, nominal, articles=articles, moves=moves)
    return move(unmoved) if moves else unmoved


def move(term: Term) -> Term:
    """Apply articles 1 and 2 Atw to a term, starting from its nominal last day."""
    long_enough = (term.nominal_last_day - term.first_day).days + 1 >= ARTICLE_2_FROM_DAYS
    wanted = WORKING_DAYS_WITHIN if long_enough else 1
    last = term.nominal_last_day
    skipped: list[tuple[date, str]] = []
    # A term that was moved before, and then suspended, is moved afresh.
    articles = [one for one in term.articles if one not in {ARTICLE_1, ARTICLE_2}]
    while True:
        reason = closed_reason(last)
        if reason is not None:
            article = ARTICLE_1
        elif _working_days(term.first_day, last, wanted) < wanted:
            reason, article = "two_working_days", ARTICLE_2
        else:
            break
        skipped.append((last, reason))
        if article not in articles:
            articles.append(article)
        last += ONE_DAY
    return Term(
        term.first_day,
        term.nominal_last_day,
        last,
        tuple(skipped),
        tuple(articles),
        _unknown_decrees(term.nominal_last_day, last),
        moves=True,
        suspended_days=term.suspended_days,
    )


def _working_days(first: date, last: date, enough: int) -> int:
    """Count working days from the back, and stop when there are enough."""
    found, day = 0, last
    while day >= first and found < enough:
        found += closed_reason(day) is None
        day -= ONE_DAY
    return found


def _unknown_decrees(first: date, last: date) -> tuple[str, ...]:
    """Say where a decree day may be missing among the days that decided the end of a term."""
    known = DECREES_KNOWN
    caveats = []
    if first.year < known[0]:
        caveats.append(f"decrees_before_{known[0]}_unknown")
    if last.year > known[-1]:
        caveats.append(f"decrees_after_{known[-1]}_unknown")
    return tuple(caveats)


def counted_back(before: date, length: int, unit: Unit) -> date:
    """Return the last day to act when a term is counted back from an event.

    Such a term does not move (art. 1(2) Atw): ten days before the 20th is the 10th, also when that
    is a Sunday.
    """
    return add_length(before, -length, unit)


def end_of_hours(start: datetime, hours: int) -> datetime:
    """Return the end of a term in hours, in UTC; it never moves (art. 4 Atw).

    Raises:
        ValueError: the instant has no offset.

    """
    if start.utcoffset() is None:
        raise ValueError("an instant needs an offset")
    return start.astimezone(UTC) + timedelta(hours=hours)


def notification_deadline(placed_at: datetime) -> datetime:
    """Return until when the notification of a portal message can be sent: 48 hours (Awb 2:10)."""
    return end_of_hours(placed_at, NOTIFICATION_HOURS)


def proposed_term(after: date, length: int, unit: Unit, articles: tuple[str, ...] = ()) -> Term:
    """Compute a term that a call or a letter sets, with a working day proposed as its last.

    The Atw does not apply to it; the date goes into the letter and the letter counts.

    Raises:
        ValueError: a length below one.

    """
    nominal = _nominal_end(after, length, unit)
    last = nominal
    skipped: list[tuple[date, str]] = []
    while (reason := closed_reason(last)) is not None:
        skipped.append((last, reason))
        last += ONE_DAY
    caveats = _unknown_decrees(nominal, last)
    return Term(after + ONE_DAY, nominal, last, tuple(skipped), articles, caveats)


def supplement_term(invited_on: date, days: int) -> Term:
    """Compute the one term to supplement an application, set by letter (Awb 4:5(1))."""
    return proposed_term(invited_on, days, Unit.DAYS, ("Awb 4:5(1)",))


def rebuttal_term(sent_on: date, days: int) -> Term:
    """Compute the term to answer the reports of reviewers, set by letter."""
    return proposed_term(sent_on, days, Unit.DAYS)


def reserve_term(announced_on: date, months: int) -> Term:
    """Compute how long a place on the reserve list can still lead to an award, set by letter."""
    return proposed_term(announced_on, months, Unit.MONTHS)


def not_processed_term(ended_on: date) -> Term:
    """Compute until when an application can be left unprocessed (Awb 4:5(4)).

    `ended_on` is the day of the supplement, or the last day of the unused term.
    """
    return end_of_term(ended_on, NOT_PROCESSED_WEEKS, Unit.WEEKS, statutory=True, articles=("Awb 4:5(4)",))


# A worklist asks for the same term fifty times.
@lru_cache(maxsize=1024)
def decision_term(closes_on: date, weeks: int, *, statutory: bool = True) -> Term:
    """Compute the term to decide on an application (Awb 4:13).

    Runs from the closing day of a round, or from the day of receipt where applications are taken
    one by one. The usual 13 and 22 weeks do not move, the reasonable term of 8 weeks does.
    """
    return end_of_term(closes_on, weeks, Unit.WEEKS, statutory=statutory, articles=("Awb 4:13(1)",))


def payment_term(announced_on: date, weeks: int = PAYMENT_WEEKS) -> Term:
    """Compute the term to pay after an award or a determination was announced (Awb 4:87(1))."""
    return end_of_term(announced_on, weeks, Unit.WEEKS, statutory=True, articles=("Awb 4:87(1)",))


def objection_term(announced_on: date) -> Term:
    """Compute the term to object: six weeks from the day after announcement (Awb 6:7, 6:8(1))."""
    return end_of_term(
        announced_on,
        OBJECTION_WEEKS,
        Unit.WEEKS,
        statutory=True,
        articles=("Awb 6:7", "Awb 6:8(1)"),
    )


def objection_decision_term(announced_on: date, *, committee: bool = False, extended_weeks: int = 0) -> Term:
    """Compute the term to decide on an objection to a decision announced on this day (Awb 7:10).

    It runs from the day after the objection term ends, whenever the objection came in. `committee`
    is an advisory committee of which notice was given (Awb 7:13(2)). An extension (Awb 7:10(3)) is
    counted from the end of the term that it extends, as a term of its own.

    Raises:
        ValueError: an extension below 0 or above 6 weeks.

    """
    if not 0 <= extended_weeks <= OBJECTION_EXTENSION_WEEKS:
        raise ValueError(f"an extension of {extended_weeks} weeks is not possible")
    term = end_of_term(
        objection_term(announced_on).last_day,
        OBJECTION_DECISION_WEEKS_COMMITTEE if committee else OBJECTION_DECISION_WEEKS,
        Unit.WEEKS,
        statutory=True,
        articles=("Awb 7:10(1)", "Awb 7:13") if committee else ("Awb 7:10(1)",),
    )
    if not extended_weeks:
        return term
    extension = end_of_term(
        term.last_day,
        extended_weeks,
        Unit.WEEKS,
        statutory=True,
        articles=(*term.articles, "Awb 7:10(3)"),
    )
    return Term(
        term.first_day,
        extension.nominal_last_day,
        extension.last_day,
        (*term.skipped, *extension.skipped),
        tuple(dict.fromkeys((*term.articles, *extension.articles))),
        tuple(dict.fromkeys((*term.caveats, *extension.caveats))),
        moves=True,
    )
