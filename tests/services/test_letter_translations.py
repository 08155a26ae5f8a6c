"""The courtesy translation of a decision letter: asked for once, made once, and no letter of its own."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy import jobs
from subsidy.db import db
from subsidy.documents import letter_translations as drawing
from subsidy.documents.letter_values import LetterError
from subsidy.models import Application, Decision, Letter, LetterReading, OutboxRow, User
from subsidy.services import file_store, letter_translations
from subsidy.services.letter_translations import Standing
from tests.conftest import MOMENT
from tests.documents.reading import attached_names, opened, text_of
from tests.factories import make_user
from tests.services.announced import ANNOUNCED, announce_all
from tests.services.later import REMEDY, carry_out, in_force_of, make_decided
from tests.services.rounds import Scene, make_scene
from workflows.correspondence import Reaction
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app", "clock")
AsUser = Callable[[User | Role], FlaskClient]


def decided(*, locale: str = "nl") -> Letter:
    """The letter of an award that was announced to a member who reads this language."""
    scene = make_scene((5,))
    member_of(scene.applications[0]).locale = locale
    announce_all(scene)
    return letter_of(scene)


def member_of(application: Application) -> User:
    return db.session.get_one(User, application.members[0].user_id)


def letter_of(scene: Scene) -> Letter:
    return db.session.scalars(
        select(Letter).join(Decision).where(Decision.application_id == scene.applications[0].id)
    ).one()


def waiting() -> int:
    query = select(func.count()).where(OutboxRow.topic == letter_translations.TOPIC)
    return db.session.scalar(query) or 0


def make(letter: Letter) -> bytes:
    drawing.make_translation({"letter_id": letter.id})
    db.session.refresh(letter)
    assert letter.english_sha256 is not None
    return file_store.read(letter.english_sha256)


def test_who_reads_english_gets_it_unasked() -> None:
    assert letter_translations.standing_of(decided(locale="en")) is Standing.ASKED
    assert waiting() == 1


def test_others_ask_for_it_and_asking_twice_is_asking_once() -> None:
    letter = decided()
    assert (letter_translations.standing_of(letter), waiting()) == (Standing.OPEN, 0)
    for _ in range(2):
        assert letter_translations.ask(letter, now=ANNOUNCED) is Standing.ASKED
    assert waiting() == 1


def test_it_is_made_of_the_same_facts_and_says_what_it_is() -> None:
    letter = decided()
    dutch = letter.sha256
    pdf = make(letter)
    said = text_of(pdf)
    assert "This is a courtesy translation. It has no legal force: the Dutch letter of" in said
    assert "You get a subsidy: €10,000.00." in said
    assert letter.code not in re.sub(r"\W", "", said)
    assert attached_names(pdf) == []
    with opened(pdf) as document:
        assert document.Root.Lang == "en"
    assert letter_translations.standing_of(letter) is Standing.READY
    assert (letter.sha256, letter.decision.letter_sha256 if letter.decision else None) == (dutch, dutch)


def test_made_twice_it_stays_the_same() -> None:
    letter = decided()
    first = make(letter)
    assert make(letter) == first


def test_what_cannot_be_made_is_told_and_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = decided()
    letter_translations.ask(letter, now=MOMENT)
    db.session.commit()

    def fail(*_: object, **__: object) -> None:
        message = "the letter needs list_until"
        raise LetterError(message)

    with monkeypatch.context() as broken:
        broken.setattr(drawing, "content_for", fail)
        jobs.drain_here(300)
    db.session.expire_all()
    assert letter_translations.standing_of(letter) is Standing.FAILED
    assert letter_translations.ask(letter, now=MOMENT) is Standing.ASKED
    db.session.commit()
    jobs.drain_here(300)
    db.session.expire_all()
    assert letter_translations.standing_of(letter) is Standing.READY


def test_a_decision_after_an_objection_names_appeal_in_both_languages() -> None:
    scene = make_decided((5, 4, 1), ceiling_cents=1_000_000)
    carry_out(scene, 1, REMEDY)
    decision = in_force_of(scene.applications[1])
    letter = db.session.scalars(select(Letter).where(Letter.decision_id == decision.id)).one()
    assert letter.expected == Reaction.APPEAL.value
    said = text_of(make(letter))
    assert "you can appeal to the administrative court (article 8:1 Awb)" in said
    assert decision.letter_sha256 is not None
    assert "in beroep gaan bij de rechtbank" in text_of(file_store.read(decision.letter_sha256))


class TestPage:
    def where(self, letter: Letter, rest: str = "") -> str:
        return f"/aanvragen/{letter.application_id}/post/{letter.id}{rest}"

    def test_ask_wait_and_open(self, as_user: AsUser) -> None:
        letter = decided()
        client = as_user(member_of(letter.application))
        assert b"/engels" in client.get(self.where(letter)).data
        assert client.get(self.where(letter, "/translation.pdf")).status_code == 404
        answer = client.post(self.where(letter, "/engels"))
        assert (answer.status_code, answer.location) == (303, f"{self.where(letter)}#english")
        assert b"/engels" not in client.get(self.where(letter)).data
        pdf = make(letter)
        assert b"/translation.pdf" in client.get(self.where(letter)).data
        assert client.get(self.where(letter, "/translation.pdf")).data == pdf
        # Who opened the translation alone did not read the letter.
        assert db.session.scalar(select(func.count()).select_from(LetterReading)) == 0

    def test_nobody_else_can(self, as_user: AsUser) -> None:
        letter = decided()
        make(letter)
        client = as_user(make_user(Role.APPLICANT))
        assert client.post(self.where(letter, "/engels")).status_code == 404
        assert client.get(self.where(letter, "/translation.pdf")).status_code == 404
