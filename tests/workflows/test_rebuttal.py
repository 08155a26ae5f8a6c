"""When a rebuttal is over, when it is reminded of, and in which order reports are numbered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rebuttal import concluded, in_time, numbered, ready, reminder_day

SENT, LAST = date(2026, 3, 10), date(2026, 3, 20)


def test_the_last_day_is_in_time() -> None:
    assert in_time(LAST, LAST)
    assert not in_time(date(2026, 3, 21), LAST)


@pytest.mark.parametrize(
    ("today", "answered", "over"),
    [(LAST, False, False), (LAST, True, True), (date(2026, 3, 21), False, True)],
)
def test_it_is_over_with_the_answer_or_the_term(today: date, *, answered: bool, over: bool) -> None:
    assert concluded(today=today, last_day=LAST, answered=answered) is over


def test_a_reminder_comes_before_the_end_and_not_right_after_the_letter() -> None:
    assert reminder_day(SENT, LAST) == date(2026, 3, 17)
    assert reminder_day(date(2026, 3, 16), LAST) is None


@pytest.mark.parametrize(
    ("counted", "open_", "needed", "found"),
    [(2, 0, 2, True), (1, 0, 2, False), (2, 1, 2, False), (0, 0, 0, False), (1, 0, 0, True)],
)
def test_reports_are_ready_when_all_that_stand_came_in(
    counted: int, open_: int, needed: int, *, found: bool
) -> None:
    assert ready(counted=counted, open_=open_, needed=needed) is found


@given(st.dictionaries(st.integers(1, 1000), st.text(alphabet="0123456789abcdef", min_size=8), max_size=8))
def test_numbers_follow_the_key_and_leave_none_out(digests: dict[int, str]) -> None:
    keys = [(digest, review_id) for review_id, digest in digests.items()]
    found = numbered(keys)
    assert sorted(found.values()) == list(range(1, len(digests) + 1))
    assert found == numbered(reversed(keys))
    assert [digests[one] for one in sorted(found, key=found.__getitem__)] == sorted(digests.values())
