"""The letterhead and a signature over real connections: two administrators at once, buttons pressed twice."""

from io import BytesIO

from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Event, Letterhead, SignatureImage
from subsidy.services import events
from tests import factories
from tests.faults.together import Press, at_once, count
from tests.services.pictures import jpeg, png
from workflows.permissions import Role


def pressed(office: Flask, *presses: Press) -> list[int]:
    """Press at once, with everything that was made so far stored."""
    db.session.commit()
    db.session.remove()
    statuses = sorted(answer.status_code for answer in at_once(office, presses))
    assert list(events.verify()) == []
    return statuses


def letterhead(session: str, name: str) -> Press:
    typed = {
        "seen": "",
        "name": name,
        "address": "Postbus 1",
        "email": "post@example.nl",
        "logo_text": "Wapen",
    }
    return Press(session, "/beheer/briefhoofd", {**typed, "logo": (BytesIO(png()), "logo.png")})


def test_two_administrators_do_not_overwrite_each_other(office: Flask) -> None:
    one, two = (factories.make_user(Role.ADMINISTRATOR).get_id() for _ in range(2))
    assert pressed(office, letterhead(one, "Provincie"), letterhead(two, "Gemeente")) == [303, 409]
    assert count(Letterhead) == count(Event, Event.name == "letterhead.changed") == 1


def test_a_letterhead_is_saved_once(office: Flask) -> None:
    session = factories.make_user(Role.ADMINISTRATOR).get_id()
    assert pressed(office, *(letterhead(session, "Provincie") for _ in range(2))) == [303, 303]
    assert count(Letterhead) == 1


def test_an_owner_and_an_administrator_place_a_signature_at_once(office: Flask) -> None:
    holder = factories.make_user(Role.OFFICER)
    factories.give_mandate(holder)
    administrator = factories.make_user(Role.ADMINISTRATOR)
    placed = (
        Press(holder.get_id(), "/account/handtekening", {"picture": (BytesIO(png()), "a.png")}),
        Press(
            administrator.get_id(),
            f"/beheer/handtekeningen/{holder.id}",
            {"picture": (BytesIO(jpeg((50, 50))), "b.jpg")},
        ),
    )
    assert pressed(office, *placed) == [303, 303]
    assert count(SignatureImage) == 1
    assert len(db.session.scalars(select(Event).where(Event.name == "signature.picture_placed")).all()) == 2
