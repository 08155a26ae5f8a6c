"""The order of priority and the minutes over real connections: one change at a time, confirmed once."""

from datetime import timedelta

from flask import Flask

from subsidy import jobs
from subsidy.db import db
from subsidy.models import AgendaItem, Event, Meeting, PanelAdvice
from subsidy.services import events, minutes, priorities
from tests.factories import MOMENT, declare, hear, make_meeting, make_user
from tests.faults.together import Press, at_once, count
from tests.services.minuted import Held, hold
from tests.services.rounds import make_scene
from workflows.permissions import Role


def pressed(office: Flask, *presses: Press) -> list[int]:
    """Press at once, with everything that was made so far stored."""
    db.session.commit()
    db.session.remove()
    statuses = sorted(answer.status_code for answer in at_once(office, presses))
    assert list(events.verify()) == []
    return statuses


def closed_with_minutes(office: Flask) -> tuple[Held, Meeting]:
    """Hold a meeting and close it, with its minutes made and still to be confirmed."""
    held = hold()
    held.close()
    office.config["CLOCK"] = lambda: MOMENT + timedelta(hours=3)
    db.session.commit()
    jobs.drain_here(300)
    return held, db.session.get_one(Meeting, held.meeting.id, populate_existing=True)


def confirming(held: Held, meeting: Meeting) -> Press:
    """The chair who confirms the minutes that are stored now."""
    return Press(
        held.chair.get_id(),
        f"/commissie/vergaderingen/{meeting.id}/verslag/bevestigen",
        {"minutes_sha256": meeting.minutes_sha256 or "", "read": "y"},
    )


def test_the_same_move_twice_is_one_move(office: Flask) -> None:
    scene = make_scene((5, 4, 3))
    meeting, chair = make_meeting(scene.round, *scene.applications), make_user(Role.CHAIR)
    declare(chair, scene.round)
    data = {"place": "1", "reason": "Eerst.", "token": priorities.order_of(scene.round).token}
    url = f"/commissie/vergaderingen/{meeting.id}/volgorde/{scene.applications[2].id}"
    press = Press(chair.get_id(), url, data)
    assert pressed(office, press, press) == [303, 303]
    assert count(Event, Event.name == "meeting.application_placed") == 1


def test_of_two_moves_at_once_one_is_refused_and_nothing_is_mixed(office: Flask) -> None:
    scene = make_scene((5, 4, 3))
    meeting = make_meeting(scene.round, *scene.applications)
    token = priorities.order_of(scene.round).token
    chairs = [make_user(Role.CHAIR) for _ in range(2)]
    for chair in chairs:
        declare(chair, scene.round)
    presses = [
        Press(
            chair.get_id(),
            f"/commissie/vergaderingen/{meeting.id}/volgorde/{application.id}",
            {"place": "1", "reason": "Eerst.", "token": token},
        )
        for chair, application in zip(chairs, scene.applications[1:], strict=True)
    ]
    assert pressed(office, *presses) == [303, 422]
    held = db.session.scalars(db.select(PanelAdvice)).all()
    assert [one.priority for one in held] == [1]


def test_a_move_and_the_confirmation_at_once_never_confirm_another_order(office: Flask) -> None:
    held, meeting = closed_with_minutes(office)
    confirm = confirming(held, meeting)
    move = Press(
        held.chair.get_id(),
        f"/commissie/vergaderingen/{meeting.id}/volgorde/{held.applications[2].id}",
        {"place": "1", "reason": "Toch.", "token": priorities.order_of(meeting.round).token},
    )
    meeting_id = meeting.id
    assert pressed(office, confirm, move) == [303, 422]
    meeting = db.session.get_one(Meeting, meeting_id)
    moved = count(Event, Event.name == "meeting.application_placed") == 2
    assert moved is (meeting.confirmed_at is None)
    expected = minutes.Stage.OUTDATED if moved else minutes.Stage.CONFIRMED
    assert minutes.standing_of(meeting).stage is expected


def test_an_advice_and_a_place_at_once_both_stay(office: Flask) -> None:
    scene = make_scene((5, 4, 3))
    meeting, chair, officer = make_meeting(scene.round), make_user(Role.CHAIR), make_user(Role.OFFICER)
    for one in (chair, officer):
        declare(one, scene.round)
    last = scene.applications[2]
    hear(last)
    place = {"place": "1", "reason": "Eerst.", "token": priorities.order_of(scene.round).token}
    move = Press(chair.get_id(), f"/commissie/vergaderingen/{meeting.id}/volgorde/{last.id}", place)
    said = Press(officer.get_id(), f"/bureau/aanvragen/{last.id}/advies", {"reason": "Een goed plan."})
    last_id = last.id
    assert pressed(office, move, said) == [303, 303]
    stored = db.session.get_one(PanelAdvice, last_id)
    assert (stored.priority, stored.reason) == (1, "Een goed plan.")


def test_an_advice_and_the_confirmation_at_once_never_leave_minutes_that_tell_otherwise(
    office: Flask,
) -> None:
    held, meeting = closed_with_minutes(office)
    confirm = confirming(held, meeting)
    officer = make_user(Role.OFFICER)
    declare(officer, meeting.round)
    discussed = db.session.scalars(
        db.select(AgendaItem.application_id).where(AgendaItem.started_at.is_not(None))
    ).first()
    said = Press(officer.get_id(), f"/bureau/aanvragen/{discussed}/advies", {"reason": "Toch anders."})
    meeting_id = meeting.id
    assert pressed(office, confirm, said) == [303, 422]
    stored = db.session.get_one(PanelAdvice, discussed)
    confirmed = db.session.get_one(Meeting, meeting_id).confirmed_at is not None
    assert confirmed is (stored.reason != "Toch anders.")


def test_minutes_are_confirmed_once(office: Flask) -> None:
    held, meeting = closed_with_minutes(office)
    press = confirming(held, meeting)
    assert pressed(office, press, press, press) == [303, 303, 303]
    assert count(Event, Event.name == "meeting.minutes_confirmed") == 1
