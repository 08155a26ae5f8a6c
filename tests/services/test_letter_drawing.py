"""A letter that cannot be drawn is seen, holds up no other, and is drawn again when somebody asks."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.documents.letter_values import LetterError
from subsidy.models import Application, Decision, Event, Letter, OutboxRow, User
from subsidy.services import confirming, decision_lists, decisions, letter_drawing, outbox
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from tests.conftest import MOMENT
from tests.factories import make_interest, make_user
from tests.services.rounds import Scene, make_scene
from tests.services.test_ledger import award
from workflows.permissions import Role

DAY = (MOMENT + timedelta(days=7)).date()
AGAIN = "decision.letter_ordered_again"


class Pen:
    """Draws letters of a few bytes, but for the applications that it was told to fail on."""

    def __init__(self) -> None:
        self.fails_on: set[int] = set()
        self.drawn: list[int] = []

    def compose(self, decision: Decision, *, letter: Letter) -> str:
        if decision.application_id in self.fails_on:
            message = "the letter needs list_until"
            raise LetterError(message)
        self.drawn.append(decision.application_id)
        return f"{decision.id} {letter.code}"


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Pen:
    pen = Pen()
    monkeypatch.setattr(decision_letters, "content_for", pen.compose)
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: content.encode())
    return pen


def proposed(pen: Pen, *failing: int) -> Scene:
    """A round of three that was proposed whole, of which the letters of these cannot be drawn."""
    scene = make_scene((5, 4, 3))
    pen.fails_on = {scene.applications[number].id for number in failing}
    scene.propose_all(DAY)
    db.session.commit()
    jobs.drain_here(300)
    db.session.expire_all()
    return scene


def failed(scene: Scene) -> list[int]:
    return [one.application_id for one in letter_drawing.find_failed(scene.round, today=MOMENT.date())]


def draw_again(scene: Scene, number: int) -> bool:
    found = letter_drawing.draw_again(scene.applications[number], actor=scene.proposer, now=MOMENT)
    db.session.commit()
    return found


@pytest.mark.usefixtures("app", "clock")
class TestFailing:
    def test_it_is_told_at_once_and_the_others_are_drawn(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        first, second, third = (one.id for one in scene.applications)
        assert failed(scene) == [second]
        assert set(pen.drawn) == {first, third}
        row = db.session.scalars(select(OutboxRow).where(OutboxRow.dead_at.is_not(None))).one()
        assert (row.topic, row.attempts, row.last_error) == ("letter", 1, "the letter needs list_until")
        decision = decisions.get_current(scene.applications[1])
        told = letter_drawing.why_failed(decision, today=MOMENT.date())
        assert told == "the letter needs list_until"

    def test_it_stands_on_the_list_by_itself(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        today = MOMENT.date()
        counts = decision_lists.count_stages(scene.round, today=today)
        assert counts == {"undrawn": 1, "proposed": 2}
        rows = decision_lists.find_rows(scene.round, today=today, stage="undrawn")
        assert [(one.application_id, one.undrawn) for one in rows] == [(scene.applications[1].id, True)]
        others = decision_lists.find_rows(scene.round, today=today, stage="proposed")
        assert [one.undrawn for one in others] == [False, False]

    def test_what_waits_was_sent_back_or_missed_its_day_did_not_fail(self, pen: Pen) -> None:
        scene = proposed(pen, 0, 1)
        confirming.send_back(scene.applications[0], reason="Nee.", actor=scene.confirmer, now=MOMENT)
        assert failed(scene) == [scene.applications[1].id]
        late = DAY + timedelta(days=1)
        assert letter_drawing.find_failed(scene.round, today=late) == []
        counts = decision_lists.count_stages(scene.round, today=late)
        assert counts == {"none": 1, "missed": 2}
        waiting = make_scene((5,))
        waiting.propose_all(DAY)
        assert failed(waiting) == []
        assert decision_lists.count_stages(waiting.round, today=MOMENT.date()) == {"rendering": 1}


@pytest.mark.usefixtures("app", "clock")
class TestDrawingAgain:
    def test_after_the_repair_it_is_drawn_and_can_be_confirmed(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        pen.fails_on.clear()
        assert draw_again(scene, 1)
        assert failed(scene) == []
        jobs.drain_here(300)
        application = scene.applications[1]
        digest = decisions.get_current(application).letter_sha256
        assert digest is not None
        confirming.confirm(application, letter_sha256=digest, actor=scene.confirmer, now=MOMENT)
        assert application.state == "awarded"

    def test_without_a_repair_it_fails_again_and_stays_in_sight(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        assert draw_again(scene, 1)
        jobs.drain_here(300)
        assert failed(scene) == [scene.applications[1].id]

    def test_asked_twice_it_is_done_once(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        pen.fails_on.clear()
        assert [draw_again(scene, 1), draw_again(scene, 1)] == [True, False]
        jobs.drain_here(300)
        assert pen.drawn.count(scene.applications[1].id) == 1
        assert not draw_again(scene, 1)
        (event,) = db.session.scalars(select(Event).where(Event.name == AGAIN))
        decision = decisions.get_current(scene.applications[1])
        assert (event.actor_id, event.facts) == (scene.proposer.user_id, {"decisions": [decision.id]})

    def test_what_was_drawn_is_never_drawn_again(self, pen: Pen) -> None:
        scene = proposed(pen)
        before = decisions.get_current(scene.applications[0]).letter_sha256
        assert not draw_again(scene, 0)
        jobs.drain_here(300)
        assert decisions.get_current(scene.applications[0]).letter_sha256 == before
        assert len(pen.drawn) == 3

    def test_a_whole_round_at_once_and_no_other(self, pen: Pen) -> None:
        scene, other = proposed(pen, 0, 2), proposed(pen, 1)
        pen.fails_on.clear()
        assert letter_drawing.draw_all_again(scene.round, actor=scene.confirmer, now=MOMENT) == 2
        assert letter_drawing.draw_all_again(scene.round, actor=scene.confirmer, now=MOMENT) == 0
        db.session.commit()
        jobs.drain_here(300)
        assert failed(scene) == []
        assert failed(other) == [other.applications[1].id]

    def test_a_stranger_and_who_did_not_declare_or_has_an_interest_are_refused(self, pen: Pen) -> None:
        scene = proposed(pen, 1)
        application, undeclared = scene.applications[1], actor_of(make_user(Role.OFFICER))
        with pytest.raises(DecisionError) as error:
            letter_drawing.draw_again(application, actor=undeclared, now=MOMENT)
        assert error.value.code == "declaration_needed"
        assert letter_drawing.draw_all_again(scene.round, actor=undeclared, now=MOMENT) == 0
        finance = actor_of(make_user(Role.FINANCE))
        conflicted = db.session.get_one(User, scene.confirmer.user_id)
        make_interest(application, conflicted)
        for actor in (finance, scene.confirmer):
            with pytest.raises(NotAllowedError):
                letter_drawing.draw_again(application, actor=actor, now=MOMENT)
            with pytest.raises(NotAllowedError):
                letter_drawing.draw_all_again(scene.round, actor=actor, now=MOMENT)
        assert failed(scene) == [application.id]


def test_two_officers_at_once_order_it_once(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_scene((5,))
        application_id = award(scene, 0).application_id
        (work,) = outbox.claim(now=MOMENT, limit=1)
        outbox.give_up(work, "the letter needs list_until", now=MOMENT)
        officers = (scene.proposer.user_id, scene.confirmer.user_id)
        db.session.commit()
        db.session.remove()
    barrier, heard = Barrier(2, timeout=60), []

    def ask(user_id: int) -> None:
        with real_app.app_context():
            application = db.session.get_one(Application, application_id)
            actor = actor_of(db.session.get_one(User, user_id))
            db.session.rollback()
            barrier.wait()
            heard.append(letter_drawing.draw_again(application, actor=actor, now=MOMENT))
            db.session.commit()
            db.session.remove()

    workers = [Thread(target=ask, args=(one,)) for one in officers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert sorted(heard) == [False, True]
    with real_app.app_context():
        assert len(db.session.scalars(select(Event.id).where(Event.name == AGAIN)).all()) == 1
        db.session.remove()
