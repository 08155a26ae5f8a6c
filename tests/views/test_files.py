"""Attachments on the pages: added by themselves, read on screen, and kept from who may not have them."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import AccessLog, Application, Attachment, Membership, Supplement, User
from subsidy.services.page_images import draw_pages
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_review, make_round, make_user
from tests.faults.together import Press, at_once
from tests.pages import parse
from tests.services.attached import attach, make_image, make_pdf
from workflows.definition import FileKind
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]


def narrowed(**changes: object) -> object:
    """A definition in which the question for letters of support takes less."""
    kind = KINDS["netwerk"]
    sections = tuple(
        section.model_copy(
            update={
                "questions": tuple(
                    one.model_copy(update=changes) if one.id == "support" else one
                    for one in section.questions
                )
            }
        )
        for section in kind.sections
    )
    return kind.model_copy(update={"sections": sections})


@pytest.fixture
def applicant(app: Flask) -> User:
    return make_user(Role.APPLICANT, locale="en", name="Fatima el Idrissi")


@pytest.fixture
def draft(applicant: User) -> Application:
    return make_application(make_round(), "draft", member=applicant)


def send(
    client: FlaskClient, application: Application, content: bytes, name: str = "plan.pdf"
) -> TestResponse:
    """Add one file as the script does; written out, for the test client leaves large ones open."""
    head = f'name="file"; filename="{name}"'.encode()
    return client.post(
        f"/aanvragen/{application.id}/bestanden/support",
        data=b"--g\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--g--\r\n" % (head, content),
        content_type="multipart/form-data; boundary=g",
        headers={"Accept": "application/json"},
    )


def files_of(application: Application) -> list[str]:
    query = select(Attachment.file_name).where(Attachment.application_id == application.id)
    return list(db.session.scalars(query.order_by(Attachment.id)))


def in_review(application: Application) -> Application:
    """Let it be in the hands of the reviewers."""
    application.state, application.reference, application.submitted_at = "in_review", "T-9", MOMENT
    application.round.phase_by_hand, application.round.phase_reason = "review", "toets"
    db.session.commit()
    return application


def test_a_file_sent_by_itself_answers_with_the_new_list(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    answer = send(as_user(applicant), draft, make_pdf(), "steun.pdf")
    assert answer.status_code == 200
    assert answer.json is not None
    assert "steun.pdf" in answer.json["told"]
    page = answer.json["list"]
    (attachment,) = draft.attachments
    assert f'href="/aanvragen/{draft.id}/bijlagen/{attachment.id}"' in page
    assert f'href="/aanvragen/{draft.id}/bijlagen/{attachment.id}/lezen"' in page
    assert f'<code class="checksum">{attachment.sha256}</code>' in page
    assert "Fatima el Idrissi" in page
    assert re.search(rf'name="remove_file" value="{attachment.id}"', page)


def test_the_same_file_twice_is_kept_once_and_told(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client = as_user(applicant)
    send(client, draft, make_pdf(), "steun.pdf")
    answer = send(client, draft, make_pdf(), "nog eens.pdf")
    assert answer.json is not None
    assert "there already, as steun.pdf" in answer.json["told"]
    assert files_of(draft) == ["steun.pdf"]


@pytest.mark.parametrize(
    ("changes", "content", "told"),
    [
        (
            {"accepts": (FileKind.PDF,)},
            make_image(),
            "foto.png is of another kind than is asked. Here you can add: PDF.",
        ),
        (
            {"max_megabytes": 1},
            make_pdf() + bytes(1024 * 1024),
            "foto.png is too large: a file may be at most 1 MB",
        ),
        ({}, b"MZ\x90\x00", "foto.png is no file that we can take"),
        ({}, b"<svg onload='alert(1)'/>", "foto.png is no file that we can take"),
        ({}, make_image()[:60], "foto.png is damaged"),
        ({}, b"", "foto.png is empty"),
    ],
    ids=["kind", "size", "program", "drawing", "damaged", "empty"],
)
def test_what_a_question_does_not_take_is_told_and_nothing_is_kept(
    as_user: LogIn, applicant: User, changes: dict[str, object], content: bytes, told: str
) -> None:
    application = make_application(make_round(definition=narrowed(**changes)), "draft", member=applicant)
    client = as_user(applicant)
    answer = send(client, application, content, "foto.png")
    assert answer.status_code == 422
    assert answer.json is not None
    assert told in answer.json["error"]
    assert files_of(application) == []
    page = client.get(f"/aanvragen/{application.id}/onderdelen/attachments").text
    field = next(one for one in parse(page).iter("input") if one.get("name") == "answer-support")
    assert (field.get("accept") == ".pdf") is ("accepts" in changes)


def test_no_file_is_told(as_user: LogIn, applicant: User, draft: Application) -> None:
    answer = as_user(applicant).post(f"/aanvragen/{draft.id}/bestanden/support", data={})
    assert answer.status_code == 422
    assert answer.json == {"error": "No file was chosen."}


def test_nothing_is_added_where_nothing_is_asked(as_user: LogIn, applicant: User, draft: Application) -> None:
    client = as_user(applicant)
    for question in ("approach", "unknown"):
        url = f"/aanvragen/{draft.id}/bestanden/{question}"
        assert client.post(url, data={"file": (BytesIO(make_pdf()), "a.pdf")}).status_code == 409
    reader = make_user(Role.APPLICANT)
    db.session.add(Membership(application_id=draft.id, user_id=reader.id, capacity="view"))
    assert send(as_user(reader), draft, make_pdf()).status_code == 409
    assert send(as_user(Role.APPLICANT), draft, make_pdf()).status_code == 404
    draft.state, draft.reference, draft.submitted_at = "submitted", "T-9", MOMENT
    db.session.commit()
    assert send(client, draft, make_pdf()).status_code == 409
    assert files_of(draft) == []


def test_two_people_at_once_do_not_pass_the_most(real_app: Flask) -> None:
    with real_app.app_context():
        first, second = (make_user(Role.APPLICANT) for _ in range(2))
        application = make_application(make_round(definition=narrowed(max_files=1)), "draft", member=first)
        db.session.add(Membership(application_id=application.id, user_id=second.id, capacity="edit"))
        db.session.commit()
        url = f"/aanvragen/{application.id}/bestanden/support"
        presses = [
            Press(user.get_id(), url, {"file": (BytesIO(make_pdf(pages)), "a.pdf")})
            for pages, user in enumerate((first, second), start=1)
        ]
        db.session.rollback()  # else this connection holds the door
        answers = at_once(real_app, presses)
        assert sorted(one.status_code for one in answers) == [200, 422]
        assert len(files_of(application)) == 1


def test_what_was_sent_in_stays_and_what_was_added_since_goes(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    sent, added = attach(draft, make_pdf(1), "oud.pdf"), attach(draft, make_pdf(2), "nieuw.pdf")
    draft.state, draft.reference, draft.submitted_at = "supplement_requested", "T-9", MOMENT
    sent.uploaded_at, added.uploaded_at = MOMENT, MOMENT + timedelta(seconds=1)
    db.session.add(
        Supplement(
            application_id=draft.id,
            sections=["attachments"],
            asked="De steunbrief is oud.",
            requested_by=make_user(Role.OFFICER).id,
            requested_at=MOMENT,
            last_day=(MOMENT + timedelta(days=14)).date(),
        )
    )
    db.session.commit()
    client, url = as_user(applicant), f"/aanvragen/{draft.id}/onderdelen/attachments"
    page = client.get(url)
    assert re.findall(r'name="remove_file" value="(\d+)"', page.text) == [str(added.id)]
    seen = re.search(r'name="seen"[^>]* value="([^"]*)"', page.text)
    assert seen
    for attachment in (sent, added):
        data = {"seen": seen[1].replace("&#34;", '"'), "remove_file": str(attachment.id)}
        assert client.post(url, data=data).status_code == 303
    assert files_of(draft) == ["oud.pdf"]


@pytest.mark.parametrize("who", ["applicant", "office", "reviewer"])
def test_pages_are_read_on_screen(app: Flask, as_user: LogIn, draft: Application, who: str) -> None:
    attachment = attach(draft, make_pdf(2), "plan.pdf")
    reviewer = make_user(Role.REVIEWER, locale="en")
    review = make_review(draft, reviewer, declared_at=MOMENT)
    in_review(draft)
    member = db.session.get_one(User, draft.members[0].user_id)
    person, base = {
        "applicant": (member, f"/aanvragen/{draft.id}"),
        "office": (make_user(Role.OFFICER, locale="en"), f"/bureau/aanvragen/{draft.id}"),
        "reviewer": (reviewer, f"/beoordelen/{review.id}"),
    }[who]
    client, url = as_user(person), f"{base}/bijlagen/{attachment.id}"
    assert "<img" not in re.sub(r"<header.*?</header>", "", client.get(f"{url}/lezen").text, flags=re.DOTALL)
    assert client.get(f"{url}/bladzijden/1").status_code == 404
    draw_pages({"sha256": attachment.sha256})
    images = [
        one for one in parse(client.get(f"{url}/lezen").text).iter("img") if one.get("loading") == "lazy"
    ]
    assert [one.get("src") for one in images] == [f"{url}/bladzijden/1", f"{url}/bladzijden/2"]
    assert images[1].get("alt") == "Page 2 of 2 of plan.pdf"
    assert (images[0].get("width"), images[0].get("height")) == ("1240", "1755")
    with client.get(f"{url}/bladzijden/2") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{url}/bladzijden/3").status_code == 404
    looks = db.session.scalars(select(AccessLog.what).where(AccessLog.what == "attachment")).all()
    assert len(looks) == (0 if who == "applicant" else 2)


def test_an_office_document_has_no_pages_to_read(as_user: LogIn, applicant: User, draft: Application) -> None:
    attachment = attach(draft, make_pdf())
    attachment.media_type = "application/vnd.oasis.opendocument.text"
    client, url = as_user(applicant), f"/aanvragen/{draft.id}/bijlagen/{attachment.id}"
    assert client.get(f"{url}/lezen").status_code == 404
    assert "/lezen" not in client.get(f"/aanvragen/{draft.id}/onderdelen/attachments").text


@pytest.mark.parametrize(
    ("scan", "own", "others"),
    [("unscanned", 200, 200), ("clean", 200, 200), ("waiting", 200, 404), ("infected", 404, 404)],
)
def test_what_the_scan_found_decides_who_gets_a_file(
    app: Flask, as_user: LogIn, draft: Application, scan: str, own: int, others: int
) -> None:
    attachment = attach(draft, make_pdf())
    draw_pages({"sha256": attachment.sha256})
    attachment.scan = scan
    reviewer = make_user(Role.REVIEWER)
    review = make_review(draft, reviewer, declared_at=MOMENT)
    in_review(draft)
    people = [
        (db.session.get_one(User, draft.members[0].user_id), f"/aanvragen/{draft.id}", "ontvangst", own),
        (make_user(Role.OFFICER), f"/bureau/aanvragen/{draft.id}", "", others),
        (reviewer, f"/beoordelen/{review.id}", "", others),
    ]
    for person, base, page, expected in people:
        client, url = as_user(person), f"{base}/bijlagen/{attachment.id}"
        for each in (url, f"{url}/lezen", f"{url}/bladzijden/1"):
            with client.get(each) as answer:
                assert answer.status_code == expected, each
        shown = client.get(f"{base}/{page}".rstrip("/")).text
        assert f'data-scan="{scan}"' in shown
        assert (f'href="{url}"' in shown) is (expected == 200)
        assert (f'href="{url}/lezen"' in shown) is (expected == 200)


def test_pages_with_files_cost_the_same_for_one_and_for_three(
    app: Flask, as_user: LogIn, applicant: User, count_queries: type[QueryCount]
) -> None:
    addresses = []
    for number in (1, 3):
        draft = make_application(make_round(), "draft", member=applicant)
        for pages in range(1, number + 1):
            attachment = attach(draft, make_pdf(pages), f"plan {pages}.pdf")
            attachment.uploaded_by = make_user().id
        draw_pages({"sha256": attachment.sha256})
        base = f"/aanvragen/{draft.id}"
        addresses.append(
            [f"{base}/onderdelen/attachments", f"{base}/nakijken", f"{base}/bijlagen/{attachment.id}/lezen"]
        )
    client = as_user(applicant)
    for one, three in zip(*addresses, strict=True):
        costs = []
        for url in (one, three):
            client.get(url)  # what is read once for every page
            db.session.expunge_all()
            with count_queries() as queries:
                assert client.get(url).status_code == 200
            costs.append(queries.count)
        assert costs[0] == costs[1], one
