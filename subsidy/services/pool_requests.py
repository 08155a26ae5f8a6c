"""What a person finds of their own requests to review: to answer, running, and over."""

from dataclasses import dataclass
from datetime import date

from subsidy.models import RoundReviewer, User
from subsidy.services.pool import Stand, can_be_answered, is_over, own_rows, stand_of


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests that can be answered, rounds in which this person serves, and those that are over."""

    open: tuple[RoundReviewer, ...]
    running: tuple[RoundReviewer, ...]
    finished: tuple[RoundReviewer, ...]


def requests_of(user: User, *, today: date) -> Requests:
    """Give them, the newest first; one query."""
    rows = own_rows(user)
    serving = [row for row in rows if stand_of(row, today) is Stand.ACCEPTED]
    return Requests(
        open=tuple(row for row in rows if can_be_answered(row, row.round, today)),
        running=tuple(row for row in serving if not is_over(row.round)),
        finished=tuple(row for row in serving if is_over(row.round)),
    )
