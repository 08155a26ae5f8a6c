"""Minutes: made from what was recorded, confirmed by the chair, and no longer right when that changes."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import current_app
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents.minutes_making import make_minutes
from subsidy.models import Event, Meeting, PanelAdvice
from subsidy.services import file_store, meetings, minutes, priorities
from subsidy.services.advance import NotAllowedError
from subsidy.services.file_store import FileDamagedError
from subsidy.services.minutes import MinutesError, Stage
from subsidy.services.minutes_content import content_of
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_interest, make_user
from tests.services.minuted import Held, hold
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LATER = MOMENT + timedelta(hours=3)
_seconds = count()


def made(held: Held) -> str:
    """Ask for the minutes and let the job draw them; returns their digest."""
    current_app.config["CLOCK"].now = LATER
    minutes.request(held.meeting, now=MOMENT + timedelta(seconds=next(_seconds)))
    db.session.commit()
    jobs.drain_here(300)
    db.session.refresh(held.meeting)
    assert held.meeting.minutes_sha256 is not None
    return held.meeting.minutes_sha256


def ready() -> tuple[Held, str]:
    held = hold()
    held.close()
    return held, made(held)


def confirm(held: Held, digest: str) -> None:
    minutes.confirm(held.meeting, minutes_sha256=digest, actor=held.actor, now=LATER)


def stage(held: Held) -> Stage:
    return minutes.standing_of(held.meeting).stage


def test_the_content_is_what_was_recorded() -> None:
    held = hold()
    held.close()
    content = content_of(held.meeting)
    first, second, third = (one.reference for one in held.applications)
    assert (content.chair, content.secretary) == ("Vera Voorzit", "Secretaris Schrijft")
    stays = {one.name: [(stay.since, stay.until) for stay in one.stays] for one in content.attendees}
    closed = MOMENT + timedelta(hours=2)
    assert stays["Lidy Lid"] == [(MOMENT, closed)]
    assert stays["Laat Komer"] == [(MOMENT + timedelta(minutes=20), closed)]
    (interest,) = content.interests
    assert (interest.person, interest.reference, interest.decision) == (
        "Secretaris Schrijft",
        second,
        "dismissed",
    )
    assert interest.decided_by == "Vera Voorzit"
    (absence,) = content.absences
    assert (absence.person, absence.reference) == ("Lidy Lid", first)
    discussed = {one.reference: one for one in content.discussed}
    assert [one.reference for one in content.discussed] == [first, second, third]
    quality = next(one for one in discussed[first or ""].scored if one.title == "Kwaliteit")
    assert (quality.given, quality.mean, quality.spread, quality.agreed) == (("5",), "5", "0", "4")
    assert quality.reason == "De planning is te krap voor een vijf."
    assert discussed[first or ""].advised
    assert not discussed[second or ""].advised
    assert (discussed[first or ""].rebuttal, discussed[second or ""].rebuttal) == ("none", "answered")
    assert discussed[third or ""].put_off == "De tijd was op."
    assert (content.placed[0].reference, content.placed[0].by_score) == (second, 2)
    assert content.placed[0].reason == "Dit raakt meer inwoners."
    assert (content.line_after, content.left_cents) == (2, 0)


def test_somebody_who_left_and_came_back_was_there_twice() -> None:
    held = hold()
    for minute, present in ((40, False), (50, True)):
        meetings.attend(
            held.meeting,
            held.late.id,
            present=present,
            actor=held.actor,
            now=MOMENT + timedelta(minutes=minute),
        )
    held.close()
    stays = {one.name: one.stays for one in content_of(held.meeting).attendees}["Laat Komer"]
    assert [(stay.since - MOMENT, stay.until and stay.until - MOMENT) for stay in stays] == [
        (timedelta(minutes=20), timedelta(minutes=40)),
        (timedelta(minutes=50), timedelta(hours=2)),
    ]


def test_the_same_record_has_the_same_digest_and_another_has_not() -> None:
    held = hold()
    one = content_of(held.meeting).digest
    assert content_of(held.meeting).digest == one
    held.meeting.notes = "Anders."
    assert content_of(held.meeting).digest != one


def test_the_number_of_queries_does_not_grow_with_the_agenda(
    count_queries: Callable[[], QueryCount],
) -> None:
    counted = []
    for scores in ((5, 4), (5, 4, 3, 2, 1)):
        held = hold(scores)
        db.session.expire_all()
        db.session.refresh(held.meeting)
        content_of(held.meeting)
        db.session.expire_all()
        held.meeting.round  # noqa: B018  # a page has loaded it with the meeting
        with count_queries() as queries:
            content_of(held.meeting)
        counted.append(queries.count)
    assert counted[0] == counted[1]


def test_a_job_makes_them_when_they_are_asked_for() -> None:
    held = hold()
    assert stage(held) is Stage.NONE
    minutes.request(held.meeting, now=MOMENT)
    assert stage(held) is Stage.MAKING
    db.session.commit()
    jobs.drain_here(300)
    db.session.refresh(held.meeting)
    assert stage(held) is Stage.CONCEPT
    assert file_store.read(held.meeting.minutes_sha256 or "").startswith(b"%PDF-")


def test_making_them_twice_is_once() -> None:
    held, digest = ready()
    assert made(held) == digest
    events = db.session.scalars(select(Event).where(Event.name == "meeting.minutes_made")).all()
    assert [one.facts["minutes_sha256"] for one in events] == [digest]
    assert events[0].facts["content"] == held.meeting.minutes_content


def test_the_chair_confirms_what_was_read() -> None:
    held, digest = ready()
    assert stage(held) is Stage.READY
    confirm(held, digest)
    assert (stage(held), held.meeting.confirmed_by) == (Stage.CONFIRMED, held.chair.id)
    (event,) = db.session.scalars(select(Event).where(Event.name == "meeting.minutes_confirmed"))
    assert event.facts["minutes_sha256"] == digest
    with pytest.raises(MinutesError, match="already_confirmed"):
        confirm(held, digest)


def test_a_change_after_making_needs_new_minutes() -> None:
    held, digest = ready()
    advice = db.session.get_one(PanelAdvice, held.applications[0].id)
    advice.reason = "Een heel goed plan voor de regio."
    db.session.flush()
    assert stage(held) is Stage.OUTDATED
    with pytest.raises(MinutesError, match="outdated"):
        confirm(held, digest)
    again = made(held)
    assert again != digest
    confirm(held, again)


def test_a_concept_is_never_confirmed() -> None:
    held = hold()
    digest = made(held)
    with pytest.raises(MinutesError, match="not_closed"):
        confirm(held, digest)
    held.close()
    assert stage(held) is Stage.MAKING
    with pytest.raises(MinutesError, match="outdated"):
        confirm(held, digest)


def test_other_minutes_than_the_ones_read_are_not_confirmed() -> None:
    held, _digest = ready()
    with pytest.raises(MinutesError, match="other_minutes"):
        confirm(held, "0" * 64)


def test_none_are_confirmed_before_they_are_made() -> None:
    held = hold()
    held.close()
    with pytest.raises(MinutesError, match="none_made"):
        confirm(held, "")


def test_minutes_that_were_changed_on_disk_are_not_confirmed() -> None:
    held, digest = ready()
    file_store.path_of(digest).write_bytes(b"iets anders")
    with pytest.raises(FileDamagedError):
        confirm(held, digest)


def test_who_left_the_room_or_has_an_interest_confirms_nothing() -> None:
    held, digest = ready()
    other = make_user(Role.CHAIR)
    make_interest(held.applications[2], other)
    for person in (other, held.member, held.secretary):
        with pytest.raises(NotAllowedError):
            minutes.confirm(held.meeting, minutes_sha256=digest, actor=actor_of(person), now=LATER)


def test_after_the_confirmation_the_order_stays() -> None:
    held, digest = ready()
    confirm(held, digest)
    assert priorities.refusal(held.meeting) == "minutes_confirmed"
    make_minutes({"meeting_id": held.meeting.id})
    assert db.session.get_one(Meeting, held.meeting.id, populate_existing=True).minutes_sha256 == digest
    with pytest.raises(MinutesError, match="already_confirmed"):
        minutes.request(held.meeting, now=LATER)


def test_minutes_are_withheld_from_who_left_until_the_decisions_are_out() -> None:
    held, _digest = ready()
    assert minutes.withheld_from(held.meeting, actor_of(held.member))
    assert not minutes.withheld_from(held.meeting, actor_of(held.late))
    held.scene.round.state = "decided"
    assert not minutes.withheld_from(held.meeting, actor_of(held.member))
