"""Sending a round: started and started again, held up and let go, failed and repaired; nothing goes twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Decision, Event, Letter, Mail, OutboxRow, User
from subsidy.services import announcements, decisions, events, missed, paper_requests, readdressing, sending
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.readdressing import NotAwaitedError
from subsidy.services.sending import Counts
from tests.conftest import MOMENT, Clock, QueryCount
from tests.factories import make_user
from tests.services.announced import propose
from tests.services.rounds import Scene, make_scene
from tests.services.test_mail import Sink, sink
from workflows.permissions import Role

__all__ = ["sink"]
pytestmark = pytest.mark.slow

DAY = date(2026, 3, 17)
EARLY = datetime(2026, 3, 17, 6, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 17, 23, 0, tzinfo=UTC)
ADDRESS = "Dorpsstraat 1\n1234 AB Zoetermeer"


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:  # the scene is in its database
    """Three letters are confirmed; it is early on the morning of their day."""
    found = make_scene()
    for decision in propose(found):
        found.confirm(decision)
    db.session.execute(update(OutboxRow).where(OutboxRow.topic == "letter").values(done_at=MOMENT))
    db.session.commit()
    clock.now = EARLY
    return found


def counts(scene: Scene) -> Counts:
    return sending.counts(scene.round, DAY)


def start(scene: Scene) -> None:
    sending.start(scene.round, actor=scene.proposer, now=EARLY)
    db.session.commit()


def address_of(scene: Scene, number: int) -> str:
    (person,) = announcements.find_addresses(scene.applications[number].id)
    return person.email


def work_of(scene: Scene) -> list[OutboxRow]:
    return list(
        db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "announce").order_by(OutboxRow.id))
    )


def test_started_twice_every_letter_goes_once(scene: Scene, sink: Sink) -> None:
    assert counts(scene) == Counts(waiting=3, failed=0, by_post=0, sent=0, posted=0)
    start(scene)
    sending.start(scene.round, actor=scene.confirmer, now=EARLY)
    db.session.commit()
    jobs.drain_here(300)
    start(scene)
    jobs.drain_here(300)
    assert counts(scene) == Counts(waiting=0, failed=0, by_post=0, sent=3, posted=0)
    assert len(sink.messages) == len({one["Message-ID"] for one in sink.messages}) == 3
    found = sending.find(scene.round, DAY)
    assert found is not None
    assert (found.asked_by, found.paused_at) == (scene.proposer.user_id, None)
    told = select(Event.name).where(Event.name.startswith("round.sending"))
    assert db.session.scalars(told).all() == ["round.sending_asked"]
    chair = actor_of(make_user(Role.CHAIR))
    for verb in (sending.start, sending.pause, sending.resume):
        with pytest.raises(NotAllowedError):
            verb(scene.round, actor=chair, now=EARLY)


def test_held_up_nothing_goes_and_no_attempt_is_used(scene: Scene, sink: Sink, clock: Clock) -> None:
    start(scene)
    assert sending.pause(scene.round, actor=scene.proposer, now=EARLY)
    assert not sending.pause(scene.round, actor=scene.confirmer, now=EARLY)
    db.session.commit()
    for hour in range(6):
        clock.now = EARLY + timedelta(hours=hour)
        assert jobs.drain_here(300) == 0
    assert sink.messages == []
    assert {(one.attempts, one.dead_at, one.due_at, one.last_error) for one in work_of(scene)} == {
        (0, None, MIDNIGHT, "")
    }
    assert counts(scene).waiting == 3
    assert sending.resume(scene.round, actor=scene.confirmer, now=clock.now)
    assert not sending.resume(scene.round, actor=scene.confirmer, now=clock.now)
    db.session.commit()
    assert jobs.drain_here(300) == 3
    assert counts(scene).sent == len(sink.messages) == 3
    names = db.session.scalars(
        select(Event.name).where(Event.name.startswith("round.sending")).order_by(Event.id)
    )
    assert list(names) == ["round.sending_asked", "round.sending_paused", "round.sending_resumed"]
    assert list(events.verify()) == []


def test_held_up_before_nine_it_stays_so_at_nine(scene: Scene, sink: Sink, clock: Clock) -> None:
    sending.pause(scene.round, actor=scene.proposer, now=EARLY)
    db.session.commit()
    clock.now = EARLY + timedelta(hours=3)
    jobs.drain_here(300)
    start(scene)
    jobs.drain_here(300)
    assert sink.messages == []


def test_a_letter_that_is_being_sent_finishes(
    scene: Scene, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(scene)
    deliver = announcements.notices.mail.deliver

    def pause_then_deliver(payload: dict[str, int]) -> None:
        if not sink.messages:
            sending.pause(scene.round, actor=scene.proposer, now=EARLY)
            db.session.commit()
        deliver(payload)

    monkeypatch.setattr(announcements.notices.mail, "deliver", pause_then_deliver)
    jobs.drain_here(300)
    assert (counts(scene).sent, counts(scene).waiting, len(sink.messages)) == (1, 2, 1)


def test_held_up_until_the_day_is_over_it_needs_a_new_date(scene: Scene, sink: Sink, clock: Clock) -> None:
    sending.pause(scene.round, actor=scene.proposer, now=EARLY)
    db.session.commit()
    clock.now = EARLY + timedelta(hours=4)
    assert jobs.drain_here(300) == 0
    clock.now = MIDNIGHT + timedelta(minutes=1)
    jobs.drain_here(300)
    assert sink.messages == []
    assert missed.count(scene.round, today=DAY + timedelta(days=1)) == 3


def test_one_that_fails_stops_no_other_and_goes_to_another_address(
    scene: Scene, sink: Sink, clock: Clock
) -> None:
    wrong = address_of(scene, 1)
    sink.refused.add(wrong)
    start(scene)
    jobs.drain_here(300)
    assert counts(scene) == Counts(waiting=0, failed=1, by_post=0, sent=2, posted=0)
    application = scene.applications[1]
    (failure,) = sending.find_failures(scene.round, DAY)
    assert (failure.reference, failure.gave_up, failure.attempts) == (application.reference, False, 1)
    assert "550" in failure.error
    mail = db.session.scalars(select(Mail).where(Mail.recipient == wrong)).one()
    for _click in range(2):
        readdressing.readdress(application, mail.id, " Goed@Voorbeeld.nl ", actor=scene.proposer, now=EARLY)
    db.session.commit()
    jobs.drain_here(300)
    assert counts(scene) == Counts(waiting=0, failed=0, by_post=0, sent=3, posted=0)
    (arrived,) = [one for one in sink.messages if one["To"] == "goed@voorbeeld.nl"]
    assert application.reference is not None
    assert application.reference in arrived["Subject"]
    told = select(Event).where(Event.name == "application.notification_readdressed")
    (event,) = db.session.scalars(told)
    assert event.detail is not None
    assert event.detail.body == {"address": "goed@voorbeeld.nl"}
    assert db.session.scalars(select(User.email).where(User.email == wrong)).one() == wrong
    with pytest.raises(NotAwaitedError):
        readdressing.readdress(
            scene.applications[0], mail.id, "a@voorbeeld.nl", actor=scene.proposer, now=EARLY
        )
    assert list(events.verify()) == []


def test_one_that_gave_up_is_tried_again_or_goes_by_post(scene: Scene, sink: Sink, clock: Clock) -> None:
    for number in (0, 1):
        sink.refused.add(address_of(scene, number))
    start(scene)
    for _attempt in range(8):
        jobs.drain_here(300)
        clock.now += timedelta(hours=1)
    failures = sending.find_failures(scene.round, DAY)
    assert [one.gave_up for one in failures] == [True, True]
    sink.refused.clear()
    first, second, _third = scene.applications
    assert sending.try_again(first, actor=scene.proposer, now=clock.now)
    paper_requests.ask(second, ADDRESS, actor=scene.proposer, now=clock.now)
    db.session.commit()
    jobs.drain_here(300)
    assert counts(scene) == Counts(waiting=0, failed=0, by_post=1, sent=2, posted=0)
    assert not sending.try_again(second, actor=scene.proposer, now=clock.now)
    announcements.announce_by_post(second, actor=scene.proposer, now=clock.now)
    assert counts(scene) == Counts(waiting=0, failed=0, by_post=0, sent=2, posted=1)


def test_who_no_longer_wants_paper_is_notified_after_all(scene: Scene, sink: Sink, clock: Clock) -> None:
    (application, *_rest) = scene.applications
    member = actor_of(db.session.get_one(User, application.members[0].user_id))
    paper_requests.ask(application, ADDRESS, actor=member, now=EARLY)
    start(scene)
    clock.now = EARLY + timedelta(hours=4)
    jobs.drain_here(300)
    assert counts(scene) == Counts(waiting=0, failed=0, by_post=1, sent=2, posted=0)
    assert paper_requests.end(application, actor=member, now=clock.now)
    assert not paper_requests.end(application, actor=member, now=clock.now)
    db.session.commit()
    jobs.drain_here(300)
    assert counts(scene).sent == len(sink.messages) == 3


def test_who_got_an_account_after_nine_is_sent_with_the_rest(scene: Scene, sink: Sink, clock: Clock) -> None:
    (application, *_rest) = scene.applications
    (membership,) = application.members
    person = db.session.get_one(User, membership.user_id)
    person.email_confirmed_at = None
    db.session.commit()
    clock.now = EARLY + timedelta(hours=4)
    jobs.drain_here(300)
    assert counts(scene).by_post == 1
    person.email_confirmed_at = clock.now
    db.session.commit()
    jobs.drain_here(300)
    assert counts(scene).waiting == 1
    sending.start(scene.round, actor=scene.proposer, now=clock.now)
    db.session.commit()
    jobs.drain_here(300)
    assert counts(scene).sent == 3


def test_all_that_missed_their_day_get_a_new_one_by_jobs(scene: Scene, sink: Sink, clock: Clock) -> None:
    clock.now = EARLY + timedelta(days=1)
    new_day = DAY + timedelta(days=3)
    with pytest.raises(DecisionError) as error:
        missed.renew_all(scene.round, announce_on=DAY, actor=scene.proposer, now=clock.now)
    assert error.value.code == "announce_date_past"
    ask = {"announce_on": new_day, "actor": scene.proposer, "now": clock.now}
    assert missed.renew_all(scene.round, **ask) == 3
    assert missed.renew_all(scene.round, **ask) == 3
    db.session.commit()
    jobs.drain_here(300)
    assert missed.count(scene.round, today=clock.now.date()) == 0
    anew = [decisions.get_current(one) for one in scene.applications]
    assert {(one.announce_on, one.confirmed_at, one.letter_sha256 is not None) for one in anew} == {
        (new_day, None, True)
    }
    assert len({one.id for one in db.session.scalars(select(Decision))}) == 6
    assert sink.messages == []


def test_what_cannot_be_renewed_is_told(scene: Scene, clock: Clock) -> None:
    clock.now = EARLY + timedelta(days=1)
    today = DAY + timedelta(days=1)
    missed.renew_all(scene.round, announce_on=today, actor=scene.proposer, now=clock.now)
    asker = db.session.get_one(User, scene.proposer.user_id)
    asker.disabled_at = clock.now
    db.session.commit()
    jobs.drain_here(300)
    assert [one.refused for one in missed.find(scene.round, today=today)] == ["not_allowed"] * 3
    asker.disabled_at = None
    missed.renew_all(scene.round, announce_on=today, actor=scene.proposer, now=clock.now)
    db.session.commit()
    jobs.drain_here(300)
    assert missed.find(scene.round, today=today) == []


@pytest.mark.parametrize("failing", [1, 3])
def test_the_lists_ask_the_same_of_many_as_of_one(
    scene: Scene, sink: Sink, clock: Clock, count_queries: Callable[[], QueryCount], failing: int
) -> None:
    sink.refused.update(address_of(scene, number) for number in range(failing))
    start(scene)
    jobs.drain_here(300)
    tomorrow = DAY + timedelta(days=1)
    round_, queries = scene.round, count_queries()
    assert round_.id
    with queries:
        assert sum(counts(scene)) == 3
        assert len(sending.find_failures(round_, DAY)) == failing
        assert len(missed.find(round_, today=tomorrow)) == failing
    assert queries.count == 4


def test_a_letter_drawn_before_there_were_rows_is_announced(scene: Scene, sink: Sink) -> None:
    """The row is made when it is announced, and knows the bytes that were confirmed."""
    start(scene)
    jobs.drain_here(300)
    rows = db.session.execute(select(Letter.sha256, Decision.letter_sha256).join(Decision)).all()
    assert all(row[0] == row[1] for row in rows)
