"""The pages of a reviewer, as a browser meets them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AccessLog, Attachment, Event, Review, User
from subsidy.services import events, file_store, reviews
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from tests.section_pages import fields_on, with_values
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
CRITERIA = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")
SECRET = "wat niemand vooraf mag lezen"


def assigned(reviewer: User, state: str = "in_review", **values: object) -> Review:
    application = make_application(make_round(), state, summary=SECRET)
    return make_review(application, reviewer, **values)


REASONS = " ".join(["Goed onderbouwd met cijfers over de regio."] * 4)


def typed(review: Review, score: str = "4", motivation: str = REASONS, **more: str) -> dict[str, str]:
    scores = {f"score-{criterion}": score for criterion in CRITERIA}
    motivations = {f"motivation-{criterion}": motivation for criterion in CRITERIA}
    around = {"version": str(review.version), "notes": "", "recommendation": "fund"}
    return {**scores, **motivations, **around, **more}


@pytest.fixture
def reviewer(app: object) -> User:
    return make_user(Role.REVIEWER)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    as_user: LogIn, reviewer: User, count_queries: type[QueryCount], many: int
) -> None:
    for _ in range(many):
        assigned(reviewer, due_at=MOMENT - timedelta(days=1))
    client = as_user(reviewer)
    with count_queries() as counted:
        page = client.get("/beoordelen/").text
    assert page.count("/belang") == many
    assert counted.count == 5, counted.statements


def test_the_list_of_a_new_reviewer_says_that_it_is_empty(as_user: LogIn) -> None:
    assert 'class="empty"' in as_user(Role.REVIEWER).get("/beoordelen/").text


def test_before_a_declaration_only_who_is_behind_it_is_shown(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer)
    client = as_user(reviewer)
    page = client.get(f"/beoordelen/{review.id}/belang").text
    assert "Gemeente Zoetermeer" in page
    assert SECRET not in page
    assert client.get(f"/beoordelen/{review.id}").location == f"/beoordelen/{review.id}/belang"
    assert client.post(f"/beoordelen/{review.id}", data=typed(review)).status_code == 404


def test_from_no_interest_to_handed_in(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer)
    client, here = as_user(reviewer), f"/beoordelen/{review.id}"
    for _double_click in range(2):
        answer = client.post(f"{here}/belang", data={"interest": "none"})
        assert (answer.status_code, answer.location) == (303, here)
    page = client.get(here).text
    assert SECRET in page
    assert page.count('type="radio"') == 23
    saved = client.post(here, data=typed(review, motivation="", then="save"))
    assert (saved.status_code, saved.location) == (303, here)
    assert client.get(here).text.count(" checked") == 5
    refused = client.post(here, data=typed(review, motivation="", then="hand_in"))
    assert (refused.status_code, refused.location) == (303, f"{here}?ontbreekt=1")
    listed = client.get(refused.location).text
    links = re.findall(r'<li><a href="#([^"]+)">', listed)
    assert links == [f"motivation-{criterion}" for criterion in CRITERIA]
    assert all(f'id="{link}"' in listed for link in links)
    for _double_click in range(2):
        answer = client.post(here, data=typed(review, then="hand_in"))
        assert answer.status_code == 303
    db.session.refresh(review)
    assert review.handed_in_at == MOMENT
    done = client.get(here).text
    assert "<textarea" not in done
    assert REASONS in done


def test_a_missing_score_is_linked_to_its_first_choice(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    listed = as_user(reviewer).get(f"/beoordelen/{review.id}?ontbreekt=1").text
    links = re.findall(r'<li><a href="#([^"]+)">', listed)
    assert links[:2] == ["score-relevantie-0", "motivation-relevantie"]
    assert all(f'id="{link}"' in listed for link in links)


def test_an_interest_closes_the_file_for_good(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    client, here = as_user(reviewer), f"/beoordelen/{review.id}"
    client.post(here, data=typed(review, then="save"))
    empty = client.post(f"{here}/belang", data={"interest": "some", "nature": " "})
    assert empty.status_code == 422
    assert client.get(here).status_code == 200
    for _double_click in range(2):
        said = {"interest": "some", "kind": "family", "nature": "familie", "measure": "usual"}
        answer = client.post(f"{here}/belang", data=said)
        assert (answer.status_code, answer.location) == (303, "/beoordelen/")
    assert [client.get(page).status_code for page in (here, f"{here}/bijlagen/1")] == [404, 404]
    assert client.post(here, data=typed(review, then="hand_in")).status_code == 404
    page = client.get(f"{here}/belang").text
    assert "familie" in page
    assert SECRET not in page
    db.session.refresh(review)
    assert (review.handed_in_at, len(reviews.draft_of(review).scores)) == (None, 4)


def test_a_declaration_chooses_one_of_two(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer)
    for data in ({}, {"interest": "maybe"}):
        assert as_user(reviewer).post(f"/beoordelen/{review.id}/belang", data=data).status_code == 422
    db.session.refresh(review)
    assert review.declared_at is None


def test_a_clash_shows_both_and_saving_again_is_a_choice(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    client, here = as_user(reviewer), f"/beoordelen/{review.id}"
    earlier = typed(review, motivation="uit het tweede venster", then="save")
    client.post(here, data=typed(review, score="2", motivation="uit het eerste venster", then="save"))
    clash = client.post(here, data=earlier)
    assert clash.status_code == 409
    assert clash.text.count("uit het tweede venster") == 8  # in the form, and to choose from
    assert clash.text.count("uit het eerste venster") == 4
    fields = fields_on(clash.text)
    chosen = {"choice-score-kwaliteit": "theirs", "choice-motivation-kwaliteit": "theirs", "then": "save"}
    assert client.post(here, data=with_values(fields, chosen)).status_code == 303
    db.session.refresh(review)
    stored = reviews.draft_of(review)
    assert stored.scores == {**dict.fromkeys(CRITERIA, Decimal(4)), "kwaliteit": Decimal(2)}
    assert stored.motivations["kwaliteit"] == "uit het eerste venster"
    assert stored.motivations["relevantie"] == "uit het tweede venster"
    assert review.kept_mark == ""


@pytest.mark.parametrize(
    "wrong", [{"score-relevantie": "6"}, {"score-relevantie": "x"}, {"recommendation": "all of it"}]
)
def test_what_cannot_be_stored_is_refused_stays_on_the_page_and_comes_back(
    as_user: LogIn, reviewer: User, wrong: dict[str, str]
) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    client, here = as_user(reviewer), f"/beoordelen/{review.id}"
    answer = client.post(here, data={**typed(review, motivation="Blijft."), **wrong})
    assert answer.status_code == 422
    assert answer.text.count("Blijft.") == 4
    assert client.get(here).text.count("Blijft.") == 4
    db.session.refresh(review)
    assert reviews.draft_of(review).scores == {}


def test_a_review_is_for_its_reviewer_alone(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    for role in (Role.REVIEWER, Role.CHAIR, Role.OFFICER, Role.ADMINISTRATOR):
        client = as_user(role)
        assert client.get(f"/beoordelen/{review.id}").status_code == 404
        assert client.post(f"/beoordelen/{review.id}", data=typed(review)).status_code == 404
        assert client.get(f"/beoordelen/{review.id}/belang").status_code == 404


def test_a_visitor_is_asked_to_log_in(client: FlaskClient, reviewer: User) -> None:
    review = assigned(reviewer)
    assert client.get(f"/beoordelen/{review.id}").location.startswith("/account/inloggen?next=")


def test_outside_the_review_phase_it_is_read_only(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, "advised", declared_at=MOMENT)
    client = as_user(reviewer)
    page = client.get(f"/beoordelen/{review.id}").text
    assert SECRET in page
    assert "<textarea" not in page
    here = f"/beoordelen/{review.id}"
    answer = client.post(here, data=typed(review, motivation="Te laat getypt."))
    assert (answer.status_code, answer.location) == (303, here)
    db.session.refresh(review)
    assert reviews.draft_of(review).motivations == {}
    assert client.get(here).text.count("Te laat getypt.") == 4


def test_an_attachment_is_downloaded_never_shown_and_logged(as_user: LogIn, reviewer: User) -> None:
    review = assigned(reviewer, declared_at=MOMENT)
    definition = review.application.round.definition
    question = next(q["id"] for s in definition["sections"] for q in s["questions"] if q["kind"] == "file")
    stored = file_store.put(b'<svg onload="alert(1)"/>', media_type="image/svg+xml", now=MOMENT)
    for application in (review.application, make_application(make_round())):
        application.attachments.append(
            Attachment(
                question=question,
                file_name="plan.svg",
                media_type="image/svg+xml",
                size=25,
                sha256=stored.sha256,
                uploaded_at=MOMENT,
            )
        )
        db.session.flush()
        last = application.attachments[0].id
    client, here = as_user(reviewer), f"/beoordelen/{review.id}"
    address = re.search(r'href="([^"]+/bijlagen/\d+)"', client.get(here).text)
    assert address
    with client.get(address[1]) as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=plan.svg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.data == b'<svg onload="alert(1)"/>'
    assert client.get(f"{here}/bijlagen/{last}").status_code == 404
    looked = db.session.scalars(select(AccessLog.what).order_by(AccessLog.id)).all()
    assert looked == ["review file", "attachment"]


def test_two_presses_at_once_hand_in_once(real_app: Flask) -> None:
    with real_app.app_context():
        person = make_user(Role.REVIEWER)
        review = assigned(person, declared_at=MOMENT)
        address, data, session_id = f"/beoordelen/{review.id}", typed(review, then="hand_in"), person.get_id()
        db.session.commit()

    def press(_: int) -> int:
        client = real_app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = session_id
        return client.post(address, data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [303] * 4
    with real_app.app_context():
        handed_in = select(Event.name).where(Event.name == "review.handed_in")
        assert db.session.scalars(handed_in).all() == ["review.handed_in"]
        assert db.session.scalars(select(Review.version)).one() == 2
        assert list(events.verify()) == []
