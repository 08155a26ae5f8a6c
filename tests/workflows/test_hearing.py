"""When an applicant is heard before a decision, until when, and what that means for a proposal."""

from datetime import date, timedelta

import pytest

from workflows import hearing
from workflows.calendar_nl import is_working_day
from workflows.grounds import GROUNDS
from workflows.hearing import Held, Stage
from workflows.mandates import DecisionKind as K

TODAY = date(2026, 3, 10)
LAST = date(2026, 3, 24)
WRONG, INSOLVENT = "wrong_data", "insolvent"


def held(*codes: str, concluded: bool = True) -> Held:
    return Held(frozenset(codes), concluded=concluded, last_day=LAST)


class TestTheTerm:
    def test_is_proposed_as_a_working_day(self) -> None:
        assert hearing.proposed(TODAY, 14).last_day == LAST
        # Fourteen days after 20 March 2026 is Good Friday; the Tuesday after Easter is the next working day.
        assert hearing.proposed(date(2026, 3, 20), 14).last_day == date(2026, 4, 7)
        assert all(is_working_day(hearing.proposed(TODAY, days).last_day) for days in range(1, 60))

    @pytest.mark.parametrize(
        ("last_day", "code"),
        [
            (TODAY - timedelta(days=1), "last_day_past"),
            (TODAY, "last_day_past"),
            (TODAY + timedelta(days=1), None),
            (TODAY + timedelta(days=365), None),
            (TODAY + timedelta(days=366), "last_day_far"),
        ],
    )
    def test_leaves_time_and_has_an_end(self, last_day: date, code: str | None) -> None:
        assert hearing.refused_day(TODAY, last_day) == code

    def test_includes_its_last_day(self) -> None:
        assert hearing.stage(today=LAST, last_day=LAST, answered=False) is Stage.OPEN
        after = LAST + timedelta(days=1)
        assert hearing.stage(today=after, last_day=LAST, answered=False) is Stage.UNANSWERED
        assert hearing.stage(today=after, last_day=LAST, answered=True) is Stage.ANSWERED


class TestTheGrounds:
    def test_that_are_offered_before_a_decision_ask_for_a_hearing(self) -> None:
        codes = [one.code for one in hearing.offered(decided=False)]
        assert codes == [one.code for one in GROUNDS.values() if one.hearing and K.FIRST in one.kinds]
        assert WRONG in codes

    def test_that_are_offered_after_an_award_take_back(self) -> None:
        codes = {one.code for one in hearing.offered(decided=True)}
        assert {"activities_not_done", "changed_circumstances", "manifest_error"} <= codes
        assert codes.isdisjoint({WRONG, "own_request", "ceiling"})


class TestAProposal:
    def test_on_the_money_or_without_a_ground_asks_nobody(self) -> None:
        for codes in ((), ("ceiling",), ("incomplete",)):
            assert hearing.refusal((), K.FIRST, codes, against=True) is None

    def test_on_data_that_differ_waits_for_a_hearing_on_them(self) -> None:
        needed = ("hearing_needed", None)
        assert hearing.refusal((), K.FIRST, [WRONG], against=True) == needed
        assert hearing.refusal([held(INSOLVENT)], K.FIRST, [WRONG], against=True) == needed
        assert hearing.refusal([held(WRONG)], K.FIRST, [WRONG], against=True) is None
        assert hearing.refusal([held(WRONG)], K.FIRST, [WRONG, INSOLVENT], against=True) == needed
        both = [held(WRONG), held(INSOLVENT)]
        assert hearing.refusal(both, K.FIRST, [WRONG, INSOLVENT, "ceiling"], against=True) is None

    def test_against_the_applicant_waits_for_the_term_whatever_it_rests_on(self) -> None:
        running = [held(WRONG, concluded=False)]
        for codes in ((), ("ceiling",), (WRONG,)):
            assert hearing.refusal(running, K.FIRST, codes, against=True) == ("hearing_term_runs", LAST)
        assert hearing.refusal(running, K.FIRST, (), against=False) is None

    @pytest.mark.parametrize("kind", [K.WITHDRAWAL, K.CORRECTION])
    def test_that_takes_away_waits_for_a_hearing_unless_the_recipient_asked_for_it(self, kind: K) -> None:
        needed = ("hearing_needed", None)
        assert hearing.refusal((), kind, (), against=True) == needed
        assert hearing.refusal((), kind, ["manifest_error"], against=True) == needed
        assert hearing.refusal([held("manifest_error")], kind, ["manifest_error"], against=True) is None
        assert hearing.refusal((), kind, ["own_request"], against=True) is None
        assert hearing.refusal((), kind, ["manifest_error"], against=False) is None

    def test_after_an_objection_asks_nobody_again(self) -> None:
        assert hearing.refusal((), K.REMEDY, [WRONG], against=True) is None

    @pytest.mark.parametrize("kind", [K.INCREASE, K.RESERVE])
    def test_that_gives_more_asks_nobody(self, kind: K) -> None:
        assert hearing.refusal((), kind, ["money_came_free"], against=False) is None
