"""Files from strangers: too large, lying, nameless. They are refused, or harmless when they come back."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import Application, Attachment, User
from subsidy.security import FORM_BYTES
from tests.factories import make_application, make_review, make_round, make_user
from tests.faults.together import browser, count
from tests.pages import parse, words
from workflows.permissions import Role

PDF = b"%PDF-1.7\n%%EOF\n"
LIMIT = 25 * 1024 * 1024


class Applicant:
    """Somebody with a draft, who adds files to it."""

    def __init__(self, app: Flask) -> None:
        user = make_user(Role.APPLICANT, locale="en")
        application = make_application(make_round(), "draft", member=user)
        db.session.commit()
        self.id = application.id
        self.client = browser(app, user.get_id())
        self.url = f"/aanvragen/{self.id}/onderdelen/attachments"

    def add(self, content: bytes, name: str, media_type: str = "application/pdf") -> TestResponse:
        """Send a file as a browser does, with the name as it stands on that computer."""
        fields = parse(self.client.get(self.url).text).iter("input")
        seen = next(one.get("value") for one in fields if one.get("name") == "seen")
        written = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'name="answer-support"; filename="{written}"\r\nContent-Type: {media_type}'
        parts = [('name="seen"', seen.encode()), ('name="then"', b"stay"), (head, content)]
        body = b"".join(
            b"--grens\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (about.encode(), value)
            for about, value in parts
        )
        return self.client.post(
            self.url, data=body + b"--grens--\r\n", content_type="multipart/form-data; boundary=grens"
        )

    def stored(self) -> Attachment:
        return db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def applicant(app: Flask) -> Applicant:
    return Applicant(app)


def archive(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


REFUSED = {
    "nothing": (b"", "is empty"),
    "page": (b"<!doctype html><script>alert(1)</script>", "is no file that we can take"),
    "drawing": (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "is no file that we can take",
    ),
    "program": (b"MZ\x90\x00" + bytes(100), "is no file that we can take"),
    "page before a PDF": (b"<script>alert(1)</script>%PDF-1.7", "is no file that we can take"),
    "bomb": (archive(x=bytes(30_000_000)), "is no file that we can take"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_lies_is_refused_with_a_reason(applicant: Applicant, content: bytes, reason: str) -> None:
    answer = applicant.add(content, "plan.pdf")
    assert answer.status_code == 422
    assert f"plan.pdf {reason}" in words(parse(answer.text))
    assert count(Attachment) == 0


def test_a_file_over_the_limit_is_told_at_its_question(applicant: Applicant) -> None:
    answer = applicant.add(PDF + bytes(LIMIT), "plan.pdf")
    assert answer.status_code == 422
    assert "plan.pdf is too large: a file may be at most 25 MB" in words(parse(answer.text))
    assert count(Attachment) == 0


@pytest.mark.parametrize("csrf", [False, True])
def test_far_over_the_limit_is_not_even_read(
    app: Flask, applicant: Applicant, monkeypatch: pytest.MonkeyPatch, *, csrf: bool
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", csrf)
    answer = applicant.add(PDF + bytes(LIMIT + 2 * 1024 * 1024), "plan.pdf")
    assert answer.status_code == 413
    assert "A file may be at most 25 MB." in words(parse(answer.text))
    assert count(Attachment) == 0


def test_endless_text_is_refused(applicant: Applicant) -> None:
    url = applicant.url.replace("attachments", "plan")
    head = {"content_type": "application/x-www-form-urlencoded"}
    assert applicant.client.post(url, data=b"a&" * FORM_BYTES, **head).status_code == 413
    part = b'--g\r\nContent-Disposition: form-data; name="answer-approach"\r\n\r\n%s\r\n--g--\r\n'
    head = {"content_type": "multipart/form-data; boundary=g"}
    assert applicant.client.post(url, data=part % (b"a" * 5_000_000), **head).status_code == 413
    assert db.session.get_one(Application, applicant.id).version == 1


NAMES = {
    "../../../etc/passwd": "passwd.pdf",
    "..\\..\\windows\\system.ini": "windowssystem.ini.pdf",
    "/var/files/x.pdf": "x.pdf",
    'a"; filename="evil.html': "a ; filename= evil.html.pdf",
    "plan.pdf\r\nSet-Cookie: a=b": "plan.pdf 0D 0ASet-Cookie a=b.pdf",
    "a" * 5000 + ".pdf": "a" * 120 + ".pdf",
    "begroting € ñandú 漢字.pdf": "begroting € ñandú 漢字.pdf",
    "\u202efdp.exe": "fdp.exe.pdf",
    ".htaccess": "htaccess.pdf",
    "CON.html": "CON.html.pdf",
    "plan.svg": "plan.svg.pdf",
}


@pytest.mark.parametrize(("given", "name"), NAMES.items(), ids=range(len(NAMES)))
def test_whatever_its_name_it_comes_back_as_a_harmless_file(
    applicant: Applicant, given: str, name: str
) -> None:
    assert applicant.add(PDF, given, "text/html").status_code == 303
    attachment = applicant.stored()
    assert (attachment.file_name, attachment.media_type) == (name, "application/pdf")
    check_download(applicant.client, f"/aanvragen/{applicant.id}/bijlagen/{attachment.id}", name)


def test_for_the_office_and_the_reviewer_too(app: Flask, applicant: Applicant) -> None:
    applicant.add(PDF, "naïef.pdf")
    attachment = applicant.stored()
    application = db.session.get_one(Application, applicant.id)
    application.state, application.reference = "in_review", "T-9"
    application.submitted_at = application.updated_at
    application.round.phase_by_hand, application.round.phase_reason = "review", "toets"
    officer, reviewer = make_user(Role.OFFICER), make_user(Role.REVIEWER)
    review = make_review(application, reviewer, declared_at=application.updated_at)
    db.session.commit()
    own: list[tuple[User, str]] = [
        (officer, f"/bureau/aanvragen/{applicant.id}/bijlagen/{attachment.id}"),
        (reviewer, f"/beoordelen/{review.id}/bijlagen/{attachment.id}"),
    ]
    for person, url in own:
        check_download(browser(app, person.get_id()), url, "naïef.pdf")


def check_download(client: FlaskClient, url: str, name: str) -> None:
    answer: Any = client.get(url, buffered=True)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    kind, options = parse_options_header(header)
    assert (kind, options["filename"]) == ("attachment", name)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
