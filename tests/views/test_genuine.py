"""Is a letter genuine? The answer is the same to everybody, and says no more than that."""

import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import Letter, LoginThrottle, User
from subsidy.services import file_store, letters
from tests.conftest import MOMENT, QueryCount
from tests.documents.reading import attached, figure_texts, text_of
from tests.factories import make_application, make_round
from tests.pages import parse, words
from tests.services.announced import ANNOUNCED, announce_all
from tests.services.rounds import Scene, make_scene
from workflows.correspondence import ProcedureKind
from workflows.letter_codes import printed
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
AUTHORITY = "het bestuur van het Subsidiebureau"
UNKNOWN = "0" * 16
YES_CODE, YES_FILE = "Yes, we sent a letter with this code", "Yes, we sent exactly this file"
NO_CODE, NO_FILE = "We do not know this code", "This is not a file that we sent"


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    """Somebody without an account, who reads English."""
    with client.session_transaction() as session:
        session["locale"] = "en"
    return client


def make_letter(*, placed: bool, pdf: bytes = b"%PDF-1.7 a letter") -> Letter:
    """A letter whose bytes were drawn, in the file of its applicant or still on its way."""
    letter = letters.order(
        make_application(make_round()), ProcedureKind.DELAY, of="1", facts={}, dated=MOMENT.date(), now=MOMENT
    )
    letters.keep_drawn(letter, file_store.put(pdf, media_type="application/pdf", now=MOMENT).sha256)
    db.session.refresh(letter)
    if placed:
        letters.place(letter, at=MOMENT)
    db.session.commit()
    return letter


def send(client: FlaskClient, content: bytes) -> TestResponse:
    """Send a file as a browser does; written out, for the test client leaves large ones open."""
    head = b'name="file"; filename="brief.pdf"'
    return client.post(
        "/echt/bestand",
        data=b"--g\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--g--\r\n" % (head, content),
        content_type="multipart/form-data; boundary=g",
    )


def without_nonce(page: str) -> str:
    return re.sub(r'nonce="[^"]*"', "", page)


