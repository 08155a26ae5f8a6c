"""Sending with officers who act at once and workers that are killed: each letter once, none lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Decision, Event, Mail, MailRun, Membership, OutboxRow, Round, Sending
from subsidy.services import events, mail_runs, outbox, sending
from tests.conftest import MOMENT
from tests.faults.buttons import by_two
from tests.faults.test_killed_worker import kill_at
from tests.faults.together import at_once, count
from tests.services.rounds import Scene, make_scene
from tests.services.test_mail import Sink, listening
from workflows.permissions import Actor, Role

pytestmark = pytest.mark.slow
ADDRESS = {"address": "Dorpsstraat 1\n1234 AB Zoetermeer"}


@pytest.fixture
def sink(office: Flask) -> Iterator[Sink]:
    """Let the application mail through a real SMTP server."""
    with listening() as (sink, url):
        office.config["SETTINGS"] = replace(office.config["SETTINGS"], smtp_url=url)
        yield sink


def confirmed(scores: tuple[int, ...] = (5, 4, 3), *, members: bool = True) -> Scene:
    """Confirm decisions for today; their letters were drawn."""
    scene = make_scene(scores)
    if not members:
        for membership in db.session.scalars(select(Membership)).all():
            db.session.delete(membership)
    scene.propose_all(MOMENT.date())
    db.session.commit()
    for decision in db.session.scalars(select(Decision).order_by(Decision.id)).all():
        scene.confirm(decision)
    db.session.commit()
    return scene


def work_at_once(app: Flask, workers: int = 2) -> None:
    """Let workers do what waits, while this thread holds nothing."""
    db.session.remove()

    def work(_number: int) -> int:
        with app.app_context():
            return jobs.drain_here(300)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def test_two_who_start_at_once_and_two_workers_send_each_letter_once(office: Flask, sink: Sink) -> None:
    scene = confirmed()
    presses = by_two(Role.OFFICER, f"/bureau/ronden/{scene.round.slug}/brieven/verzenden/nu")
    db.session.commit()
    db.session.remove()
    assert [answer.status_code for answer in at_once(office, presses)] == [303, 303]
    work_at_once(office)
    assert len(sink.messages) == len({one["Message-ID"] for one in sink.messages}) == 3
    assert count(Sending) == count(Event, Event.name == "round.sending_asked") == 1
    assert count(Event, Event.name == "decision.announced") == 3
    assert list(events.verify()) == []


def test_held_up_and_let_go_while_workers_run_no_letter_is_left(office: Flask, sink: Sink) -> None:
    """However a pause, a resume and the workers meet: after the last resume every letter goes."""
    scene = confirmed((5, 4, 3, 2, 1))
    round_id, actor = scene.round.id, scene.proposer
    db.session.remove()

    def turn(number: int) -> None:
        with office.app_context():
            for _time in range(6):
                round_ = db.session.get_one(Round, round_id)
                verb = sending.pause if number % 2 else sending.resume
                verb(round_, actor=actor, now=MOMENT)
                db.session.commit()

    def work(_number: int) -> None:
        with office.app_context():
            jobs.drain_here(300)

    with ThreadPoolExecutor(4) as pool:
        busy = [pool.submit(turn, number) for number in (0, 1)]
        busy += [pool.submit(work, number) for number in (0, 1)]
        for one in busy:
            one.result()
    round_ = db.session.get_one(Round, round_id)
    sending.pause(round_, actor=actor, now=MOMENT)
    sending.resume(round_, actor=actor, now=MOMENT)
    db.session.commit()
    office.config["CLOCK"] = lambda: MOMENT + timedelta(seconds=1)
    work_at_once(office)
    round_ = db.session.get_one(Round, round_id)
    assert sending.counts(round_, MOMENT.date()).sent == len(sink.messages) == 5
    assert len({one["Message-ID"] for one in sink.messages}) == 5
    assert count(OutboxRow, OutboxRow.topic == "announce", OutboxRow.attempts < 0) == 0
    assert list(events.verify()) == []


def test_a_worker_killed_in_the_middle_of_a_round_sends_the_rest(office: Flask, sink: Sink) -> None:
    scene = confirmed()
    round_id = scene.round.id
    sending.start(scene.round, actor=scene.proposer, now=MOMENT)
    db.session.commit()
    kill_at(office, "sent")
    assert len(sink.messages) == 1
    round_ = db.session.get_one(Round, round_id)
    sending.pause(round_, actor=scene.proposer, now=MOMENT)
    db.session.commit()
    later = MOMENT + outbox.LEASE + timedelta(seconds=1)
    office.config["CLOCK"] = lambda: later
    jobs.drain_here(300)
    assert len(sink.messages) == 1, "what may have gone waits as well while the letters are held up"
    sending.resume(round_, actor=scene.confirmer, now=later)
    db.session.commit()
    jobs.drain_here(300)
    assert len({one["Message-ID"] for one in sink.messages}) == 3
    assert len(sink.messages) == 4, "the one that may have gone goes again under its own id"
    assert set(db.session.scalars(select(Mail.delivery))) == {"sent"}
    assert count(Event, Event.name == "decision.announced") == 3


def test_two_who_ask_the_mail_room_at_once_get_one_run_that_is_posted_once(office: Flask) -> None:
    scene = confirmed((5, 4), members=False)
    slug = scene.round.slug
    asks = by_two(Role.OFFICER, f"/bureau/ronden/{slug}/brieven/post")
    db.session.commit()
    db.session.remove()
    assert [answer.status_code for answer in at_once(office, asks)] == [303, 303]
    work_at_once(office)
    (run,) = db.session.scalars(select(MailRun)).all()
    assert (run.letters, run.finished_at) == (2, MOMENT)
    posts = by_two(Role.OFFICER, f"/bureau/ronden/{slug}/brieven/post/{run.id}/gepost")
    db.session.commit()
    db.session.remove()
    assert [answer.status_code for answer in at_once(office, posts)] == [303, 303]
    assert count(Event, Event.name == "decision.posted") == 2
    assert count(Decision, Decision.announced_at == MOMENT) == 2
    assert mail_runs.to_post(db.session.scalars(select(Round)).one(), MOMENT.date()) == []
    assert list(events.verify()) == []


def test_the_same_verb_asked_twice_of_one_file_is_one(office: Flask, sink: Sink) -> None:
    scene = confirmed((5,))
    (application,) = scene.applications
    actor: Actor = scene.proposer
    assert actor.user_id is not None
    presses = by_two(Role.OFFICER, f"/bureau/aanvragen/{application.id}/papier", ADDRESS)
    db.session.commit()
    db.session.remove()
    assert [answer.status_code for answer in at_once(office, presses)] == [303, 303]
    assert count(Event, Event.name == "application.paper_asked") == 1
    work_at_once(office)
    assert sink.messages == []
