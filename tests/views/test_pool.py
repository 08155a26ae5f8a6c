"""Who reviews in a round, for the office: the list, asking, one person, stopping, and their profile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Mail, ReviewerProfile, Round, RoundReviewer, User
from tests.conftest import MOMENT, QueryCount
from tests.factories import (
    make_application,
    make_interest,
    make_review,
    make_reviewer,
    make_round,
    make_user,
    serve,
)
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
SCRIPT = "<script>alert('x')</script>"
TYPED = {"new_people": "Anna de Vries anna@voorbeeld.nl", "body": "referent", "reply_by": "2026-03-20"}


@pytest.fixture
def round_(app: Flask) -> Round:
    return make_round()


@pytest.fixture
def officer(app: Flask) -> User:
    return make_user(Role.OFFICER, locale="en")


@pytest.fixture
def bureau(as_user: AsUser, officer: User) -> FlaskClient:
    return as_user(officer)


def pool(round_: Round, more: str = "") -> str:
    return f"/bureau/ronden/{round_.slug}/beoordelaars{more}"


def row_of(user: User, round_: Round) -> RoundReviewer:
    """The request to this person; committed, because an answer of 400 or more rolls back."""
    db.session.commit()
    return db.session.scalars(select(RoundReviewer).filter_by(user_id=user.id, round_id=round_.id)).one()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_people_are_asked_and_stand_in_the_list(round_: Round, bureau: FlaskClient) -> None:
    assert 'class="empty"' in bureau.get(pool(round_)).text
    assert pool(round_) in bureau.get(f"/bureau/ronden/{round_.slug}").text
    typed = {**TYPED, "new_people": f"{TYPED['new_people']}\n{SCRIPT} bea@voorbeeld.nl"}
    for _ in range(2):
        answer = bureau.post(pool(round_, "/vragen"), data=typed)
        assert answer.location == pool(round_)
    page = bureau.get(pool(round_)).text
    assert "Anna de Vries" in page
    assert SCRIPT not in page
    assert count(RoundReviewer) == count(Mail) == 2


def test_who_reviewed_before_can_be_chosen(round_: Round, officer: User, bureau: FlaskClient) -> None:
    earlier = make_reviewer(make_round(), name="Bea Eerder", organisation="GGD")
    here, gone = make_reviewer(round_), make_user(Role.REVIEWER, disabled_at=MOMENT)
    applicant = make_user(Role.APPLICANT)
    page = parse(bureau.get(pool(round_, "/vragen")).text)
    offered = {one.get("value") for one in page.iter("input") if one.get("name") == "people"}
    assert str(earlier.id) in offered
    assert offered.isdisjoint({str(one.id) for one in (here, gone, applicant, officer)})
    typed = {**TYPED, "new_people": "", "people": str(earlier.id)}
    assert bureau.post(pool(round_, "/vragen"), data=typed).status_code == 303
    assert row_of(earlier, round_).email == earlier.email


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"new_people": "Anna"}, "new_people"),
        ({"new_people": ""}, "new_people"),
        ({"body": ""}, "body"),
        ({"reply_by": "2026-03-09"}, "reply_by"),
        ({"most_reviews": "x"}, "most_reviews"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    round_: Round, bureau: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    answer = bureau.post(pool(round_, "/vragen"), data={**TYPED, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "2026-03" in answer.text
    assert count(Mail) == 0


def test_an_officer_cannot_ask_themselves(round_: Round, officer: User, bureau: FlaskClient) -> None:
    answer = bureau.post(pool(round_, "/vragen"), data={**TYPED, "new_people": officer.email})
    assert answer.status_code == 422
    assert "cannot ask yourself" in answer.text
    assert count(RoundReviewer) == 0


def test_a_request_is_withdrawn_and_asked_again(round_: Round, bureau: FlaskClient, clock: object) -> None:
    bureau.post(pool(round_, "/vragen"), data=TYPED)
    row = db.session.scalars(select(RoundReviewer)).one()
    here = pool(round_, f"/{row.id}")
    for _ in range(2):
        assert bureau.post(f"{here}/intrekken").location == here
    assert "Withdrawn" in bureau.get(here).text
    clock.now = MOMENT + timedelta(hours=2)  # type: ignore[attr-defined]  # the clock of conftest
    seen = [one for one in parse(bureau.get(here).text).iter("input") if one.get("name") == "again-seen"]
    typed = {"again-seen": seen[0].get("value"), "again-body": "committee", "again-reply_by": "2026-03-30"}
    answer = bureau.post(f"{here}/opnieuw", data={**typed, "again-reply_by": "gisteren"})
    assert answer.status_code == 422
    assert "gisteren" in answer.text
    for _ in range(2):
        assert bureau.post(f"{here}/opnieuw", data=typed).location == here
    db.session.refresh(row)
    assert (row.body, row.dropped_at) == ("committee", None)
    assert count(Mail) == 3


def test_changing_what_somebody_serves_as(round_: Round, bureau: FlaskClient) -> None:
    row = row_of(make_reviewer(round_), round_)
    here = pool(round_, f"/{row.id}")
    assert bureau.post(f"{here}/wijzigen", data={"body": "committee", "most_reviews": "x"}).status_code == 422
    assert bureau.post(f"{here}/wijzigen", data={"body": "committee", "most_reviews": "3"}).status_code == 303
    db.session.refresh(row)
    assert (row.body, row.most_reviews) == ("committee", 3)


def test_letting_somebody_stop_leads_to_what_lacks_a_reviewer(round_: Round, bureau: FlaskClient) -> None:
    reviewer = make_reviewer(round_)
    application = make_application(round_, "in_review")
    make_review(application, reviewer)
    here = pool(round_, f"/{row_of(reviewer, round_).id}")
    assert bureau.post(f"{here}/stoppen", data={"reason": " "}).status_code == 422
    assert f"{here}/stoppen" in bureau.get(here).text
    for _ in range(2):
        assert bureau.post(f"{here}/stoppen", data={"reason": "Verhuisd"}).location == here
    page = bureau.get(here).text
    assert application.reference in page
    assert f"/bureau/ronden/{round_.slug}/toewijzen" in page
    assert "Verhuisd" in page
    assert count(Mail) == 1


def test_what_an_officer_may_not_see_is_not_counted_or_named(
    round_: Round, officer: User, bureau: FlaskClient
) -> None:
    reviewer = make_reviewer(round_)
    hidden, shown = (make_application(round_, "in_review") for _ in range(2))
    for application in (hidden, shown):
        make_review(application, reviewer)
    make_interest(hidden, officer)
    here = pool(round_, f"/{row_of(reviewer, round_).id}")
    row = next(one for one in parse(bureau.get(pool(round_)).text).iter("tr") if reviewer.name in words(one))
    assert [words(one) for one in row.iter("td")][4:6] == ["1", "0"]
    bureau.post(f"{here}/stoppen", data={"reason": "Verhuisd"})
    page = bureau.get(here).text
    assert shown.reference in page
    assert hidden.reference not in page


def test_nobody_of_another_round_is_on_these_pages(round_: Round, bureau: FlaskClient) -> None:
    other = make_round()
    row = row_of(make_reviewer(other), other)
    here = pool(round_, f"/{row.id}")
    assert bureau.get(here).status_code == 404
    for step in ("intrekken", "opnieuw", "stoppen", "wijzigen", "profiel"):
        assert bureau.post(f"{here}/{step}").status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.EVALUATOR, Role.AUDITOR, Role.APPLICANT])
def test_the_pool_is_for_officers(round_: Round, as_user: AsUser, role: Role) -> None:
    client = as_user(role)
    assert client.get(pool(round_)).status_code == 404
    assert client.post(pool(round_, "/vragen"), data=TYPED).status_code == 404


def test_the_office_changes_a_profile_and_what_the_reviewer_wrote_meanwhile_stays(
    round_: Round, bureau: FlaskClient
) -> None:
    reviewer = make_reviewer(round_)
    here = pool(round_, f"/{row_of(reviewer, round_).id}/profiel")
    assert bureau.get(here).status_code == 200
    assert bureau.post(here, data={"languages": "nl", "about": "Arts"}).status_code == 303
    answer = bureau.post(here, data={"languages": "nl", "about": "Anders", "seen": ""})
    assert answer.status_code == 422
    assert "Anders" in answer.text
    stored = db.session.get_one(ReviewerProfile, reviewer.id)
    assert stored.about == "Arts"
    fields = parse(answer.text).iter("input")
    seen = next(one.get("value") for one in fields if one.get("name") == "seen")
    assert bureau.post(here, data={"languages": "nl", "about": "Anders", "seen": seen}).status_code == 303


@pytest.mark.parametrize("path", ["", "/vragen"])
def test_the_pages_cost_the_same_for_one_and_for_three(round_: Round, bureau: FlaskClient, path: str) -> None:
    here, key, counted = pool(round_, path), round_.id, []
    for number in (1, 3):
        while count(RoundReviewer) < 2 * number:
            scene = db.session.get_one(Round, key)
            reviewer = make_reviewer(scene)
            make_review(make_application(scene, "in_review"), reviewer)
            db.session.add(ReviewerProfile(user_id=reviewer.id, themes=["preventie"], updated_at=MOMENT))
            make_reviewer(make_round())
        db.session.commit()
        db.session.expunge_all()
        with QueryCount() as queries:
            assert bureau.get(here).status_code == 200
        counted.append(queries.count)
    assert counted[0] == counted[1]


def test_a_long_list_goes_on_on_the_next_page(round_: Round, bureau: FlaskClient) -> None:
    for number in range(52):
        serve(make_user(name=f"Persoon {number:02}"), round_)
    page = bureau.get(pool(round_)).text
    links = [one.get("href") or "" for one in parse(page).iter("a")]
    (following,) = [one for one in links if "na=" in one]
    assert "Persoon 49" in page
    assert "Persoon 50" not in page
    last = bureau.get(following).text
    assert "Persoon 51" in last
    assert "Persoon 49" not in last


@pytest.mark.parametrize("kind", ["regiobeeld", "netwerk"])
def test_a_round_that_is_over_asks_nobody(bureau: FlaskClient, kind: str) -> None:
    round_ = make_round(kind, state="decided")
    assert bureau.get(pool(round_)).status_code == 200
    assert "<form" not in bureau.get(pool(round_, "/vragen")).text.split("<main")[1]
    assert bureau.post(pool(round_, "/vragen"), data=TYPED).status_code == 422
