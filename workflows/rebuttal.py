"""The rebuttal (wederhoor): when it is over, when it is reminded of, and what of a report is shown.

The applicant gets scores and motivations. Who wrote them, private notes and the recommendation stay inside.
The term is set by the letter that sends the reports; its length is in the definition of the round.
"""

from collections.abc import Iterable
from datetime import date, timedelta

# Before the last day, where the term is long enough to leave a day between.
REMIND_DAYS = 3


def reminder_day(sent_on: date, last_day: date) -> date | None:
    """Return the day to remind of the term; None when it is too short for that."""
    day = last_day - timedelta(days=REMIND_DAYS)
    return day if day > sent_on + timedelta(days=1) else None


def in_time(arrived_on: date, last_day: date) -> bool:
    """Whether an answer that arrived on this day in Amsterdam is in time; the last day is."""
    return arrived_on <= last_day


def concluded(*, today: date, last_day: date, answered: bool) -> bool:
    """Whether nothing more is to come: the answer was sent, or its term has passed."""
    return answered or not in_time(today, last_day)


def ready(*, counted: int, open_: int, needed: int) -> bool:
    """Whether the reports can be sent: every review that still stands came in, and there are enough.

    `counted` were handed in without an interest, `open_` are asked and not handed in.
    """
    return open_ == 0 and counted >= max(1, needed)


def numbered(keys: Iterable[tuple[str, int]]) -> dict[int, int]:
    """Give each report its number, by its id: in the order of keys that say nothing of who was asked when.

    `keys` are pairs of a keyed digest and the id of a review.
    """
    return {review_id: number for number, (_key, review_id) in enumerate(sorted(keys), start=1)}
