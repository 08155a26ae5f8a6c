"""The end of the day of an announcement, with workers that die: one decision, one notice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Decision, Mail
from subsidy.services import announcements, mail, missed, proposing
from subsidy.services.decisions import DecisionError, get_current
from tests.conftest import Clock
from tests.services.rounds import Scene
from tests.services.test_announcements import DAY, decision_of, scene
from tests.services.test_mail import Sink, sink
from workflows.calendar_nl import AMSTERDAM

__all__ = ["scene", "sink"]

MIDNIGHT = datetime(2026, 3, 18, tzinfo=AMSTERDAM)
NEXT_DAY = DAY + timedelta(days=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class KilledError(BaseException):
    """As good as killed: nobody catches it, so nothing is marked."""


def killed(monkeypatch: pytest.MonkeyPatch, place: object, name: str, *, after: bool) -> None:
    """Let the worker die at a call, or after what that does; its work stays claimed."""
    work = getattr(place, name)

    def die(*arguments: object, **values: object) -> None:
        if after:
            work(*arguments, **values)
        raise KilledError

    with monkeypatch.context() as broken:
        broken.setattr(place, name, die)
        with pytest.raises(KilledError):
            jobs.drain_here(300)
    db.session.rollback()


def ids(sink: Sink) -> set[str]:
    return {one["Message-ID"] for one in sink.messages}


def test_in_the_last_minutes_of_the_day_nothing_begins(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = MIDNIGHT - announcements.TAKING_OVER
    jobs.drain_here(300)
    assert (sink.messages, decision_of(scene).announced_at) == ([], None)


def test_before_that_it_does_and_what_was_refused_then_is_tried_until_midnight(
    scene: Scene, sink: Sink, clock: Clock
) -> None:
    clock.now = MIDNIGHT - announcements.TAKING_OVER - minutes(0.1)
    sink.refuse = 2
    jobs.drain_here(300)
    assert decision_of(scene).announced_at is None
    clock.now = MIDNIGHT - minutes(1)
    jobs.drain_here(300)
    assert decision_of(scene).announced_at == clock.now


def test_who_takes_over_from_a_worker_that_died_is_in_time(
    scene: Scene, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = MIDNIGHT - announcements.TAKING_OVER - minutes(0.1)
    killed(monkeypatch, mail, "_transport", after=True)
    assert (len(sink.messages), decision_of(scene).announced_at) == (1, None)
    clock.now = MIDNIGHT - minutes(2)
    jobs.drain_here(300)
    assert decision_of(scene).announced_at == clock.now
    assert (len(sink.messages), len(ids(sink))) == (3, 2), "two people; one of them twice, under one id"


def renew_all(scene: Scene, clock: Clock) -> None:
    missed.renew_all(
        scene.round, announce_on=NEXT_DAY + timedelta(days=7), actor=scene.proposer, now=clock.now
    )
    db.session.commit()
    jobs.drain_here(300)


def test_a_notice_that_left_before_midnight_is_not_given_again_with_a_new_date(
    scene: Scene, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = MIDNIGHT - announcements.TAKING_OVER - minutes(0.1)
    sink.refuse = 2
    jobs.drain_here(300)
    clock.now = sent_at = MIDNIGHT - minutes(1)
    killed(monkeypatch, announcements, "_mark", after=False)
    clock.now = MIDNIGHT + minutes(0.5)
    with pytest.raises(DecisionError, match="being_announced"):
        proposing.renew(
            decision_of(scene),
            announce_on=NEXT_DAY + timedelta(days=7),
            actor=scene.proposer,
            now=clock.now,
        )
    renew_all(scene, clock)
    assert decision_of(scene).returned_at is None
    clock.now = MIDNIGHT + minutes(10)
    jobs.drain_here(300)
    assert decision_of(scene).announced_at == sent_at
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
    assert len(ids(sink)) == 2


def test_while_somebody_still_sends_nothing_is_renewed_and_afterwards_it_is(
    scene: Scene, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody can know is whether the second try left: its worker died, and no other was in time."""
    clock.now = MIDNIGHT - announcements.TAKING_OVER - minutes(0.1)
    sink.refuse = 2
    jobs.drain_here(300)
    clock.now = MIDNIGHT - minutes(1)
    killed(monkeypatch, mail, "_transport", after=False)
    clock.now = MIDNIGHT + minutes(0.5)
    renew_all(scene, clock)
    old = decision_of(scene)
    assert (old.returned_at, old.announced_at) == (None, None)
    clock.now = MIDNIGHT + minutes(10)
    jobs.drain_here(300)
    renewed = get_current(scene.applications[0])
    assert renewed.id != old.id
    assert renewed.announce_on == NEXT_DAY + timedelta(days=7)
    assert (sink.messages, old.announced_at) == ([], None)
    assert set(db.session.scalars(select(Mail.delivery).where(Mail.key.like(f"decision:{old.id}:%")))) != {
        "sent"
    }


def test_a_notice_that_the_server_took_after_midnight_announces_nothing(
    scene: Scene, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The term in its letter began a day too early; the decision gets a new letter with a later term."""
    clock.now = MIDNIGHT - announcements.TAKING_OVER - minutes(0.1)
    sink.refuse = 2
    jobs.drain_here(10)
    transport = mail._transport

    def slow(*message: Any) -> None:
        transport(*message)
        clock.now = MIDNIGHT + minutes(0.2)

    clock.now = MIDNIGHT - minutes(0.2)
    with monkeypatch.context() as late:
        late.setattr(mail, "_transport", slow)
        jobs.drain_here(10)
    old = decision_of(scene)
    assert (len(sink.messages), old.announced_at) == (1, None)
    clock.now = MIDNIGHT + minutes(10)
    renew_all(scene, clock)
    renewed = get_current(scene.applications[0])
    assert renewed.id != old.id
    assert renewed.announce_on == NEXT_DAY + timedelta(days=7)
