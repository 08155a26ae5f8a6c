"""The reserve list of a round: money comes free, and who is next moves up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Round, User
from subsidy.services import confirming, later_decisions, ledger, reserve
from subsidy.services.decisions import DecisionError
from tests.conftest import QueryCount
from tests.factories import make_application
from tests.services.later import (
    AFTER,
    DAY,
    WITHDRAWAL,
    carry_out,
    confirm,
    make_decided,
    moving_up,
    propose,
)
from tests.services.rounds import TEN_THOUSAND, Scene
from workflows.mandates import DecisionKind
from workflows.permissions import Actor


def turns(scene: Scene) -> list[str]:
    return [one.turn.value for one in reserve.list_of(scene.round, today=DAY).entries]


def refused(scene: Scene, number: int, cents: int = TEN_THOUSAND) -> tuple[str, dict[str, object]]:
    with pytest.raises(DecisionError) as error:
        propose(scene, number, moving_up(scene, scene.applications[number], cents))
    return error.value.code, dict(error.value.params)


def test_the_list_has_places_amounts_and_days(app: Flask) -> None:
    scene = make_decided((5, 4, 3, 3))
    found = reserve.list_of(scene.round, today=DAY)
    assert [(one.place.number, one.place.requested_cents, one.turn.value) for one in found.entries] == [
        (1, TEN_THOUSAND, "short"),
        (2, TEN_THOUSAND, "waiting"),
    ]
    assert [one.application_id for one in found.entries] == [one.id for one in scene.applications[2:]]
    assert (found.left_cents, found.free_cents, found.next) == (0, 0, None)
    assert found.entries[0].place.until is not None


def test_a_withdrawal_moves_the_first_up(app: Flask) -> None:
    scene = make_decided((5, 4, 3, 3))
    assert refused(scene, 2) == ("money_short", {"free_cents": 0})
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    upcoming = reserve.list_of(scene.round, today=DAY).next
    assert upcoming is not None
    assert (upcoming.application_id, upcoming.standing.amount_cents) == (
        scene.applications[2].id,
        TEN_THOUSAND,
    )
    name = scene.applications[2].reference
    assert refused(scene, 3) == ("not_next", {"reference": name})
    new = carry_out(scene, 2, moving_up(scene, scene.applications[2]))
    assert (new.kind, new.amount_cents, scene.applications[2].state) == ("reserve", TEN_THOUSAND, "awarded")
    assert turns(scene) == ["short"]
    assert ledger.fits(scene.round)


def test_what_a_proposal_asks_is_spoken_for(app: Flask) -> None:
    scene = make_decided((5, 4, 3, 3))
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    propose(scene, 2, moving_up(scene, scene.applications[2]))
    found = reserve.list_of(scene.round, today=DAY)
    assert [one.turn.value for one in found.entries] == ["moving", "short"]
    assert (found.left_cents, found.claimed_cents, found.free_cents) == (TEN_THOUSAND, TEN_THOUSAND, 0)
    assert refused(scene, 3) == ("money_short", {"free_cents": 0})
    assert refused(scene, 2)[0] == "already_proposed"


def test_a_withdrawal_that_is_only_proposed_frees_nothing(app: Flask) -> None:
    scene = make_decided((5, 4, 3))
    propose(scene, 0, WITHDRAWAL)
    assert refused(scene, 2)[0] == "money_short"


def test_more_than_there_is(app: Flask) -> None:
    scene = make_decided((5, 4, 3))
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    assert refused(scene, 2, TEN_THOUSAND + 1) == ("more_than_free", {"most_cents": TEN_THOUSAND})


def test_who_is_not_on_the_list(app: Flask) -> None:
    scene = make_decided((5, 4, 1))
    assert reserve.list_of(scene.round, today=DAY).entries == ()
    assert refused(scene, 2)[0] == "kind_impossible"


def test_after_the_last_day(app: Flask) -> None:
    scene = make_decided((5, 4, 3))
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    (entry,) = reserve.list_of(scene.round, today=DAY).entries
    assert entry.place.until is not None
    late = entry.place.until + timedelta(days=1)
    (lapsed,) = reserve.list_of(scene.round, today=late).entries
    assert lapsed.turn.value == "lapsed"
    with pytest.raises(DecisionError) as error:
        reserve.refuse_not_next(
            scene.applications[2], TEN_THOUSAND, now=datetime.combine(late, time(12), tzinfo=UTC)
        )
    assert error.value.code == "place_lapsed"


def test_a_part_is_raised_before_the_first_place(app: Flask) -> None:
    scene = make_decided((5, 4, 3), ceiling_cents=1_500_000)
    part = later_decisions.find_in_force(scene.applications[1])
    assert part is not None
    assert (part.amount_cents, part.ground) == (500_000, "ceiling")
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    assert turns(scene) == ["next", "waiting"]
    assert refused(scene, 2)[0] == "not_next"
    raised = replace(moving_up(scene, scene.applications[1]), kind=DecisionKind.INCREASE)
    carry_out(scene, 1, raised)
    assert scene.round.promised_cents == TEN_THOUSAND
    assert turns(scene) == ["next"]
    # Half of what the reserve place asked is left, and this round gives parts.
    upcoming = reserve.list_of(scene.round, today=DAY).next
    assert upcoming is not None
    assert upcoming.standing.amount_cents == 500_000
    carry_out(scene, 2, moving_up(scene, scene.applications[2], 500_000))
    assert ledger.left_of(scene.round) == 0


def test_nobody_moves_up_while_an_application_waits_for_its_first_decision(app: Flask) -> None:
    scene = make_decided((5, 4, 3))
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    make_application(scene.round, "in_review", submitted_at=AFTER - timedelta(days=40))
    found = reserve.list_of(scene.round, today=DAY)
    assert (found.undecided, found.next) == (1, None)
    assert refused(scene, 2)[0] == "others_on_the_way"


@pytest.mark.slow
def test_a_longer_list_asks_no_more_queries(app: Flask, count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for scores in ((5, 4, 3), (5, 4, 3, 3, 3)):
        scene = make_decided(scores)
        reserve.list_of(scene.round, today=DAY)
        with count_queries() as queries:
            reserve.list_of(scene.round, today=DAY)
        counted.append(queries.count)
    assert counted == [3, 3]


def at_once(app: Flask, steps: list[Callable[[], None]]) -> list[str]:
    """Take these steps at the same moment, each in a transaction of its own; what each heard, sorted."""
    heard: list[str] = []
    barrier = Barrier(len(steps), timeout=60)

    def one(step: Callable[[], None]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                step()
                db.session.commit()
                heard.append("done")
            except DecisionError as error:
                db.session.rollback()
                heard.append(error.code)
            finally:
                db.session.remove()

    workers = [Thread(target=one, args=(step,)) for step in steps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    return sorted(heard)


def officer(user_id: int | None) -> Actor:
    return actor_of(db.session.get_one(User, user_id))


def test_two_officers_move_up_at_once_and_one_hears_why_not(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_decided((5, 4, 3, 3))
        confirm(scene, propose(scene, 0, WITHDRAWAL))
        ids = [one.id for one in scene.applications]
        people = [scene.proposer.user_id, scene.confirmer.user_id]
        proposal = moving_up(scene, scene.applications[2])
        round_id = scene.round.id
        db.session.commit()
        db.session.remove()

    def step(application_id: int, user_id: int | None) -> Callable[[], None]:
        def move() -> None:
            application = db.session.get_one(Application, application_id)
            later_decisions.propose_later(application, proposal, actor=officer(user_id), now=AFTER)

        return move

    told = at_once(real_app, [step(ids[2], people[0]), step(ids[2], people[1])])
    assert told == ["already_proposed", "done"]
    told = at_once(real_app, [step(ids[3], people[0]), step(ids[3], people[1])])
    assert told == ["money_short", "money_short"]
    with real_app.app_context():
        found = reserve.list_of(db.session.get_one(Round, round_id), today=DAY)
        assert found.claimed_cents == TEN_THOUSAND
        db.session.remove()


def test_a_withdrawal_and_a_move_at_once_never_go_over(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_decided((5, 4, 3))
        withdrawal = propose(scene, 0, WITHDRAWAL)
        digest = scene.letter(withdrawal)
        ids = [one.id for one in scene.applications]
        people = scene.proposer.user_id, scene.confirmer.user_id
        proposal = moving_up(scene, scene.applications[2])
        round_id = scene.round.id
        db.session.commit()
        db.session.remove()

    def withdraw() -> None:
        application = db.session.get_one(Application, ids[0])
        confirming.confirm(application, letter_sha256=digest, actor=officer(people[1]), now=AFTER)

    def move() -> None:
        application = db.session.get_one(Application, ids[2])
        later_decisions.propose_later(application, proposal, actor=officer(people[0]), now=AFTER)

    told = at_once(real_app, [withdraw, move])
    assert told in (["done", "done"], ["done", "money_short"])
    with real_app.app_context():
        round_ = db.session.get_one(Round, round_id)
        assert round_.promised_cents == TEN_THOUSAND
        assert ledger.fits(round_)
        db.session.remove()
