"""Changing the ceiling of a round: its row, its event, and who may."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import CeilingChange, Event, Round, User
from subsidy.services import ceiling, events
from subsidy.services.advance import NotAllowedError
from subsidy.services.ceiling import CeilingChangeError, Wanted
from subsidy.services.grants import actor_of
from tests.conftest import MOMENT
from tests.factories import make_application, make_interest, make_round, make_user
from tests.services.rounds import TEN_THOUSAND, make_scene
from tests.services.test_ledger import award
from workflows.ceiling import Condition
from workflows.permissions import Actor, Role

TODAY = MOMENT.date()
MORE = Wanted(
    cents=120_000_000, reason="Extra geld.", publication="Staatscourant 2026, 456", published_on=TODAY
)
LESS = replace(MORE, cents=80_000_000, reason="De begroting is lager vastgesteld.")


@pytest.fixture
def officer(app: Flask) -> Actor:
    """Give an officer."""
    return actor_of(make_user(Role.OFFICER))


def change(round_: Round, wanted: Wanted, actor: Actor, seen: int = 100_000_000) -> CeilingChange:
    return ceiling.change(round_, wanted, seen_cents=seen, actor=actor, now=MOMENT)


def refused(round_: Round, wanted: Wanted, actor: Actor, seen: int = 100_000_000) -> str:
    with pytest.raises(CeilingChangeError) as error:
        change(round_, wanted, actor, seen)
    assert db.session.query(CeilingChange).count() == 0
    return error.value.code


def test_a_raise_is_a_row_a_ceiling_and_an_event(officer: Actor) -> None:
    round_ = make_round()
    made = change(round_, MORE, officer)
    assert (made.before_cents, made.after_cents, round_.ceiling_cents) == (
        100_000_000,
        120_000_000,
        120_000_000,
    )
    facts = db.session.scalars(select(Event.facts).where(Event.name == "ceiling.changed")).one()
    assert facts["warnings"] == ["published_after_opening"]
    assert (facts["before_cents"], facts["after_cents"], facts["received"]) == (100_000_000, 120_000_000, 0)
    (past,) = ceiling.history_of(round_)
    assert (past.change.id, past.warnings, past.conditions) == (made.id, ("published_after_opening",), ())
    assert list(events.verify()) == []


def test_the_second_click_gets_what_the_first_made(officer: Actor) -> None:
    round_ = make_round()
    first, second = change(round_, MORE, officer), change(round_, MORE, officer)
    assert first is second
    assert [one.name for one in db.session.scalars(select(Event))] == ["ceiling.changed"]
    with pytest.raises(CeilingChangeError, match="changed_meanwhile"):
        change(round_, replace(MORE, cents=130_000_000), officer)
    assert change(round_, replace(MORE, cents=130_000_000), officer, seen=120_000_000).id > first.id


def test_a_lowering_does_not_touch_who_applied_before_its_publication(officer: Actor) -> None:
    round_ = make_round()
    make_application(round_, "draft")
    make_application(round_, "withdrawn")
    application = make_application(round_)
    assert refused(round_, LESS, officer) == "received_before"
    two = frozenset(list(Condition)[:2])
    assert refused(round_, replace(LESS, conditions=two), officer) == "received_before"
    # Who applied after the publication knew of it.
    application.submitted_at = MOMENT + timedelta(days=1)
    change(round_, LESS, officer)
    assert round_.ceiling_cents == 80_000_000


def test_a_lowering_under_the_three_conditions_is_told_with_them(officer: Actor) -> None:
    round_ = make_round()
    make_application(round_)
    change(round_, replace(LESS, conditions=frozenset(Condition)), officer)
    (past,) = ceiling.history_of(round_)
    assert past.conditions == ("before_budget", "foretold", "from_budget")
    assert "binds_received" in past.warnings


def test_never_below_what_is_promised(app: Flask) -> None:
    scene = make_scene((5,))
    scene.confirm(award(scene, 0))
    wanted = replace(LESS, cents=TEN_THOUSAND - 1, conditions=frozenset(Condition))
    seen = scene.round.ceiling_cents
    assert refused(scene.round, wanted, scene.proposer, seen) == "below_promised"
    change(scene.round, replace(wanted, cents=TEN_THOUSAND), scene.proposer, seen)
    assert scene.round.ceiling_cents == scene.round.promised_cents


@pytest.mark.parametrize(
    ("wanted", "state", "code"),
    [
        (replace(MORE, reason=" "), "published", "reason_needed"),
        (replace(MORE, publication=""), "published", "publication_needed"),
        (replace(MORE, published_on=date(2026, 3, 11)), "published", "not_published_yet"),
        (replace(MORE, cents=100_000_000), "published", "same_ceiling"),
        (MORE, "draft", "round_in_preparation"),
        (MORE, "decided", "round_closed"),
    ],
)
def test_what_is_refused_changes_nothing(officer: Actor, wanted: Wanted, state: str, code: str) -> None:
    round_ = make_round(state=state)
    assert refused(round_, wanted, officer) == code
    assert round_.ceiling_cents == 100_000_000


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.CHAIR, Role.ADMINISTRATOR])
def test_only_an_officer_changes_it(app: Flask, role: Role) -> None:
    with pytest.raises(NotAllowedError):
        change(make_round(), MORE, actor_of(make_user(role)))


def test_who_has_an_interest_in_the_round_does_not(app: Flask) -> None:
    round_, user = make_round(), make_user(Role.OFFICER)
    make_interest(make_application(round_), user)
    with pytest.raises(NotAllowedError):
        change(round_, MORE, actor_of(user))


def test_two_officers_at_once_never_change_on_top_of_each_other(real_app: Flask) -> None:
    with real_app.app_context():
        round_id = make_round().id
        officers = [make_user(Role.OFFICER).id for _ in range(2)]
        db.session.commit()
        db.session.remove()
    barrier, heard = Barrier(2, timeout=60), []

    def raise_it(user_id: int, cents: int) -> None:
        with real_app.app_context():
            barrier.wait()
            try:
                actor = actor_of(db.session.get_one(User, user_id))
                round_ = db.session.get_one(Round, round_id)
                change(round_, replace(MORE, cents=cents), actor)
                db.session.commit()
                heard.append("done")
            except CeilingChangeError as error:
                db.session.rollback()
                heard.append(error.code)
            finally:
                db.session.remove()

    workers = [
        Thread(target=raise_it, args=order)
        for order in zip(officers, (110_000_000, 120_000_000), strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert sorted(heard) == ["changed_meanwhile", "done"]
