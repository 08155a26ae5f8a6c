"""Confirming several decisions at once: only what was read, each for itself, twice does nothing twice."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Decision, DecisionReading, LedgerLine
from subsidy.services import batch_confirming, confirming, events, letter_reading
from subsidy.services.advance import NotAllowedError
from subsidy.services.batch_confirming import Confirmed, Totals
from tests.conftest import MOMENT, QueryCount
from tests.factories import lower_ceiling, make_user
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.permissions import Role

DAY = date(2026, 3, 17)
TODAY = MOMENT.date()

pytestmark = pytest.mark.usefixtures("app")


def proposed(scores: tuple[int, ...] = (5, 4, 3), **values: int) -> tuple[Scene, list[Decision]]:
    """A round of which every decision is proposed, with its letter; in order of the ranking."""
    scene = make_scene(scores, **values)
    scene.propose_all(DAY)
    found = [
        db.session.scalars(select(Decision).where(Decision.application_id == one.id)).one()
        for one in scene.applications
    ]
    for one in found:
        scene.letter(one)
    return scene, found


def read(scene: Scene, *some: Decision) -> dict[int, str]:
    """Let the second officer open these letters; returns what they tick."""
    for one in some:
        letter_reading.note(one.id, user_id=scene.confirmer.user_id, now=MOMENT)
    return ticks(*some)


def ticks(*some: Decision) -> dict[int, str]:
    return {one.application_id: one.letter_sha256 or "" for one in some}


def confirm(scene: Scene, ticked: Mapping[int, str]) -> Confirmed:
    return batch_confirming.confirm_batch(scene.round, ticked, actor=scene.confirmer, now=MOMENT)


def codes(result: Confirmed) -> dict[str, str]:
    return {one.reference: one.code for one in result.refused}


def test_what_was_read_is_confirmed_and_its_money_booked() -> None:
    scene, found = proposed()
    result = confirm(scene, read(scene, *found[:2]))
    assert result == Confirmed(2, 0, ())
    assert [one.confirmed_by for one in found] == [scene.confirmer.user_id] * 2 + [None]
    assert scene.round.promised_cents == 2 * TEN_THOUSAND
    assert events.holds(scene.round.id)


def test_a_letter_that_was_not_opened_is_refused_and_holds_up_no_other() -> None:
    scene, found = proposed()
    result = confirm(scene, {**read(scene, found[0]), **ticks(found[1])})
    assert (result.confirmed, codes(result)) == (1, {scene.applications[1].reference: "letter_unread"})
    # Another letter than the one that was opened is a letter that was not.
    other = confirm(scene, {found[2].application_id: "0" * 64})
    assert codes(other) == {scene.applications[2].reference: "letter_unread"}
    assert found[2].confirmed_at is None


def test_twice_does_nothing_twice() -> None:
    scene, found = proposed()
    wanted = read(scene, *found)
    assert confirm(scene, wanted).confirmed == 3
    lines = db.session.scalar(select(func.count()).select_from(LedgerLine))
    assert confirm(scene, wanted) == Confirmed(0, 3, ())
    assert db.session.scalar(select(func.count()).select_from(LedgerLine)) == lines


def test_the_ceiling_refuses_the_last_in_the_ranking_and_the_others_go_on() -> None:
    scene, found = proposed((3, 4, 5))
    lower_ceiling(scene.round, 2 * TEN_THOUSAND)
    result = confirm(scene, read(scene, *found))
    assert result.confirmed == 2
    (refused,) = result.refused
    # The worst score comes first by reference, and last in the ranking.
    assert (refused.reference, refused.code) == (scene.applications[0].reference, "ceiling_exceeded")
    assert refused.params["left_cents"] == 0
    assert events.holds(scene.round.id)


def test_a_proposal_of_ones_own_or_under_the_mandate_of_another_is_refused() -> None:
    scene, found = proposed((5,))
    letter_reading.note(found[0].id, user_id=scene.proposer.user_id, now=MOMENT)
    assert db.session.scalars(select(DecisionReading)).all() == []
    mine = batch_confirming.confirm_batch(scene.round, ticks(found[0]), actor=scene.proposer, now=MOMENT)
    assert codes(mine) == {scene.applications[0].reference: "letter_unread"}
    third = actor_of(make_user(Role.OFFICER))
    letter_reading.note(found[0].id, user_id=third.user_id, now=MOMENT)
    theirs = batch_confirming.confirm_batch(scene.round, ticks(found[0]), actor=third, now=MOMENT)
    assert codes(theirs) == {scene.applications[0].reference: "not_yours_to_confirm"}
    with pytest.raises(NotAllowedError):
        batch_confirming.confirm_batch(
            scene.round, ticks(found[0]), actor=actor_of(make_user(Role.CHAIR)), now=MOMENT
        )


def test_an_application_of_another_round_is_not_touched() -> None:
    scene, _found = proposed((5,))
    elsewhere, others = proposed((5,))
    wanted = read(elsewhere, *others)
    assert confirm(scene, wanted) == Confirmed(0, 0, ())
    assert others[0].confirmed_at is None


def test_the_list_is_of_the_holder_of_the_mandate() -> None:
    scene, found = proposed((5, 4), ceiling_cents=14 * TEN_THOUSAND // 10)
    read(scene, found[0])
    rows = batch_confirming.find_waiting(scene.round, actor=scene.confirmer, today=TODAY)
    assert [(one.gives, one.amount_cents, one.read) for one in rows] == [
        ("award", TEN_THOUSAND, True),
        ("partial", 400_000, False),
    ]
    totals = batch_confirming.totals(scene.round, actor=scene.confirmer, today=TODAY)
    assert totals == Totals(2, 2, 1, 1_400_000, TEN_THOUSAND)
    unread = batch_confirming.find_unread(scene.round, actor=scene.confirmer, today=TODAY)
    assert unread == (found[1].application_id, found[1].id)
    further = batch_confirming.find_waiting(
        scene.round, actor=scene.confirmer, today=TODAY, after=rows[0].reference
    )
    assert [one.reference for one in further] == [rows[1].reference]
    for actor, today in (
        (scene.proposer, TODAY),
        (actor_of(make_user(Role.OFFICER)), TODAY),
        (scene.confirmer, DAY + timedelta(days=1)),
    ):
        assert batch_confirming.find_waiting(scene.round, actor=actor, today=today) == []
        assert batch_confirming.totals(scene.round, actor=actor, today=today) == Totals(0, 0, 0, 0, 0)
        assert batch_confirming.find_unread(scene.round, actor=actor, today=today) is None


def test_a_letter_that_was_sent_back_is_read_again() -> None:
    scene, found = proposed((5,))
    wanted = read(scene, found[0])
    confirming.send_back(scene.applications[0], reason="De naam.", actor=scene.confirmer, now=MOMENT)
    scene.propose_all(DAY + timedelta(days=1))
    assert codes(confirm(scene, wanted)) == {scene.applications[0].reference: "letter_unread"}


def test_the_list_asks_one_query(count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for scores in ((5,), (5, 4, 3)):
        scene, _found = proposed(scores)
        db.session.refresh(scene.round)
        with count_queries() as queries:
            batch_confirming.find_waiting(scene.round, actor=scene.confirmer, today=TODAY)
        counted.append(queries.count)
    assert counted == [1, 1]
