"""A meeting over real connections: two chairs at once, buttons pressed twice, two who write."""

from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AgendaItem, Event, Meeting, PanelAdvice, Recusal
from subsidy.services import events
from tests import factories
from tests.faults.together import Press, at_once, count
from tests.services.meetings import Committee, make_committee
from workflows.permissions import Role

UNDER_DISCUSSION = AgendaItem.started_at.is_not(None) & AgendaItem.ended_at.is_(None)


def item(scene: Committee, number: int, rest: str) -> str:
    return f"/commissie/vergaderingen/{scene.meeting.id}/aanvragen/{scene.applications[number].id}{rest}"


def pressed(office: Flask, *presses: Press) -> list[int]:
    """Press at once, with everything that was made so far stored."""
    db.session.commit()
    db.session.remove()
    statuses = sorted(answer.status_code for answer in at_once(office, presses))
    assert list(events.verify()) == []
    return statuses


def test_two_chairs_start_two_applications(office: Flask) -> None:
    scene = make_committee()
    deputy = factories.make_user(Role.CHAIR)
    factories.declare(deputy, scene.round_)
    one = Press(scene.chair.get_id(), item(scene, 0, "/bespreken"), {"step": "start"})
    two = Press(deputy.get_id(), item(scene, 1, "/bespreken"), {"step": "start"})
    assert pressed(office, one, two) == [303, 303]
    assert count(AgendaItem, UNDER_DISCUSSION) == 1
    assert count(Event, Event.name == "meeting.discussion_started") == 1


def test_a_discussion_is_started_once(office: Flask) -> None:
    scene = make_committee()
    press = Press(scene.chair.get_id(), item(scene, 0, "/bespreken"), {"step": "start"})
    assert pressed(office, press, press) == [303, 303]
    assert count(Event, Event.name == "meeting.discussion_started") == 1


def test_somebody_leaves_once(office: Flask) -> None:
    scene = make_committee()
    member = scene.members[0]
    own = Press(member.get_id(), item(scene, 0, "/verlaten"), {"leave-reason": "Familie"})
    by_chair = Press(
        scene.chair.get_id(),
        item(scene, 0, "/verlaten"),
        {"leave-reason": "Familie", "leave-person": str(member.id)},
    )
    statuses = pressed(office, own, by_chair)
    # Who is away already can no longer be chosen, and no longer sees the file.
    assert statuses[0] == 303
    assert set(statuses) <= {303, 404, 422}
    assert count(Recusal) == count(Event, Event.name == "meeting.recused") == 1


def test_of_two_advices_one_is_kept_and_the_other_shown(office: Flask) -> None:
    scene = make_committee()
    item_row = db.session.get_one(AgendaItem, (scene.meeting.id, scene.first.id))
    item_row.started_at = scene.meeting.opened_at
    by_chair = Press(scene.chair.get_id(), item(scene, 0, "/advies"), {"reason": "Ja", "seen": ""})
    by_officer = Press(scene.officer.get_id(), item(scene, 0, "/advies"), {"reason": "Nee", "seen": ""})
    assert pressed(office, by_chair, by_officer) == [303, 409]
    assert count(Event, Event.name == "application.advised") == 1
    assert db.session.scalars(select(PanelAdvice.version)).all() == [1]


def test_the_same_advice_twice_is_once(office: Flask) -> None:
    scene = make_committee()
    item_row = db.session.get_one(AgendaItem, (scene.meeting.id, scene.first.id))
    item_row.started_at = scene.meeting.opened_at
    press = Press(scene.chair.get_id(), item(scene, 0, "/advies"), {"reason": "Ja", "seen": ""})
    assert pressed(office, press, press) == [303, 303]
    assert db.session.scalars(select(PanelAdvice.version)).all() == [1]


def test_a_meeting_is_opened_and_closed_once(office: Flask) -> None:
    scene = make_committee(0, opened_at=None, present=False)
    here = f"/commissie/vergaderingen/{scene.meeting.id}"
    opening = Press(scene.chair.get_id(), f"{here}/openen", {"present": [str(scene.chair.id)]})
    closing = Press(scene.chair.get_id(), f"{here}/sluiten", {})
    assert pressed(office, opening, opening) == [303, 303]
    assert pressed(office, closing, closing) == [303, 303]
    assert count(Event, Event.name == "meeting.opened") == count(Event, Event.name == "meeting.closed") == 1
    assert count(Meeting, Meeting.closed_at.is_not(None)) == 1


def test_who_changes_the_agenda_at_once_loses_no_application(office: Flask) -> None:
    scene = make_committee(3)
    here = f"/commissie/vergaderingen/{scene.meeting.id}/agenda/"
    up = Press(scene.chair.get_id(), f"{here}{scene.applications[2].id}", {"move": "up"})
    down = Press(scene.officer.get_id(), f"{here}{scene.applications[0].id}", {"move": "down"})
    assert pressed(office, up, down) == [303, 303]
    assert sorted(db.session.scalars(select(AgendaItem.position))) == [0, 1, 2]
