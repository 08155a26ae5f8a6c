"""What every answer says to the browser, whatever kind of answer it is."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from subsidy import jobs
from subsidy.access import public
from subsidy.db import db
from subsidy.models import Attachment, User
from subsidy.services import basis_gathering, file_store, proposal, proposing
from subsidy.services.decisions import get_current
from tests.conftest import MOMENT
from tests.factories import make_user
from tests.services.rounds import Scene, make_scene
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
STRICT = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def check(answer: TestResponse) -> str:
    """Check the headers; gives the nonce."""
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    script = policy.pop("script-src")
    assert policy == STRICT
    found = re.fullmatch(r"'nonce-([\w-]{20,})'", script)
    assert found, script
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    if answer.mimetype == "text/html":
        assert answer.headers["Cache-Control"] == "no-store"
    return found[1]


@pytest.fixture
def scene(app: Flask) -> Scene:
    """One proposed award with its letter, and a file with the application."""
    scene = make_scene((5,))
    (application,) = scene.applications
    suggested = proposal.suggest(
        basis_gathering.gather(scene.round)[application.id], announce_on=MOMENT.date()
    )
    proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
    stored = file_store.put(b"%PDF-1.7", media_type="application/pdf", now=MOMENT)
    application.attachments = [
        Attachment(
            question="support",
            file_name="plan.pdf",
            media_type="application/pdf",
            size=stored.size,
            sha256=stored.sha256,
            uploaded_at=application.submitted_at,  # nobody else reads what was added after sending in
        )
    ]
    db.session.commit()
    assert jobs.drain_here(300) == 1
    return scene


def test_every_kind_of_answer_is_strict(app: Flask, scene: Scene, as_user: LogIn) -> None:
    (application,) = scene.applications
    letter = f"/bureau/aanvragen/{application.id}/besluiten/{get_current(application).id}/brief.pdf"
    attachment = f"/bureau/aanvragen/{application.id}/bijlagen/{application.attachments[0].id}"
    officer, evaluator, visitor = as_user(Role.OFFICER), as_user(Role.EVALUATOR), app.test_client()
    slug = scene.round.slug
    asked: list[tuple[FlaskClient, str, int, str]] = [
        (visitor, "/", 200, "text/html"),
        (visitor, f"/ronden/{slug}", 200, "text/html"),
        (visitor, "/gezond", 200, "text/plain"),
        (visitor, "/schemas/subsidy-round-1.json", 200, "application/schema+json"),
        (visitor, "/static/manifest.json", 200, "application/json"),
        (visitor, "/static/nergens.css", 404, "text/html"),
        (visitor, "/nergens", 404, "text/html"),
        (visitor, "/bureau/", 302, "text/html"),
        (visitor, "/account/uitloggen", 405, "text/html"),
        (officer, "/beheer/mensen", 403, "text/html"),
        (officer, "/bureau/", 200, "text/html"),
        (officer, letter, 200, "application/pdf"),
        (officer, attachment, 200, "application/pdf"),
        (evaluator, "/cijfers/evaluatie.json", 200, "application/json"),
        (evaluator, "/cijfers/aanvragen.csv", 200, "text/csv"),
    ]
    nonces = []
    for client, url, status, media_type in asked:
        answer = client.get(url, buffered=True)
        assert (answer.status_code, answer.mimetype) == (status, media_type), url
        nonces.append(check(answer))
    assert len(set(nonces)) == len(asked), "a nonce is used once"


def test_errors_are_as_strict(app: Flask, monkeypatch: pytest.MonkeyPatch, as_user: LogIn) -> None:
    client = as_user(Role.ADMINISTRATOR)
    too_large = client.post("/account/taal", data={"x": BytesIO(bytes(40_000_000))}, buffered=True)
    assert too_large.status_code == 413
    too_large.request.input_stream.close()
    check(too_large)
    assert check(client.post("/account/", data={"name": ""}))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    unread = client.post("/account/taal")
    assert unread.status_code == 400
    check(unread)

    @public
    def broken() -> str:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.view_functions, "public.index", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "a fault of ours" not in answer.text
    check(answer)


class TestASession:
    def test_ends_everywhere_with_the_password(self, as_user: LogIn) -> None:
        user = make_user(Role.APPLICANT)
        here, stolen = as_user(user), as_user(user)
        assert stolen.get("/account/").status_code == 200
        user.session_token = "another"  # what choosing another password does; see test_account
        db.session.commit()
        for client in (here, stolen):
            answer = client.get("/account/")
            assert (answer.status_code, answer.location) == (302, "/account/inloggen?next=/account/")

    @pytest.mark.parametrize(
        "cookie", ["", "onzin", "eyJfdXNlcl9pZCI6IjEudG9rZW4xIn0.aQ8b3Q.c2lnbmF0dXJl", "." * 500]
    )
    def test_cannot_be_made_up(self, app: Flask, cookie: str) -> None:
        client = app.test_client()
        client.set_cookie("session", cookie)
        assert client.get("/account/").status_code == 302

    @pytest.mark.parametrize("key", ["", "1", "1.", "x.y", "٣.token"])
    def test_of_nobody_is_a_visitor(self, app: Flask, key: str) -> None:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = key
        assert client.get("/account/").status_code == 302


EVIL = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09//evil.example\n",
    "javascript:alert(1)",
    "///evil.example",
    " //evil.example",
    "evil.example",
]


@pytest.mark.parametrize("address", EVIL)
def test_after_logging_in_one_stays_here(app: Flask, as_user: LogIn, address: str) -> None:
    client = as_user(Role.APPLICANT)
    answer = client.get("/account/inloggen", query_string={"next": address})
    assert (answer.status_code, answer.location) in {(302, "/aanvragen"), (400, None)}
    chosen = client.post("/account/taal", data={"locale": "en", "next": address})
    assert (chosen.status_code, chosen.location) == (303, "/")


def test_a_good_address_is_kept(as_user: LogIn) -> None:
    client = as_user(Role.APPLICANT)
    assert client.get("/account/inloggen?next=/aanvragen?x=1").location == "/aanvragen?x=1"


def test_only_as_many_proxies_are_believed_as_there_are(app: Flask) -> None:
    from subsidy.app import create_app

    told = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    seen = {}
    for proxies in (0, 1, 2):
        made = create_app(replace(app.config["SETTINGS"], proxies=proxies))

        @public
        def who() -> str:
            from flask import request

            return f"{request.remote_addr} {request.scheme}"

        made.view_functions["public.health"] = who
        seen[proxies] = made.test_client().get("/gezond", headers=told).text
    assert seen == {0: "127.0.0.1 http", 1: "198.51.100.7 https", 2: "203.0.113.9 https"}
