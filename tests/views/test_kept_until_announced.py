"""What a decision says before it is announced is found behind no address by who applied, or by a visitor."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from subsidy.db import db
from subsidy.models import Letter, Membership, User
from subsidy.services import file_store, inbox, letter_translations, sending
from tests import factories
from tests.conftest import MOMENT
from tests.services.announced import announce_all, propose
from tests.services.rounds import Scene, make_scene
from workflows.letter_codes import printed
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]

# Every address.
pytestmark = pytest.mark.slow


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A round of which every decision is confirmed, for next week."""
    assert app.testing
    scene = make_scene((5, 4))
    for decision in propose(scene):
        scene.confirm(decision)
    sending.pause(scene.round, actor=scene.proposer, now=MOMENT)
    db.session.commit()
    return scene


def told(letter: Letter) -> dict[str, str]:
    """What stands in a letter and nowhere else."""
    assert letter.sha256 is not None
    assert letter.last_day is not None
    return {
        "code": letter.code,
        "printed code": printed(letter.code),
        "digest": letter.sha256,
        "last day": letter.last_day.isoformat(),
        "last day in words": f"{letter.last_day.day} april 2026",
        "decided": "Toegekend",
    }


def addresses(app: Flask, letter: Letter) -> Iterator[str]:
    """Every address that is asked for with GET, with the numbers of this letter in it."""
    known: dict[str, object] = {
        "application_id": letter.application_id,
        "letter_id": letter.id,
        "decision_id": letter.decision_id,
        "slug": letter.application.round.slug,
    }
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"static", "account.logout"} or "GET" not in (rule.methods or ()):
            continue
        values = {
            name: known.get(name, 1 if isinstance(rule._converters[name], IntegerConverter) else "onbekend")
            for name in rule.arguments
        }
        yield app.url_map.bind("localhost").build(rule.endpoint, values)


def leaks(app: Flask, client: FlaskClient, letter: Letter) -> set[tuple[str, str]]:
    """Which of the words stand behind which address; the bytes of the letter too."""
    assert letter.sha256 is not None
    content, found = file_store.read(letter.sha256), set()
    for address in addresses(app, letter):
        answer = client.get(address)
        if answer.status_code == 200:
            page = answer.get_data()
            found |= {(address, name) for name, word in told(letter).items() if word.encode() in page}
            if content in page:
                found.add((address, "letter"))
        answer.close()
    return found


def first_of(scene: Scene) -> tuple[Letter, User]:
    """The letter of the first application, and its member."""
    application = scene.applications[0]
    letter = db.session.scalars(select(Letter).where(Letter.application_id == application.id)).one()
    user_id = select(Membership.user_id).where(Membership.application_id == application.id)
    return letter, db.session.get_one(User, db.session.scalars(user_id).one())


def test_a_member_finds_nothing(app: Flask, scene: Scene, as_user: AsUser) -> None:
    letter, member = first_of(scene)
    assert leaks(app, as_user(member), letter) == set()
    assert inbox.count_unread(member.id) == 0
    assert letter_translations.standing_of(letter) is letter_translations.Standing.NONE
    there = f"/aanvragen/{letter.application_id}/post/{letter.id}"
    assert as_user(member).post(f"{there}/engels").status_code == 404


def test_neither_does_a_visitor_nor_a_rival(app: Flask, scene: Scene, as_user: AsUser) -> None:
    letter, _member = first_of(scene)
    rival = select(Membership.user_id).where(Membership.application_id == scene.applications[1].id)
    assert leaks(app, as_user(db.session.get_one(User, db.session.scalars(rival).one())), letter) == set()
    assert leaks(app, app.test_client(), letter) == set()


def test_verifying_tells_nothing_of_a_letter_that_waits(app: Flask, scene: Scene) -> None:
    letter, _member = first_of(scene)
    for asked in (letter.code, letter.sha256, "0" * 64):
        answer = app.test_client().get(f"/echt/{asked}", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json) == (200, {"genuine": False})


def test_who_left_the_collaboration_finds_nothing_any_more(app: Flask, as_user: AsUser) -> None:
    scene = make_scene((5,))
    announce_all(scene)
    letter, member = first_of(scene)
    assert {name for _address, name in leaks(app, as_user(member), letter)} >= {"printed code", "letter"}
    membership = db.session.scalars(select(Membership).where(Membership.user_id == member.id)).one()
    db.session.delete(membership)
    db.session.commit()
    assert leaks(app, as_user(member), letter) == set()
    assert inbox.count_unread(member.id) == 0


def test_who_has_an_interest_finds_no_letter_of_the_procedure_or_the_decision(
    app: Flask, scene: Scene, as_user: AsUser
) -> None:
    letter, _member = first_of(scene)
    officer = factories.make_user(Role.OFFICER)
    factories.declare(officer, scene.round)
    assert {name for _address, name in leaks(app, as_user(officer), letter)} >= {"letter"}
    factories.make_interest(letter.application, officer)
    db.session.commit()
    assert leaks(app, as_user(officer), letter) == set()
