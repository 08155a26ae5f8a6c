"""A decision is announced when somebody was really told, on the day that its letter names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Decision, Event, Membership, OutboxRow
from subsidy.services import (
    announcements,
    basis_gathering,
    decisions,
    file_store,
    proposal,
    proposing,
    sending,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.announcements import announce
from subsidy.services.decision_notifications import AnnouncementFailedError
from subsidy.services.decisions import DecisionError, Stage
from tests.conftest import MOMENT, Clock
from tests.factories import make_user
from tests.services.rounds import Scene, make_scene
from tests.services.test_mail import Sink, sink
from workflows.permissions import Role

__all__ = ["sink"]

DAY = date(2026, 3, 17)
MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
def scene(app: Flask) -> Scene:  # the scene is in its database
    """One application with two members, its decision confirmed a week before its announcement."""
    scene = make_scene((5,))
    (application,) = scene.applications
    reader = make_user(email="lezer@voorbeeld.nl", locale="en")
    db.session.add(Membership(application_id=application.id, user_id=reader.id, capacity="view"))
    suggested = proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=DAY)
    scene.confirm(proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT))
    db.session.execute(update(OutboxRow).where(OutboxRow.topic == "letter").values(done_at=MOMENT))
    db.session.commit()
    return scene


def decision_of(scene: Scene) -> Decision:
    found = decisions.get_current(scene.applications[0])
    db.session.refresh(found)
    return found


def run(scene: Scene) -> None:
    announce({"decision_id": decision_of(scene).id})


def test_nobody_is_told_before_the_day(scene: Scene, sink: Sink) -> None:
    run(scene)
    assert (sink.messages, decision_of(scene).announced_at) == ([], None)
    assert jobs.drain_here(300) == 0


def test_on_its_morning_the_worker_tells_every_member_in_their_language(
    scene: Scene, sink: Sink, clock: Clock
) -> None:
    clock.now = MORNING
    assert jobs.drain_here(300) == 3  # with the translation for who reads English
    decision = decision_of(scene)
    assert decision.announced_at == MORNING
    assert decisions.stage_of(decision, today=DAY) is Stage.ANNOUNCED
    reference = scene.applications[0].reference
    assert [(one["To"], one["Subject"]) for one in sink.messages][1:] == [
        ("lezer@voorbeeld.nl", f"There is a decision on your application {reference}")
    ]
    body = sink.messages[1].get_content()
    assert "28 April 2026" in body
    assert "17 March 2026" in body
    assert f"/aanvragen/{scene.applications[0].id}" in body
    assert "10.000" not in body
    progress = decisions.progress(scene.round, today=DAY)
    assert (progress.undecided, progress.unannounced) == (0, 0)


def test_a_second_run_tells_nobody_twice(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = MORNING
    run(scene)
    jobs.drain_here(300)
    run(scene)
    jobs.drain_here(300)
    assert len({one["Message-ID"] for one in sink.messages}) == len(sink.messages) == 2
    told = db.session.scalars(select(Event).where(Event.name == "decision.announced")).all()
    assert len(told) == 1


def test_when_no_mail_can_be_sent_it_did_not_happen(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = MORNING
    sink.refuse = 2
    with pytest.raises(AnnouncementFailedError, match="451"):
        run(scene)
    db.session.rollback()
    assert decision_of(scene).announced_at is None
    run(scene)
    assert decision_of(scene).announced_at == MORNING


def test_one_member_reached_is_enough_and_the_other_is_tried_again(
    scene: Scene, sink: Sink, clock: Clock
) -> None:
    clock.now = MORNING
    sink.refuse = 1
    run(scene)
    decision = decision_of(scene)
    assert decision.announced_at == MORNING
    assert sorted(announcements.deliveries_of([decision])[decision.id]) == ["sending", "sent"]
    assert jobs.drain_here(300) == 3  # with the translation for who reads English
    assert announcements.deliveries_of([decision])[decision.id] == ["sent", "sent"]
    assert len(sink.messages) == 2


def test_a_worker_that_died_after_the_mail_announces_at_the_moment_of_the_mail(
    scene: Scene, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = MORNING

    def die(*_arguments: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(announcements, "_mark", die)
        with pytest.raises(KeyboardInterrupt):
            run(scene)
    db.session.rollback()
    assert decision_of(scene).announced_at is None
    clock.now = MORNING + timedelta(days=1)
    run(scene)
    assert decision_of(scene).announced_at == MORNING
    assert len(sink.messages) == 1


def test_a_day_that_went_by_is_not_announced_late(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = MORNING + timedelta(days=1)
    assert jobs.drain_here(300) == 1
    decision = decision_of(scene)
    assert (sink.messages, decision.announced_at) == ([], None)
    assert decisions.stage_of(decision, today=DAY + timedelta(days=1)) is Stage.MISSED


def test_send_now_takes_the_letters_of_today_and_no_others(scene: Scene, sink: Sink, clock: Clock) -> None:
    assert announcements.send_today(scene.round, actor=scene.proposer, now=MOMENT) == 0
    clock.now = datetime(2026, 3, 17, 6, 0, tzinfo=UTC)
    assert announcements.send_today(scene.round, actor=scene.proposer, now=clock.now) == 1
    db.session.commit()
    jobs.drain_here(300)
    assert decision_of(scene).announced_at == clock.now
    assert announcements.send_today(scene.round, actor=scene.proposer, now=clock.now) == 0
    chair = actor_of(make_user(Role.CHAIR))
    with pytest.raises(NotAllowedError):
        announcements.send_today(scene.round, actor=chair, now=clock.now)


def test_who_has_no_account_gets_the_letter_by_post(scene: Scene, sink: Sink, clock: Clock) -> None:
    (application,) = scene.applications
    for membership in list(application.members):
        db.session.delete(membership)
    db.session.commit()
    clock.now = MORNING
    run(scene)
    assert (sink.messages, decision_of(scene).announced_at) == ([], None)
    with pytest.raises(DecisionError) as error:
        announcements.announce_by_post(application, actor=scene.proposer, now=MOMENT)
    assert error.value.code == "not_today"
    announcements.announce_by_post(application, actor=scene.proposer, now=MORNING)
    assert decision_of(scene).announced_at == MORNING
    with pytest.raises(DecisionError) as error:
        announcements.announce_by_post(application, actor=scene.proposer, now=MORNING)
    assert error.value.code == "already_announced"


def test_all_letters_of_today_for_who_has_no_account_at_once(scene: Scene) -> None:
    count = announcements.count_by_post
    assert count(scene.round, now=MORNING) == 0
    for membership in list(scene.applications[0].members):
        db.session.delete(membership)
    db.session.flush()
    assert (count(scene.round, now=MOMENT), count(scene.round, now=MORNING)) == (0, 1)
    assert announcements.send_today(scene.round, actor=scene.proposer, now=MORNING) == 0
    assert announcements.post_today(scene.round, actor=scene.proposer, now=MORNING) == 1
    assert announcements.post_today(scene.round, actor=scene.proposer, now=MORNING) == 0
    assert decision_of(scene).announced_at == MORNING
    chair = actor_of(make_user(Role.CHAIR))
    with pytest.raises(NotAllowedError):
        announcements.post_today(scene.round, actor=chair, now=MORNING)


def test_a_disabled_or_unconfirmed_account_is_no_address(scene: Scene) -> None:
    (application,) = scene.applications
    first, second = announcements.find_addresses(application.id)
    assert second.email == "lezer@voorbeeld.nl"
    first.disabled_at = MOMENT
    second.email_confirmed_at = None
    db.session.flush()
    assert announcements.find_addresses(application.id) == []


def test_what_was_announced_never_changes(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = MORNING
    run(scene)
    for values in ({"announced_at": None}, {"letter_sha256": None}, {"amount_cents": 1}):
        with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
            db.session.execute(update(Decision).values(**values))
    with pytest.raises(DBAPIError, match="return_reasoned"), db.session.begin_nested():
        db.session.execute(update(Decision).values(returned_at=MORNING, return_reason="toch niet"))


def test_a_letter_that_is_gone_is_not_announced(scene: Scene, sink: Sink, clock: Clock) -> None:
    """Announced is what lies in the file and what somebody was told of: one of both is nothing."""
    clock.now = MORNING
    place = file_store.path_of(decision_of(scene).letter_sha256 or "")
    kept = place.read_bytes()
    place.unlink()
    jobs.drain_here(10)
    assert (sink.messages, decision_of(scene).announced_at) == ([], None)
    (failure,) = sending.find_failures(scene.round, DAY)
    assert "FileDamagedError" in failure.error
    place.write_bytes(kept)
    clock.now = MORNING + timedelta(minutes=1)
    jobs.drain_here(10)
    assert decision_of(scene).announced_at == clock.now