def said(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return words(parse(answer.text).find(".//main"))


class TestCode:
    @pytest.mark.parametrize("written", [printed, str.lower, " ".join, lambda code: code.replace("0", "o")])
    def test_is_known_however_it_is_typed(self, visitor: FlaskClient, written: Callable[[str], str]) -> None:
        letter = make_letter(placed=True)
        page = said(visitor.post("/echt", data={"code": written(letter.code)}))
        assert YES_CODE in page
        assert f"The letter is from {AUTHORITY} and bears the date 10 March 2026." in page

    def test_of_a_letter_that_waits_is_as_unknown_as_any_other(self, visitor: FlaskClient) -> None:
        letter = make_letter(placed=False)
        waits, none = (visitor.get(f"/echt/{code}").text for code in (letter.code, UNKNOWN))
        assert NO_CODE in waits
        assert [one for one in (letter.application.title, "March") if one in waits] == []
        assert without_nonce(waits).replace(letter.code, UNKNOWN) == without_nonce(none)

    def test_tells_nothing_of_the_application(self, visitor: FlaskClient) -> None:
        letter = make_letter(placed=True)
        page = visitor.get(f"/echt/{letter.code}").text
        application = letter.application
        hidden = (application.title, application.reference, application.round.title, letter.kind, letter.key)
        assert [one for one in hidden if one and one in page] == []

    @pytest.mark.parametrize("typed", ["", "ABC", "0" * 17, "U" * 16, "<b>", "é" * 16, "0" * 15 + "\u0660"])
    def test_that_can_be_none_is_refused_and_stays(self, visitor: FlaskClient, typed: str) -> None:
        answer = visitor.post("/echt", data={"code": typed})
        assert answer.status_code == 422
        assert "code" in words(parse(answer.text).find(".//div[@role='alert']"))
        (field,) = [one for one in parse(answer.text).iter("input") if one.get("name") == "code"]
        assert field.get("value", "") == typed
        assert db.session.scalars(select(LoginThrottle)).all() == []

    def test_of_a_qr_code_that_is_none(self, visitor: FlaskClient) -> None:
        assert visitor.get("/echt/bestand").status_code == 422


class TestFile:
    def test_as_it_was_sent_and_as_it_was_changed(self, app: Flask, visitor: FlaskClient) -> None:
        pdf = b"%PDF-1.7 a letter" * 40_000
        make_letter(placed=True, pdf=pdf)
        page = said(send(visitor, pdf))
        assert YES_FILE in page
        assert f"The letter is from {AUTHORITY} and bears the date 10 March 2026." in page
        for other in (pdf + b"\n", pdf[:-1], b"x"):
            assert NO_FILE in said(send(visitor, other))
        assert list((app.config["SETTINGS"].var_dir / "files").glob("tmp*")) == []

    def test_of_a_letter_that_waits(self, visitor: FlaskClient) -> None:
        make_letter(placed=False, pdf=b"%PDF-1.7 waits")
        assert NO_FILE in said(send(visitor, b"%PDF-1.7 waits"))

    def test_its_translation_is_known_as_well(self, visitor: FlaskClient) -> None:
        letter = make_letter(placed=True)
        english = file_store.put(b"%PDF-1.7 English", media_type="application/pdf", now=MOMENT)
        db.session.execute(update(Letter).where(Letter.id == letter.id).values(english_sha256=english.sha256))
        db.session.commit()
        assert YES_FILE in said(send(visitor, b"%PDF-1.7 English"))

    def test_none_and_one_that_is_too_large(
        self, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert visitor.post("/echt/bestand").status_code == 422
        assert visitor.post("/echt/bestand", data={"file": (BytesIO(b""), "")}).status_code == 422
        monkeypatch.setattr("subsidy.views.public_genuine.most_bytes", lambda: 1000)
        answer = send(visitor, bytes(1001))
        assert answer.status_code == 422
        assert "brief.pdf is too large" in words(parse(answer.text))


class TestAnswer:
    def test_a_script_gets_json(self, client: FlaskClient) -> None:
        letter = make_letter(placed=True)
        asks = {"Accept": "application/json"}
        known = {"genuine": True, "authority": AUTHORITY, "dated": "2026-03-10"}
        for asked, found in (
            (letter.code, known),
            (letter.sha256, known),
            (UNKNOWN, {"genuine": False}),
            ("0" * 64, {"genuine": False}),
        ):
            answer = client.get(f"/echt/{asked}", headers=asks)
            assert (answer.status_code, answer.json) == (200, found)
            assert answer.headers["Cache-Control"] == "no-store"
        refused = client.get("/echt/x", headers=asks)
        assert (refused.status_code, refused.json) == (422, {"state": "failed"})

    def test_is_kept_by_nobody(self, visitor: FlaskClient) -> None:
        for answer in (visitor.get("/echt"), visitor.get(f"/echt/{UNKNOWN}")):
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert '"/echt"' in visitor.get("/").text

    def test_costs_the_same_for_what_is_known_and_what_is_not(
        self, visitor: FlaskClient, count_queries: type[QueryCount]
    ) -> None:
        sent, waits = make_letter(placed=True), make_letter(placed=False, pdf=b"%PDF-1.7 waits")
        visitor.get(f"/echt/{UNKNOWN}")  # the row that counts is there from now on
        asked = []
        for one in (sent.code, waits.code, UNKNOWN, sent.sha256, waits.sha256, "0" * 64):
            with count_queries() as counted:
                visitor.get(f"/echt/{one}")
            asked.append(counted.count)
        assert asked == [4] * 6

    def test_guessing_becomes_slow_whatever_is_guessed(self, visitor: FlaskClient) -> None:
        letter = make_letter(placed=True)
        for number in range(50):
            assert visitor.get(f"/echt/{letter.code if number % 2 else UNKNOWN}").status_code == 200
        answers = [
            visitor.get(f"/echt/{letter.code}"),
            visitor.post("/echt", data={"code": letter.code}),
            send(visitor, b"x"),
            visitor.get(f"/echt/{letter.code}", headers={"Accept": "application/json"}),
        ]
        assert [one.status_code for one in answers] == [429] * 4
        assert "Too many attempts" in answers[1].text
        assert answers[0].headers["Retry-After"] == "3"


@pytest.mark.slow
def test_the_letter_of_a_decision_leads_to_its_proof(visitor: FlaskClient) -> None:
    scene: Scene = make_scene((5, 4))
    decided = announce_all(scene)
    schema = visitor.get("/schemas/subsidy-decision-1.json").json
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for decision in decided:
        letter = db.session.scalars(select(Letter).where(Letter.decision_id == decision.id)).one()
        pdf = file_store.read(letter.sha256 or "")
        assert hashlib.sha256(pdf).hexdigest() == decision.letter_sha256
        assert printed(letter.code) in text_of(pdf)
        assert f"QR-code van http://localhost:8000/echt/{letter.code}" in figure_texts(pdf)
        day = f"{ANNOUNCED.day} March 2026"
        assert day in said(visitor.get(f"/echt/{letter.code}"))
        assert YES_FILE in said(send(visitor, pdf))
        record = json.loads(attached(pdf, "besluit.json"))
        assert record["$schema"] == schema["$id"]
        assert list(validator.iter_errors(record)) == []
    assert len({one.code for one in db.session.scalars(select(Letter))}) == len(decided)
