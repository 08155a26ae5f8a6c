"""The life of a round: what people decide, and what the clock decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.machine import TransitionError
from workflows.round import (
    BY_HAND,
    MACHINE,
    Phase,
    RoundDates,
    RoundState,
    phase,
    published_in_time,
)

OPENS = datetime(2026, 3, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 4, 14, 12, tzinfo=UTC)
REVIEW = datetime(2026, 5, 1, tzinfo=UTC)
PANEL = datetime(2026, 6, 1, tzinfo=UTC)
DATES = RoundDates(OPENS, CLOSES, REVIEW, PANEL)
TICK = timedelta(microseconds=1)
READY: dict[str, object] = {
    "definition_valid": True,
    "closes_after_opening": True,
    "published_officially_in_time": True,
}
DONE: dict[str, object] = {
    "phase": Phase.PANEL,
    "undecided": 0,
    "under_way": 0,
    "unannounced": 0,
    "hearings_open": 0,
    "ledger_fits": True,
    "chain_holds": True,
}


def refusal(state: RoundState, name: str, facts: dict[str, object]) -> str:
    with pytest.raises(TransitionError) as caught:
        MACHINE.plan(state, name, facts)
    return caught.value.code


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - TICK, Phase.ANNOUNCED),
        (OPENS, Phase.OPEN),
        (CLOSES, Phase.OPEN),
        (CLOSES + TICK, Phase.CLOSED),
        (REVIEW - TICK, Phase.CLOSED),
        (REVIEW, Phase.REVIEW),
        (PANEL - TICK, Phase.REVIEW),
        (PANEL, Phase.PANEL),
        (PANEL + timedelta(days=900), Phase.PANEL),
    ],
)
def test_the_clock_moves_a_published_round(now: datetime, expected: Phase) -> None:
    assert phase(DATES, RoundState.PUBLISHED, None, now) is expected


def test_without_dates_review_and_panel_come_by_hand_only() -> None:
    dates = RoundDates(OPENS, CLOSES)
    later = CLOSES + timedelta(days=900)
    assert phase(dates, RoundState.PUBLISHED, None, later) is Phase.CLOSED
    assert phase(dates, RoundState.PUBLISHED, Phase.REVIEW, later) is Phase.REVIEW


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (RoundState.DRAFT, Phase.PREPARATION),
        (RoundState.DECIDED, Phase.DECIDED),
        (RoundState.EVALUATED, Phase.EVALUATED),
    ],
)
@pytest.mark.parametrize("by_hand", [None, *BY_HAND])
def test_what_people_decided_stands_whatever_clock_or_hand_says(
    state: RoundState, expected: Phase, by_hand: Phase | None
) -> None:
    for now in (OPENS - TICK, OPENS, CLOSES + TICK, PANEL):
        assert phase(DATES, state, by_hand, now) is expected


@given(
    now=st.datetimes(timezones=st.just(UTC)),
    by_hand=st.sampled_from(BY_HAND),
)
def test_a_phase_set_by_hand_goes_before_the_dates(now: datetime, by_hand: Phase) -> None:
    assert phase(DATES, RoundState.PUBLISHED, by_hand, now) is by_hand


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=2).map(sorted))
def test_time_never_takes_a_round_back(moments: list[datetime]) -> None:
    order = list(Phase)
    earlier, later = (phase(DATES, RoundState.PUBLISHED, None, now) for now in moments)
    assert order.index(earlier) <= order.index(later)


@pytest.mark.parametrize("wrong", [Phase.PREPARATION, Phase.DECIDED, Phase.EVALUATED])
def test_what_is_decided_cannot_be_set_by_hand(wrong: Phase) -> None:
    with pytest.raises(ValueError, match="not a phase to set by hand"):
        phase(DATES, RoundState.PUBLISHED, wrong, OPENS)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="closes_at has no offset"):
        RoundDates(OPENS, CLOSES.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("definition_valid", "definition_invalid"),
        ("closes_after_opening", "closes_before_opening"),
    ],
)
def test_a_round_is_published_whole(fact: str, code: str) -> None:
    assert MACHINE.plan(RoundState.DRAFT, "publish", READY).target is RoundState.PUBLISHED
    assert refusal(RoundState.DRAFT, "publish", {**READY, fact: False}) == code


def test_a_late_official_publication_is_a_warning() -> None:
    late = {**READY, "published_officially_in_time": False}
    assert MACHINE.plan(RoundState.DRAFT, "publish", late).target is RoundState.PUBLISHED
    codes = [one.code for one in MACHINE.warnings(RoundState.DRAFT, "publish", late)]
    assert codes == ["officially_published_late"]
    assert MACHINE.warnings(RoundState.DRAFT, "publish", READY) == ()


@pytest.mark.parametrize(
    ("published_on", "in_time"),
    [(None, False), (date(2026, 3, 1), True), (date(2026, 3, 2), False)],
)
def test_in_time_is_on_a_day_before_the_round_opens(published_on: date | None, *, in_time: bool) -> None:
    assert published_in_time(published_on, OPENS) is in_time


def test_the_day_of_opening_is_a_day_in_the_netherlands() -> None:
    just_past_midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert published_in_time(date(2026, 6, 30), just_past_midnight)


@pytest.mark.parametrize("still", [Phase.PREPARATION, Phase.ANNOUNCED, Phase.OPEN])
def test_an_open_round_is_not_decided(still: Phase) -> None:
    assert refusal(RoundState.PUBLISHED, "decide", {**DONE, "phase": still}) == "round_still_open"


def test_a_round_is_decided_when_every_application_is_and_everyone_knows() -> None:
    assert MACHINE.plan(RoundState.PUBLISHED, "decide", DONE).target is RoundState.DECIDED
    undecided = {**DONE, "undecided": 1}
    assert refusal(RoundState.PUBLISHED, "decide", undecided) == "applications_undecided"
    unannounced = {**DONE, "unannounced": 1}
    assert refusal(RoundState.PUBLISHED, "decide", unannounced) == "decisions_unannounced"
    under_way = {**DONE, "under_way": 1}
    assert refusal(RoundState.PUBLISHED, "decide", under_way) == "decisions_under_way"
    assert refusal(RoundState.PUBLISHED, "decide", {**DONE, "hearings_open": 1}) == "hearings_open"
    assert refusal(RoundState.PUBLISHED, "decide", {**DONE, "ledger_fits": False}) == "ledger_differs"
    assert refusal(RoundState.PUBLISHED, "decide", {**DONE, "chain_holds": False}) == "chain_broken"


def test_a_round_is_evaluated_after_it_was_decided() -> None:
    assert MACHINE.plan(RoundState.DECIDED, "evaluate").target is RoundState.EVALUATED
    assert refusal(RoundState.PUBLISHED, "evaluate", {}) == "wrong_state"


def test_an_imported_round_is_to_work_on_or_history() -> None:
    assert MACHINE.plan(RoundState.DRAFT, "import_published").target is RoundState.PUBLISHED
    assert MACHINE.plan(RoundState.DRAFT, "import_decided").target is RoundState.DECIDED


def test_a_guard_refuses_a_number_that_is_none() -> None:
    with pytest.raises(TypeError, match="undecided is a whole number"):
        MACHINE.plan(RoundState.PUBLISHED, "decide", {**DONE, "undecided": "0"})
