"""Since when everybody may know that the money of a round is used up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import CeilingChange, Round
from subsidy.services import exhaustion, proposing
from subsidy.services.proposal import Proposal
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_round
from tests.services.rounds import TEN_THOUSAND, Scene
from tests.services.test_competing import AWARD, REFUSAL, make_line

pytestmark = pytest.mark.usefixtures("app")

DAY = MOMENT.date()


def decide(scene: Scene, place: int, proposal: Proposal, *, day: date = DAY) -> None:
    """Propose, confirm and announce on this day."""
    said = replace(proposal, announce_on=day)
    decision = scene.confirm(
        proposing.propose(scene.applications[place], said, actor=scene.proposer, now=MOMENT)
    )
    decision.announced_at = MOMENT + (day - DAY)
    db.session.flush()


def change_ceiling(round_: Round, after: int, *, days: int) -> None:
    db.session.add(
        CeilingChange(
            round_id=round_.id,
            before_cents=round_.ceiling_cents,
            after_cents=after,
            reason="Meer geld.",
            publication="Staatscourant 2026, 2",
            published_on=DAY + timedelta(days=days),
            changed_at=MOMENT + timedelta(days=days),
        )
    )
    db.session.flush()
    round_.ceiling_cents = after
    db.session.flush()


def test_with_money_left_it_is_not_used_up() -> None:
    scene = make_line(("eligible",) * 2)
    assert exhaustion.since(scene.round) is None
    decide(scene, 0, AWARD)
    assert exhaustion.since(scene.round) is None


def test_the_last_of_the_money_is_the_end_of_it() -> None:
    scene = make_line(("eligible",) * 2)
    decide(scene, 0, AWARD)
    decide(scene, 1, AWARD, day=DAY + timedelta(days=3))
    assert exhaustion.since(scene.round) == DAY + timedelta(days=3)


def test_who_first_got_less_marks_the_day() -> None:
    scene = make_line(("eligible",) * 3, ceiling_cents=TEN_THOUSAND * 3 // 2)
    decide(scene, 0, AWARD)
    decide(scene, 1, replace(AWARD, amount_cents=TEN_THOUSAND // 2, ground="ceiling"), day=DAY)
    decide(scene, 2, REFUSAL, day=DAY + timedelta(days=3))
    assert exhaustion.since(scene.round) == DAY


def test_nobody_reads_it_before_it_is_announced() -> None:
    scene = make_line(("eligible",), ceiling_cents=0)
    scene.confirm(proposing.propose(scene.applications[0], REFUSAL, actor=scene.proposer, now=MOMENT))
    assert exhaustion.since(scene.round) is None


def test_a_raised_ceiling_has_money_again() -> None:
    scene = make_line(("eligible",) * 2, ceiling_cents=TEN_THOUSAND)
    decide(scene, 0, AWARD)
    decide(scene, 1, REFUSAL)
    assert exhaustion.since(scene.round) == DAY
    change_ceiling(scene.round, 5 * TEN_THOUSAND, days=2)
    assert exhaustion.since(scene.round) is None


def test_a_lowered_ceiling_can_be_reached_at_once() -> None:
    scene = make_line(("eligible",) * 2)
    decide(scene, 0, AWARD)
    change_ceiling(scene.round, TEN_THOUSAND, days=4)
    assert exhaustion.since(scene.round) == DAY + timedelta(days=4)


def test_where_applications_are_compared_there_is_no_such_day() -> None:
    assert exhaustion.since(make_round("regiobeeld", ceiling_cents=0)) is None


def test_one_query_for_all_rounds(count_queries: Callable[[], QueryCount]) -> None:
    scenes = [make_line(("eligible",), ceiling_cents=0) for _ in range(3)]
    for scene in scenes:
        decide(scene, 0, REFUSAL)
    rounds = db.session.scalars(select(Round)).all()
    with count_queries() as counted:
        found = exhaustion.since_in(rounds)
    assert (counted.count, found) == (1, {one.id: DAY for one in rounds})
