"""What a late decision costs, also a late decision on an objection (Awb 4:17, 4:18)."""

from dataclasses import dataclass
from datetime import date

from workflows.terms import ONE_DAY, Term, Unit, end_of_term

# Days, and euro cents for each of them (Awb 4:17(2)): at most 42 days and EUR 1,442.
RATES = ((14, 2_300), (14, 3_500), (14, 4_500))
MOST_DAYS = sum(days for days, _ in RATES)
MOST_CENTS = sum(days * cents for days, cents in RATES)
NOTICE_WEEKS = 2  # Awb 4:17(3)
DETERMINATION_WEEKS = 2  # Awb 4:18


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty as it stands: over how many days, how much, from when."""

    days: int
    cents: int
    # The first day that costs; None when no penalty can run.
    first_day: date | None
    # Why nothing runs: `no_notice`, `notice_premature`; None when something may.
    reason: str | None = None


def amount_cents(days: int) -> int:
    """Return the penalty over a number of days, in cents; days above 42 cost nothing more.

    Raises:
        ValueError: a number of days below zero.

    """
    if days < 0:
        raise ValueError("a penalty cannot run over less than no days")
    total = 0
    for length, cents in RATES:
        counted = min(days, length)
        total += counted * cents
        days -= counted
    return total


def notice_term(notice_on: date) -> Term:
    """Compute the two weeks after a notice of default in which a decision costs nothing.

    The Atw is kept from the 42 days only (Awb 4:17(1)), so it does move these two weeks.
    """
    return end_of_term(notice_on, NOTICE_WEEKS, Unit.WEEKS, statutory=True, articles=("Awb 4:17(3)",))


def penalty(term: Term, notice_on: date | None, today: date, *, announced_on: date | None = None) -> Penalty:
    """Compute the penalty for deciding after a term, as it stands on a day.

    It runs from the day after the two weeks that follow a notice of default, which counts only when
    the term was over on the day that it was received. The day on which the decision is announced
    costs nothing; without announcement `today` is counted.
    The exceptions of Awb 4:17(6) (notice unreasonably late, no party, manifestly without ground)
    are for a person to judge.
    """
    if notice_on is None:
        return Penalty(0, 0, None, "no_notice")
    if not term.is_over(notice_on):
        return Penalty(0, 0, None, "notice_premature")
    first_day = notice_term(notice_on).last_day + ONE_DAY
    end = announced_on if announced_on is not None else today + ONE_DAY
    days = min(max((end - first_day).days, 0), MOST_DAYS)
    return Penalty(days, amount_cents(days), first_day)


def determination_term(last_day: date) -> Term:
    """Compute until when the amount is to be determined after the last costly day (Awb 4:18)."""
    return end_of_term(last_day, DETERMINATION_WEEKS, Unit.WEEKS, statutory=True, articles=("Awb 4:18",))
