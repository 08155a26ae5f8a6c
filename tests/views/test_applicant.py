"""The pages of an applicant, as a browser meets them."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import (
    Application,
    Mail,
    Membership,
    Round,
    User,
)
from subsidy.services import file_store
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def round_(app: object) -> Round:
    return make_round("netwerk")


def reload(application: Application) -> Application:
    db.session.expire_all()
    return db.session.get_one(Application, application.id)


def seen(page: str) -> str:
    """The mark of what the page showed."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def forget(application: Application) -> str:
    """The address of an application, with nothing in memory, as for a process of its own."""
    address = f"/aanvragen/{application.id}"
    db.session.expunge_all()
    return address


def save(client: FlaskClient, application: Application, section: str, **typed: Any) -> Any:
    """Open a section and save it as typed."""
    address = f"{forget(application)}/onderdelen/{section}"
    return client.post(address, data={"seen": seen(client.get(address).text), **typed})


def test_the_task_list_says_where_to_go_on_and_why_a_part_asks_attention(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    client = as_user(applicant)
    application = make_application(round_, "draft", member=applicant)
    section = round_.definition["sections"][0]["id"]
    address = forget(application)
    before = client.get(address).text
    assert re.search(rf'nl-button--primary" href="{address}/onderdelen/', before)
    assert "Niet alles is opgeslagen" not in before
    assert save(client, application, section, months="zes").status_code == 422
    after = client.get(address).text
    assert "Niet alles is opgeslagen" in after
    assert re.search(rf'nl-button--primary" href="{address}/onderdelen/{section}"', after)


def test_who_comes_back_by_the_round_goes_on_with_the_draft(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    client, page = as_user(applicant), f"/ronden/{round_.slug}"
    assert "/aanvragen/" not in client.get(page).text.replace(f"{page}/aanvragen", "")
    mine = make_application(round_, "draft", member=applicant, title="Van mij").id
    other = make_application(round_, "draft", member=make_user(Role.APPLICANT), title="Van een ander").id
    for address in (page, f"{page}/formulier"):
        shown = client.get(address).text
        assert f'href="/aanvragen/{mine}"' in shown
        assert f'href="/aanvragen/{other}"' not in shown
        assert "Van een ander" not in shown


def test_from_start_to_receipt(as_user: LogIn, applicant: User, round_: Round) -> None:
    client = as_user(applicant)
    address, reference = applicant.email, f"NET{round_.number}-0001"
    category = round_.definition["budget"]["cost_categories"][0]["value"]
    started = client.post(f"/ronden/{round_.slug}/aanvragen")
    assert started.status_code == 303
    again = client.post(f"/ronden/{round_.slug}/aanvragen")
    assert again.location == started.location
    application = db.session.scalars(select(Application)).one()
    assert application.state == "draft"
    assert client.get(started.location).status_code == 200
    too_soon = client.post(f"/aanvragen/{application.id}/indienen")
    assert too_soon.status_code == 422
    for section in (
        "project#title",
        "project#months",
        "partners#lead-name",
        "region#region_name",
        "region#municipalities",
        "budget#requested",
    ):
        assert f'onderdelen/{section}"' in too_soon.text

    assert (
        save(
            client, application, "project", title="Samen in Zoetermeer", months="12", summary="Kort"
        ).status_code
        == 303
    )
    assert (
        save(
            client,
            application,
            "partners",
            **{
                "lead-name": "Gemeente Zoetermeer",
                "lead-domain": "gemeente",
                "lead-kvk": "27370911",
                "partners-0-name": "Bewonersraad",
                "partners-0-domain": "burgers",
                "partners-1-name": "",
                "partners-1-domain": "",
            },
        ).status_code
        == 303
    )
    assert (
        save(client, application, "region", region_name="Zoetermeer", municipalities=["GM0637"]).status_code
        == 303
    )
    assert (
        save(
            client,
            application,
            "budget",
            **{
                "requested": "10.000,50",
                "costs-0-category": category,
                "costs-0-description": "Projectleider",
                "costs-0-amount": "12,000.50",
                "funding-0-category": "own",
                "funding-0-description": "Uren",
                "funding-0-amount": "2000",
            },
        ).status_code
        == 303
    )
    stored = reload(application)
    assert (stored.title, stored.months, stored.requested_cents) == ("Samen in Zoetermeer", 12, 1_000_050)
    assert [(one.lead, one.name, one.domain, one.kvk) for one in stored.participations] == [
        (True, "Gemeente Zoetermeer", "gemeente", "27370911"),
        (False, "Bewonersraad", "burgers", None),
    ]
    assert [(one.kind, one.amount_cents) for one in stored.budget] == [("cost", 1_200_050), ("own", 200_000)]
    assert stored.cofinancing_cents == 200_000

    review = client.get(f"/aanvragen/{application.id}/nakijken").text
    assert "Samen in Zoetermeer" in review
    sent = client.post(f"{forget(application)}/indienen")
    assert (sent.status_code, sent.location) == (303, f"/aanvragen/{application.id}")
    stored = reload(application)
    assert (stored.state, stored.reference, stored.submitted_at) == (
        "submitted",
        reference,
        MOMENT,
    )
    twice = client.post(f"/aanvragen/{application.id}/indienen")
    assert (twice.status_code, twice.location) == (303, f"/aanvragen/{application.id}")
    assert reload(application).round.references_given == 1

    assert jobs.drain_here(300) == 3  # the check, the receipt, and the mail that carries it
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.delivery) == (address, "sent")
    assert reference in mail.subject
    page = client.get(f"/aanvragen/{application.id}/ontvangst").text
    assert mail.attachment_sha256 is not None
    assert mail.attachment_sha256 in page
    assert "10.000,50" in page
    paper = client.get(f"/aanvragen/{application.id}/ontvangst.pdf")
    assert paper.data == file_store.read(mail.attachment_sha256)
    assert paper.headers["Content-Disposition"].startswith("attachment")


def test_the_list_costs_the_same_for_one_and_for_three(
    as_user: LogIn, applicant: User, count_queries: type[QueryCount]
) -> None:
    counts = []
    for many in (1, 2):
        for _ in range(many):
            make_application(make_round("netwerk"), "draft", member=applicant)
        client = as_user(applicant)
        db.session.expunge_all()
        with count_queries() as counted:
            page = client.get("/aanvragen").text
        counts.append(counted.count)
    assert page.count('href="/aanvragen/') == 3
    assert counts == [4, 4]


def test_an_empty_list_shows_the_way_to_the_rounds(as_user: LogIn, applicant: User) -> None:
    assert 'class="empty"' in as_user(applicant).get("/aanvragen").text


def test_what_belongs_to_another_does_not_exist(as_user: LogIn, applicant: User, round_: Round) -> None:
    other = make_user(Role.APPLICANT)
    mine = make_application(round_, "draft", member=other)
    sent = make_application(round_, "submitted", member=other)
    client = as_user(applicant)
    for application in (mine, sent):
        at = f"/aanvragen/{application.id}"
        for page in (
            "",
            "/nakijken",
            "/ontvangst",
            "/ontvangst.pdf",
            "/brief",
            "/intrekken",
            "/weggooien",
            "/bijlagen/1",
            "/onderdelen/project",
        ):
            assert client.get(at + page).status_code == 404, page
        for post in ("/indienen", "/aanvullen", "/intrekken", "/weggooien", "/onderdelen/project"):
            assert client.post(at + post).status_code == 404, post


def test_a_member_who_may_only_look_changes_nothing(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=make_user(Role.APPLICANT))
    db.session.add(Membership(application_id=application.id, user_id=applicant.id, capacity="view"))
    client = as_user(applicant)
    at = f"/aanvragen/{application.id}"
    assert client.get(at).status_code == 200
    assert "/onderdelen/" not in client.get(at).text
    assert client.get(f"{at}/nakijken").status_code == 200
    assert "/indienen" not in client.get(f"{at}/nakijken").text
    for post in ("/indienen", "/weggooien", "/onderdelen/project"):
        assert client.post(at + post).status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_returns_to_a_form_that_was_sent_in_is_told_so(
    as_user: LogIn, applicant: User, round_: Round, method: str
) -> None:
    application = make_application(round_, "submitted", member=applicant)
    client = as_user(applicant)
    at = f"/aanvragen/{application.id}"
    answer = client.open(f"{at}/onderdelen/project", method=method, follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, at)
    assert "Dit onderdeel kan niet meer worden gewijzigd." in answer.text


def test_bad_input_is_told_and_kept(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    response = save(
        as_user(applicant),
        application,
        "budget",
        requested="tien mille",
        **{"costs-0-description": "Zaalhuur"},
    )
    assert response.status_code == 422
    assert 'href="#requested"' in response.text
    assert 'href="#costs-0-amount"' in response.text
    assert 'value="tien mille"' in response.text
    assert 'value="Zaalhuur"' in response.text
    assert reload(application).requested_cents == 1_000_000


def test_a_line_is_added_without_scripts_and_nothing_is_stored(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    application = make_application(round_, "draft", member=applicant)
    response = save(
        as_user(applicant), application, "partners", **{"partners-0-name": "Nieuw", "add": "partners"}
    )
    assert response.status_code == 200
    assert 'name="partners-1-name"' in response.text
    assert 'value="Nieuw"' in response.text
    assert len(reload(application).participations) == 4


def test_a_region_is_added_at_once_and_counted(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    response = save(
        as_user(applicant), application, "region", region_name="Haaglanden", area="PV27", add_area="1"
    )
    assert response.status_code == 200
    assert response.text.count(" checked") > 40
    assert [one.code for one in reload(application).municipalities] == ["GM0637"]


def test_two_saves_at_once_meet_on_a_page_with_both(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    client = as_user(applicant)
    address = f"/aanvragen/{application.id}/onderdelen/project"
    mark = seen(client.get(address).text)
    typed = {"seen": mark, "summary": "Kort", "months": "6"}
    assert client.post(address, data={**typed, "title": "Van de een"}).status_code == 303
    assert client.post(address, data={**typed, "title": "Van de een"}).status_code == 303  # a double click
    clash = client.post(address, data={**typed, "title": "Van de ander"})
    assert clash.status_code == 409
    assert "Van de een" in clash.text
    assert 'value="Van de ander"' in clash.text
    assert reload(application).title == "Van de een"
    shown = re.search(r'name="shown-title" value="(\w+)"', clash.text)
    assert shown
    chosen = {"seen": seen(clash.text), "choice-title": "mine", "shown-title": shown[1]}
    assert client.post(address, data={**typed, "title": "Van de ander", **chosen}).status_code == 303
    assert reload(application).title == "Van de ander"


def test_saving_one_section_is_no_clash_with_another(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    client = as_user(applicant)
    address = f"/aanvragen/{application.id}/onderdelen"
    mark = seen(client.get(f"{address}/project").text)
    assert save(client, application, "plan", **{"answer-approach": "Zo."}).status_code == 303
    assert client.post(f"{address}/project", data={"seen": mark, "title": "Nieuw"}).status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(0, 303), (1, 422)])
def test_the_last_second_counts_and_the_next_is_too_late(
    as_user: LogIn, applicant: User, round_: Round, clock: Clock, seconds: int, status: int
) -> None:
    application = make_application(round_, "draft", member=applicant)
    client = as_user(applicant)
    clock.now = round_.closes_at + timedelta(seconds=seconds)
    response = client.post(f"/aanvragen/{application.id}/indienen")
    assert response.status_code == status
    assert ("mailto:" in response.text.partition("</main>")[0]) is (status == 422)
    assert reload(application).state == ("submitted" if status == 303 else "draft")


def test_an_extended_deadline_holds_for_one_application(
    as_user: LogIn, applicant: User, round_: Round, clock: Clock
) -> None:
    extended = round_.closes_at + timedelta(days=2)
    application = make_application(round_, "draft", member=applicant, deadline_at=extended)
    other = make_application(round_, "draft", member=applicant)
    client = as_user(applicant)
    clock.now = extended
    assert client.post(f"/aanvragen/{application.id}/indienen").status_code == 303
    assert client.post(f"/aanvragen/{other.id}/indienen").status_code == 422


def test_a_finding_never_blocks_sending_in(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant, requested_cents=999_999_999)
    client = as_user(applicant)
    page = client.get(f"/aanvragen/{application.id}/nakijken").text
    assert f'href="/aanvragen/{application.id}/onderdelen/budget"' in page
    assert client.post(f"/aanvragen/{application.id}/indienen").status_code == 303


def test_hints_appear_for_what_was_begun(as_user: LogIn, applicant: User, round_: Round) -> None:
    client = as_user(applicant)
    started = client.post(f"/ronden/{round_.slug}/aanvragen").location
    application = db.session.scalars(select(Application)).one()
    link = f'href="/aanvragen/{application.id}/onderdelen/partners"'
    assert client.get(started).text.count(link) == 1
    save(client, application, "partners", **{"lead-name": "Gemeente", "lead-domain": "gemeente"})
    assert client.get(started).text.count(link) > 1


def upload(client: FlaskClient, application: Application, content: bytes, name: str) -> Any:
    return save(
        client, application, "attachments", **{"answer-support": (BytesIO(content), name), "then": "stay"}
    )


def test_a_file_is_added_downloaded_and_taken_away(as_user: LogIn, applicant: User, round_: Round) -> None:
    application = make_application(round_, "draft", member=applicant)
    client = as_user(applicant)
    added = upload(client, application, PDF, "../../brief van mij.exe")
    assert added.location.endswith("/onderdelen/attachments")
    assert upload(client, application, PDF, "nog eens.pdf").status_code == 303
    (attachment,) = reload(application).attachments
    assert attachment.file_name == "brief van mij.exe.pdf"
    at = f"/aanvragen/{application.id}/bijlagen/{attachment.id}"
    download = client.get(at)
    assert download.data == PDF
    download.close()
    assert download.headers["Content-Disposition"] == 'attachment; filename="brief van mij.exe.pdf"'
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert download.mimetype == "application/pdf"
    assert save(client, application, "attachments", remove_file=str(attachment.id)).status_code == 303
    assert reload(application).attachments == []
    assert client.get(at).status_code == 404


def test_a_file_that_is_not_taken_is_told_at_its_question(
    as_user: LogIn, applicant: User, round_: Round
) -> None:
    application = make_application(round_, "draft", member=applicant)
    refused = upload(as_user(applicant), application, b"MZ\x90\x00 program", "brief.pdf")
    assert refused.status_code == 422
    assert 'href="#answer-support"' in refused.text
    assert "brief.pdf" in refused.text
    assert reload(application).attachments == []
